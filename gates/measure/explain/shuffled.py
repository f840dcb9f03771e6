"""Which copies of the rows is a model asked about, so that each feature in turn tells it nothing?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gates.measure.classes import Codes

LEAST_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many rows, and from which row each feature's value comes in each repeat."""

    features: tuple[str, ...]
    rows: int
    repeats: int
    donors: Codes
    """Shape (features, repeats, rows): places of rows."""

    @property
    def asked(self) -> int:
        """How many rows the model is asked for."""
        return self.rows * (1 + len(self.features) * self.repeats)


def affordable(features: int, repeats: int, most_rows: int) -> tuple[int, int]:
    """Return the rows and repeats that a budget allows: fewer repeats before there are too few rows."""
    for fewer in range(repeats, 0, -1):
        rows = most_rows // (1 + features * fewer)
        if rows >= LEAST_ROWS:
            return rows, fewer
    return most_rows // (1 + features), 1


def planned(features: tuple[str, ...], *, rows: int, repeats: int, seed: int) -> Plan:
    """Draw the shuffles: the same seed and size, the same ones."""
    random = np.random.default_rng([seed, 0x5EED])
    donors = np.array([[random.permutation(rows) for _ in range(repeats)] for _ in features], dtype=np.int64)
    return Plan(features=features, rows=rows, repeats=repeats, donors=donors.reshape(len(features), repeats, rows))


def stacked(table: Any, plan: Plan) -> Any:  # noqa: ANN401 - a pyarrow Table
    """Return the rows as they are, and below them a copy for each feature and repeat with that feature shuffled."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    copies = len(plan.features) * plan.repeats
    columns = {}
    for place, feature in enumerate(plan.features):
        origin = np.tile(np.arange(plan.rows), (1 + copies, 1))
        origin[1 + place * plan.repeats : 1 + (place + 1) * plan.repeats] = plan.donors[place]
        columns[feature] = table.column(feature).combine_chunks().take(pa.array(origin.ravel()))
    return pa.table(columns)
