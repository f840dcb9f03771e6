"""Which sockets may this process still make?

A filter of system calls, as the kernel's documentation has it in userspace-api/seccomp_filter.
Landlock knows TCP only, and a network namespace does not keep a process from a Unix socket that lies in a folder: ours,
or a container engine's. Pairs of sockets within the process are another system call, and stay.
"""

import ctypes
import errno
import os
import struct

from workflows.isolation.libc import prctl

PR_SET_SECCOMP, FILTER = 22, 2
SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Architecture as linux/audit.h numbers it, and the number of socket(2) there."""
IO_URING_SETUP = 425
X32_CALLS = 0x40000000
AF_INET, AF_INET6, SOCK_STREAM, TYPE_MASK, IPPROTO_TCP = 2, 10, 1, 0xF, 6
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x80000000
LOAD, EQUAL, AT_LEAST, MASK, ANSWER = 0x20, 0x15, 0x35, 0x54, 0x06
CALL, ARCHITECTURE, FAMILY, TYPE, PROTOCOL = 0, 4, 16, 24, 32
"""Offsets in struct seccomp_data, of the lower half where the field has eight bytes."""

Step = tuple[int, int, int, int]
"""Code, steps to skip if true, steps to skip if false, value."""

ONLY_TCP: tuple[Step, ...] = (
    (LOAD, 0, 0, FAMILY),
    (EQUAL, 1, 0, AF_INET),
    (EQUAL, 0, 6, AF_INET6),
    (LOAD, 0, 0, TYPE),
    (MASK, 0, 0, TYPE_MASK),
    (EQUAL, 0, 3, SOCK_STREAM),
    (LOAD, 0, 0, PROTOCOL),  # others than TCP escape Landlock
    (EQUAL, 2, 0, 0),
    (EQUAL, 1, 0, IPPROTO_TCP),
    (ANSWER, 0, 0, REFUSE),
    (ANSWER, 0, 0, ALLOW),
)


def restrict_sockets(*, listens: bool) -> None:
    """Refuse to make sockets: all of them, or for a server all but TCP. Needs PR_SET_NO_NEW_PRIVS."""
    known = SOCKET_CALL.get(os.uname().machine)
    if known is None:
        return
    steps = b"".join(struct.pack("=HBBI", *step) for step in program(*known, listens=listens))
    held = ctypes.create_string_buffer(steps, len(steps))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(held)))
    try:
        prctl(PR_SET_SECCOMP, FILTER, ctypes.addressof(header))
    except OSError as error:
        if error.errno != errno.EINVAL:  # EINVAL: a kernel without filters
            raise


def program(architecture: int, socket_call: int, *, listens: bool) -> tuple[Step, ...]:
    """Return the filter; io_uring is refused since it makes sockets without the call."""
    return (
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (ANSWER, 0, 0, KILL),
        (LOAD, 0, 0, CALL),
        (AT_LEAST, 3, 0, X32_CALLS),
        (EQUAL, 2, 0, IO_URING_SETUP),
        (EQUAL, 2, 0, socket_call),
        (ANSWER, 0, 0, ALLOW),
        (ANSWER, 0, 0, REFUSE),
        *(ONLY_TCP if listens else ((ANSWER, 0, 0, REFUSE),)),
    )
