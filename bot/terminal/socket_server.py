"""How does a running server answer the terminals of its owner?

A Unix socket that only the owner's processes may use: file mode, folder mode, and the caller's user as the system knows
it. Each connection is one question, progress, one answer.
"""

import os
import shutil
import socket
import socketserver
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from bot.exchange import Progress, Reply
from bot.terminal import wire
from gates.refusal import Unavailable, UserError

LONGEST_PATH = 100
"""Bytes; the system allows 107 on Linux and 103 elsewhere."""
MOST_CALLERS = 32
BACKLOG = 128
ASKING = 10.0
"""Seconds that a caller may take to ask."""
STOPPING = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the server does with a question."""

    ask: Callable[[wire.Ask, Progress], Reply]
    names: Callable[[str], Sequence[str]]
    write_down: Callable[[BaseException], str]
    """Turns a bug into the sentence for the person."""


@contextmanager
def listening(workspace: Path, answers: Answers) -> Iterator[str]:
    """Listen for the body; yield the socket's path. At the end running commands are finished first."""
    with _place(workspace) as path:
        server = _Server(str(path), answers)
        path.chmod(0o600)
        thread = threading.Thread(target=server.serve_forever, args=(STOPPING,), name="socket")
        thread.start()
        try:
            yield str(path)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def _place(workspace: Path) -> Iterator[Path]:
    """Yield a free path in a folder of the owner's alone: in the workspace, or where that name is too long, elsewhere.

    A file left over from a server that died is removed; whoever calls this holds the installation's lock.
    """
    workspace.chmod(0o700)
    path = workspace / "mlops.sock"
    folder = None
    if len(os.fsencode(path)) > LONGEST_PATH:
        folder = tempfile.mkdtemp(prefix="gatehouse-")
        path = Path(folder) / "mlops.sock"
    path.unlink(missing_ok=True)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A thread for each caller, up to a limit; closing waits for them."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = BACKLOG

    def __init__(self, path: str, answers: Answers) -> None:
        self.answers = answers
        self._places = threading.BoundedSemaphore(MOST_CALLERS)
        before = os.umask(0o177)
        try:
            super().__init__(path, _Caller)
        finally:
            os.umask(before)

    def verify_request(self, request: object, _client_address: object) -> bool:
        """Let in only processes of the same user, and not too many."""
        return _is_owner(cast("socket.socket", request)) and self._places.acquire(blocking=False)

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Answer in the caller's thread, and give its place back."""
        try:
            super().process_request_thread(cast("socket.socket", request), client_address)
        finally:
            self._places.release()

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A caller that went away is nothing to report; bugs are written down where they happen."""


class _Caller(socketserver.StreamRequestHandler):
    """One question and its answer."""

    timeout = ASKING
    server: _Server

    def handle(self) -> None:
        """Read the question, and answer whatever happens."""
        voice = _Voice(cast("BinaryIO", self.wfile))
        try:
            question = wire.receive(cast("BinaryIO", self.rfile), wire.ASKED, longest=wire.LONGEST_ASK)
        except wire.WireError as error:
            voice.say(wire.Refusal(cause="user", text=f"The server could not read the command: {error}."))
            return
        with voice.alive():
            last = self._answer(question, voice)
        voice.say(last)

    def _answer(self, question: wire.Ask | wire.AskNames, voice: "_Voice") -> wire.Line:
        answers = self.server.answers
        try:
            if isinstance(question, wire.AskNames):
                return wire.Names(names=tuple(answers.names(question.of)))
            reply = answers.ask(question, lambda text: voice.say(wire.Step(text=text)))
            return wire.Answer(text=reply.text, code=int(reply.code), data=reply.data)
        except UserError as error:
            return wire.Refusal(cause="user", text=str(error))
        except Unavailable as error:
            return wire.Refusal(cause="unavailable", text=str(error))
        except Exception as error:  # noqa: BLE001 - a bug ends one answer, not the server; it is written down
            return wire.Refusal(cause="bug", text=answers.write_down(error))


class _Voice:
    """Speaks to one caller; a caller who went away does not stop the command."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._turn = threading.Lock()

    def say(self, line: wire.Line) -> None:
        """Send a line, if the caller is still there."""
        with self._turn:
            try:
                wire.send(self._stream, line)
            except (OSError, ValueError):
                return

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Give signs of life during the body."""
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(over,), name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(wire.HEARTBEAT):
            self.say(wire.Step(text=""))


def _is_owner(connection: socket.socket) -> bool:
    """Is the caller a process of our own user, as the system says?"""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder lets nobody else in
    size = struct.calcsize("3i")
    _pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())
