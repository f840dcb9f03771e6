"""How does a command end, and everything that it started with it?

The supervisor is the reaper of what the command leaves behind (prctl(2), PR_SET_CHILD_SUBREAPER): a process that cuts
itself loose becomes the supervisor's child, and ends with the command.
"""

import os
import select
import signal
import sys
from contextlib import suppress
from typing import NoReturn

LOOK_FOR_PARENT_SECONDS = 0.5
PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def supervise(child: int, *, parent: int | None) -> NoReturn:
    """Wait for the command, passing signals on to it; when it or `parent` is gone, end all of it, and end likewise."""
    awake = _wake_on_signals(child)
    status = _reap(child)
    while status is None and (parent is None or os.getppid() == parent):
        if select.select([awake], [], [], LOOK_FOR_PARENT_SECONDS)[0]:
            os.read(awake, 512)
        status = _reap(child)
    for number in PASSED_ON:
        signal.signal(number, signal.SIG_IGN)
    if status is None:
        os.kill(child, signal.SIGKILL)
    _end_all()
    _end_as(signal.SIGKILL if status is None else status)


def _wake_on_signals(child: int) -> int:
    """Pass signals on; return a descriptor that becomes readable when one arrives, a child's death too."""

    def pass_on(number: int, _frame: object) -> None:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(child, number)

    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    for number in PASSED_ON:
        signal.signal(number, pass_on)
    return awake


def _reap(child: int) -> int | None:
    """Collect what has ended; return the command's own status if it is among it."""
    found = None
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if ended == 0:
            return found
        found = status if ended == child else found


def _end_all() -> None:
    """Kill every process that is left; each death hands its own children to us, until there are none."""
    while True:
        for process in _children():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    """Return the ids of this process's children, as /proc tells; elsewhere nothing is handed to us anyway."""
    names = os.listdir("/proc") if sys.platform == "linux" else []  # noqa: PTH208 - pathlib is not worth its import here
    return [int(name) for name in names if name.isdigit() and _parent(name) == os.getpid()]


def _parent(name: str) -> int | None:
    """Return the id of a process's parent; None when it is gone."""
    try:
        with open(f"/proc/{name}/stat", "rb") as stream:  # noqa: PTH123 - pathlib is not worth its import here
            return int(stream.read().rpartition(b")")[2].split()[1])
    except OSError:
        return None


def _end_as(status: int) -> NoReturn:
    """End as the command ended: with its exit status, or by its signal."""
    if os.WIFEXITED(status):
        os._exit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)
