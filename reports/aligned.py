"""How does a Markdown table read well in a terminal, too? Its columns line up in the source."""

import re
import unicodedata
from collections.abc import Sequence

from reports.escaping import Safe

_BAR = re.compile(r"(?<!\\)\|")
NARROWEST = 3
"""Dashes that every Markdown reader takes for a rule."""


def aligned(text: str) -> Safe:
    """Pad the cells of one table; a column whose rule ends in `:` is set to the right, as in the rendered page."""
    header, rule, *rows = [_cells(line) for line in text.strip().splitlines()]
    to_the_right = [cell.endswith(":") for cell in rule]
    widths = [max(NARROWEST, *map(_width, column)) for column in zip(header, *rows, strict=True)]
    dashes = ["-" * (width - 1) + (":" if right else "-") for width, right in zip(widths, to_the_right, strict=True)]
    padded = [
        [_padded(*cell) for cell in zip(row, widths, to_the_right, strict=True)] for row in (header, dashes, *rows)
    ]
    return Safe("".join(map(_line, padded)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BAR.split(line)[1:-1]]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _padded(cell: str, width: int, right: bool) -> str:  # noqa: FBT001 - one cell of three zipped columns
    space = " " * (width - _width(cell))
    return f"{space}{cell}" if right else f"{cell}{space}"


def _width(text: str) -> int:
    """Return how many columns a terminal gives to a text."""
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
