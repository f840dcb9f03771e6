"""Do intervals of groups hold: of rates, of their differences, ratios and changes, and of criteria over many groups?

Trials stand side by side as groups of one table, and go through the same functions as the groups of real rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from gates.confidence import NORMAL
from gates.measure.groups.answered import AnsweredRows, cells_of_models
from gates.measure.groups.apart import TWO_SIDED, Limits, difference, limits_of, ratio
from gates.measure.groups.cells import Cells
from gates.measure.groups.classified import classified
from gates.measure.groups.clustered import AnsweredClusters, Moments
from gates.measure.groups.criteria import criteria
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Counts, Floats, Mask, Spread
from gates.measure.groups.values import FEWEST, GroupValues
from tools.calibration.study import Study

SIZES = (50, 100, 200, 1_000, 10_000, 1_000_000)
RATES = (0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99)
TIMES_LARGER = 5
"""The reference group has so many times the rows."""
MARGIN = 0.05
TRIALS, QUICK_TRIALS = 4_000, 200
PAIRED = ("accuracy", "true_positive_rate", "balanced_accuracy")
DIFFERING = (0.02, 0.1, 0.4)
"""In which share of the rows models differ."""
DRAWN = ("precision", "f1")
"""Metrics whose changes are drawn: four thousand draws a trial."""
DRAWN_AT = ((100, 0.4), (200, 0.1), (1_000, 0.02), (1_000_000, 0.1))
"""Rows, and in which share of them models differ."""
DRAWN_TRIALS = 1_000
ONE_SIDED = -NORMAL.inv_cdf(0.05)


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Simulate all settings, or a few of them."""
    sizes, rates = (SIZES[0:4:3], RATES[1:4:2]) if quick else (SIZES, RATES)
    trials = QUICK_TRIALS if quick else TRIALS
    for rows, rate in product(sizes, rates):
        yield from _rates(rows, rate, trials)
    for rows, share in product(sizes, DIFFERING):
        yield from _changes(rows, share, trials, PAIRED)
    for rows, share in DRAWN_AT[:1] if quick else DRAWN_AT:
        yield from _changes(rows, share, min(trials, DRAWN_TRIALS), DRAWN)
    for groups, rows in product((2, 5, 20), sizes[:3]):
        yield _criteria(groups, rows, min(trials, DRAWN_TRIALS))
    for clusters, size in product((20, 50, 200), (2, 20)):
        yield _clusters(clusters, size, trials)


def answers(tables: Floats) -> AnsweredRows:
    """Return answers of which each trial (first axis) is a group; the cells are `cells_of_models`'."""
    trials, cells = tables.shape
    label, *said = cells_of_models({4: 1, 8: 2}[cells])
    codes = np.repeat(np.arange(trials), cells)
    counts = tables.reshape(-1).astype(np.int64)
    repeated = [np.tile(column, trials) for column in (label, *said)]
    return AnsweredRows(
        cells=Cells(label=repeated[0], said=tuple(repeated[1:]), counts=counts, groups={}),
        grouping=_side_by_side(codes, tables.sum(axis=1).astype(np.int64)),
        seed=0,
    )


def _side_by_side(codes: Counts, sizes: Counts) -> Grouping:
    names = tuple(str(place) for place in range(len(sizes)))
    values = tuple((name,) for name in names)
    return Grouping(feature="trial", names=names, values=values, codes=codes, sizes=sizes, reference=0)


def _rates(rows: int, rate: float, trials: int) -> Iterator[Study]:
    """Simulate a group and a reference group of the same selection rate, and a group that is worse by the margin."""
    random = np.random.default_rng([1, rows, int(rate * 100)])
    ours = _selected(random, rows, rate, trials)
    reference = _selected(random, rows * TIMES_LARGER, rate, trials)
    worse = _selected(random, rows, rate - MARGIN, trials) if rate > MARGIN else None
    own, apart = limits_of(ours.spreads[0], TWO_SIDED), _apart(ours, reference, TWO_SIDED)
    sure = ours.enough()
    yield Study(
        name="rate of a group",
        setting=f"rate {rate}",
        n=rows,
        trials=trials,
        inconclusive=int((~sure).sum()),
        covered=_covered(own, rate, sure),
    )
    yield Study(
        name="difference of a group to the largest",
        setting=f"rates {rate}; harm of {MARGIN}",
        n=rows,
        trials=trials,
        inconclusive=int((~sure).sum()),
        covered=_covered(apart, 0.0, sure),
        false_alarm=int((_apart(ours, reference, ONE_SIDED)[2] < 0)[sure].sum()),
        false_pass=None if worse is None else _passed(worse, reference),
    )
    times = ratio(own, limits_of(reference.spreads[0], TWO_SIDED))
    yield Study(
        name="ratio of a group to the largest",
        setting=f"rates {rate}",
        n=rows,
        trials=trials,
        inconclusive=int((~sure).sum()),
        covered=_covered(times, 1.0, sure),
    )


def _selected(random: np.random.Generator, rows: int, rate: float, trials: int) -> GroupValues:
    hits = random.binomial(rows, rate, trials).astype(np.float64)
    nothing = np.zeros_like(hits)
    return classified(
        "selection_rate", "selection_rate", answers(np.stack([rows - hits, hits, nothing, nothing], axis=1))
    )


def _apart(ours: GroupValues, reference: GroupValues, score: float) -> Limits:
    return difference(limits_of(ours.spreads[0], score), limits_of(reference.spreads[0], score))


def _passed(worse: GroupValues, reference: GroupValues) -> int:
    low = _apart(worse, reference, ONE_SIDED)[1]
    return int((low > -MARGIN)[worse.enough()].sum())


