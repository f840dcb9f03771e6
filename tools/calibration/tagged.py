"""Do the intervals of sets hold: of entities, common and rare, and of several labels a row?

Rows are drawn as those of numbers are, from a population of some thousand, and their influences are what production's
formulas say.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from gates.measure.numbers.smooth import Smooth, ratio
from gates.measure.tagged.formulas import LEAST_OF_LABEL, f1_of_counts
from tools.calibration.numbers import DIFFERENT, Floats, Population, made_of, mean_population, of_populations
from tools.calibration.study import Study

F1 = f1_of_counts(("hits", "true", "told"))
SHARE = ratio("hits", "counted", "nothing is counted.")
LABELS = np.array([0.5, 0.3, 0.2, 0.1, 0.05, 0.02])
"""How often each label is true."""


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Simulate all settings, or a few of them."""
    yield from of_populations(populations(), quick=quick)


def populations() -> Iterator[Population]:
    """Yield all settings."""
    yield from _entities("2 entities a document", 2.0, (200, 1_000_000))
    yield from _entities("1 entity in 20 documents", 0.05, (200, 500))
    yield from _entities("1 entity in 100 documents", 0.01, (2_000, 50_000))
    for equal in (True, False):
        yield from _labels(equal=equal)


def _entities(setting: str, often: float, sizes: Sequence[int]) -> Iterator[Population]:
    """Yield entities that are found more often than not, and some that are none."""
    for equal in (True, False):
        rng = np.random.default_rng(4)
        true = rng.poisson(often, DIFFERENT)
        hits = [rng.binomial(true, share) for share in (0.9 if equal else 0.85, 0.9)]
        told = [some + rng.poisson(0.1 * often, DIFFERENT) for some in hits]
        parts = np.column_stack([*hits, *told, true]).astype(np.float64)
        for name, models in (
            ("entity_f1", [(F1, (0, 4, 2)), (F1, (1, 4, 3))]),
            ("entity_precision", [(SHARE, (0, 2)), (SHARE, (1, 3))]),
            ("entity_recall", [(SHARE, (0, 4)), (SHARE, (1, 4))]),
        ):
            made = made_of(setting, name, parts, models, equal=equal, better=1)
            yield replace(made, sizes=sizes, reach=1.0)


def _labels(*, equal: bool) -> Iterator[Population]:
    """Yield rows with several labels, some of them rare, that both models find more often in easy rows."""
    rng = np.random.default_rng(9)
    easy = rng.beta(8, 2, DIFFERENT)[:, None]
    true = rng.random((DIFFERENT, len(LABELS))) < LABELS
    hits = [true & (rng.random(true.shape) < easy * share) for share in (1.0 if equal else 0.92, 1.0)]
    told = [some | (~true & (rng.random(true.shape) < 0.1 * LABELS)) for some in hits]
    setting = f"{len(LABELS)} labels a row, true in {LABELS.min():.0%} to {LABELS.max():.0%}"
    counts = [some.astype(np.float64) for some in (*hits, *told, true)]
    yield _macro(setting, counts, equal=equal)
    for name, of_row in OF_ROWS.items():
        ours, theirs = (of_row(counts[4], counts[at], counts[2 + at]) for at in (0, 1))
        shown = mean_population(setting, name, ours - theirs, better=-1 if name == "hamming_loss" else 1)
        if not equal:
            yield replace(shown, reach=1.0)


def _macro(setting: str, columns: Sequence[Floats], *, equal: bool) -> Population:
    """Return the mean of all labels' F1; an interval is told only where no label is too rare."""
    many = len(LABELS)
    parts = np.column_stack(columns)
    hits, _, told, _, true = (tuple(range(at * many, (at + 1) * many)) for at in range(5))
    other_hits, other_told = (tuple(place + many for place in some) for some in (hits, told))
    macro = _mean_f1(many)
    models = [(macro, (*hits, *true, *told)), (macro, (*other_hits, *true, *other_told))]

    def allowed(sums: Floats) -> bool:
        return bool(min((sums[list(true)] + sums[list(some)]).min() for some in (told, other_told)) >= LEAST_OF_LABEL)

    made = made_of(setting, "f1_macro", parts, models, equal=equal, better=1)
    return replace(made, reach=1.0, sizes=(200, 500, 2_000, 1_000_000), allowed=allowed)


def _mean_f1(many: int) -> Smooth:
    """Return the mean of many labels' F1, 0 for a label that is never true or told; hits stand first, then the true."""

    def each(at: Sequence[float]) -> Iterator[tuple[float, float, float]]:
        return zip(at[:many], at[many : 2 * many], at[2 * many :], strict=True)

    def slopes(at: Sequence[float]) -> Sequence[float]:
        found = [F1.slopes(one) if one[1] + one[2] else (0.0, 0.0, 0.0) for one in each(at)]
        return [slope / many for part in zip(*found, strict=True) for slope in part]

    return Smooth(
        parts=tuple(str(place) for place in range(3 * many)),
        value=lambda at: sum(F1.value(one) for one in each(at) if one[1] + one[2]) / many,
        slopes=slopes,
    )


def _f1(true: Floats, hits: Floats, told: Floats) -> Floats:
    below = true.sum(1) + told.sum(1)
    return np.where(below > 0, 2 * hits.sum(1) / np.maximum(below, 1), 0.0)


def _jaccard(true: Floats, hits: Floats, told: Floats) -> Floats:
    below = true.sum(1) + told.sum(1) - hits.sum(1)
    return np.where(below > 0, hits.sum(1) / np.maximum(below, 1), 0.0)


def _right(true: Floats, hits: Floats, told: Floats) -> Floats:
    return np.asarray(((true == told).all(1) & (hits == true).all(1)).astype(np.float64))


def _wrong(true: Floats, hits: Floats, told: Floats) -> Floats:
    return np.asarray((true.sum(1) + told.sum(1) - 2 * hits.sum(1)) / true.shape[1])


OF_ROWS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "f1_samples": _f1,
    "jaccard_samples": _jaccard,
    "subset_accuracy": _right,
    "hamming_loss": _wrong,
}
"""What each row has of its own, by the metric that is the mean of it."""
