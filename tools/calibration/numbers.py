"""Do the intervals of numbers hold, for heavy tails, skewed differences, clusters, ratios and few rows that differ?

Units are drawn from a population of some thousand different ones by counting how often each is drawn, and so a million
rows cost no more than 200. The spread is that of the units' influences, and the interval is production's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gates.measure.numbers.bounds import Spread, enough, quantiles
from gates.measure.numbers.regression import explained, root_mean
from gates.measure.numbers.smooth import Smooth, mean_of, ratio
from gates.measure.tagged.formulas import f1_of_counts
from tools.calibration.study import Study

Floats = NDArray[np.float64]
SIZES = (200, 500, 2_000, 20_000, 1_000_000)
CLUSTERS = (30, 60, 200, 2_000)
TRIALS, QUICK_TRIALS = 4_000, 200
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
    equal: bool = False
    """Are both models as good? If not, the challenger is worse by the margin."""
    better: int = -1
    """1 where more is better, -1 where less is."""
    unit: str = "row"
    reach: float = 0.0
    """Largest loss of one model, where the parts are differences."""

    def value(self, means: Floats) -> float:
        """Return the metric's difference."""
        each = [smooth.value(means[list(at)].tolist()) for smooth, at in self.models]
        return each[0] - sum(each[1:])

    def slopes(self, means: Floats) -> Floats:
        """Return the derivatives of the difference to the parts' means."""
        found = np.zeros(len(means))
        for sign, (smooth, at) in zip((1, -1), self.models, strict=False):
            found[list(at)] += sign * np.array(smooth.slopes(means[list(at)].tolist()))
        return found


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Simulate all settings, or a few of them."""
    for at, population in enumerate(populations()):
        sizes = SIZES if population.unit == "row" else CLUSTERS
        for units in sizes[1:3] if quick else sizes:
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
        false_pass=None if population.equal else harmless,
        false_alarm=harm if population.equal else None,
    )


def _outcomes(population: Population, units: int, true: float, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return of how many trials there is an interval, it covers, its lower and its upper bound is past the truth."""
    drawn = generator.multinomial(units, population.shares, size=AT_ONCE) / units
    means = drawn @ population.parts
    slopes = np.array([population.slopes(row) for row in means])
    influences = slopes @ population.parts.T - (slopes * means).sum(1, keepdims=True)
    spread = Spread(
        units=units,
        second=(drawn * influences**2).sum(1),
        third=(drawn * influences**3).sum(1),
        fourth=(drawn * influences**4).sum(1),
        reach=population.reach,
    )
    values = np.array([population.value(row) for row in means])
    low, lower, upper, high = quantiles(values, spread, LEVELS).T
    told = enough(spread, population.unit)
    events = (told, told & (low <= true) & (true <= high), told & (lower > true), told & (upper < true))
    return np.array([event.sum() for event in events])


def populations() -> Iterator[Population]:
    """Yield all settings."""
    yield from _differences()
    yield from _errors()
    yield from _clusters()
    yield from _counts()


MEAN = mean_of("a part")


