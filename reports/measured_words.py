"""How are the parts of a measurement worded, beyond what every report says?"""

from collections import defaultdict
from collections.abc import Mapping

from gates.drift_facts import Shift
from gates.outcome import Outcome
from reports.escaping import Safe, name

OUTCOMES = {
    Shift.DRIFTED: Outcome.FAIL,
    Shift.STABLE: Outcome.PASS,
    Shift.INCONCLUSIVE: Outcome.INCONCLUSIVE,
    Shift.UNUSABLE: Outcome.ERROR,
}
"""What a comparison of two sources comes to, as a check's conclusion."""
LARGE = 1e6


def told(value: object) -> Safe:
    """Show a value of a column: a number with the digits that matter, anything else as an escaped name."""
    if value is None:
        return Safe("—")
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = float(value).is_integer() and abs(value) < LARGE
        return Safe(f"{value:,.0f}" if whole else f"{value:.5g}")
    return name(value)


def by_reason(why_not: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Put what was not done for the same reason together."""
    found: dict[str, list[str]] = defaultdict(list)
    for what, why in why_not.items():
        found[why].append(what)
    return list(found.items())
