"""Who holds this installation?

One process at a time may act on a workspace. It holds `flock` on the file `lock`, which the system releases however the
process ends, and writes into it who it is; a server writes where it listens, too.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

PAUSE = 0.05
LARGEST = 4096
LONGEST_COMMAND = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds the lock."""

    pid: int
    command: str
    socket: str | None = None
    """Where a server listens."""

    def __str__(self) -> str:
        """Name it for a person."""
        return f"process {self.pid} ({self.command})"


class HeldError(Exception):
    """Someone else holds the lock."""

    def __init__(self, holder: Holder) -> None:
        """Keep who it is."""
        super().__init__(str(holder))
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Hold:
    """The lock, held by this process."""

    descriptor: int
    holder: Holder

    def announce(self, socket: str) -> None:
        """Tell others where this process answers for the installation."""
        _write(self.descriptor, Holder(pid=self.holder.pid, command=self.holder.command, socket=socket))


class InstallationLock:
    """The lock of one workspace."""

    def __init__(self, workspace: Path) -> None:
        """Name the workspace; nothing is opened yet."""
        self.path = workspace / "lock"

    def holder(self) -> Holder | None:
        """Return who holds it now, or None; takes nothing."""
        try:
            descriptor = os.open(self.path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            return None if _taken(descriptor, fcntl.LOCK_SH) else _read(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def hold(self, command: str, *, patience: float = 0.0) -> Iterator[Hold]:
        """Hold it for the body; `HeldError` if another does for `patience` seconds, or at once if that is a server."""
        descriptor = self._take_in_time(patience)
        me = Holder(pid=os.getpid(), command=command[:LONGEST_COMMAND])
        try:
            _write(descriptor, me)
            yield Hold(descriptor, me)
        finally:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def _take_in_time(self, patience: float) -> int:
        deadline = time.monotonic() + patience
        while True:
            try:
                return self._take()
            except HeldError as held:
                if held.holder.socket or time.monotonic() >= deadline:
                    raise
                time.sleep(PAUSE)

    def _take(self) -> int:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if _taken(descriptor, fcntl.LOCK_EX) and self._is_still_there(descriptor):
            return descriptor
        holder = _read(descriptor)
        os.close(descriptor)
        raise HeldError(holder)

    def _is_still_there(self, descriptor: int) -> bool:
        """Is the locked file the one that others will find? A workspace may be wiped between opening and locking."""
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False


def _taken(descriptor: int, kind: int) -> bool:
    """Try to lock without waiting."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(descriptor: int, holder: Holder) -> None:
    content = json.dumps(asdict(holder)).encode()
    os.pwrite(descriptor, content, 0)
    os.ftruncate(descriptor, len(content))


def _read(descriptor: int) -> Holder:
    """Read who holds it; a holder that has not written yet is one without a name."""
    try:
        fields = json.loads(os.pread(descriptor, LARGEST, 0))
        return Holder(pid=int(fields["pid"]), command=str(fields["command"]), socket=fields["socket"])
    except (ValueError, KeyError, TypeError):
        return Holder(pid=0, command="just starting or ending")
