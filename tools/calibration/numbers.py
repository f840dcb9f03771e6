"""Do the intervals of numbers hold, for heavy tails, skewed differences, series, ratios and few rows that differ?

Units are drawn from a population of some thousand different ones by counting how often each is drawn, and so a million
rows cost no more than 200. The spread is that of the units' influences, and the interval is production's. Medians are
measured of rows, by production's queries.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gates.measure.numbers.bounds import Spread, enough, quantiles
from gates.measure.numbers.regression import explained, root_mean
from gates.measure.numbers.smooth import Smooth, mean_of, ratio
from gates.measure.unusable import UnusableError
from tools.calibration.medians import medians
from tools.calibration.study import Study

Floats = NDArray[np.float64]
SIZES = (200, 500, 2_000, 20_000, 1_000_000)
FEWER_SIZES = (200, 2_000, 1_000_000)
"""Of populations that are no harder than others."""
CLUSTERS = (30, 60, 1_000)
TRIALS, QUICK_TRIALS = 2_000, 200
AT_ONCE = 200
"""Trials that are simulated at once."""
DIFFERENT = 3_000
"""Different units of a population."""
LEVELS = (0.025, 0.05, 0.95, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Different units with their shares, and how the metric of each model, the champion's last, reads their parts."""

    setting: str
    name: str
    parts: Floats
    """Shape (units, parts)."""
    shares: Floats
    models: Sequence[tuple[Smooth, tuple[int, ...]]]
    equal: bool | None = None
    """Are both models as good? If not, the challenger is worse by the margin. None for means of differences: a shift of
    all of them changes nothing else, so that one sample shows what equal models and worse ones come to."""
    better: int = -1
    """1 where more is better, -1 where less is."""
    unit: str = "row"
    reach: float = 0.0
    """The most that one row's parts can be off, where it is known."""
    sizes: Sequence[int] = SIZES
    allowed: Callable[[Floats], bool] = lambda sums: True  # noqa: ARG005 - nothing is asked of the sums
    """May an interval be told, given the sums of the parts?"""

    def value(self, means: Floats) -> float:
        """Return the metric's difference."""
        each = [smooth.value(means[list(at)].tolist()) for smooth, at in self.models]
        return each[0] - sum(each[1:])

    def known(self, means: Floats) -> float:
        """Return the metric's difference; NaN where it is not defined."""
        try:
            return self.value(means)
        except UnusableError:
            return float("nan")

    def influences(self, means: Floats) -> list[Floats]:
        """Return for each model every unit's influence on its metric (samples x units), given the parts' means."""
        return [
            slopes @ self.parts[:, at].T - (slopes * means[:, at]).sum(1, keepdims=True)
            for slopes, at in self.slopes(means)
        ]

    def slopes(self, means: Floats) -> Iterator[tuple[Floats, list[int]]]:
        """Yield for each model the derivatives of its metric to the means of its parts (samples x parts)."""
        for smooth, at in self.models:
            yield np.array([smooth.slopes(row) for row in means[:, at].tolist()]), list(at)

    def steepest(self, means: Floats) -> Floats:
        """Return how far one row could move either model's metric, times the rows, where that is known."""
        return np.asarray(self.reach * np.max([np.abs(slopes).max(1) for slopes, _ in self.slopes(means)], axis=0))


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Simulate all settings, or a few of them."""
    yield from of_populations(populations(), quick=quick)
    yield from medians(quick=quick)


def of_populations(some: Iterable[Population], *, quick: bool) -> Iterator[Study]:
    """Simulate samples of each population in each of its sizes."""
    for at, population in enumerate(some):
        for units in population.sizes[:2] if quick else population.sizes:
            generator = np.random.default_rng([at, units])
            yield simulated(population, units, QUICK_TRIALS if quick else TRIALS, generator)


def simulated(population: Population, units: int, trials: int, generator: np.random.Generator) -> Study:
    """Draw samples, and count what becomes of the interval of the difference."""
    true = population.value(population.shares @ population.parts)
    found = sum(_outcomes(population, units, true, generator) for _ in range(-(-trials // AT_ONCE)))
    told, covered, above, below = (int(count) for count in np.asarray(found))
    harmless, harm = (below, above) if population.better < 0 else (above, below)
    return Study(
        name=population.name,
        setting=population.setting,
        n=units,
        trials=-(-trials // AT_ONCE) * AT_ONCE,
        inconclusive=-(-trials // AT_ONCE) * AT_ONCE - told,
        covered=covered,
        false_pass=None if population.equal is True else harmless,
        false_alarm=None if population.equal is False else harm,
    )


def _outcomes(population: Population, units: int, true: float, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return of how many trials there is an interval, it covers, its lower and its upper bound is past the truth."""
    drawn = generator.multinomial(units, population.shares, size=AT_ONCE) / units
    values = np.array([population.known(row) for row in drawn @ population.parts])
    drawn, values = drawn[~np.isnan(values)], values[~np.isnan(values)]
    means = drawn @ population.parts
    each = population.influences(means)
    influences = each[0] - sum(each[1:])
    seen = [np.where(drawn > 0, np.abs(some), 0.0).max(1) for some in each[1:]]
    spread = Spread(
        units=units,
        second=(drawn * influences**2).sum(1),
        third=(drawn * influences**3).sum(1),
        fourth=(drawn * influences**4).sum(1),
        reach=np.maximum.reduce([population.steepest(means), *seen])[:, None],
    )
    low, lower, upper, high = quantiles(values, spread, LEVELS).T
    told = enough(spread, population.unit) & np.array([population.allowed(row * units) for row in means])
    events = (told, told & (low <= true) & (true <= high), told & (lower > true), told & (upper < true))
    return np.array([event.sum() for event in events])


