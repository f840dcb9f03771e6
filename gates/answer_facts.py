"""How do the models' answers look, case by case and in counts: what a person wants to see before numbers are weighed?

None of it is judged: it is told and drawn. Cases are rows, and no row is in it by itself.
"""

from collections.abc import Iterator
from typing import Literal

from gates.values import Value

Who = Literal["challenger", "champion"]


class Answered(Value):
    """Rows of one class that got the same answers."""

    label: str
    challenger: str
    champion: str | None = None
    rows: int


class Confusion(Value):
    """Which classes got which answers, of both models together, so that it shows what changes between them."""

    classes: tuple[str, ...]
    """In a binary task, the positive class is the last one."""
    cells: tuple[Answered, ...]
    """Those that have rows, in the classes' order."""

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(cell.rows for cell in self.cells)

    @property
    def changed(self) -> int:
        """Rows that the models answer differently."""
        return sum(cell.rows for cell in self._changed)

    @property
    def mended(self) -> int:
        """Rows that only the challenger gets right."""
        return sum(cell.rows for cell in self._changed if cell.challenger == cell.label)

    @property
    def broken(self) -> int:
        """Rows that only the champion gets right."""
        return sum(cell.rows for cell in self._changed if cell.champion == cell.label)

    @property
    def _changed(self) -> Iterator[Answered]:
        return (cell for cell in self.cells if cell.champion is not None and cell.champion != cell.challenger)

    def matrix(self, who: Who) -> tuple[tuple[int, ...], ...]:
        """Return one model's confusion matrix: rows are labels, columns are answers, as scikit-learn has it."""
        places = {name: place for place, name in enumerate(self.classes)}
        counts = [[0] * len(self.classes) for _ in self.classes]
        for cell in self.cells:
            said = cell.challenger if who == "challenger" else cell.champion
            if said is not None:
                counts[places[cell.label]][places[said]] += cell.rows
        return tuple(map(tuple, counts))


class Curve(Value):
    """A ranking curve of one model: from the highest score, what is found as ever more rows are taken for positive."""

    kind: Literal["roc", "precision_recall"]
    who: Who
    points: tuple[tuple[float, float], ...]
    """ROC: share of negatives and of positives that are taken. Precision and recall: recall and precision."""
    told: tuple[tuple[float, float], ...] = ()
    """What lies on the whole curve, of which `points` are a few: for some shares of negatives, how many positives are
    found while no more negatives are taken; for some recalls, the precision where it is first reached. Thresholds are
    scores that occur, so nothing is told from between two steps. Empty in older evidence."""


class ReliabilityPoint(Value):
    """Rows with scores in one bin."""

    low: float
    high: float
    rows: int
    mean_score: float
    share: float
    """Of rows whose event came true."""
    share_low: float
    share_high: float
    """Wilson's two-sided 95 % interval."""


class Reliability(Value):
    """Do events come true as often as one model says?"""

    who: Who
    points: tuple[ReliabilityPoint, ...]


class Decile(Value):
    """Rows with labels between two deciles, and how far off the models are there."""

    low: float
    high: float
    """Smallest and largest label."""
    rows: int
    challenger: float
    """Mean size of the error."""
    champion: float | None = None
    challenger_bias: float
    """Mean error, answer minus label."""
    champion_bias: float | None = None


class Histogram(Value):
    """Numbers counted in equal bins; the outermost ones hold all beyond them as well."""

    what: Literal["challenger_error", "champion_error", "difference"]
    """Errors are answer minus label; the difference is challenger minus champion, of items."""
    low: float
    high: float
    counts: tuple[int, ...]
    middle: tuple[float, float] | None = None
    """The quantiles 5 % and 95 %, of the numbers themselves: nine in ten lie between them. None in older evidence."""


class Changes(Value):
    """Items that got better and worse, of a task with one number an item."""

    better: int
    worse: int
    same: int


class Answers(Value):
    """What is known of the answers; parts that a task does not have are empty."""

    rows: int
    confusion: Confusion | None = None
    curves: tuple[Curve, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()
    deciles: tuple[Decile, ...] = ()
    histograms: tuple[Histogram, ...] = ()
    changes: Changes | None = None
    left_out: tuple[str, ...] = ()
    """What could not be shown and why, one sentence each."""


class WorstItem(Value):
    """One item that lost with the challenger, by its id: told of files, and never in evidence, which trainers read."""

    id: str
    challenger: float
    champion: float

    @property
    def lost(self) -> float:
        """By how much it is worse."""
        return self.champion - self.challenger
