"""Which bytes stand for this JSON value, on every machine and in every year?

RFC 8785, the JSON Canonicalization Scheme: sorted keys, no spaces, the shortest number that reads back the same.
"""

import json

from pydantic import JsonValue

from gates.digest import bytes_digest

LARGEST = 2**53 - 1
"""The largest integer that every reader of JSON agrees on."""


def canonical(value: JsonValue) -> bytes:
    """Return the RFC 8785 bytes of a JSON value.

    Raises `ValueError` for what JSON cannot carry from machine to machine: NaN, infinities, integers beyond 2^53.
    """
    import rfc8785  # noqa: PLC0415 - whoever only needs a type from this room does not pay for it

    return rfc8785.dumps(value)


def parse(content: bytes) -> JsonValue:
    """Return the value that JSON bytes hold, so that its canonical bytes are those again.

    RFC 8785 writes 1e20 with all its digits: whole numbers beyond what a double counts to come back as floats.
    """
    value: JsonValue = json.loads(content, parse_int=_whole_number)
    return value


def _whole_number(digits: str) -> int | float:
    number = int(digits) if len(digits) <= len("-9007199254740991") else float(digits)
    return number if abs(number) <= LARGEST else float(number)


def canonical_digest(value: JsonValue) -> str:
    """Return the SHA-256 of the value's canonical bytes."""
    return bytes_digest(canonical(value))
