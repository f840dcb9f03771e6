"""What is a scorecard made of? Sections of sentences, tables and pictures, all in words before they are laid out."""

from dataclasses import dataclass

from gates import wording
from reports.escaping import LONGEST_NAME, plain

HUGE = 1e12
"""From here on a number is told by its size, not by its digits."""
NOTHING = "—"
LONGEST_SENTENCE = 400
MOST_ROWS = 40
"""Rows of a table: beyond them nobody reads."""
MOST_TABLES = 12
"""Features that have tables of their own."""
NAMES = {
    "expected_calibration_error": "calibration error (ECE)",
    "mean_error": "mean error (bias)",
    "roc_auc": "ROC AUC",
    "brier_score": "Brier score",
    "f1": "F1",
    "r2": "R²",
    "demographic_parity": "demographic parity (selection rate)",
    "equalized_odds": "equalised odds (true and false positive rates)",
    "equal_opportunity": "equal opportunity (true positive rate)",
    "predictive_parity": "predictive parity (precision)",
    "calibration": "calibration (ECE)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one place of a table."""

    text: str
    small: str = ""
    """Below it, such as the interval."""
    words: bool = False
    """Whether it is text, which is set to the left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table."""

    head: str
    small: str = ""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that belong together, such as the groups of one feature."""

    head: str = ""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a heading for each row and each column."""

    caption: str
    columns: tuple[str, ...]
    """The first one is that of the rows' heads."""
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_words(self) -> tuple[bool, ...]:
        """Whether each column but the first holds text."""
        cells = next((row.cells for part in self.parts for row in part.rows), ())
        return tuple(cell.words for cell in cells)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not any(part.rows for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture, and what it is called."""

    caption: str
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a scorecard."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    """Sentences before everything else."""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    missing: str = ""
    """Why there is nothing to tell; empty where there is something."""


def said(value: float | None) -> str:
    """Show a number with the digits that matter."""
    if value is None:
        return NOTHING
    return wording.number(value) if abs(value) < HUGE else f"{value:.3g}"


def signed(value: float | None) -> str:
    """Show a difference with its sign."""
    if value is None:
        return NOTHING
    return wording.signed(value) if abs(value) < HUGE else f"{value:+.3g}"


def between(low: float | None, high: float | None) -> str:
    """Show an interval; empty where there is none."""
    return "" if low is None or high is None else f"{said(low)} to {said(high)}"


def signed_between(low: float | None, high: float | None) -> str:
    """Show an interval of a difference; empty where there is none."""
    return "" if low is None or high is None else f"{signed(low)} to {signed(high)}"


def words(text: str) -> Cell:
    """Return a cell of text."""
    return Cell(text=text, words=True)


def named(text: object) -> str:
    """Show somebody else's name in one line of a bounded length."""
    return plain(text, longest=LONGEST_NAME)


def sentence(text: object) -> str:
    """Show somebody else's sentence in one line of a bounded length."""
    return plain(text, longest=LONGEST_SENTENCE)


def begun(name: str) -> str:
    """Return a name as it begins a line."""
    return name[:1].upper() + name[1:]


def metric_name(name: str) -> str:
    """Show a metric's or a criterion's name in words."""
    return NAMES.get(name) or named(name.replace("_", " "))


def feature_name(feature: str) -> str:
    """Show a feature, or several that are looked at together."""
    return named(feature.replace(",", " and "))


def group_name(group: str) -> str:
    """Show a group; one without a name is empty."""
    parts = wording.visible(group).split("\\,")
    return named(",".join(part.replace(",", ", ") for part in parts))


def simple(caption: str, columns: tuple[str, ...], rows: tuple[Row, ...], note: str = "") -> Table:
    """Return a table without parts."""
    return Table(caption=caption, columns=columns, parts=(Part(rows=rows),), notes=(note,) if note else ())


def more(shown: int, of: int, what: str, where: str) -> str:
    """Say how many are not shown, and where they are; empty where all are."""
    left = of - shown
    return (
        f"{left:,} more {what if left == 1 else f'{what}s'} {'is' if left == 1 else 'are'} {where}." if left > 0 else ""
    )
