"""How often does each group meet with each answer, and how sure can one be of such rates?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gates.measure.groups.cells import Cells
from gates.measure.groups.drawn import drawn
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Counts, Floats, RateSpread, Spread, divided
from gates.measure.groups.paired import PairedRates
from gates.measure.groups.rates import Rate

STEP = 1e-6
"""For the slope of a smooth function of a rate."""


class Answered(Protocol):
    """The labels and answers of every group of one feature."""

    @property
    def models(self) -> int:
        """How many models answered: the challenger is 0, the champion 1."""

    def rows(self, rate: Rate, model: int) -> Counts:
        """Return how many rows a rate counts."""

    def spread(self, rate: Rate, model: int) -> RateSpread:
        """Return a model's rate."""

    def change(self, rate: Rate) -> PairedRates:
        """Return the difference of a rate that counts the same rows of both models."""

    def shift(self, rate: Rate, function: Callable[[Floats], Floats]) -> Spread:
        """Return the difference of a function of a rate that does not count the same rows of both models."""

    def units(self, rate: Rate, model: int) -> Counts:
        """Return how many independent units the rows come from: rows, or clusters."""

    @property
    def unit(self) -> str:
        """What a unit is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRows:
    """Answers of rows that are independent of each other."""

    cells: Cells
    grouping: Grouping
    seed: int

    @property
    def models(self) -> int:
        """How many models answered."""
        return len(self.cells.said)

    def rows(self, rate: Rate, model: int) -> Counts:
        """Return how many rows a rate counts."""
        counted = rate.counts(self.cells.label, self.cells.said[model])
        return self.grouping.summed(np.where(counted, self.cells.counts, 0))

    def spread(self, rate: Rate, model: int) -> RateSpread:
        """Return the hits among the rows that count."""
        hits = rate.told(self.cells.label, self.cells.said[model])
        return RateSpread(
            hits=self._summed(np.where(hits, self.cells.counts, 0)),
            of=self.rows(rate, model).astype(np.float64),
        )

    def change(self, rate: Rate) -> PairedRates:
        """Return the rows that only one model hits."""
        ours, theirs = (rate.told(self.cells.label, said) for said in self.cells.said)
        counts = self.cells.counts
        return PairedRates(
            gained=self._summed(np.where(ours & ~theirs, counts, 0)),
            lost=self._summed(np.where(theirs & ~ours, counts, 0)),
            of=self.rows(rate, 0).astype(np.float64),
        )

    def shift(self, rate: Rate, function: Callable[[Floats], Floats]) -> Spread:
        """Return the difference by draws of each group's table."""
        ours, theirs = (function(self.spread(rate, model).value) for model in range(self.models))
        influence = self.influence(rate, 0, function) - self.influence(rate, 1, function)
        return drawn(ours - theirs, self.tables(), influence, lambda rows: _difference(rows, rate, function), self.seed)

    def influence(self, rate: Rate, model: int, function: Callable[[Floats], Floats]) -> Floats:
        """Return by group and cell how much one more row moves a rising function of a rate; 0 where no row counts."""
        alone = self.spread(rate, model)
        label, *said = cells_of_models(self.models)
        value = np.nan_to_num(alone.value)
        slope = (function(value + STEP) - function(value - STEP)) / (2 * STEP)
        residual: Floats = rate.told(label, said[model]) - np.outer(value, rate.counts(label, said[model]))
        return residual * np.nan_to_num(divided(slope, alone.of))[:, np.newaxis]

    def tables(self) -> Floats:
        """Return rows by group (first axis) and by the cells that labels and answers of yes or no fall in."""
        positive = [np.equal(codes, 1).astype(np.int64) for codes in (self.cells.label, *self.cells.said)]
        sides = (2,) * len(positive)
        cell = np.ravel_multi_index(positive, sides)
        return np.stack(
            [self._summed(np.where(cell == at, self.cells.counts, 0)) for at in range(2 ** len(sides))], axis=-1
        )

    @property
    def unit(self) -> str:
        """What a unit is called."""
        return "row"

    def units(self, rate: Rate, model: int) -> Counts:
        """Return the rows: each is a unit."""
        return self.rows(rate, model)

    def _summed(self, amounts: Counts) -> Floats:
        return self.grouping.summed(amounts).astype(np.float64)


def cells_of_models(models: int) -> Counts:
    """Return label and answers, a row each, of the cells that labels and answers of yes or no fall in."""
    return np.indices((2,) * (1 + models)).reshape(1 + models, -1).astype(np.int64)


def _difference(rows: Floats, rate: Rate, function: Callable[[Floats], Floats]) -> Floats:
    label, *said = cells_of_models(2)
    rates = [
        divided(rows[..., rate.told(label, one)].sum(axis=-1), rows[..., rate.counts(label, one)].sum(axis=-1))
        for one in said
    ]
    return function(rates[0]) - function(rates[1])
