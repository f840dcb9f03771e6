"""What is a code that ties two accounts together, and how is it kept?

Eight characters that nobody mistakes for each other, drawn by `secrets`: some 39 bits, of which an account may guess
five times in ten minutes. Only a hash is kept, by scrypt (RFC 7914), so that whoever reads the database while a code
lives cannot find it in time. It is looked up by that hash: the time of an answer could tell of nothing but the hash.
"""

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, and without U, which makes words."""
LENGTH = 8
LIVES = 600
"""Seconds that a code works, and that wrong ones are remembered."""
TRIES = 5
"""How many wrong codes an account may type meanwhile."""
SALT = b"gatehouse link code"

NewCode = Callable[[], str]


def new_code(choice: Callable[[str], str]) -> str:
    """Draw a code; `secrets.choice` chooses, and in tests whoever wants to."""
    return "".join(choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return a code as people read it: in two halves."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, in any case and with or without hyphens; None when it can be none."""
    code = typed.replace("-", "").upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def code_hash(code: str) -> str:
    """Return what is kept of a code; takes some 20 ms and 8 MB, for a guesser too."""
    import hashlib  # noqa: PLC0415 - the grammar reads codes on every start, and hashes none

    return hashlib.scrypt(code.encode("ascii"), salt=SALT, n=1 << 13, r=8, p=1, dklen=32).hex()
