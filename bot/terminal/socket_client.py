"""How does a terminal ask a running server?"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from bot.exchange import Progress, Reply
from bot.terminal import wire
from gates.refusal import Unavailable, UserError

CONNECTING = 5.0


class NobodyListensError(Exception):
    """The socket is gone, or left over from a server that died."""


class ServerBugError(Exception):
    """The server met a bug; its text names the log."""


def ask(path: str, question: wire.Ask, progress: Progress) -> Reply:
    """Send a command and pass its progress on; `UserError` and `Unavailable` as the house raised them."""
    heard = _converse(path, question, progress)
    if isinstance(heard, wire.Answer):
        return heard.reply()
    raise Unavailable("The server answered something else than a reply; restart it, so that both are of one release.")


def ask_names(path: str, kind: str) -> tuple[str, ...]:
    """Return the names of a kind."""
    heard = _converse(path, wire.AskNames(of=kind), lambda _: None)
    return heard.names if isinstance(heard, wire.Names) else ()


def _converse(path: str, question: wire.Line, progress: Progress) -> wire.Answer | wire.Names:
    with _connected(path) as stream:
        try:
            wire.send(stream, question)
            return _listen(stream, progress)
        except (wire.WireError, OSError) as error:
            raise Unavailable(
                f"The server went away before it answered ({error}). The command may have been carried out: look with"
                " `mlops status`, and ask again if it was not."
            ) from error


def _listen(stream: BinaryIO, progress: Progress) -> wire.Answer | wire.Names:
    """Read until the last line."""
    while True:
        heard = wire.receive(stream, wire.HEARD, longest=wire.LONGEST_ANSWER)
        if isinstance(heard, wire.Refusal):
            raise {"user": UserError, "unavailable": Unavailable, "bug": ServerBugError}[heard.cause](heard.text)
        if not isinstance(heard, wire.Step):
            return heard
        if heard.text:
            progress(heard.text)


@contextmanager
def _connected(path: str) -> Iterator[BinaryIO]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(CONNECTING)
        try:
            connection.connect(path)
        except (BlockingIOError, TimeoutError) as error:
            raise Unavailable("The server has too many callers just now. Ask again in a moment.") from error
        except OSError as error:
            raise NobodyListensError(path) from error
        connection.settimeout(wire.SILENCE)
        with connection.makefile("rwb") as stream:
            yield cast("BinaryIO", stream)
