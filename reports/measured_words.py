"""How are the parts of a measurement worded, beyond what every report says?"""

from collections import defaultdict
from collections.abc import Mapping

from gates import wording
from gates.drift_facts import Shift
from gates.evidence import MetricComparison
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


def plain_difference(one: MetricComparison) -> Safe:
    """Show challenger minus champion as it stands."""
    if one.difference is None:
        return Safe("—")
    return Safe(wording.signed(0.0 - one.difference if one.lower_is_better else one.difference))


def plain_interval(one: MetricComparison) -> Safe:
    """Show the interval of challenger minus champion as it stands."""
    if one.low is None or one.high is None:
        return Safe("—")
    low, high = (0.0 - one.high, 0.0 - one.low) if one.lower_is_better else (one.low, one.high)
    return Safe(f"{wording.signed(low)} to {wording.signed(high)}")


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
