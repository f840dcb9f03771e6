"""How often is a column called drifted that is not, and how often is one called stable that has moved?

False alarms are of whole comparisons: any of their columns drifted, though both sides are samples of the same, or of
populations so near that they count as the same. A false pass is one column called stable although its population moved
beyond twice the limit, which is what stable rules out. Below some hundred values a column is `inconclusive` as a rule;
that is no alarm, and such trials count.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gates.drift_facts import Role, Shift
from gates.measure.drift.asked import Limits
from gates.measure.drift.cells import Cells, Floats, of
from gates.measure.drift.column import Compared, compare
from gates.measure.drift.deciding import decide
from gates.measure.drift.histogram import CLASSES
from gates.measure.drift.side import Categories, Counted, Numbers
from gates.measure.scan.engine import Kind
from tools.calibration.study import Study

Random = np.random.Generator
Draw = Callable[[Random, int, float], Counted]
"""One side's column: so many rows, moved by so much."""

VALUES = 2_000
"""More rows than this are dealt to the classes of a histogram, as many are when files are measured."""
EQUAL = (
    (30, 30),
    (30, 10_000),
    (100, 100),
    (100, 1_000),
    (1_000, 100),
    (1_000, 1_000),
    (100_000, 1_000),
    (10_000, 10_000),
    (1_000_000, 1_000_000),
)
MOVED = ((300, 300), (1_000, 1_000), (100_000, 1_000), (10_000, 10_000), (1_000_000, 1_000_000))
NEAR = (1_000_000, 1_000_000)
FEW = ((30, 30), (100, 1_000), (1_000, 1_000), (100_000, 1_000), (1_000_000, 1_000_000))
MANY = ((100, 100), (1_000, 100), (1_000_000, 1_000_000))
COLUMNS = ((1, 400, EQUAL), (10, 100, FEW), (100, 25, MANY))
"""How many are compared at a time, in how many trials, with how many rows on each side."""
MISSING = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Where columns come from, a move beyond twice the limit, and one that is real and too small to matter."""

    called: str
    draw: Draw
    move: float
    small: float


def populations() -> tuple[Population, ...]:
    """Return the populations: normal, skewed, discrete, heavily tied, and categories."""
    return (
        Population(called="normal", draw=_numbers(lambda random, rows: random.normal(size=rows)), move=0.7, small=0.05),
        Population(
            called="skewed",
            draw=_numbers(lambda random, rows: random.lognormal(0, 2, rows).astype(np.float64)),
            move=5.0,
            small=0.02,
        ),
        Population(
            called="discrete",
            draw=_numbers(lambda random, rows: random.poisson(3, rows).astype(np.float64)),
            move=1.0,
            small=0.0,
        ),
        Population(called="heavily tied", draw=_numbers(_tied), move=1.0, small=0.0),
        *(
            Population(called=f"{many} categories", draw=_categories(many), move=0.3, small=0.005)
            for many in (2, 20, 500)
        ),
    )


def _tied(random: Random, rows: int) -> Floats:
    values: Floats = random.exponential(size=rows)
    return values * (random.random(rows) > 0.8)  # noqa: PLR2004 - four in five are zero


def _numbers(sample: Callable[[Random, int], Floats]) -> Draw:
    """Draw values up to `VALUES` rows; beyond, deal rows to equal classes of one large sample's quantiles."""
    values = of(sample(np.random.default_rng(1), 1_000_000), np.ones(1_000_000, dtype=np.int64)).coarse(CLASSES // 2)
    shares = values.counts / values.total

    def draw(random: Random, rows: int, move: float) -> Counted:
        if rows <= VALUES:
            return _counted(random, rows, numbers=of(sample(random, rows) + move, np.ones(rows, dtype=np.int64)))
        counts = random.multinomial(rows, shares)
        kept = counts > 0
        cells = Cells(low=values.low[kept] + move, high=values.high[kept] + move, counts=counts[kept])
        return _counted(random, rows, numbers=cells)

    return draw


def _categories(many: int) -> Draw:
    """Draw categories of very different frequency; a move gives the rarest one a share of all rows."""
    shares = np.random.default_rng(many).dirichlet(np.full(many, 0.5))

    def draw(random: Random, rows: int, move: float) -> Counted:
        moved = shares * (1 - move)
        moved[int(np.argmin(shares))] += move
        counts = random.multinomial(rows, moved)
        kept = np.flatnonzero(counts)
        names = tuple(f"c{place}" for place in kept.tolist())
        return _counted(random, rows, categories=Categories(names=names, counts=tuple(counts[kept].tolist())))

    return draw


def _counted(
    random: Random, present: int, *, numbers: Cells | None = None, categories: Categories | None = None
) -> Counted:
    """Return the column, with as many values missing beside those present as chance would have it."""
    kind = Kind.TEXT if numbers is None else Kind.NUMBER
    return Counted(
        name="x",
        kind=kind,
        type=kind.value,
        rows=present + int(random.negative_binomial(present, 1 - MISSING)),
        present=present,
        numbers=None if numbers is None else Numbers(origin=0, cells=numbers),
        categories=categories,
    )


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Run all settings; quick ones see gross errors only."""
    for population in populations():
        for columns, trials, rows in COLUMNS:
            for sizes in rows:
                yield false_alarms(population, sizes, columns, trials=max(2, trials // 50) if quick else trials)
        if population.small:
            yield false_alarms(population, NEAR, 1, trials=20 if quick else 200, move=population.small)
        for sizes in MOVED:
            yield false_passes(population, sizes, trials=20 if quick else 200)


def _compared(population: Population, sizes: tuple[int, int], move: float, random: Random) -> Compared:
    sides = population.draw(random, sizes[0], 0.0), population.draw(random, sizes[1], move)
    return compare("x", Role.FEATURE, sides)


def false_alarms(
    population: Population, sizes: tuple[int, int], columns: int, *, trials: int, move: float = 0.0
) -> Study:
    """Compare columns of one population, or of two that are near."""
    random = np.random.default_rng([2026, *sizes, columns])
    alarms = 0
    for _ in range(trials):
        facts = decide([_compared(population, sizes, move, random) for _ in range(columns)], Limits())
        alarms += any(fact.drifted for fact in facts)
    moved = f"moved by only {move}" if move else "nothing moved"
    return Study(
        name="drift",
        setting=f"{population.called}, {moved}, {columns} column{'s' * (columns > 1)} compared with {sizes[0]:,} rows",
        n=sizes[1],
        trials=trials,
        false_alarm=alarms,
    )


def false_passes(population: Population, sizes: tuple[int, int], *, trials: int) -> Study:
    """Compare a column with a moved one."""
    random = np.random.default_rng([2027, *sizes])
    facts = [decide([_compared(population, sizes, population.move, random)], Limits())[0] for _ in range(trials)]
    return Study(
        name="drift",
        setting=f"{population.called}, moved by {population.move}, compared with {sizes[0]:,} rows",
        n=sizes[1],
        trials=trials,
        inconclusive=sum(fact.shift is Shift.INCONCLUSIVE for fact in facts),
        false_pass=sum(fact.shift is Shift.STABLE for fact in facts),
    )
