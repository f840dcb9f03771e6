"""Which groups does a feature, or an intersection of features, have, and which one are the others compared with?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gates.measure.groups.cells import Column
from gates.measure.groups.features import Feature
from gates.measure.groups.limits import Counts, Floats
from gates.measure.groups.naming import MOST_GROUPS, crowded, joined
from gates.measure.preparing.grouping import MISSING_GROUP
from gates.measure.unusable import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The groups of one feature, in the order of their names, and each cell's place among them."""

    feature: str
    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    """What each group has in each of the feature's columns."""
    codes: Counts
    sizes: Counts
    """Rows of each group."""
    reference: int
    """Place of the largest group, which the others are compared with; of equals, the first by name."""
    positives: Counts | None = None
    """Rows of each group whose label is the positive class, where there is one."""

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.names)

    def summed(self, amounts: Counts | Floats) -> Counts:
        """Add up what whole numbers the cells hold, group by group."""
        return np.bincount(self.codes, weights=amounts, minlength=self.count).astype(np.int64)


def grouping(feature: Feature, columns: Mapping[str, Column], counts: Counts) -> Grouping:
    """Group the cells by a feature; raises `UnusableError` for too many groups, or none.

    A missing value is a group of its own, but the others are compared with it only where everything is missing.
    """
    if not len(counts):
        raise UnusableError("there is no row to measure.")
    parts = [columns[part] for part in feature.parts]
    together = np.ravel_multi_index([part.codes for part in parts], [len(part.names) for part in parts])
    present, codes = np.unique(together, return_inverse=True)
    if len(present) > MOST_GROUPS:
        raise UnusableError(crowded(feature.name, len(present)))
    places = np.unravel_index(present, [len(part.names) for part in parts])
    values = [tuple(part.names[at] for part, at in zip(parts, row, strict=True)) for row in np.column_stack(places)]
    return _ordered(feature.name, values, codes, counts)


def _ordered(feature: str, values: list[tuple[str, ...]], codes: Counts, counts: Counts) -> Grouping:
    names = [joined(value) for value in values]
    order = sorted(range(len(names)), key=names.__getitem__)
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    placed = place_of[codes]
    sizes = np.bincount(placed, weights=counts, minlength=len(order)).astype(np.int64)
    known = [MISSING_GROUP not in ",".join(values[place]).split(",") for place in order]
    reference = max(range(len(order)), key=lambda place: (known[place], sizes[place], -place))
    return Grouping(
        feature=feature,
        names=tuple(names[at] for at in order),
        values=tuple(values[at] for at in order),
        codes=placed,
        sizes=sizes,
        reference=reference,
    )
