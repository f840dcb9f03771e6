"""What are metrics of sets, as functions of means over rows?

The names and the meaning are scikit-learn's (`f1_score`, `jaccard_score` and so on of indicator matrices), with 0 for
a row or a label that has nothing to count; those of entities are seqeval's in its strict mode.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from gates.measure.numbers.smooth import SHARE, Formula, Smooth, mean_of, ratio
from gates.measure.scan.dialect import double
from gates.measure.tagged.lists import shared, summed
from gates.measure.tagged.tallies import Tally
from gates.measure.unusable import UnusableError

UNITS = 2**40
"""Weights of labels are whole numbers in this fraction of the largest, so that their sums are exact."""
LEAST_OF_LABEL = 10
"""A label that is true or told less often has no F1 whose uncertainty could be told."""


def overlap(name: str, who: Sequence[str]) -> Formula:
    """Return the micro F1: twice the hits over all that is true and all that is told."""
    return Formula(name=name, of={some: f1_of_counts((_hits(some), _TRUE, _told(some))) for some in who}, within=SHARE)


def precision(name: str, who: Sequence[str]) -> Formula:
    """Return the hits over all that is told."""
    of = {some: ratio(_hits(some), _told(some), f"the {some} tells of nothing.") for some in who}
    return Formula(name=name, of=of, within=SHARE)


def recall(name: str, who: Sequence[str]) -> Formula:
    """Return the hits over all that is true."""
    of = {some: ratio(_hits(some), _TRUE, "there is nothing in the labels to find.") for some in who}
    return Formula(name=name, of=of, within=SHARE)


def by_row(name: str, who: Sequence[str], part: Callable[[str], str], baseline: float | None = None) -> Formula:
    """Return the mean of a number that each row has."""
    return Formula(name=name, of={some: mean_of(part(some)) for some in who}, within=SHARE, baseline=baseline)


def f1_of_row(who: str) -> str:
    """Return a row's own F1, in SQL."""
    below = f"({_TRUE} + {_told(who)})"
    return f"(CASE WHEN {below} = 0 THEN 0e0 ELSE 2e0 * {_hits(who)} / {below} END)"


def jaccard_of_row(who: str) -> str:
    """Return a row's hits over what is true or told, in SQL."""
    below = f"({_TRUE} + {_told(who)} - {_hits(who)})"
    return f"(CASE WHEN {below} = 0 THEN 0e0 ELSE {_hits(who)} / {below} END)"


def right_row(who: str) -> str:
    """Return 1 for a row whose labels are all right and complete, in SQL."""
    return f"(CASE WHEN t_{who} = n_label AND t_{who} = n_{who} THEN 1e0 ELSE 0e0 END)"


def wrong_share(who: str, labels: int) -> str:
    """Return the share of all labels that are wrong about a row, in SQL."""
    return f"(({_TRUE} + {_told(who)} - 2e0 * {_hits(who)}) / {double(float(labels))})"


def f1_macro(tallied: Mapping[str, Mapping[str, Tally]], rows: int) -> Formula:
    """Return the mean of all labels' F1.

    A row's influence is the sum of its labels' weights: the derivatives of the mean to the label's counts.
    """
    rarest, label = min((tally.true + tally.told, tag) for of in tallied.values() for tag, tally in of.items())
    enough = math.ceil(rows * LEAST_OF_LABEL / max(rarest, 1))
    few = (
        f"the label {label!r} is true or told {rarest:,} times; intervals of f1_macro hold from {LEAST_OF_LABEL} on, "
        f"as about {enough:,} rows like these have."
    )
    return Formula(
        name="f1_macro",
        of={who: _macro(who, tallies, rows) for who, tallies in tallied.items()},
        within=SHARE,
        warning=few if rarest < LEAST_OF_LABEL else "",
    )


def _macro(who: str, tallies: Mapping[str, Tally], rows: int) -> Smooth:
    value = sum(tally.f1 for tally in tallies.values()) / len(tallies)
    share = rows / len(tallies)
    hit = {tag: 2 * share / (tally.true + tally.told or 1) for tag, tally in tallies.items()}
    told = {tag: -tally.f1 * share / (tally.true + tally.told or 1) for tag, tally in tallies.items()}
    largest = max(hit.values())
    wholes = [{tag: round(weight / largest * UNITS) for tag, weight in some.items()} for some in (hit, told)]
    parts = (summed(shared("label", who), wholes[0]), summed("label", wholes[1]), summed(who, wholes[1]))
    unit = double(largest / UNITS)
    return Smooth(parts=(f"(({' + '.join(parts)}) * {unit})",), value=lambda _: value, slopes=lambda _: (1.0,))


def f1_of_counts(parts: tuple[str, str, str]) -> Smooth:
    """Return the F1 of counts of hits, of what is true, and of what is told."""

    def value(at: Sequence[float]) -> float:
        if at[1] + at[2] == 0:
            raise UnusableError("nothing is in the labels and nothing is told.")
        return 2 * at[0] / (at[1] + at[2])

    def slopes(at: Sequence[float]) -> Sequence[float]:
        below = at[1] + at[2]
        return 2 / below, -2 * at[0] / below**2, -2 * at[0] / below**2

    return Smooth(parts=parts, value=value, slopes=slopes)


_TRUE = "CAST(n_label AS DOUBLE)"


def _told(who: str) -> str:
    return f"CAST(n_{who} AS DOUBLE)"


def _hits(who: str) -> str:
    return f"CAST(t_{who} AS DOUBLE)"
