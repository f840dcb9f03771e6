"""Have the columns moved together, though none may have by itself? A classifier's two-sample test.

Lopez-Paz and Oquab 2017 (Revisiting Classifier Two-Sample Tests, ICLR): if both sides are samples of the same, nothing
tells them apart better than a coin. The area under the curve is the size of effect.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from gates.drift_facts import ColumnDrift, Multivariate, Role, Shift, Telling
from gates.measure.drift.arrays import floats
from gates.measure.drift.asked import Limits
from gates.measure.drift.cells import Floats
from gates.measure.drift.sampling import Hash, Sample, of_content, of_numbers, sampled
from gates.measure.drift.side import Side
from gates.measure.drift.telling import CATEGORIES, LARGEST, Table, Told, tell
from gates.measure.rounding import rounded
from gates.measure.scan.engine import Column, Engine, Kind, View
from gates.wording import listed, number

MOST = 5_000
"""Rows of each side that the classifier sees."""
FEWEST = 100
MANY_VALUES = 1_000
"""Cells from which a column of numbers tells rows apart well enough to hash them."""
TOLD = 5
NORMAL = NormalDist()


def multivariate(
    engine: Engine, views: tuple[View, View], columns: Sequence[ColumnDrift], known: tuple[Side, Limits, int]
) -> Multivariate:
    """Tell samples of both sides apart by the features that could be compared; `known` is reference, limits, seed."""
    reference, limits, seed = known
    named = [fact.name for fact in columns if fact.role is Role.FEATURE and not fact.problem]
    shared = [views[0].columns[name] for name in named if views[0].columns[name].kind is not Kind.OTHER]
    if not shared:
        return _none(limits, "There is no feature that both sides have.")
    place = _place(shared, reference)
    samples = [sampled(engine, view, _as(view, shared), place, MOST) for view in views]
    table = _table(shared, samples, seed)
    sizes = int(np.sum(table.side == 0)), int(np.sum(table.side == 1))
    if min(sizes) < FEWEST or len(np.unique(table.places)) < FEWEST // 10:
        return _none(
            limits, f"{sizes[0]:,} and {sizes[1]:,} rows are too few for a classifier; {FEWEST} each are needed."
        )
    return judged(
        tell(table, seed, clearly=(0.5 + limits.auc) / 2), limits, sizes, sum(sample.left_out for sample in samples)
    )


def _none(limits: Limits, problem: str) -> Multivariate:
    return Multivariate(limit=limits.auc, shift=Shift.INCONCLUSIVE, problem=problem, sentence=problem)


def _as(view: View, columns: Sequence[Column]) -> list[Column]:
    return [view.columns[column.name] for column in columns]


def _place(columns: Sequence[Column], reference: Side) -> Hash:
    """Return the hash of a row: by a few columns of many values, or by everything."""
    many = [
        column
        for column in columns
        if (numbers := reference.columns[column.name].numbers) is not None and len(numbers.cells.counts) >= MANY_VALUES
    ]
    return of_numbers(many) if many else of_content(columns)


def _table(columns: Sequence[Column], samples: Sequence[Sample], seed: int) -> Table:
    """Return the rows of both samples, at most `MOST` of each, drawn from copies as from an urn."""
    drawn = [_drawn(sample.counts, np.random.default_rng([seed, 1, side])) for side, sample in enumerate(samples)]
    texts = tuple(column.kind in (Kind.TEXT, Kind.TRUTH) for column in columns)
    values = []
    for column, text in zip(columns, texts, strict=True):
        parts = [sample.columns[column.name] for sample in samples]
        both = _codes(parts) if text else _numbers(parts)
        values.append(np.concatenate([part[rows] for part, rows in zip(both, drawn, strict=True)]))
    return Table(
        names=tuple(column.name for column in columns),
        values=np.stack(values, axis=1),
        texts=texts,
        side=np.repeat(np.arange(2), [len(rows) for rows in drawn]),
        places=np.concatenate([sample.places[rows] for sample, rows in zip(samples, drawn, strict=True)]),
    )


def _drawn(counts: Any, random: np.random.Generator) -> Any:  # noqa: ANN401 - numpy
    """Return places of distinct rows, as often as they were drawn."""
    total = int(counts.sum())
    if total > MOST:
        counts = random.multivariate_hypergeometric(counts, MOST, method="marginals")
    return np.repeat(np.arange(len(counts)), counts)


def _numbers(parts: Sequence[Any]) -> list[Floats]:
    return [np.clip(floats(part), -LARGEST, LARGEST) for part in parts]


def _codes(parts: Sequence[Any]) -> list[Floats]:
    """Return texts as numbers: the most frequent ones by themselves, the others as one, NaN where missing."""
    texts = [
        np.array([value if value is not None else "" for value in part.to_pylist()], dtype=object) for part in parts
    ]
    gone = [np.array([value is None for value in part.to_pylist()], dtype=bool) for part in parts]
    values, counts = np.unique(np.concatenate(texts).astype(str), return_counts=True)
    kept = sorted(values[np.lexsort((values, -counts))][:CATEGORIES].tolist())
    codes = {value: float(place) for place, value in enumerate(kept)}
    found = [np.array([codes.get(value, float(len(kept))) for value in side], dtype=np.float64) for side in texts]
    return [np.where(missing, np.nan, side) for side, missing in zip(found, gone, strict=True)]


def judged(told: Told, limits: Limits, sizes: tuple[int, int], left_out: int) -> Multivariate:
    """Return the fact of what a classifier told."""
    error = told.standard_error
    p_value = NORMAL.cdf(-(told.auc - 0.5) / error) if error > 0 else float(told.auc <= 0.5)  # noqa: PLR2004 - a coin
    away = NORMAL.inv_cdf(0.975) * error
    losses = sorted(told.losses.items(), key=lambda item: (-item[1], item[0]))
    fact = Multivariate(
        auc=rounded(told.auc),
        low=rounded(max(0.0, told.auc - away)),
        high=rounded(min(1.0, told.auc + away)),
        p_value=rounded(p_value),
        limit=limits.auc,
        reference_rows=sizes[0],
        current_rows=sizes[1],
        left_out=left_out,
        telling=tuple(Telling(name=name, loss=rounded(loss) or 0.0) for name, loss in losses[:TOLD] if loss > 0),
        shift=_shift((told.auc, error), p_value, limits),
        sentence="",
    )
    return fact.model_copy(update={"sentence": _said(fact)})


def _shift(area: tuple[float, float], p_value: float, limits: Limits) -> Shift:
    """Judge as columns are: by the size of effect, if chance does not explain it; stable if it would have been seen."""
    auc, error = area
    if auc > limits.auc:
        return Shift.DRIFTED if p_value <= limits.alpha else Shift.INCONCLUSIVE
    seen = (NORMAL.inv_cdf(1 - limits.alpha) + NORMAL.inv_cdf(0.8)) * error
    return Shift.STABLE if seen <= 2 * (limits.auc - 0.5) else Shift.INCONCLUSIVE


def _said(fact: Multivariate) -> str:
    curve = f"area under the curve {number(fact.auc or 0)}, limit {number(fact.limit)}"
    if fact.shift is Shift.DRIFTED:
        return f"A classifier tells both sides apart: {curve}; mostly by {listed(tuple(t.name for t in fact.telling))}."
    if fact.shift is Shift.STABLE:
        return f"A classifier does not tell both sides apart: {curve}."
    return f"Too few rows to tell whether a classifier tells both sides apart: {curve}."
