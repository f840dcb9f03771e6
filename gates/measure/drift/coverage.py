"""Whose labels arrive? How many rows of each group, and of each answer, have one that counts."""

from collections.abc import Sequence

import numpy as np

from gates.label_facts import Coverage
from gates.measure.drift.significance import of_table
from gates.measure.intervals import wilson
from gates.measure.rounding import rounded
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine, View
from gates.refusal import UserError
from gates.wording import count

MOST = 100
"""Groups of one column."""
APART = 0.1
"""Shares of labelled rows that differ by more, and by more than their intervals, make labels selective."""
LEVEL = 0.05
"""Of the test that all groups are covered alike, divided by the number of columns looked at."""
MISSING = "(missing)"


def of_feature(engine: Engine, view: View, feature: str, sql: tuple[str, str]) -> tuple[Coverage, ...]:
    """Return the coverage of a column's groups, the largest first; `sql` is maturity and label of a row.

    Raises `UserError` for a column that is not there, or has too many values to be groups.
    """
    view.plain(feature)
    found = _counted(engine, view, feature, sql)
    if len(found) > MOST:
        raise UserError(
            f"{feature} of {view.said} has more than {count(MOST, 'value')}: labels' coverage is compared by columns "
            "of few groups."
        )
    return found


def of_answers(engine: Engine, view: View, prediction: str, sql: tuple[str, str]) -> tuple[Coverage, ...]:
    """Return the coverage by predicted class; nothing where answers are too many to be classes."""
    found = _counted(engine, view, prediction, sql)
    return found if len(found) <= MOST else ()


def _counted(engine: Engine, view: View, feature: str, sql: tuple[str, str]) -> tuple[Coverage, ...]:
    mature, label = sql
    value = f"coalesce(CAST({name(feature)} AS VARCHAR), '{MISSING}')"
    groups = f"SELECT {value} AS value, count(*) AS rows, count({label}) AS labelled FROM {view.name} WHERE {mature} GROUP BY 1"  # noqa: S608, E501 - quoted
    table = engine.reduce(f"SELECT value, rows, labelled FROM ({groups}) LIMIT {MOST + 1}").to_pylist()  # noqa: S608 - ours
    largest = sorted(table, key=lambda row: (-row["rows"], row["value"]))
    return tuple(_covered(feature, row["value"], (row["labelled"], row["rows"])) for row in largest)


def _covered(feature: str, group: str, counts: tuple[int, int]) -> Coverage:
    labelled, rows = counts
    low, high = wilson(labelled, rows)
    return Coverage(
        feature=feature,
        group=group,
        rows=rows,
        labelled=labelled,
        share=rounded(labelled / rows) or 0.0,
        low=rounded(low) or 0.0,
        high=rounded(high) or 0.0,
    )


def furthest(columns: Sequence[Sequence[Coverage]]) -> tuple[Coverage, Coverage] | None:
    """Return the two groups of one column furthest apart, if by more than counts and than chance explains."""
    some = [parts for parts in columns if len(parts) > 1]
    shown = [pair for parts in some if (pair := _apart(parts, LEVEL / len(some))) is not None]
    return max(shown, key=lambda pair: pair[1].share - pair[0].share, default=None)


def _apart(parts: Sequence[Coverage], level: float) -> tuple[Coverage, Coverage] | None:
    labelled = np.array([part.labelled for part in parts], dtype=np.int64)
    rows = np.array([part.rows for part in parts], dtype=np.int64)
    least, most = min(parts, key=lambda part: part.share), max(parts, key=lambda part: part.share)
    if most.share - least.share <= APART or least.high >= most.low:
        return None
    if not 0 < labelled.sum() < rows.sum() or of_table(labelled, rows - labelled) > level:
        return None
    return least, most
