"""What does each row add to each metric, and what do the rows, or their clusters, sum up to? In SQL, in integers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import double, fixed
from gates.measure.scores.losses import LOSSES, TINY
from gates.measure.scores.measured import AREAS
from gates.measure.scores.sample import evenly
from gates.measure.scores.spread import Sums

LARGE = {1: 56, 2: 50, 3: 46, 4: 42}
"""Binary places of units and their powers, which are at most 2^(6 power) in size: 63 bits hold one, and the sum of
BIGINTs is a HUGEINT."""
SMALL = {1: 58, 2: 58, 3: 58, 4: 58}
"""The same of units that are at most 2 in size: Brier losses and gaps of calibration."""
CLUSTER_BITS = 56
GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What each row adds to some metrics, as SQL."""

    rows: str
    """A query: place (of the group), label, score_0, ..., cluster where there are some, and what expressions read."""
    expressions: Mapping[str, tuple[str, ...]]
    """By metric, one for each model; each is a number of less than 2^6."""
    unequal: str = "FALSE"
    """Whether the models' scores differ."""
    brief: bool = False
    """Leave the third and fourth powers out but for differences of losses: each group has so many rows that skewness
    and heavy tails no longer show in a mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """Exact sums of a unit's first four powers over one stratum; zero where they are not used, or the mean is zero."""

    count: int
    sums: tuple[Fraction, Fraction, Fraction, Fraction]

    @property
    def mean(self) -> float:
        """The units' mean."""
        return float(self.sums[0] / self.count)

    def centred(self, scale: float) -> Sums:
        """Return the sums of squares and cubes around the mean, for units multiplied by `scale`."""
        first, second, third, fourth = self.sums
        mean = first / self.count
        squares = second - mean * first
        cubes = third - 3 * mean * second + 2 * mean**2 * first if third else Fraction(0)
        fourths = fourth - 4 * mean * third + 6 * mean**2 * second - 3 * mean**3 * first if fourth else Fraction(0)
        return Sums(
            count=self.count,
            squares=max(0.0, float(squares)) * scale**2,
            cubes=float(cubes) * scale**3,
            fourths=max(0.0, float(fourths)) * scale**4,
        )

    def __add__(self, other: "Power") -> "Power":
        """Merge two strata."""
        first, second, third, fourth = (a + b for a, b in zip(self.sums, other.sums, strict=True))
        return Power(count=self.count + other.count, sums=(first, second, third, fourth))


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What the rows of one stratum, or the clusters of one group, add up to."""

    count: int
    unequal: int
    even: tuple[float, ...] = ()
    """Of clusters, as `Tally` has it."""
    powers: Mapping[str, Power]
    """By metric and model: `log_loss_0`, `log_loss_1`, and `log_loss_gap` for the difference."""


def log_loss(of_truth: str) -> str:
    """Return a row's log loss as SQL, as `losses.log_losses` computes it."""
    return f"-ln(least(greatest({of_truth}, {double(TINY)}), {double(1 - TINY)}))"


def brier(scores: Sequence[str]) -> str:
    """Return a row's Brier loss as SQL, as `losses.brier_losses` computes it."""
    if len(scores) == 1:
        return f"({scores[0]} - label) * ({scores[0]} - label)"
    gaps = [f"({score} - CASE WHEN label = {place} THEN 1 ELSE 0 END)" for place, score in enumerate(scores)]
    return " + ".join(f"{gap} * {gap}" for gap in gaps)


def by_label(prepared: Prepared, units: Units, *, ranked: bool) -> dict[int, dict[int, Added]]:
    """Sum rows by group and label in one scan; of ranking metrics each model's own units too where `ranked` asks it."""
    terms = dict(_terms(units.expressions, ranked=ranked))
    inner = "".join(f", {expression} AS {term}" for term, expression in terms.items())
    outer = "".join(f", {one}" for one in _sums(terms, brief=units.brief))
    found = prepared.engine.reduce(
        f"SELECT place, label, count(*) AS held, sum(unequal) AS unequal{outer} FROM "  # noqa: S608 - our names
        f"(SELECT place, label, CASE WHEN {units.unequal} THEN 1 ELSE 0 END AS unequal{inner} FROM ({units.rows})) "
        "GROUP BY place, label"
    )
    strata: dict[int, dict[int, Added]] = {}
    for row in found.to_pylist():
        strata.setdefault(int(row["place"]), {})[int(row["label"])] = _added(row, terms, brief=units.brief)
    return strata


