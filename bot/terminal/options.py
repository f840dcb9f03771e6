"""Which words on the line are for the terminal itself, and which are the command?"""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.grammar.mistake import UsageError

TAKING = {"--config": "PATH", "--as": "LOGIN"}
WITH_TEXT = "--reason"


class Options(NamedTuple):  # not a dataclass: help has to be quick
    """What `--config`, `--json`, `--as` and `--version` said."""

    config: str | None = None
    login: str | None = None
    as_json: bool = False
    version: bool = False


def split_options(argv: Sequence[str], environment: Mapping[str, str] = os.environ) -> tuple[Options, list[str]]:
    """Take the common options out of a line, wherever they stand; the text of a `--reason` is left alone."""
    taken: dict[str, str] = {}
    flags: set[str] = set()
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if word in {"--json", "--version"}:
            flags.add(word)
        elif name in TAKING:
            _take(taken, name, value if equals else next(words, ""))
        else:
            rest += [word, *([text] if word == WITH_TEXT and (text := next(words, None)) is not None else [])]
    login = taken.get("--as") or environment.get("MLOPS_AS") or None
    return Options(
        config=taken.get("--config"), login=login, as_json="--json" in flags, version="--version" in flags
    ), rest


def _take(taken: dict[str, str], name: str, value: str) -> None:
    """Keep one option's value; a second one, or none, is a mistake."""
    if not value or value.startswith("--"):
        raise UsageError(f"{name} needs a value: {name} {TAKING[name]}")
    if name in taken:
        raise UsageError(f"{name} is given twice.")
    taken[name] = value
