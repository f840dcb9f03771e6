"""How did both models answer, so that a reader sees it in a few lines?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gates.answer_facts import Answers, Confusion, Curve, Histogram, Reliability, ReliabilityPoint, Who
from gates.wording import number, signed

MOST_CLASSES = 12
"""Classes of a matrix; of more, the pairs that are confused most often are told."""
MOST_PAIRS = 10
SHARES = (0.01, 0.05, 0.1, 0.2)
"""Of negatives that are taken for positive."""
RECALLS = (0.25, 0.5, 0.75, 0.9)
NEARLY_ALL = 0.9
"""Share of errors that a sentence names the ends of."""
Numbers = tuple[float | None, float | None]
"""Of challenger and champion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """What rows of one class were answered: challenger's count, and the champion's behind it in brackets."""

    label: str
    cells: tuple[str, ...]
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How often one class was taken for another."""

    label: str
    answer: str
    challenger: int
    champion: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Rows that a model gave a score in one range."""

    low: float
    high: float
    points: tuple[ReliabilityPoint | None, ReliabilityPoint | None]
    """Of challenger and champion."""


def matrix(found: Confusion | None) -> tuple[MatrixRow, ...]:
    """Return both confusion matrices as one table; empty where there are too many classes for it."""
    if found is None or len(found.classes) > MOST_CLASSES:
        return ()
    challenger, champion = found.matrix("challenger"), _champion(found)
    return tuple(
        MatrixRow(
            label=label,
            cells=tuple(
                _both(rows, None if champion is None else champion[down][across], _whole)
                for across, rows in enumerate(challenger[down])
            ),
            right=_both(
                _right(challenger[down], down), None if champion is None else _right(champion[down], down), _percent
            ),
        )
        for down, label in enumerate(found.classes)
    )


def pairs(found: Confusion | None) -> tuple[Pair, ...]:
    """Return the classes that are most often confused, by either model, where a matrix would be too large."""
    if found is None or len(found.classes) <= MOST_CLASSES:
        return ()
    challenger, champion = found.matrix("challenger"), _champion(found)
    wrong = [
        Pair(label=label, answer=answer, challenger=rows, champion=None if champion is None else champion[down][across])
        for down, label in enumerate(found.classes)
        for across, answer in enumerate(found.classes)
        if down != across and ((rows := challenger[down][across]) or (champion is not None and champion[down][across]))
    ]
    return tuple(sorted(wrong, key=lambda one: (-one.challenger, -(one.champion or 0)))[:MOST_PAIRS])


def _champion(found: Confusion) -> tuple[tuple[int, ...], ...] | None:
    return found.matrix("champion") if any(cell.champion is not None for cell in found.cells) else None


def _right(row: Sequence[int], place: int) -> float | None:
    return row[place] / sum(row) if sum(row) else None


def _both(one: float | None, other: float | None, say: Callable[[float], str]) -> str:
    if not one and not other:
        return "·"
    first = "—" if one is None else say(one)
    return first if other is None else f"{first} ({say(other)})"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{value * 100:.1f} %"


def found_at(answers: Answers) -> tuple[tuple[float, Numbers], ...]:
    """Return which share of the positives is found where so many negatives are taken for positive."""
    return _read(answers.curves, "roc", SHARES)


def precise_at(answers: Answers) -> tuple[tuple[float, Numbers], ...]:
    """Return how many of those taken are positive where so many positives are found."""
    return _read(answers.curves, "precision_recall", RECALLS)


def _read(curves: Sequence[Curve], kind: str, places: Sequence[float]) -> tuple[tuple[float, Numbers], ...]:
    known = {one.who: one for one in curves if one.kind == kind and one.points}
    if not known:
        return ()
    return tuple((place, (_of(known, "challenger", place), _of(known, "champion", place))) for place in places)


def _of(known: dict[Who, Curve], who: Who, place: float) -> float | None:
    return height_at(known[who], place) if who in known else None


def height_at(curve: Curve, x: float) -> float:
    """Return how high a curve is at a place, as it was measured there; of older evidence from what is drawn."""
    told = dict(curve.told)
    return told[x] if x in told else _between(curve.points, x)


def _between(points: Sequence[tuple[float, float]], x: float) -> float:
    before = points[0]
    for after in points:
        if after[0] >= x:
            width = after[0] - before[0]
            return after[1] if width <= 0 else before[1] + (after[1] - before[1]) * (x - before[0]) / width
        before = after
    return before[1]


def bins(found: Sequence[Reliability]) -> tuple[Bin, ...]:
    """Put the bins of both models beside each other."""
    known: dict[tuple[float, float], dict[Who, ReliabilityPoint]] = {}
    for one in found:
        for point in one.points:
            known.setdefault((point.low, point.high), {})[one.who] = point
    return tuple(
        Bin(low=low, high=high, points=(both.get("challenger"), both.get("champion")))
        for (low, high), both in sorted(known.items())
    )


def spreads(found: Sequence[Histogram]) -> Iterator[str]:
    """Say between which ends most errors or differences lie."""
    for one in found:
        whose = {"challenger_error": "the challenger's errors", "champion_error": "the champion's errors"}.get(
            one.what, "differences between challenger and champion"
        )
        ends = one.middle or _middle(one)
        if ends is not None:
            yield f"Nine in ten of {whose} lie between {signed(ends[0])} and {signed(ends[1])}."
        elif sum(one.counts):
            yield f"More than one in twenty of {whose} lie beyond {number(one.low)} or {number(one.high)}."


def _middle(one: Histogram) -> tuple[float, float] | None:
    """Return the ends of the bins that hold the middle nine tenths, where older evidence does not say it exactly.

    None where the outermost bins are among them.
    """
    rows, width = sum(one.counts), (one.high - one.low) / max(len(one.counts), 1)
    tail = rows * (1 - NEARLY_ALL) / 2
    first = _reached(one.counts, tail)
    last = len(one.counts) - 1 - _reached(one.counts[::-1], tail)
    if not rows or first == 0 or last == len(one.counts) - 1:
        return None
    return one.low + width * first, one.low + width * (last + 1)


def _reached(counts: Sequence[int], rows: float) -> int:
    total = 0
    for place, count in enumerate(counts):
        total += count
        if total > rows:
            return place
    return 0
