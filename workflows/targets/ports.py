"""Which port is a slot's own, today and after the next restart?"""

import json
import os
import socket
from pathlib import Path

from gates.refusal import Unavailable

HOST = "127.0.0.1"
SEARCHED = 1000
"""How many ports from the first one on are tried for a new slot."""


class PortBook:
    """The file that remembers slots and ports. Not safe for threads: its owner takes one slot at a time."""

    def __init__(self, path: Path, *, first_port: int) -> None:
        self._path = path
        self._first_port = first_port

    def listen(self, slot: str) -> socket.socket:
        """Return a socket that listens on the slot's port; a new slot gets the first free one, and keeps it."""
        book = self._read()
        if slot in book:
            return self._listen_again(slot, book[slot])
        listening = self._first_free(set(book.values()))
        self._write({**book, slot: listening.getsockname()[1]})
        return listening

    def _listen_again(self, slot: str, port: int) -> socket.socket:
        try:
            return _listening(port)
        except OSError as error:
            raise Unavailable(
                f"Port {port} on {HOST} belongs to {slot}, but {_holder(port)} holds it: stop that, "
                f"or take {slot} out of {self._path} to give it another port."
            ) from error

    def _first_free(self, remembered: set[int]) -> socket.socket:
        last = min(self._first_port + SEARCHED, 1 << 16)
        for port in range(self._first_port, last):
            if port in remembered:
                continue
            try:
                return _listening(port)
            except OSError:
                continue
        raise Unavailable(
            f"No port from {self._first_port} to {last - 1} on {HOST} is free: set another first port for this target."
        )

    def _read(self) -> dict[str, int]:
        try:
            found = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise self._unreadable() from error
        if not isinstance(found, dict) or not all(type(port) is int for port in found.values()):
            raise self._unreadable()
        return found

    def _unreadable(self) -> Unavailable:
        return Unavailable(
            f"{self._path} is not a JSON object of slots and ports: mend it, or delete it to start anew."
        )

    def _write(self, book: dict[str, int]) -> None:
        """Replace the file in one step, so that a crash leaves the old one or the new one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(book, indent=2, sort_keys=True) + "\n")
        os.replace(beside, self._path)  # noqa: PTH105 - named for what it promises: atomic replacement


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Without this a restart would wait a minute for the former connections; a port that is listened on stays taken.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def _holder(port: int) -> str:
    """Name the process that listens on a port, as far as the system tells us."""
    import psutil  # noqa: PLC0415 - only this message needs it

    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another process"
