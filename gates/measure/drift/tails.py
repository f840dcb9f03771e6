"""How likely is a statistic so large by chance? Tails of chi-squared and of Kolmogorov's distribution.

Closed forms on the standard library and numpy: loading `scipy.special` takes longer than comparing 25 columns of
100,000 rows does. Tests hold them to scipy's.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from gates.measure.drift.cells import Floats

TINY = 1e-300
PRECISE = 1e-16
NEAR = 1e-12
SURE = 0.04
"""Kolmogorov's statistic is larger but for a chance below what a double holds."""
MOST = 200
"""Steps to a root; a dozen do."""
SHIFT = 8
"""Stirling's series is taken so far above a value, where it is right to within 1e-14."""
HALF_LOG_TAU = math.log(2 * math.pi) / 2
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def chi2_tail(statistic: float, degrees: int) -> float:
    """Return the probability that chi-squared is larger; 1 without degrees of freedom."""
    return gamma_tail(degrees / 2, statistic / 2) if degrees > 0 else 1.0


def gamma_tail(shape: float, at: float) -> float:
    """Return the regularised upper incomplete gamma function Q(shape, at).

    By the series of P below `shape` + 1, by Legendre's continued fraction (Lentz's method) above (Press et al. 2007,
    Numerical Recipes, section 6.2).
    """
    if at <= 0:
        return 1.0
    if at < shape + 1:
        return 1.0 - _series(shape, at) * _front(shape, at)
    return _fraction(shape, at) * _front(shape, at)


def _front(shape: float, at: float) -> float:
    """Return at^shape e^-at / Gamma(shape)."""
    return math.exp(shape * math.log(at) - at - math.lgamma(shape))


def _series(shape: float, at: float) -> float:
    term = total = 1 / shape
    while term > total * PRECISE:
        shape += 1
        term *= at / shape
        total += term
    return total


def _fraction(shape: float, at: float) -> float:
    below = at + 1 - shape
    ratio, inverse = 1 / TINY, 1 / below
    value, change, step = inverse, 0.0, 0
    while abs(change - 1) > PRECISE * 4 and step < 100_000:  # noqa: PLR2004 - ends long before
        step += 1
        factor = -step * (step - shape)
        below += 2
        inverse = 1 / _no_zero(factor * inverse + below)
        ratio = _no_zero(below + factor / ratio)
        change = inverse * ratio
        value *= change
    return value


def _no_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


@cache
def chi2_quantile(degrees: int, tail: float) -> float:
    """Return the value that chi-squared exceeds with this probability."""
    low, high = 0.0, float(degrees)
    while chi2_tail(high, degrees) > tail:
        low, high = high, 2 * high
    return root(lambda value: chi2_tail(value, degrees) - tail, low, high)


@cache
def noncentrality(degrees: int, alpha: float, power: float) -> float:
    """Return the noncentrality with which chi-squared exceeds its quantile at `alpha` with this power."""
    limit = chi2_quantile(degrees, alpha)
    low, high = 0.0, 1.0
    while noncentral_tail(limit, degrees, high) < power:
        low, high = high, 2 * high
    return root(lambda value: power - noncentral_tail(limit, degrees, value), low, high)


def noncentral_tail(statistic: float, degrees: int, away: float) -> float:
    """Return the probability that noncentral chi-squared is larger: Poisson's mixture of central ones.

    Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1), so that one tail gives all of them.
    """
    half, shape, at = away / 2, degrees / 2, statistic / 2
    reach = 10 * math.sqrt(half) + 20
    first = max(0, math.floor(half - reach))
    places = np.arange(first, math.ceil(half + reach) + 1, dtype=np.float64)
    weights = np.exp(_power(places, half) - half - log_gamma(places + 1))
    steps = np.exp(_power(shape + places, at) - at - log_gamma(shape + places + 1))
    tails = gamma_tail(shape + first, at) + np.r_[0.0, np.cumsum(steps)[:-1]]
    return float(np.sum(weights * tails))


def _power(exponents: Floats, base: float) -> Floats:
    """Return the logarithm of a power, of which 0^0 is 1."""
    if base > 0:
        logs: Floats = exponents * math.log(base)
        return logs
    return np.where(exponents == 0, 0.0, -np.inf)


def log_gamma(values: Floats) -> Floats:
    """Return the logarithm of the gamma function of positive numbers (Abramowitz and Stegun 1964, section 6.1)."""
    above = values + SHIFT
    inverse = 1 / above
    square = inverse * inverse
    series, steps = np.zeros_like(above), values
    for part in reversed(STIRLING):
        series = series * square + part
    for step in range(1, SHIFT):
        steps = steps * (values + step)
    found: Floats = (above - 0.5) * np.log(above) - above + HALF_LOG_TAU + series * inverse - np.log(steps)
    return found


def kolmogorov_tail(at: float) -> float:
    """Return the probability that Kolmogorov's limit distribution is larger.

    Two series of it, each where few terms do (Kolmogorov 1933; the second by the theta functions' transformation).
    """
    if at < SURE:
        return 1.0
    if at > 1:
        return max(0.0, 2 * sum(math.exp(-2 * k * k * at * at) * (1 if k % 2 else -1) for k in range(1, 8)))
    powers = sum(math.exp(-((2 * k - 1) ** 2) * math.pi**2 / (8 * at * at)) for k in range(1, 8))
    return 1.0 - math.sqrt(2 * math.pi) / at * powers


def root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function is zero (Illinois method; Dowell and Jarratt 1971, BIT 11:168)."""
    above, below = falling(low), falling(high)
    side = 0
    for _ in range(MOST):
        if high - low <= NEAR * high or above == below:
            break
        middle = low + (high - low) * above / (above - below)
        found = falling(middle)
        if found == 0:
            return middle
        if found > 0:
            low, above, below, side = middle, found, below / 2 if side > 0 else below, 1
        else:
            high, below, above, side = middle, found, above / 2 if side < 0 else above, -1
    return (low + high) / 2
