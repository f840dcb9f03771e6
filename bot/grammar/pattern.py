"""What shapes can a command take, read from its usage line?

`sync [MODEL in ENVIRONMENT] [--restore]` may be written as no words or as three, with or without an option. A usage
line is turned into all its shapes once; parsing and completion then only compare words with shapes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

PIECE = re.compile(r"\[[^\]]*\]|--[a-z-]+(?: [A-Z]+)?(?: \.\.\.)?|\S+")
AGAIN = " ..."


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word typed as it stands."""

    text: str

    def __str__(self) -> str:
        """Write it as the usage line does."""
        return self.text


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value of one of some kinds, such as MODEL."""

    kinds: tuple[str, ...]
    field: str
    """The command's attribute that holds it."""

    def __str__(self) -> str:
        """Write it as the usage line does."""
        return " or ".join(self.kinds)


@dataclass(frozen=True, slots=True)
class Option:
    """`--reason TEXT` takes a value; `--restore` does not; `--metric METRIC ...` may be given several times."""

    name: str
    value: str | None
    required: bool
    again: bool = False

    @property
    def field(self) -> str:
        """The command's attribute that holds it."""
        return self.name.removeprefix("--").replace("-", "_")


Shape = tuple[Keyword | Slot, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A usage line taken apart: the words that name the command, what may follow, and the options."""

    head: tuple[str, ...]
    shapes: tuple[Shape, ...]
    """Shortest first, without the head."""
    options: tuple[Option, ...]


@cache
def pattern_of(line: str) -> Pattern:
    """Take a usage line apart."""
    pieces = PIECE.findall(line)
    head = _head(pieces)
    options = tuple(_option(piece) for piece in pieces if "--" in piece)
    shapes: list[Shape] = [()]
    for piece in pieces[len(head) :]:
        if "--" not in piece and piece != "|":
            shapes = list(_longer(shapes, piece))
    return Pattern(head, tuple(sorted(shapes, key=len)), options)


def _head(pieces: list[str]) -> tuple[str, ...]:
    """Return the leading words in small letters."""
    head: list[str] = []
    for piece in pieces:
        if not piece.islower() or piece.startswith(("[", "-")):
            break
        head.append(piece)
    return tuple(head)


def _option(piece: str) -> Option:
    text = piece.strip("[]")
    name, _, value = text.removesuffix(AGAIN).partition(" ")
    return Option(name, value or None, required=not piece.startswith("["), again=text.endswith(AGAIN))


def _longer(shapes: list[Shape], piece: str) -> Iterator[Shape]:
    """Put a piece at the end of every shape; one in brackets also leaves the shape as it was."""
    for shape in shapes:
        if piece.startswith("["):
            yield shape
        yield _with_words(shape, piece.strip("[]"))


def _with_words(shape: Shape, text: str) -> Shape:
    for word in text.replace(" | ", "|").split():
        shape = (*shape, Keyword(word) if word.islower() else _slot(word, shape))
    return shape


def _slot(word: str, before: Shape) -> Slot:
    """Name the attribute after the kind; alternatives are `about`, and a second one of a kind is `other_...`."""
    kinds = tuple(word.split("|"))
    field = "about" if len(kinds) > 1 or word == "COMMAND" else word.lower()
    if any(isinstance(part, Slot) and part.field == field for part in before):
        field = f"other_{field}"
    return Slot(kinds, field)
