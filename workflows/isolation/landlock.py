"""Which files and ports may this process still reach?

Landlock, as the kernel's documentation has it in userspace-api/landlock.
An older kernel knows less, and restricts less. What it knows and then refuses is an `OSError`.
"""

import os
import struct
from collections.abc import Iterable, Mapping
from enum import IntFlag

from workflows.isolation.libc import system_call

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_FOR_ABI = 1
RULE_PATH_BENEATH, RULE_NET_PORT = 1, 2
BIND_TCP, CONNECT_TCP = 1, 2
ABSTRACT_SOCKETS, SIGNALS = 1, 2


class Access(IntFlag):
    """What may be done with a file, or with a folder and all beneath it."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


READ = Access.EXECUTE | Access.READ_FILE | Access.READ_DIR
WRITE = (
    (Access.READ_FILE | Access.READ_DIR | Access.WRITE_FILE | Access.TRUNCATE | Access.REFER)
    | (Access.REMOVE_DIR | Access.REMOVE_FILE)
    | (Access.MAKE_DIR | Access.MAKE_REG | Access.MAKE_FIFO | Access.MAKE_SYM)
)
DEVICE = Access.READ_FILE | Access.WRITE_FILE | Access.IOCTL_DEV
OF_A_FILE = Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE | Access.TRUNCATE | Access.IOCTL_DEV

SINCE_ABI = {2: Access.REFER, 3: Access.TRUNCATE, 5: Access.IOCTL_DEV}
NETWORK_ABI, SCOPES_ABI = 4, 6


def abi() -> int:
    """Return the version of Landlock that the kernel offers; 0 for none."""
    try:
        return system_call(CREATE_RULESET, None, 0, ASK_FOR_ABI)
    except OSError:
        return 0


def restrict(rules: Mapping[Access, Iterable[str]], *, port: int | None) -> None:
    """Leave this process these files and, of TCP, listening on `port`; from now on, and for all that it starts."""
    version = abi()
    if version == 0:
        return
    handled = handled_access(version)
    ruleset = _ruleset(version, handled)
    for access, paths in rules.items():
        for path in paths:
            _allow(ruleset, path, access & handled)
    if version >= NETWORK_ABI and port is not None:
        system_call(ADD_RULE, ruleset, RULE_NET_PORT, struct.pack("QQ", BIND_TCP, port), 0)
    system_call(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def handled_access(version: int) -> Access:
    """Return all that this version of Landlock can deny."""
    handled = Access(Access.REFER - 1)
    for since, access in SINCE_ABI.items():
        handled |= access if version >= since else Access(0)
    return handled


def _ruleset(version: int, handled: Access) -> int:
    """Make a rule set that denies everything; each version has a longer description."""
    network = BIND_TCP | CONNECT_TCP if version >= NETWORK_ABI else 0
    scopes = ABSTRACT_SOCKETS | SIGNALS if version >= SCOPES_ABI else 0
    words = 1 + (version >= NETWORK_ABI) + (version >= SCOPES_ABI)
    described = struct.pack("QQQ", handled, network, scopes)[: 8 * words]
    return system_call(CREATE_RULESET, described, len(described), 0)


def _allow(ruleset: int, path: str, access: Access) -> None:
    """Allow access to a file, or to a folder and what is under it; what does not exist needs no rule."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    if not os.path.isdir(path):  # noqa: PTH112 - pathlib is not worth its import here
        access &= OF_A_FILE
    system_call(ADD_RULE, ruleset, RULE_PATH_BENEATH, struct.pack("=Qi", access, handle), 0)
    os.close(handle)
