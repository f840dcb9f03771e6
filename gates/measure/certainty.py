"""How does an estimate become a confidence distribution?"""

import numpy as np
from numpy.typing import NDArray

from gates.confidence import LEVELS, SCORES, Confidence
from gates.measure.rounding import rounded
from gates.measure.unusable import UnusableError

Floats = NDArray[np.float64]
_LEVELS = tuple(zip(LEVELS, SCORES, strict=True))
_MIDDLE = LEVELS.index(0.5)


def normal(value: float, standard_error: float) -> Confidence:
    """Return the distribution of an estimate that is normal around the true value."""
    return kept([value + standard_error * score for score in SCORES])


def student(value: float, standard_error: float, degrees: float) -> Confidence:
    """Return the distribution of an estimate whose standard error has so many degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - heavy

    return kept([value + standard_error * float(stdtrit(degrees, level)) for level in LEVELS])


def drawn(values: Floats) -> Confidence:
    """Return the distribution of values drawn from it, such as a posterior's.

    Beyond the levels that so many draws can tell (ten draws further out), it goes on as a normal tail would.
    """
    told = 10 / len(values)
    inner = np.quantile(values, LEVELS)
    center, spread = float(inner[_MIDDLE]), _spread(inner, told)
    return kept(
        [
            float(value) if told <= level <= 1 - told else center + spread[place > _MIDDLE] * score
            for place, ((level, score), value) in enumerate(zip(_LEVELS, inner, strict=True))
        ]
    )


def _spread(inner: Floats, told: float) -> tuple[float, float]:
    """Return the normal spread below and above the middle that meets the outermost levels told."""
    outer = [place for place, level in enumerate(LEVELS) if told <= level <= 1 - told]
    low, high = (
        (float(inner[place]) - float(inner[_MIDDLE])) / SCORES[place] if SCORES[place] else 0.0
        for place in (outer[0], outer[-1])
    )
    return low, high


def directed(lower: Floats, upper: Floats, value: float) -> Confidence:
    """Return the distribution whose lower bounds are quantiles of some draws, and whose upper bounds are of others.

    In the middle stands the estimate.
    """
    sides = (*drawn(lower).quantiles[:_MIDDLE], value, *drawn(upper).quantiles[_MIDDLE + 1 :])
    bounds = [min(side, value) if place < _MIDDLE else max(side, value) for place, side in enumerate(sides)]
    return kept(bounds)


def widened(confidence: Confidence, value: float, factor: float, degrees: float) -> Confidence:
    """Return the distribution of an estimate whose standard error is larger by a factor, and has degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - heavy

    scales = [factor * float(stdtrit(degrees, level)) / score if score else factor for level, score in _LEVELS]
    return kept([value + (at - value) * scale for at, scale in zip(confidence.quantiles, scales, strict=True)])


def turned(confidence: Confidence) -> Confidence:
    """Return the distribution of the same estimate with the other sign."""
    return Confidence(quantiles=tuple(0.0 - value for value in reversed(confidence.quantiles)))


def kept(quantiles: list[float]) -> Confidence:
    """Return a distribution whose numbers are rounded as every fact is, and never fall.

    Raises `UnusableError` where one of them is not finite: nothing is known then, not even that there is no difference.
    """
    if not np.isfinite(quantiles).all():
        raise UnusableError("its uncertainty is no finite number: some values are too large, infinite or missing.")
    numbers = (rounded(float(value)) for value in np.maximum.accumulate(quantiles))
    return Confidence(quantiles=tuple(number for number in numbers if number is not None))
