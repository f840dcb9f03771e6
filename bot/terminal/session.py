"""How is one command of the terminal carried out?"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bot.commands import Command, Help
from bot.exchange import House, Reply, Request
from bot.grammar.help import help_text
from bot.grammar.parse import Context, parse
from bot.settings import Settings, load_settings
from bot.surfaces import Service, Surface
from bot.terminal import local
from bot.terminal.mishap import write_down
from bot.terminal.options import Options
from bot.terminal.out import Out
from bot.terminal.place import Place, new_message_id
from bot.terminal.socket_client import ServerBugError
from bot.terminal.switchboard import OpenHouse
from bot.terminal.token import own_token
from gates.refusal import Unavailable, UserError

BUG = 1


def carry_out(words: Sequence[str], options: Options, out: Out, open_house: OpenHouse | None) -> int:
    """Carry out one command and show its reply; return the exit code."""
    command = parse(words, context=Context(surface="terminal"))
    if isinstance(command, Help):
        out.reply(Reply(text=help_text(command.about), code=local.DONE))
        return 0
    settings = load_settings(Path(options.config) if options.config else None, folder=Path.cwd())
    place = Place(
        settings=settings,
        out=out,
        open_house=open_house or _open_house,
        open_server=open_house or _open_server,
        login=options.login,
        token=None if options.login else own_token(settings),
        surfaces=_open_surfaces,
    )
    try:
        reply = _reply(words, command, place)
    except (UserError, Unavailable, BrokenPipeError):
        raise
    except ServerBugError as error:
        out.mistake(str(error), BUG)
        return BUG
    except Exception as error:  # noqa: BLE001 - the outermost place: a bug is written down, and its name shown
        out.mistake(write_down(error, logs=settings.workspace / "logs", doing=" ".join(words)), BUG)
        return BUG
    out.reply(reply)
    return int(reply.code)


def _reply(words: Sequence[str], command: Command, place: Place) -> Reply:
    here = local.LOCAL.get(type(command))
    if here is not None:
        return here(place, command)
    request = Request(
        command=command,
        speaker=place.speaker(command),
        surface="terminal",
        message_id=new_message_id(),
    )
    return place.switchboard.answer(words, request, place.out.progress)


def _open_server(settings: Settings) -> AbstractContextManager[House]:
    from bot.app import open_house  # noqa: PLC0415 - everything heavy hangs on it

    return open_house(settings, lasting=True)


def _open_surfaces(service: Service) -> AbstractContextManager[Sequence[Surface]]:
    from bot.app import surfaces  # noqa: PLC0415 - as above

    return surfaces(service)


def _open_house(settings: Settings) -> AbstractContextManager[House]:
    from bot.app import open_house  # noqa: PLC0415 - everything heavy hangs on it

    return open_house(settings)
