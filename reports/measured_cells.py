"""What stands in one cell of a table about groups?"""

from gates import wording
from gates.evidence import GroupMetric
from gates.fairness_facts import Criterion
from reports.escaping import Safe, name
from reports.marks import MARKS
from reports.measured_groups import Groups, Row

NOTHING = Safe("—")


def group_name(row: Row) -> Safe:
    """Name a group, and say whether the others are held against it."""
    size = row.size
    said = f"{name(size.feature)}={name(wording.visible(size.group))}"
    return Safe(f"{said} (reference)" if size.reference else said)


def group_value(cell: GroupMetric | None) -> Safe:
    """Show a group's own value with its interval."""
    if cell is None or cell.challenger is None:
        return NOTHING
    return _with_interval(wording.number(cell.challenger), cell.low, cell.high)


def group_change(cell: GroupMetric | None, table: Groups) -> Safe:
    """Show what a group gained over the champion (positive is better), and what was concluded."""
    if cell is None or cell.change is None:
        return NOTHING
    low, high = cell.change_confidence.interval() if cell.change_confidence else (None, None)
    return _concluded(cell, table, _signed(cell.change, low, high))


def group_distance(cell: GroupMetric | None, table: Groups) -> Safe:
    """Show how far a group is from the reference group, and what was concluded."""
    if cell is None or cell.difference is None:
        return NOTHING
    return _concluded(cell, table, _signed(cell.difference, cell.difference_low, cell.difference_high))


def criterion_value(found: Criterion | None) -> Safe:
    """Show how far apart all groups are."""
    if found is None or found.challenger is None:
        return NOTHING
    return _with_interval(wording.number(found.challenger), found.low, found.high)


def criterion_champion(found: Criterion | None) -> Safe:
    """Show how far apart they were under the champion."""
    return NOTHING if found is None or found.champion is None else Safe(wording.number(found.champion))


def criterion_extremes(found: Criterion | None) -> Safe:
    """Name the groups that are furthest apart."""
    pairs = () if found is None else found.extremes
    said = dict.fromkeys(
        f"{name(wording.visible(pair.highest))} over {name(wording.visible(pair.lowest))}" for pair in pairs
    )
    return Safe(", ".join(said)) if said else NOTHING


def _concluded(cell: GroupMetric, table: Groups, said: str) -> Safe:
    outcome = table.outcome(cell)
    return Safe(said if outcome is None else f"{MARKS[outcome]} {said}")


def _with_interval(said: str, low: float | None, high: float | None) -> Safe:
    if low is None or high is None:
        return Safe(said)
    return Safe(f"{said} ({wording.number(low)} to {wording.number(high)})")


def _signed(value: float, low: float | None, high: float | None) -> str:
    said = wording.signed(value)
    return said if low is None or high is None else f"{said} ({wording.signed(low)} to {wording.signed(high)})"
