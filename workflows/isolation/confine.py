"""How does a process give up what it does not need, before it runs code that nobody trusts?

Run by our own interpreter without any package (`sandbox.START`), so only the standard library is imported here. What
the system does not offer is left out: an older kernel confines less. What it offers and then refuses is an error, and
the command does not run.
"""

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import NoReturn, TypedDict

from workflows.isolation import landlock
from workflows.isolation.libc import prctl, unshare
from workflows.isolation.seccomp import restrict_sockets
from workflows.isolation.supervisor import supervise

CANNOT_CONFINE = 125
"""Exit status when the command was not started."""

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
CAPABILITIES = 64
NOBODY = 65534
OPEN_FILES = 4096
LARGEST_FILE = 4 << 30
PROCESSES = 512
NAMESPACES_COUNT_PROCESSES = (5, 14)
"""The first kernel whose limit on processes counts those of the namespace, and not all that the user runs."""


class Order(TypedDict):
    """What the command may use."""

    read: list[str]
    write: list[str]
    devices: list[str]
    private_bytes: int
    port: int | None
    outlives_us: bool


def main() -> NoReturn:
    """Start the command confined, and end when it ends, as it ended."""
    order: Order = json.loads(sys.argv[1])
    parent = None if order["outlives_us"] else os.getppid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        prctl(PR_SET_CHILD_SUBREAPER, 1)
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        _become(sys.argv[2:], order, supervisor)
    supervise(child, parent=parent)


def _become(command: list[str], order: Order, supervisor: int) -> NoReturn:
    """Confine this process, and turn it into the command."""
    try:
        _limit(order["private_bytes"])
        if sys.platform == "linux":
            _confine(order)
        if os.getppid() == supervisor:  # else it died before it was certain that we die with it
            os.execv(command[0], command)  # noqa: S606 - a list and no shell is what we want
    except BaseException as error:  # noqa: BLE001 - whatever it is, the command must not run unconfined
        sys.stderr.write(f"ConfinementError: {command[0]} was not started: {error}\n")
        sys.stderr.flush()
    os._exit(CANNOT_CONFINE)


def _limit(private_bytes: int) -> None:
    """Set limits of each process; of private memory and not of addresses, which numpy and arrow reserve freely."""
    limits = {
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_FSIZE: LARGEST_FILE,
        resource.RLIMIT_DATA: private_bytes,
    }
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))


def _confine(order: Order) -> None:
    """Give up privileges, files and sockets, in the order in which each still lets the next be given up."""
    if _entered_namespaces(network=order["port"] is None) and _kernel() >= NAMESPACES_COUNT_PROCESSES:
        resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
    for capability in range(CAPABILITIES):
        with suppress(OSError):  # not ours to drop, or unknown to this kernel
            prctl(PR_CAPBSET_DROP, capability)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    rules = {landlock.READ: order["read"], landlock.WRITE: order["write"], landlock.DEVICE: order["devices"]}
    landlock.restrict(rules, port=order["port"])
    restrict_sockets(listens=order["port"] is not None)


def _entered_namespaces(*, network: bool) -> bool:
    """Become nobody in a user namespace, with an empty network if asked; False where the system does not allow it."""
    user, group = os.geteuid(), os.getegid()
    try:
        unshare(CLONE_NEWUSER | (CLONE_NEWNET if network else 0))
    except OSError:
        return False
    lines = {"setgroups": "deny", "uid_map": f"{NOBODY} {user} 1", "gid_map": f"{NOBODY} {group} 1"}
    for name, line in lines.items():
        with open(f"/proc/self/{name}", "w") as stream:  # noqa: PTH123 - pathlib is not worth its import here
            stream.write(line)
    return True


def _kernel() -> tuple[int, int]:
    """Return the kernel's version, major and minor."""
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int("".join(letter for letter in minor if letter.isdigit()))
