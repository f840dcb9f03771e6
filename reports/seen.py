"""What does a page show of the answers, of the training and of the pictures? Values for the templates that do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gates.answer_facts import Answers
from gates.learning_facts import Learning, LearningCurve
from reports.answered import Bin, MatrixRow, Numbers, Pair, bins, found_at, matrix, pairs, precise_at, spreads
from reports.changes import answered_differently
from reports.escaping import Safe, markdown
from reports.pictures.picture import Picture, file_of

LONGEST_ALT = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The answers, ready for tables."""

    said: str
    matrix: tuple[MatrixRow, ...]
    pairs: tuple[Pair, ...]
    found: tuple[tuple[float, Numbers], ...]
    precise: tuple[tuple[float, Numbers], ...]
    bins: tuple[Bin, ...]
    spreads: tuple[str, ...]
    both: bool
    """Did two models answer with classes or scores?"""
    both_numbers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One curve, and where it went; None where no step of it is finite."""

    curve: LearningCurve
    first: float | None
    last: float | None
    lowest: float | None
    highest: float | None


def seen_of(answers: Answers) -> Seen:
    """Arrange answers."""
    confusion = answers.confusion
    cells = () if confusion is None else confusion.cells
    whose = {*(one.who for one in answers.curves), *(one.who for one in answers.reliabilities)}
    return Seen(
        said=answered_differently(answers),
        matrix=matrix(confusion),
        pairs=pairs(confusion),
        found=found_at(answers),
        precise=precise_at(answers),
        bins=bins(answers.reliabilities),
        spreads=tuple(spreads(answers.histograms)),
        both="champion" in whose or any(cell.champion is not None for cell in cells),
        both_numbers=any(one.champion is not None for one in answers.deciles),
    )


def learned(found: Learning) -> tuple[Learned, ...]:
    """Say of each curve where it began, ended, and what it lay between."""
    return tuple(_learned(curve) for curve in found.curves)


def _learned(curve: LearningCurve) -> Learned:
    values = [value for _, value in curve.points]
    return Learned(
        curve=curve,
        first=values[0] if values else None,
        last=values[-1] if values else None,
        lowest=min(values, default=None),
        highest=max(values, default=None),
    )


def images(pictures: Iterable[Picture], beside: str, *, after: str = "") -> Mapping[str, Safe]:
    """Return a Markdown image for each picture's name, and nothing for any other.

    The files lie beside the page and begin with `beside`, a name of ours; names of pictures are slugs. Nothing else
    of an image is an address, and a text alternative can end neither the image nor its line. `after` ends each address.
    """
    shown = {one.name: Safe(f"![{_alternative(one.says)}]({file_of(beside, one.name)}{after})") for one in pictures}
    return defaultdict(lambda: Safe(""), shown)


def _alternative(says: str) -> str:
    """Brackets would pair with those of the image."""
    cut = says if len(says) <= LONGEST_ALT else f"{says[: LONGEST_ALT - 1].rstrip()}…"
    return markdown(cut.translate(str.maketrans("[]", "()")))
