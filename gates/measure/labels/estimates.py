"""How good are the classes that both models say, and how sure is the difference?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gates.confidence import NORMAL, Confidence
from gates.measure.estimated import Estimated, Interval
from gates.measure.labels.baseline import baseline_of
from gates.measure.labels.cells import Cells, cells_of
from gates.measure.labels.clusters import Design, designs
from gates.measure.labels.few import basis
from gates.measure.labels.influence import influence, influence_on
from gates.measure.labels.mcnemar import mcnemar
from gates.measure.labels.one_class import untold
from gates.measure.labels.rates import rate_interval
from gates.measure.labels.sample import Sample
from gates.measure.labels.tally import METRICS, POSITIVE, Tally, tally
from gates.measure.prepared import Prepared

NAMES = tuple(METRICS)
SPREAD = 2 * NORMAL.inv_cdf(0.95)
"""Standard errors between the bounds of a two-sided 90 % interval."""
METHOD = "posterior of the counts of paired answers"
SAME_AS_ACCURACY = ("accuracy", "f1_micro")
DRAWS = 10
"""Tells these draws from those of other measurements."""
MODELS = ("challenger", "champion")


def estimates(prepared: Prepared, names: tuple[str, ...]) -> dict[str, Estimated | str]:
    """Estimate the label metrics among some names; a text says why one cannot be had."""
    known = tuple(name for name in names if name in METRICS)
    if not known:
        return {}
    cells = cells_of(prepared)
    effects = _designs(prepared, cells, known) if prepared.clusters is not None else {}
    counted = Counted(
        cells=cells, classes=prepared.classes, clusters=prepared.clusters, designs=effects, seed=prepared.seed
    )
    return {name: untold(prepared, name) or counted.estimate(name) for name in known}


def _designs(prepared: Prepared, cells: Cells, names: tuple[str, ...]) -> dict[str, Design]:
    """Return the effect of clusters on each metric of each model (by its place) and of the difference."""
    slopes = {f"{name} {at}": influence_on(name, cells, at) for name in names for at in range(len(cells.said))}
    if prepared.champion:
        slopes |= {name: influence(name, cells) for name in names}
    return designs(prepared, cells, slopes)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Cells of one or two models, and what they say of metrics."""

    cells: Cells
    classes: tuple[str, ...]
    clusters: int | None
    designs: Mapping[str, Design]
    """By metric and, of one model alone, its place; empty when rows are independent."""
    seed: int

    @cached_property
    def _samples(self) -> tuple[Sample, ...]:
        """The cells of both models together, and of each alone."""
        alone = (self.cells.of(at) for at in range(len(self.cells.said)))
        return tuple(Sample(cells=cells, seed=(self.seed, DRAWS, at)) for at, cells in enumerate((self.cells, *alone)))

    def estimate(self, name: str) -> Estimated | str:
        """Estimate one metric."""
        tallies = [tally(self.cells, at, self.cells.counts[None, :]) for at in range(len(self.cells.said))]
        values = [float(METRICS[name](of)[0]) for of in tallies]
        if problem := self._undefined(name, values):
            return problem
        rests_on = basis(name, self.cells, self.classes, self.clusters)
        plain = Estimated(
            challenger=values[0],
            challenger_interval=None,
            champion=values[1] if values[1:] else None,
            baseline=baseline_of(name, tallies[0].labelled[0]),
            method=METHOD,
            effective=rests_on.count,
            too_few=rests_on.too_few(name),
            p_value=self._p_value(name),
        )
        return plain if plain.too_few else self._sure(name, plain, tallies)

    def _sure(self, name: str, plain: Estimated, tallies: Sequence[Tally]) -> Estimated:
        """Add intervals."""
        own = [self._own(name, at, of) for at, of in enumerate(tallies)]
        if plain.champion is None:
            return replace(plain, challenger_interval=own[0])
        difference = self.difference(name, plain.challenger - plain.champion)
        return replace(
            plain,
            challenger_interval=own[0],
            champion_interval=own[1],
            difference=difference,
            standard_error=(difference.upper(0.05) - difference.lower(0.05)) / SPREAD,
        )

    def difference(self, name: str, value: float) -> Confidence:
        """Return how sure the difference of both models is; `value` is its estimate."""
        return self._samples[0].confidence(name, value, self.designs.get(name))

    def _own(self, name: str, model: int, of: Tally) -> Interval:
        """Return the interval of one model's value."""
        design = self.designs.get(f"{name} {model}")
        if found := rate_interval(name, of, design):
            return found
        return self._samples[1 + model].confidence(name, float(METRICS[name](of)[0]), design).interval()

    def _undefined(self, name: str, values: Sequence[float]) -> str:
        who = next((who for who, value in zip(MODELS, values, strict=False) if np.isnan(value)), None)
        if who is None:
            return ""
        if name == "precision":
            return f"the {who} never predicts {self.classes[POSITIVE]}, so precision is not defined."
        return f"the {who} says one class only, as the label does, so {name} is not defined."

    def _p_value(self, name: str) -> float | None:
        """Return McNemar's, of independent rows."""
        if name not in SAME_AS_ACCURACY or self.clusters is not None or not self.cells.said[1:]:
            return None
        challenger, champion = (said == self.cells.label for said in self.cells.said)
        won, lost = (int(self.cells.counts[some].sum()) for some in (challenger & ~champion, champion & ~challenger))
        return mcnemar(won, lost)
