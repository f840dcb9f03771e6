"""How does a person talk with Gatehouse line by line?

The same words and the same replies as everywhere; besides, `as LOGIN` changes who speaks, and `exit` ends. Lines that
come through a pipe are answered without prompts, so that a script can hold a conversation.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TextIO

from bot.commands import Help
from bot.exchange import ExitCode, Reply, Request
from bot.grammar.help import help_text
from bot.grammar.parse import Context, parse
from bot.grammar.words import words_of
from bot.terminal.mishap import write_down
from bot.terminal.place import Place, new_message_id
from bot.terminal.socket_client import ServerBugError
from bot.terminal.speaker import speaker_of
from gates.refusal import Unavailable, UserError

CONTEXT = Context(surface="console")
ENDS = frozenset({"exit", "quit", "bye"})
GREETING = "This is Gatehouse. Type help for the commands, as LOGIN to say who you are, exit to leave."
HISTORY = "console_history"
COMPLETED = ("MODEL", "VERSION", "ENVIRONMENT", "PROMOTION")


@dataclass(slots=True, kw_only=True)
class Conversation:
    """What was said so far decides who speaks."""

    place: Place
    login: str | None
    message_id: Callable[[], str] = new_message_id
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    """Names that completion has asked for since the last command."""

    def say(self, line: str) -> Reply:
        """Answer one line; mistakes are answers, too."""
        try:
            return self._answer(words_of(line))
        except (UserError, ServerBugError) as error:
            code = ExitCode.WRONG_USAGE if isinstance(error, UserError) else ExitCode.REFUSED
            return _problem(str(error), code)
        except Unavailable as error:
            return _problem(str(error), ExitCode.UNAVAILABLE)
        except Exception as error:  # noqa: BLE001 - a bug ends one answer, not the conversation; it is written down
            logs = self.place.settings.workspace / "logs"
            return _problem(write_down(error, logs=logs, doing=f"console: {line[:200]}"), ExitCode.REFUSED)

    def _answer(self, words: list[str]) -> Reply:
        if words[:1] and words[0].lower() == "as":
            return self._become(words[1:])
        command = parse(words, context=CONTEXT)
        if isinstance(command, Help):
            return Reply(text=help_text(command.about, terminal=False), code=ExitCode.DONE)
        speaker = replace(self.place, login=self.login).speaker(command)
        request = Request(command=command, speaker=speaker, surface="console", message_id=self.message_id())
        self.names.clear()
        return self.place.switchboard.answer(words, request, self.place.out.progress)

    def _become(self, words: Sequence[str]) -> Reply:
        if len(words) != 1:
            raise UserError("Say who speaks from now on: as LOGIN")
        speaker_of(words[0], self.place.settings)
        self.login = words[0]
        return Reply(text=f"You speak as {self.login} now.", code=ExitCode.DONE)

    def known(self, kind: str) -> Sequence[str]:
        """Return the names of a kind, asked for once between two commands."""
        if kind not in COMPLETED:
            return ()
        if kind not in self.names:
            self.names[kind] = self.place.switchboard.names(kind)
        return self.names[kind]


def _problem(text: str, code: ExitCode) -> Reply:
    return Reply(text=text, code=code, data={"error": text, "code": int(code)})


def talk(place: Place, stdin: TextIO | None = None) -> ExitCode:
    """Talk until `exit` or the end of input; return how the last line ended, as a shell does."""
    source = stdin or sys.stdin
    conversation = Conversation(place=place, login=place.login)
    lines = _prompted(conversation) if source.isatty() else source
    code = ExitCode.DONE
    for line in _until_exit(lines):
        reply = conversation.say(line)
        place.out.reply(reply)
        code = reply.code
    return code


def _until_exit(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that say something."""
    for line in lines:
        said = line.strip()
        if said.lower() in ENDS:
            return
        if said and not said.startswith("#"):
            yield said


def _prompted(conversation: Conversation) -> Iterator[str]:
    """Yield lines that a person types at a prompt, with history and completion."""
    from prompt_toolkit import PromptSession  # noqa: PLC0415 - only a person at a console needs it
    from prompt_toolkit.history import FileHistory  # noqa: PLC0415 - as above

    from bot.terminal.completer import completer  # noqa: PLC0415 - as above

    workspace = conversation.place.settings.workspace
    history = FileHistory(str(workspace / HISTORY)) if workspace.is_dir() else None
    session: PromptSession[str] = PromptSession(
        history=history, completer=completer(conversation.known, CONTEXT), complete_while_typing=False
    )
    print(GREETING)  # noqa: T201 - a greeting for the person at the prompt, and no part of any answer
    while True:
        try:
            yield session.prompt(lambda: f"{conversation.login or 'mlops'}> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