def _covered(limits: Limits, truth: float, sure: Mask) -> int:
    _, low, high = limits
    return int(((low <= truth) & (truth <= high))[sure].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Truth:
    """Shares of the eight cells of label, challenger's and champion's answer, and what follows for each metric."""

    shares: Floats

    def change(self, metric: str) -> float:
        """Return the true change."""
        whole = answers(np.round(self.shares[np.newaxis] * 1e9))
        change = classified(metric, metric, whole).change
        return float("nan") if change is None else float(change.value[0])


def _changes(rows: int, share: float, trials: int, metrics: Sequence[str]) -> Iterator[Study]:
    """Simulate two models of one group: equal ones, and a challenger that is worse where `share` of rows differ."""
    random = np.random.default_rng([2, rows, int(share * 100)])
    equal, worse = (_Truth(shares=_shares(share, tilt)) for tilt in (0.0, 0.6))
    tables = [random.multinomial(rows, truth.shares, trials).astype(np.float64) for truth in (equal, worse)]
    for metric in metrics:
        fine, harmed = (_by_parts(metric, table) for table in tables)
        yield Study(
            name=f"change of {metric} in a group",
            setting=f"models differ in {share:.0%} of rows, the challenger mostly wrongly",
            n=rows,
            trials=trials,
            inconclusive=int((~harmed.sure).sum()),
            covered=harmed.covered(worse.change(metric)),
            false_pass=int((harmed.low > worse.change(metric))[harmed.sure].sum()),
            false_alarm=round((fine.high < 0)[fine.sure].sum() * harmed.sure.sum() / max(int(fine.sure.sum()), 1)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Limits of a change in every trial: two-sided 95 %, and one-sided 5 %."""

    both: Limits
    low: Floats
    high: Floats
    sure: Mask

    def covered(self, truth: float) -> int:
        """Count the trials that hold the truth."""
        return _covered(self.both, truth, self.sure)


def _by_parts(metric: str, tables: Floats, most: int = 250) -> _Found:
    """Measure changes, of not too many trials at once: draws of all would not fit."""
    parts = [_changed(metric, tables[at : at + most]) for at in range(0, len(tables), most)]
    value, low, high = (np.concatenate([part.both[which] for part in parts]) for which in range(3))
    return _Found(
        both=(value, low, high),
        low=np.concatenate([part.low for part in parts]),
        high=np.concatenate([part.high for part in parts]),
        sure=np.concatenate([part.sure for part in parts]),
    )


def _changed(metric: str, tables: Floats) -> _Found:
    values = classified(metric, metric, answers(tables))
    change = _known(values.change)
    low, high = change.at(ONE_SIDED)
    return _Found(both=limits_of(change, TWO_SIDED), low=low, high=high, sure=values.enough_for_both)


def _known(spread: Spread | None) -> Spread:
    if spread is None:
        raise ValueError("two models were simulated, and there is no change.")
    return spread


def _shares(differing: float, tilt: float) -> Floats:
    """Return shares of cells; of the rows that differ, `tilt` more are wrong with the challenger than right."""
    label, ours, theirs = cells_of_models(2)
    right = (ours == label).astype(np.float64), (theirs == label).astype(np.float64)
    shares = np.where(label == 1, 0.3, 0.7)
    same = np.where(right[0] == 1, 0.85, 0.15) * (1 - differing)
    apart = np.where(right[0] == 1, (1 - tilt) / 2, (1 + tilt) / 2) * differing
    return np.asarray(shares * np.where(right[0] == right[1], same, apart))


def _criteria(groups: int, rows: int, trials: int) -> Study:
    """Simulate groups that all fare alike, for alarms, and groups of which one is apart, for coverage."""
    random = np.random.default_rng([3, groups, rows])
    rates = np.full(groups, 0.3)
    rates[0] += MARGIN
    alarmed = covered = 0
    for _ in range(trials):
        alarmed += _largest(random, rows, np.full(groups, 0.3))[0] > 0
        low, high = _largest(random, rows, rates)
        covered += low <= MARGIN <= high
    return Study(
        name="demographic parity difference",
        setting=f"{groups} groups; one of them apart by {MARGIN}; alarms: all alike",
        n=rows,
        trials=trials,
        covered=covered,
        false_alarm=alarmed,
    )


def _largest(random: np.random.Generator, rows: int, rates: Floats) -> tuple[float, float]:
    hits = random.binomial(rows, rates).astype(np.float64)
    nothing = np.zeros_like(hits)
    table = answers(np.stack([rows - hits, hits, nothing, nothing], axis=1))
    found = next(criteria(table.grouping, [classified("selection_rate", "selection_rate", table)]))
    if found.low is None or found.high is None:
        return 0.0, 1.0
    return found.low, found.high


def _clusters(clusters: int, size: int, trials: int) -> Study:
    """Simulate accuracies of clusters that scatter around 0.8 with an intraclass correlation of 0.2."""
    random = np.random.default_rng([4, clusters, size])
    hits = random.binomial(size, random.beta(0.8 * 4, 0.2 * 4, (trials, clusters))).astype(np.float64)
    cells = np.stack([np.zeros_like(hits), np.zeros_like(hits), size - hits, hits], axis=-1)
    rows = answers(cells.sum(axis=1))
    moments = Moments(products=np.einsum("tci,tcj->tij", cells, cells), clusters=np.full(trials, clusters))
    values = classified("recall", "recall", AnsweredClusters(rows_alone=rows, moments=moments))
    sure = values.enough()
    return Study(
        name="recall of a group whose rows come in clusters",
        setting=f"{clusters} clusters of {size} rows, correlated by 0.2; from {FEWEST['cluster']} on",
        n=clusters * size,
        trials=trials,
        inconclusive=int((~sure).sum()),
        covered=_covered(limits_of(values.spreads[0], TWO_SIDED), 0.8, sure),
    )
