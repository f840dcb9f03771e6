"""Could this sample have shown such a difference at all?"""

from statistics import NormalDist

NORMAL = NormalDist()
ONE_SIDED = NORMAL.inv_cdf(0.95)
WANTED = NORMAL.inv_cdf(0.80)


def minimum_detectable(standard_error: float | None) -> float | None:
    """Return the smallest true difference shown with a power of 80 % at one-sided 5 %; None without any variation."""
    if not standard_error:
        return None
    return (ONE_SIDED + WANTED) * standard_error
