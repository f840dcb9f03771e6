"""What is known of one metric of one or two models, before it becomes a fact?"""

from dataclasses import dataclass

from gates.confidence import Confidence

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """Values with two-sided 95 % intervals; the difference is challenger minus champion, whichever is better.

    With too few rows there are values, no intervals and no difference: `too_few` says what would be enough.
    """

    challenger: float
    challenger_interval: Interval | None
    champion: float | None = None
    champion_interval: Interval | None = None
    difference: Confidence | None = None
    standard_error: float | None = None
    """Of the difference."""
    baseline: float | None = None
    """The same metric of a model that knows nothing; None where such a model is no measure of it."""
    method: str
    effective: int
    """What the interval rests on: rows of the rarer class, discordant rows, clusters."""
    too_few: str = ""
    error_bound: float | None = None
    """How far the values can be from the exact ones, where a histogram was read; None for exact ones."""
    p_value: float | None = None
    """Of an exact test of the difference (McNemar's for accuracy), two-sided."""
