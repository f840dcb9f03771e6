"""How likely is it, if both models are right equally often, that one alone is right as lopsidedly as this?"""

import math

import numpy as np

STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
SERIES_FROM = 16
NEGLIGIBLE_FROM = 45
"""Standard deviations from the middle beyond which a binomial's tail adds nothing to a double."""


def mcnemar(won: int, lost: int) -> float:
    """Return the exact two-sided p-value of McNemar's test (1947, Psychometrika 12:153-157).

    `won` and `lost` are the rows that only the one, and only the other, got right: the smaller is binomial with 1/2.
    """
    total, fewer = won + lost, min(won, lost)
    if 2 * fewer >= total - 1:
        return 1.0
    reach = min(fewer, int(NEGLIGIBLE_FROM * math.sqrt(total)) + NEGLIGIBLE_FROM)
    left = np.arange(fewer, fewer - reach, -1, dtype=np.float64)
    ratios = np.cumprod(left / (total - left + 1))
    return min(1.0, 2 * math.exp(_log_half(fewer, total)) * math.fsum([1.0, *ratios.tolist()]))


def _log_half(hits: int, of: int) -> float:
    """Return the logarithm of a binomial probability with 1/2, without cancellation.

    The saddle point's expansion (Loader 2000, Fast and accurate computation of binomial probabilities).
    """
    if hits == 0:
        return -of * math.log(2)
    rest = of - hits
    apart = _deviance(hits, of / 2) + _deviance(rest, of / 2)
    scale = 0.5 * math.log(of / (2 * math.pi * hits * rest))
    return _stirling_error(of) - _stirling_error(hits) - _stirling_error(rest) - apart + scale


def _stirling_error(count: int) -> float:
    """Return what Stirling's formula lacks of the logarithm of a factorial."""
    if count < SERIES_FROM:
        return math.lgamma(count + 1) - (count + 0.5) * math.log(count) + count - 0.5 * math.log(2 * math.pi)
    return math.fsum(term / count ** (2 * place + 1) for place, term in enumerate(STIRLING))


def _deviance(count: int, mean: float) -> float:
    """Return count log(count / mean) + mean - count, exact where both are near."""
    gap = count - mean
    if abs(gap) >= 0.1 * (count + mean):
        return count * math.log(count / mean) - gap
    ratio = gap / (count + mean)
    total, term = gap * ratio, 2 * count * ratio
    for odd in range(3, 60, 2):
        term *= ratio * ratio
        total += term / odd
    return total
