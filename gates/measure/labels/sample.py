"""How sure is a metric of one model's cells, or the difference of two models' shared ones?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gates.confidence import Confidence
from gates.measure.certainty import directed, normal, widened
from gates.measure.labels.cells import Cells
from gates.measure.labels.clusters import Design
from gates.measure.labels.influence import influence
from gates.measure.labels.posterior import MOST_CELLS, Base, base_draws, both_tails


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Cells, and the draws that all their metrics share."""

    cells: Cells
    seed: tuple[int, ...]

    @cached_property
    def supported(self) -> Cells:
        """The cells, and those that another sample could have had."""
        return self.cells.supported()

    @cached_property
    def _base(self) -> Base:
        return base_draws(self.supported, self.seed)

    def confidence(self, name: str, value: float, design: Design | None = None) -> Confidence:
        """Return the distribution of a metric or of its difference, whose estimate is `value`."""
        cells = self.supported
        if len(cells.label) > MOST_CELLS:
            slopes = influence(name, cells)
            variance = float((cells.counts * slopes**2).sum() + np.abs(slopes).max() ** 2) / cells.total**2
            found = normal(value, float(np.sqrt(variance)))
        else:
            found = directed(*both_tails(name, self._base), value)
        return found if design is None else widened(found, value, design.factor, design.degrees)