def populations() -> Iterator[Population]:
    """Yield all settings."""
    yield from _differences()
    yield from _losses()
    yield from _errors()
    yield from _shares()
    yield from _clusters()
    yield from _series()


MEAN = mean_of("a part")
EXPLAINED = explained(("a square", "a squared shift", "a shift"))
RATIO = ratio("a part", "another", "the other is 0.")


def _differences() -> Iterator[Population]:
    """Yield paired differences of one shape each."""
    rng = np.random.default_rng(1)
    every = np.arange(DIFFERENT)
    shapes: dict[str, Floats] = {
        "normal": rng.normal(size=DIFFERENT),
        "Student's t, 3 degrees of freedom": rng.standard_t(3, DIFFERENT),
        "lognormal, the challenger's worst errors are worst": rng.lognormal(size=DIFFERENT),
        "lognormal, the champion's worst errors are worst": -rng.lognormal(size=DIFFERENT),
        "lognormal with sigma 1.5, the challenger's worst errors are worst": rng.lognormal(0, 1.5, DIFFERENT),
        "lognormal with sigma 1.5, the champion's worst errors are worst": -rng.lognormal(0, 1.5, DIFFERENT),
        "difference of two lognormals": rng.lognormal(size=DIFFERENT) - rng.lognormal(0.1, 1, DIFFERENT),
        "5 % of the rows differ": np.where(every % 20 == 0, rng.normal(0.5, 1, DIFFERENT), 0.0),
        "0.5 % of the rows differ": np.where(every % 200 == 0, rng.normal(0.5, 1, DIFFERENT), 0.0),
    }
    for setting, shape in shapes.items():
        sizes = FEWER_SIZES if setting == "normal" else SIZES
        yield replace(mean_population(setting, "mean of differences", shape), reach=1.0, sizes=sizes)


def _losses() -> Iterator[Population]:
    """Yield differences of losses whose shape follows from what they are: percentages, quantile losses, coverage."""
    rng = np.random.default_rng(5)
    label, (shared, first, second) = rng.lognormal(0, 1, DIFFERENT), rng.normal(size=(3, DIFFERENT))
    ours, theirs = (np.abs(shared + 0.5 * own) / label for own in (first, second))
    yield replace(
        mean_population("errors over lognormal labels", "mean_absolute_percentage_error", ours - theirs),
        sizes=FEWER_SIZES,
    )
    rest = rng.normal(size=DIFFERENT)
    tops = (1.2816 + 0.2 * first, 1.2816 + 0.2 * second)
    ours, theirs = (0.9 * np.maximum(rest - top, 0) + 0.1 * np.maximum(top - rest, 0) for top in tops)
    yield replace(mean_population("of the quantile 0.9", "mean_pinball_loss", ours - theirs), sizes=FEWER_SIZES)
    ours, theirs = (np.where(rest <= top, 1.0, 0.0) for top in tops)
    yield replace(
        mean_population("of the quantile 0.9", "coverage", ours - theirs, better=1), reach=1.0, sizes=FEWER_SIZES
    )


def _errors() -> Iterator[Population]:
    """Yield metrics of a regression's errors that are no means."""
    for tails, degrees in (("normal", 200), ("heavy-tailed (t, 6 degrees of freedom)", 6)):
        for equal in (True, False):
            rng = np.random.default_rng(2)
            shared, first, second = rng.standard_t(degrees, (3, DIFFERENT))
            label = rng.normal(0, 3, DIFFERENT)
            errors = np.column_stack([shared + 0.5 * first, shared + 0.5 * second])
            errors /= np.sqrt((errors**2).mean(0))
            errors[:, 0] *= 1.0 if equal else 1.05
            squares, shift, setting = errors**2, label - label.mean(), f"{tails} errors"
            roots = [(root_mean("a square"), (0,)), (root_mean("a square"), (1,))]
            yield made_of(setting, "root_mean_squared_error", squares, roots, equal=equal)
            explaining = np.column_stack([squares, shift**2, shift])
            yield made_of(setting, "r2", explaining, [(EXPLAINED, (0, 2, 3)), (EXPLAINED, (1, 2, 3))],
                      equal=equal, better=1)  # fmt: skip


