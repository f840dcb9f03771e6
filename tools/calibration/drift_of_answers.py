"""How often are a model's answers said to have changed, or to have changed in another way than they did?

False alarms: a classifier tells apart samples of the same, performance is said to have fallen that has not, a kind of
shift is named that it was not. Coverage: the interval of a metric estimated without labels holds the one that the
labels of the same rows give.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gates.drift_facts import Explanation, Shift
from gates.measure.drift import performance
from gates.measure.drift.asked import Limits
from gates.measure.drift.label_free import label_free
from gates.measure.drift.label_shift import label_shift
from gates.measure.drift.scored import CLASSES, Scored
from gates.measure.drift.telling import Table, tell
from gates.measure.drift.two_sample import judged
from tools.calibration.study import Study

Random = np.random.Generator
ONES = 0.3
"""Share of positive rows in the reference."""
APART = 1.5
"""Standard deviations between the means of both labels' rows."""
ROWS = (1_000, 10_000, 100_000)
TRUE = {
    "label shift": (Explanation.LABEL_SHIFT, Explanation.EITHER),
    "covariate shift": (Explanation.COVARIATE_SHIFT, Explanation.EITHER),
    "no change": (Explanation.NO_CHANGE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How rows come about: by their label, or by themselves."""

    called: str
    ones: float = ONES
    rows_from: tuple[float, float] | None = None
    """Mean and standard deviation of rows that do not come by their label."""


WORLDS = (
    World(called="no change"),
    World(called="label shift", ones=0.5),
    World(called="covariate shift", rows_from=(0.3, 1.5)),
)


def scored(random: Random, rows: int, world: World) -> Scored:
    """Draw rows with labels, and scores that are right about them."""
    truth = random.random(rows) < world.ones
    x = random.normal(size=rows) + APART * truth if world.rows_from is None else random.normal(*world.rows_from, rows)
    score = 1 / (1 + np.exp(-(APART * x - APART**2 / 2 + np.log(ONES / (1 - ONES)))))
    label = truth if world.rows_from is None else random.random(rows) < score
    place = np.floor(score * CLASSES).astype(np.int64)
    entries, of, counts = np.unique(place * 2 + label, return_inverse=True, return_counts=True)
    place = entries // 2
    return Scored(
        score=np.bincount(of, weights=score) / counts,
        place=place,
        said=(2 * place >= CLASSES).astype(np.int64),
        label=entries % 2,
        counts=counts,
    )


def unlabelled(side: Scored) -> Scored:
    """Return the rows without their labels."""
    return Scored(
        score=side.score, place=side.place, said=side.said, label=np.full_like(side.label, -1), counts=side.counts
    )


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Run all settings; quick ones see gross errors only."""
    for rows in (100, 500):
        yield _told_apart(rows, trials=3 if quick else 100)
    for rows in ROWS:
        trials = 10 if quick else 1_000
        for world in WORLDS:
            yield _explained(world, rows, trials, labels=True)
            yield _explained(world, rows, trials, labels=False)
        yield _fallen(rows, trials)
        for world in WORLDS[::2]:
            yield from _estimated(world, rows, trials)


def _told_apart(rows: int, trials: int) -> Study:
    """Let a classifier tell two samples of the same apart."""
    random = np.random.default_rng([2028, rows])
    alarms = 0
    for trial in range(trials):
        values = random.normal(size=(2 * rows, 8))
        values[:, -1] = random.integers(0, 5, 2 * rows)
        table = Table(
            names=tuple("abcdefgh"),
            values=values,
            texts=(*[False] * 7, True),
            side=np.repeat([0, 1], rows),
            places=np.arange(2 * rows),
        )
        shift = judged(tell(table, trial, clearly=0.55), Limits(), (rows, rows), 0).shift
        alarms += shift is Shift.DRIFTED
    return Study(
        name="classifier",
        setting="two samples of the same, seven numbers and a text",
        n=rows,
        trials=trials,
        false_alarm=alarms,
    )


def _pairs(world: World, rows: int, trials: int) -> Iterator[tuple[Scored, Scored]]:
    """Draw references of as many rows, and current sides."""
    random = np.random.default_rng([2029, rows, WORLDS.index(world)])
    for _ in range(trials):
        yield scored(random, rows, WORLDS[0]), scored(random, rows, world)


def _explained(world: World, rows: int, trials: int, *, labels: bool) -> Study:
    """Ask which kind of shift it was; without labels, covariate shift cannot be refuted and may always be named."""
    right = TRUE[world.called] if labels else (*TRUE[world.called], Explanation.EITHER)
    wrong = unknown = 0
    for before, now in _pairs(world, rows, trials):
        said = label_shift(before, now if labels else unlabelled(now)).explanation
        unknown += said is Explanation.UNKNOWN
        wrong += said not in {*right, Explanation.UNKNOWN}
    return Study(
        name="kind of shift",
        setting=f"{world.called}, {'with' if labels else 'without'} labels of the current rows",
        n=rows,
        trials=trials,
        inconclusive=unknown,
        false_alarm=wrong,
    )


def _fallen(rows: int, trials: int) -> Study:
    """Compare the performance of two samples of the same: any of six metrics said to have fallen is an alarm."""
    alarms = 0
    for before, now in _pairs(WORLDS[0], rows, trials):
        found = performance.compared(performance.of_scores(before), performance.of_scores(now), Limits())
        alarms += any(metric.shift is Shift.DRIFTED for metric in found)
    return Study(name="performance", setting="no change, six metrics", n=rows, trials=trials, false_alarm=alarms)


def _estimated(world: World, rows: int, trials: int) -> Iterator[Study]:
    """Estimate metrics without labels, and look them up with labels."""
    names = ("accuracy", "f1", "roc_auc")
    covered, unknown = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for before, now in _pairs(world, rows, trials):
        found = {metric.metric: metric for metric in label_free(before, unlabelled(now), Limits()).metrics}
        true = performance.of_scores(now)
        for name in names:
            value, fact = true[name].value, found.get(name)
            if fact is None or fact.low is None or fact.high is None or value is None:
                unknown[name] += 1
            else:
                covered[name] += fact.low <= value <= fact.high
    for name in names:
        yield Study(
            name=f"{name} without labels",
            setting=world.called,
            n=rows,
            trials=trials,
            inconclusive=unknown[name],
            covered=covered[name],
        )