def by_cluster(prepared: Prepared, units: Units, scale: float, classes: int) -> dict[int, Added]:
    """Sum the rows of each cluster, times `scale`, and then the clusters of each group, in one scan.

    How evenly clusters share rows is told of all rows, and of as many classes as are asked for.
    """
    own = {f"{name}_{at}": one for name, models in units.expressions.items() for at, one in enumerate(models)}
    summed = "".join(f", sum({_whole(expression, CLUSTER_BITS)}) AS {term}" for term, expression in own.items())
    back = double(scale / 2.0**CLUSTER_BITS)
    scaled = "".join(f", CAST({term} AS DOUBLE) * {back} AS {term}" for term in own)
    named = {name: tuple(f"{name}_{at}" for at in range(len(of))) for name, of in units.expressions.items()}
    terms = dict(_terms(named, ranked=True))
    each = "".join(f", {expression} AS {term}" for term, expression in terms.items())
    sizes = {"size": "count(*)"} | {
        f"size_{one}": f"sum(CASE WHEN label = {one} THEN 1 ELSE 0 END)" for one in range(classes)
    }
    counted = "".join(f", {count} AS {size}" for size, count in sizes.items())
    kept = "".join(f", {size}" for size in sizes)
    squared = "".join(f", sum({size}) AS {size}, sum({size} * {size}) AS {size}_squares" for size in sizes)
    per = f"SELECT place, cluster{counted}{summed} FROM ({units.rows}) GROUP BY place, cluster"  # noqa: S608 - our names
    outer = "".join(f", {one}" for one in _sums(terms, fixed, brief=False))
    found = prepared.engine.reduce(
        f"SELECT place, count(*) AS held, 0 AS unequal{squared}{outer} FROM "  # noqa: S608 - our names
        f"(SELECT place{kept}{each} FROM (SELECT place{kept}{scaled} FROM ({per}))) GROUP BY place"
    )
    return {
        int(row["place"]): replace(
            _added(row, terms, brief=False),
            even=tuple(evenly(float(row[size]), float(row[f"{size}_squares"])) for size in sizes),
        )
        for row in found.to_pylist()
    }


def _terms(expressions: Mapping[str, Sequence[str]], *, ranked: bool) -> Iterator[tuple[str, str]]:
    """Yield what is summed, by name: the models' units and their differences."""
    for name, models in expressions.items():
        if ranked or name not in AREAS:
            yield from ((f"{name}_{at}", one) for at, one in enumerate(models))
        if len(models) > 1:
            yield f"{name}_{GAP}", f"({models[0]}) - ({models[1]})"


def _sums(terms: Mapping[str, str], integer: Callable[[str, int], str] | None = None, *, brief: bool) -> Iterator[str]:
    for term in terms:
        for power, bits in _powers(term, brief=brief).items():
            yield f"sum({(integer or _whole)(' * '.join([term] * power), bits)}) AS {term}_p{power}"


def _powers(term: str, *, brief: bool) -> dict[int, int]:
    """Return the powers that are summed, and with how many binary places."""
    name, _, what = term.rpartition("_")
    bits = LARGE if name in AREAS or name == "log_loss" else SMALL
    if (name in LOSSES and what == GAP) or (name not in AREAS and not brief):
        return bits
    return {power: bits[power] for power in ((1, 2) if what == GAP or brief else (1, 2, 4))}


def _whole(expression: str, bits: int) -> str:
    """Return a number in units of 2^-bits as a BIGINT, twice as fast to sum as a HUGEINT."""
    return f"CAST(floor(({expression}) * {double(2.0**bits)} + 0.5) AS BIGINT)"


def _added(row: Mapping[str, Any], terms: Mapping[str, str], *, brief: bool) -> Added:
    powers = {}
    for term in terms:
        bits = _powers(term, brief=brief)
        sums = [Fraction(int(row[f"{term}_p{power}"]), 2 ** bits[power]) if power in bits else Fraction(0)
                for power in (1, 2, 3, 4)]  # fmt: skip
        powers[term] = Power(count=int(row["held"]), sums=(sums[0], sums[1], sums[2], sums[3]))
    return Added(count=int(row["held"]), unequal=int(row["unequal"]), powers=powers)
