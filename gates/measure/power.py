"""Could this sample have shown such a difference at all?"""

import math
from statistics import NormalDist

NORMAL = NormalDist()
ONE_SIDED = NORMAL.inv_cdf(0.95)
WANTED = NORMAL.inv_cdf(0.80)


def minimum_detectable(standard_error: float | None) -> float | None:
    """Return the smallest true difference shown with a power of 80 % at one-sided 5 %; None without any variation."""
    if not standard_error:
        return None
    return (ONE_SIDED + WANTED) * standard_error


def power(difference: float, standard_error: float) -> float | None:
    """Return the probability that a true difference is shown at one-sided 5 %, by the normal approximation."""
    if difference <= 0 or standard_error <= 0:
        return None
    return NORMAL.cdf(difference / standard_error - ONE_SIDED)


def power_of_rates(reference: float, rows: tuple[int, int], shortfall: float, *, lower_is_better: bool) -> float | None:
    """Return the power to show that a group's rate falls short of the reference group's by `shortfall`.

    Two proportions, unpooled normal approximation (Fleiss, Levin and Paik 2003, section 4.2). `rows` are the reference
    group's and the group's. A rate cannot leave 0 to 1: a shortfall that would is as large as it can be; None when
    there is no room for one at all.
    """
    worst = min(1.0, reference + shortfall) if lower_is_better else max(0.0, reference - shortfall)
    variance = reference * (1 - reference) / rows[0] + worst * (1 - worst) / rows[1]
    if variance == 0 and worst != reference:
        return 1.0
    return power(abs(worst - reference), math.sqrt(variance))
