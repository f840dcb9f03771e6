"""What are answers worth whose rows come in clusters, such as several rows of one person?

What each row adds to a rate is summed per cluster; the variance of these sums over that of as many independent rows is
the design effect (Kish 1965, Survey Sampling, section 8.2). Rows are counted as the fewer that they are worth (Korn and
Graubard 1998, Survey Methodology 24:193-201), so that limits keep the shape they have for independent rows. Groups are
taken to be independent of each other: where they share clusters, what they have in common makes differences more
certain than is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gates.measure.groups.answered import AnsweredRows, cells_of_models
from gates.measure.groups.features import Feature
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Counts, Floats, Mask, Pair, RateSpread, Scores, Spread, divided
from gates.measure.groups.paired import PairedRates
from gates.measure.groups.rates import Rate
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import name


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """For each group, sums over its clusters of the product of every two cells' rows; cells are `cells_of_models`'."""

    products: Floats
    """By group, cell and cell."""
    clusters: Counts
    """By group."""


def moments_of(prepared: Prepared, feature: Feature, grouping: Grouping, place: int | None) -> Moments:
    """Reduce a feature's rows by cluster, in one scan; `place` is the class that is looked at, of several."""
    many = 2 ** (1 + len(prepared.who))
    groups = [name(prepared.groups[part]) for part in feature.parts]
    rows = ", ".join(f"sum(CASE WHEN cell = {at} THEN 1 ELSE 0 END) AS n{at}" for at in range(many))
    inner = f"SELECT {', '.join(groups)}, cluster, {_cell(prepared, place)} AS cell FROM {prepared.view}"  # noqa: S608 - ours
    clusters = f"SELECT {', '.join(groups)}, {rows} FROM ({inner}) GROUP BY {', '.join(groups)}, cluster"  # noqa: S608 - ours
    pairs = [(first, second) for first in range(many) for second in range(first, many)]
    products = ", ".join(f"CAST(sum(n{a} * n{b}) AS VARCHAR) AS p{a}_{b}" for a, b in pairs)
    query = (
        f"SELECT {', '.join(groups)}, count(*) AS clusters, {products} FROM ({clusters}) GROUP BY {', '.join(groups)}"  # noqa: S608 - ours
    )
    found = {tuple(row[prepared.groups[part]] for part in feature.parts): row for row in _rows(prepared, query)}
    matrix = np.zeros((grouping.count, many, many))
    for at, value in enumerate(grouping.values):
        for a, b in pairs:
            matrix[at, a, b] = matrix[at, b, a] = float(found[value][f"p{a}_{b}"])
    counts = np.array([found[value]["clusters"] for value in grouping.values], dtype=np.int64)
    return Moments(products=matrix, clusters=counts)


