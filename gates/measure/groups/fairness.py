"""How large are the groups, how does each fare, and do all fare alike?"""

from collections.abc import Iterator, Sequence

import numpy as np

from gates.fairness_facts import GroupSize
from gates.measure.groups.criteria import criteria
from gates.measure.groups.found import Fairness
from gates.measure.groups.measuring import Table, facts, tables
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded


def fairness(
    prepared: Prepared, features: Sequence[str], metrics: Sequence[str], power_against: float | None = None
) -> Fairness:
    """Measure every metric of every group, and criteria over all groups; a champion is not needed."""
    found = tables(prepared, features, metrics)
    return Fairness(
        sizes=tuple(size for table in found for size in _sizes(table)),
        groups=tuple(fact for table in found for fact in facts(table, power_against)),
        criteria=tuple(
            criterion
            for table in found
            if table.grouping is not None
            for criterion in criteria(table.grouping, [values for _, values in table.values])
        ),
    )


def _sizes(table: Table) -> Iterator[GroupSize]:
    grouping = table.grouping
    if grouping is None:
        return
    rows = int(np.sum(grouping.sizes))
    for place, name in enumerate(grouping.names):
        size = int(grouping.sizes[place])
        yield GroupSize(
            feature=grouping.feature,
            group=name,
            rows=size,
            share=rounded(size / rows) or 0.0,
            positives=None if grouping.positives is None else rounded(float(grouping.positives[place]) / size),
            reference=place == grouping.reference,
        )
