"""What would have been forecast by answering with the label of one season earlier?

The seasonal-naive method (Hyndman and Athanasopoulos 2021, Forecasting: Principles and Practice, 5.2). A season is so
many periods; the periods are all times that any series has, so a gap of one series stays a gap.
"""

from dataclasses import dataclass, replace

from gates.measure.numbers.exact import one_row
from gates.measure.numbers.units import written
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import name
from gates.measure.unusable import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasoned:
    """Rows whose label of one season earlier is known, as column `naive`, and how many have none."""

    prepared: Prepared
    unknown: int


def clustered_by_series(prepared: Prepared) -> Prepared:
    """Return the rows with each series as a cluster, unless they have clusters: one series' errors go together."""
    if prepared.clusters is not None or "series" not in prepared.carried:
        return prepared
    view = f"(SELECT *, series AS cluster FROM {prepared.view})"  # noqa: S608 - ours
    many = one_row(prepared.engine, view, {"many": "count(DISTINCT cluster)"})["many"]
    return replace(prepared, view=view, clusters=int(many))


def seasoned(prepared: Prepared) -> Seasoned:
    """Look up labels of one season earlier; raises `UnusableError` where time is missing or a label is told twice."""
    if "time" not in prepared.carried:
        raise UnusableError("it needs the time of each row, to know the label of one season earlier: name its column.")
    if prepared.season < 1:
        raise UnusableError(f"a season of {prepared.season} periods is none: give 1 or more.")
    history, key = _history(prepared)
    _told_once(prepared, history, key)
    earlier = _earlier(prepared, history)
    matched = " AND ".join(f"v.{column} = e.{column}" for column in key)
    query = f"SELECT v.*, e.naive FROM {prepared.view} v JOIN ({earlier}) e ON {matched}"  # noqa: S608 - ours
    view = written(prepared.engine, query)
    found = replace(prepared, view=view.name, count=view.rows, clusters=_clusters(prepared, view.name))
    return Seasoned(prepared=found, unknown=prepared.count - view.rows)


def _clusters(prepared: Prepared, view: str) -> int | None:
    if prepared.clusters is None:
        return None
    return int(one_row(prepared.engine, view, {"many": "count(DISTINCT cluster)"})["many"])


def _history(prepared: Prepared) -> tuple[str, tuple[str, ...]]:
    """Return labelled rows, and the columns that tell a label apart."""
    key = tuple(column for column in ("series", "time") if column in prepared.carried)
    return prepared.history or prepared.view, key


def _told_once(prepared: Prepared, history: str, key: tuple[str, ...]) -> None:
    listed = ", ".join(name(column) for column in key)
    said = f"SELECT 1 AS one FROM {history} GROUP BY {listed} HAVING min(label) <> max(label)"  # noqa: S608 - ours
    twice = int(one_row(prepared.engine, f"({said})", {"many": "count(*)"})["many"])
    if twice:
        raise UnusableError(
            f"{twice:,} times have more than one label in a series, so the label of one season earlier is not known: "
            "name the column that tells the series apart."
        )


def _earlier(prepared: Prepared, history: str) -> str:
    """Return a query of each series' periods with the label of one season earlier."""
    series = "l.series, " if "series" in prepared.carried else ""
    labels = f"SELECT {series}l.time, min(l.label) AS label FROM {history} l GROUP BY {series}l.time"  # noqa: S608 - ours
    times = f"SELECT DISTINCT time FROM {history}"  # noqa: S608 - ours
    places = f"SELECT time, row_number() OVER (ORDER BY time) AS place FROM ({times})"  # noqa: S608 - ours
    return (
        f"SELECT {series}now.time, l.label AS naive FROM ({labels}) l "  # noqa: S608 - ours
        f"JOIN ({places}) past ON past.time = l.time "
        f"JOIN ({places}) now ON now.place = past.place + {prepared.season}"
    )
