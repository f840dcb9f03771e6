"""What shapes of text does the rulebook know: slugs, versions, digests, spans of time?"""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

SLUG = re.compile(r"[a-z0-9-]+")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,254}")
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SPAN = re.compile(r"([0-9]{1,6})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise ValueError(f"'{text[:40]}' must be a slug: lower-case letters, digits and hyphens")
    return text


def _version(text: str) -> str:
    if not VERSION.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is no version: letters, digits and `.`, `_`, `+`, `-` are")
    return text


def _login(text: str) -> str:
    if not LOGIN.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is no login: letters, digits and `.`, `_`, `@`, `+`, `-` are")
    return text


def _sha256(text: str) -> str:
    if not SHA256.fullmatch(text):
        raise ValueError(f"'{text[:70]}' is no SHA-256: 64 digits and letters a to f are")
    return text


def _span(value: object) -> object:
    """Read `7d`; seconds as a number are what our own JSON holds."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = SPAN.fullmatch(value) if isinstance(value, str) else None
    if not found or not int(found[1]):
        raise ValueError(f"'{str(value)[:40]}' is no span of time: write a number and s, m, h, d or w, such as 7d")
    return int(found[1]) * SECONDS[found[2]]


def listed(value: object) -> object:
    """Welcome one text without a list around it; a tuple, since strict pydantic takes our own values as they are."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def span(seconds: int) -> str:
    """Return a span as people write it, in the largest unit up to days that divides it: `7d`."""
    unit = max((name for name in "smhd" if seconds % SECONDS[name] == 0), key=lambda name: SECONDS[name])
    return f"{seconds // SECONDS[unit]}{unit}"


Text = Annotated[str, StringConstraints(min_length=1)]
Slug = Annotated[str, AfterValidator(_slug)]
Version = Annotated[str, AfterValidator(_version)]
Login = Annotated[str, AfterValidator(_login)]
Sha256 = Annotated[str, AfterValidator(_sha256)]
Span = Annotated[int, BeforeValidator(_span), WithJsonSchema({"type": "string"})]
"""Seconds; written as `7d`."""