def _shares() -> Iterator[Population]:
    """Yield errors over other sums: of the seasonal-naive method's errors, of labels that errors grow with."""
    for equal in (True, False):
        rng = np.random.default_rng(6)
        shared, first, second = rng.standard_t(6, (3, DIFFERENT))
        sizes, other = (
            np.abs(np.column_stack([shared + 0.5 * first, shared + 0.5 * second])),
            rng.lognormal(size=DIFFERENT),
        )
        for setting, name, grown in (
            ("heavy-tailed errors over lognormal ones", "mean_absolute_scaled_error", sizes),
            ("errors that grow with lognormal labels", "weighted_absolute_percentage_error", sizes * other[:, None]),
        ):
            even = grown / grown.mean(0) * (1.0 if equal else (1.05, 1.0))
            models = [(RATIO, (0, 2)), (RATIO, (1, 2))]
            yield made_of(setting, name, np.column_stack([even, other]), models, equal=equal)


def _clusters() -> Iterator[Population]:
    """Yield clusters of many rows, whose errors go together."""
    for setting, sizes in (("of 1 to 20 rows", (1, 20)), ("of 10 rows", (10, 10))):
        for equal in (True, False):
            rng = np.random.default_rng(3)
            rows = rng.integers(sizes[0], sizes[1], DIFFERENT, endpoint=True)
            shared, own = rng.normal(size=DIFFERENT), rng.normal(size=DIFFERENT) / np.sqrt(rows)
            sums = rows * (0.3 * shared + own + (0.0 if equal else 0.2))
            sums -= rows * (sums.sum() / rows.sum()) if equal else 0.0
            parts, models = np.column_stack([sums, rows]), [(RATIO, (0, 1))]
            yield made_of(f"clusters {setting}", "mean of differences", parts, models, equal=equal, unit="cluster")


PERIODS = 52


def _series() -> Iterator[Population]:
    """Yield series of a year's weeks: errors go on from week to week (AR(1), 0.7), and some series are much larger."""
    for spread in (0.5, 1.0):
        for equal in (True, False):
            rng = np.random.default_rng(7)
            scale = rng.lognormal(0, spread, DIFFERENT)[:, None]
            shared, first, second = (_lasting(rng) for _ in range(3))
            errors = [np.abs(shared + 0.5 * own) * scale for own in (first, second)]
            sums = np.column_stack([error.sum(1) for error in errors])
            sums *= sums.sum() / 2 / sums.sum(0) * (1.0 if equal else (1.05, 1.0))
            labels = (scale * np.abs(5 + _lasting(rng))).sum(1)
            setting = f"series whose sizes are lognormal with sigma {spread}, with lasting errors"
            for name, other in (
                ("mean_absolute_error", np.full(DIFFERENT, float(PERIODS))),
                ("weighted_absolute_percentage_error", labels),
            ):
                models = [(RATIO, (0, 2)), (RATIO, (1, 2))]
                yield made_of(setting, name, np.column_stack([sums, other]), models, equal=equal, unit="cluster")


def _lasting(rng: np.random.Generator) -> Floats:
    """Draw errors of each series (first axis) and period; each is 0.7 times the one before and something new."""
    errors = rng.normal(size=(DIFFERENT, PERIODS))
    for at in range(1, PERIODS):
        errors[:, at] = 0.7 * errors[:, at - 1] + np.sqrt(1 - 0.7**2) * errors[:, at]
    return errors


def mean_population(setting: str, name: str, differences: Floats, *, better: int = -1) -> Population:
    """Return rows whose metric is a mean, by the differences of both models."""
    return made_of(setting, name, differences[:, None], [(MEAN, (0,))], equal=None, better=better)


def made_of(setting: str, name: str, parts: Floats, models: Sequence[tuple[Smooth, tuple[int, ...]]], *,
        equal: bool | None, better: int = -1, unit: str = "row") -> Population:  # fmt: skip
    """Return units that are drawn equally often, by their parts (units x parts)."""
    shares = np.full(len(parts), 1 / len(parts))
    how = {None: "", True: "; equal", False: "; worse by the margin"}[equal]
    return Population(
        setting=f"{setting}{how}",
        name=name,
        parts=parts,
        shares=shares,
        models=models,
        equal=equal,
        better=better,
        unit=unit,
        sizes=CLUSTERS if unit == "cluster" else FEWER_SIZES,
    )
