"""How is a time shown: to a person, and to a program that reads the page?"""

from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One time, twice."""

    iso: str
    words: str


def moment(at: int | None) -> Moment | None:
    """Return a time in UTC to the minute; None where there is none."""
    if at is None:
        return None
    try:
        found = datetime.fromtimestamp(at, UTC)
    except (OverflowError, ValueError, OSError):  # beyond the calendar
        return Moment(iso="", words=f"{at} s after 1970")
    return Moment(iso=found.strftime("%Y-%m-%dT%H:%M:%SZ"), words=found.strftime("%Y-%m-%d %H:%M UTC"))


def lasting(seconds: int) -> str:
    """Return how long something lasts, in the largest unit of which there are two: "46 hours", "3 days"."""
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return "a minute" if seconds >= MINUTE else "less than a minute"