def _differences() -> Iterator[Population]:
    """Yield paired differences of one shape each; a shift changes nothing, so each is equal and worse at once."""
    rng = np.random.default_rng(1)
    shapes: dict[str, Floats] = {
        "normal": rng.normal(size=DIFFERENT),
        "Student's t, 3 degrees of freedom": rng.standard_t(3, DIFFERENT),
        "lognormal, the challenger's worst errors are worst": rng.lognormal(size=DIFFERENT),
        "lognormal, the champion's worst errors are worst": -rng.lognormal(size=DIFFERENT),
        "lognormal with sigma 1.5, the challenger's worst errors are worst": rng.lognormal(0, 1.5, DIFFERENT),
        "lognormal with sigma 1.5, the champion's worst errors are worst": -rng.lognormal(0, 1.5, DIFFERENT),
        "difference of two lognormals": rng.lognormal(size=DIFFERENT) - rng.lognormal(0.1, 1, DIFFERENT),
        "5 % of the rows differ": np.where(np.arange(DIFFERENT) % 20 == 0, rng.normal(0.5, 1, DIFFERENT), 0.0),
        "0.5 % of the rows differ": np.where(np.arange(DIFFERENT) % 200 == 0, rng.normal(0.5, 1, DIFFERENT), 0.0),
    }
    for setting, shape in shapes.items():
        for equal in (True, False):
            made = _of(setting, "mean of differences", shape[:, None], [(MEAN, (0,))], equal=equal)
            yield replace(made, reach=1.0)


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
            squares, sizes, shift = errors**2, np.abs(errors), label - label.mean()
            setting = f"{tails} errors"
            roots = [(root_mean("a square"), (0,)), (root_mean("a square"), (1,))]
            yield _of(setting, "root_mean_squared_error", squares, roots, equal=equal)
            explaining = np.column_stack([squares, shift**2, shift])
            yield _of(setting, "r2", explaining, [(EXPLAINED, (0, 2, 3)), (EXPLAINED, (1, 2, 3))],
                      equal=equal, better=1)  # fmt: skip
            sizes = sizes / sizes.mean(0) if equal else sizes
            naive = np.column_stack([sizes, rng.lognormal(size=DIFFERENT)])
            shares = [(RATIO, (0, 2)), (RATIO, (1, 2))]
            yield _of(f"{setting} over lognormal ones", "mean_absolute_scaled_error", naive, shares, equal=equal)


EXPLAINED = explained(("a square", "a squared shift", "a shift"))
RATIO = ratio("a part", "another", "the other is 0.")


def _clusters() -> Iterator[Population]:
    """Yield clusters of 1 to many rows, whose errors go together."""
    for setting, sizes in (("of 1 to 20 rows", (1, 20)), ("of 10 rows", (10, 10))):
        for equal in (True, False):
            rng = np.random.default_rng(3)
            rows = rng.integers(sizes[0], sizes[1], DIFFERENT, endpoint=True)
            shared, own = rng.normal(size=DIFFERENT), rng.normal(size=DIFFERENT) / np.sqrt(rows)
            sums = rows * (0.3 * shared + own + (0.0 if equal else 0.2))
            sums -= rows * (sums.sum() / rows.sum()) if equal else 0.0
            parts = np.column_stack([sums, rows])
            yield _of(
                f"clusters {setting}", "mean of differences", parts, [(RATIO, (0, 1))], equal=equal, unit="cluster"
            )


def _counts() -> Iterator[Population]:
    """Yield the F1 of entities: few or many a document, found more often than not."""
    for setting, often in (("2 entities a document", 2.0), ("1 entity in 20 documents", 0.05)):
        for equal in (True, False):
            rng = np.random.default_rng(4)
            true = rng.poisson(often, DIFFERENT)
            hits = [rng.binomial(true, share) for share in (0.9 if equal else 0.85, 0.9)]
            told = [some + rng.poisson(0.1 * often, DIFFERENT) for some in hits]
            parts = np.column_stack([*hits, *told, true]).astype(np.float64)
            f1 = f1_of_counts(("hits", "true", "told"))
            yield _of(setting, "entity_f1", parts, [(f1, (0, 4, 2)), (f1, (1, 4, 3))], equal=equal, better=1)


def _of(setting: str, name: str, parts: Floats, models: Sequence[tuple[Smooth, tuple[int, ...]]], *,
        equal: bool, better: int = -1, unit: str = "row") -> Population:  # fmt: skip
    shares = np.full(len(parts), 1 / len(parts))
    return Population(
        setting=f"{setting}; {'equal' if equal else 'worse by the margin'}",
        name=name,
        parts=parts,
        shares=shares,
        models=models,
        equal=equal,
        better=better,
        unit=unit,
    )
