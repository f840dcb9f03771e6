"""How do we ask the kernel for what Python's standard library has no words for?

Landlock, seccomp and namespaces need five calls between them. The one package for Landlock is a development release
without scopes, and what confines a process runs before any package may be imported: so it is ctypes, and only here.
"""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, *arguments: int) -> int:
    """Change something of this process; raises `OSError`."""
    words = [ctypes.c_ulong(word) for word in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked(_libc.prctl(ctypes.c_int(option), *words))


def unshare(flags: int) -> int:
    """Enter new namespaces; raises `OSError`."""
    return _checked(_libc.unshare(ctypes.c_int(flags)))


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """Make a system call by its number; bytes are passed by address. Raises `OSError`."""
    words = [ctypes.c_long(word) if isinstance(word, int) else ctypes.c_char_p(word) for word in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *words))


def _checked(result: int) -> int:
    """Return what a call returned, or raise what it complained of."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