def _rows(prepared: Prepared, query: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = prepared.engine.reduce(query).to_pylist()
    return rows


def _cell(prepared: Prepared, place: int | None) -> str:
    """Return the number of a row's cell in SQL; without a class of several, what counts is which answers are right."""
    columns = ["label", *prepared.who]
    if place is not None:
        tests = [f"{column} = {place}" for column in columns]
    elif len(prepared.classes) > 2:  # noqa: PLR2004 - more than yes and no
        tests = ["1 = 1", *(f"{who} = label" for who in prepared.who)]
    else:
        tests = [f"{column} = 1" for column in columns]
    places = range(len(columns) - 1, -1, -1)
    return " + ".join(f"CASE WHEN {test} THEN {2**at} ELSE 0 END" for test, at in zip(tests, places, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a group's rows are worth, for one number."""

    effect: Floats
    """The design effect, at least 1: so many rows are worth one."""
    degrees: Floats
    """Clusters that would say as much if all had the same size, less one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentSpread:
    """A number with a standard error that rests on few clusters."""

    value: Floats
    error: Floats
    degrees: Floats

    def at(self, score: Scores) -> Pair:
        """Return Student's limits."""
        far = self.error * _student(self.degrees, score)
        return self.value - far, self.value + far


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredClusters:
    """Answers of rows that come in clusters."""

    rows_alone: AnsweredRows
    moments: Moments

    @property
    def models(self) -> int:
        """How many models answered."""
        return self.rows_alone.models

    @property
    def unit(self) -> str:
        """What a unit is called."""
        return "cluster"

    def rows(self, rate: Rate, model: int) -> Counts:
        """Return how many rows a rate counts."""
        return self.rows_alone.rows(rate, model)

    def units(self, rate: Rate, model: int) -> Counts:
        """Return how many clusters of equal size would say as much."""
        label, *said = cells_of_models(self.models)
        counted = rate.counts(label, said[model]).astype(np.float64)
        size = self._squares(np.broadcast_to(counted, (len(self.moments.clusters), len(counted))))
        return np.floor(np.nan_to_num(divided(self.rows(rate, model).astype(np.float64) ** 2, size))).astype(np.int64)

    def spread(self, rate: Rate, model: int) -> RateSpread:
        """Return a rate, its rows counted as what they are worth."""
        alone = self.rows_alone.spread(rate, model)
        label, *said = cells_of_models(self.models)
        counted = rate.counts(label, said[model])
        value = np.nan_to_num(alone.value)
        residual: Floats = rate.told(label, said[model]) - np.outer(value, counted)
        worth = self._worth(residual, counted, alone.of * value * (1 - value), alone.of)
        return RateSpread(hits=alone.hits / worth.effect, of=alone.of / worth.effect, shrink=_shrinking(worth.degrees))

    def change(self, rate: Rate) -> PairedRates:
        """Return the rows that only one model hits, counted as what they are worth."""
        alone = self.rows_alone.change(rate)
        label, ours, theirs = cells_of_models(self.models)
        counted, difference = rate.counts(label, ours), np.nan_to_num(alone.value)
        gap = rate.told(label, ours).astype(np.float64) - rate.told(label, theirs)
        residual = gap - np.outer(difference, counted)
        variance = alone.gained + alone.lost - alone.of * difference**2
        worth = self._worth(residual, counted, variance, alone.of)
        return replace(
            alone,
            gained=alone.gained / worth.effect,
            lost=alone.lost / worth.effect,
            of=alone.of / worth.effect,
            shrink=_shrinking(worth.degrees),
        )

    def shift(self, rate: Rate, function: Callable[[Floats], Floats]) -> Spread:
        """Return the difference of a function of a rate of different rows, by the sum of influences per cluster."""
        label, *said = cells_of_models(self.models)
        parts = [self.rows_alone.influence(rate, model, function) for model in range(self.models)]
        influence = parts[0] - parts[1]
        counted = rate.counts(label, said[0]) | rate.counts(label, said[1])
        clusters = self.moments.clusters
        size = self._size(counted)
        variance = self._squares(influence) * _few(clusters) + size * np.abs(influence).max(axis=1) ** 2
        ours, theirs = (function(self.rows_alone.spread(rate, model).value) for model in range(self.models))
        degrees = np.minimum(*(np.maximum(self.units(rate, model) - 1, 1) for model in range(self.models)))
        return StudentSpread(value=ours - theirs, error=np.sqrt(variance), degrees=degrees.astype(np.float64))

    def _worth(self, residual: Floats, counted: Mask, alone: Floats, rows: Floats) -> Worth:
        """Return what rows are worth; one more row of the strongest influence keeps it from being told by nothing."""
        size = self._size(counted)
        together = self._squares(residual) * _few(self.moments.clusters)
        effect = np.maximum((together + size) / (alone + 1), 1.0)
        return Worth(effect=effect, degrees=np.maximum(divided(rows, size) - 1, 1.0))

    def _size(self, counted: Mask) -> Floats:
        """Return how many rows that count a row that counts has in its cluster, itself included; at least 1."""
        squares = self._squares(np.broadcast_to(counted.astype(np.float64), (len(self.moments.clusters), len(counted))))
        return np.maximum(np.nan_to_num(divided(squares, self._total(counted))), 1.0)

    def _total(self, counted: Mask) -> Floats:
        tables = self.rows_alone.tables()
        return np.asarray(tables @ counted.astype(np.float64))

    def _squares(self, amounts: Floats) -> Floats:
        """Return the sum over clusters of the square of what their rows' amounts (by group and cell) add up to."""
        return np.asarray(np.einsum("gk,gkl,gl->g", amounts, self.moments.products, amounts))


def _few(clusters: Counts) -> Floats:
    return clusters / np.maximum(clusters - 1, 1)


def _shrinking(degrees: Floats) -> Callable[[Scores], Floats]:
    return partial(_shrunk, degrees)


def _shrunk(degrees: Floats, score: Scores) -> Floats:
    """Return the share of rows that makes normal limits as wide as Student's."""
    student = _student(degrees, score)
    return np.where(student > 0, np.square(np.divide(score, np.where(student > 0, student, 1.0))), 1.0)


def _student(degrees: Floats, score: Scores) -> Floats:
    from scipy.special import ndtr, stdtrit  # noqa: PLC0415 - heavy

    return np.asarray(stdtrit(degrees, ndtr(score)))
