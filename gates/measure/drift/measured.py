"""What is one metric of one side, and how sure is it?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric of one side, its standard error, and the rows that it rests on."""

    value: float | None
    standard_error: float = 0.0
    rows: int = 0
    """For an interval: of the rarer class where classes matter, all of them elsewhere."""
    used: int = 0
    """Rows with a label and an answer."""
    interval: tuple[float, float] | None = None
    """One of its own, where the standard error does not make it."""
