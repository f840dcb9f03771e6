"""How far could a mean drop be from the true one? The delete-a-group jackknife.

Rows are dealt into groups at random; each group is left out once (Shao and Tu 1995, section 2.3; Kott 2001). A shuffle
gives each row a donor of its own, so that leaving rows out tells of the shuffles' chance as well as of the rows'.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gates.measure.classes import Codes
from gates.measure.rows import Floats

GROUPS = 20
ROUNDING = 1e-13
STUDENT_19 = 2.093024054408263
"""The 97.5 % point of Student's distribution with 19 degrees of freedom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A mean drop with its two-sided 95 % interval."""

    value: float
    low: float
    high: float


def dealt(labels: Codes, seed: int) -> Codes:
    """Return each row's group: at random, and each class alike."""
    random = np.random.default_rng([seed, 0xDEA1])
    order = np.lexsort((random.permutation(len(labels)), labels))
    groups = np.empty(len(labels), dtype=np.int64)
    groups[order] = np.arange(len(labels)) % GROUPS
    return groups


def jackknifed(drop: Callable[[Codes], float], rows: Codes, groups: Codes) -> Drop | None:
    """Return the drop over `rows` (places) and its interval; None where it is not defined without some group."""
    whole = drop(rows)
    without = np.array([drop(rows[groups[rows] != one]) for one in range(GROUPS)])
    if not np.isfinite(whole) or not np.isfinite(without).all():
        return None
    pseudo: Floats = GROUPS * whole - (GROUPS - 1) * without
    error = float(np.sqrt(((pseudo - pseudo.mean()) ** 2).sum() / (GROUPS * (GROUPS - 1))))
    if error < ROUNDING:
        error = 0.0  # the same with and without each group, but for rounding
    return Drop(value=whole, low=whole - STUDENT_19 * error, high=whole + STUDENT_19 * error)
