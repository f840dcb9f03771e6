"""Do the rows of several sources belong together, the first to the first and so on?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gates.measure.scan.dialect import name
from gates.measure.scan.failures import said_as
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.source import Beside, Part, Source
from gates.refusal import UserError
from gates.wording import count

Read = Callable[[Source, Session], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    part: Part
    query: str
    columns: tuple[str, ...]
    rows: int


def reading(beside: Beside, session: Session, read: Read) -> Reading:
    """Return how to read several sources row by row; `UserError` where one has more rows than another.

    From here on the connection keeps the order of rows.
    """
    session.connection.execute("SET preserve_insertion_order = true")
    opened = [_open(part, session, read) for part in beside.parts]
    for other in opened[1:]:
        _check_rows(opened[0], other)
    columns = _columns(opened)
    joined = " POSITIONAL JOIN ".join(f"({some.query}) AS p{place}" for place, some in enumerate(opened))
    return Reading(query=f"SELECT {', '.join(columns)} FROM {joined}")  # noqa: S608 - quoted


def _open(part: Part, session: Session, read: Read) -> _Opened:
    query = read(part.source, session).query
    with said_as(part.said):
        described = session.connection.sql(f"DESCRIBE {query}").fetchall()
        rows = session.connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]  # noqa: S608 - ours
    return _Opened(part=part, query=query, columns=tuple(row[0] for row in described), rows=rows)


def _check_rows(first: _Opened, other: _Opened) -> None:
    if first.rows != other.rows:
        raise UserError(
            f"{first.part.said} has {count(first.rows, 'row')} and {other.part.said} has {count(other.rows, 'row')}: "
            "give files in which the same rows stand in the same order."
        )


def _columns(opened: Sequence[_Opened]) -> list[str]:
    """Return the columns of all parts in SQL; `UserError` where two would have one name."""
    columns: dict[str, str] = {}
    for place, some in enumerate(opened):
        for column in some.columns:
            called = some.part.prefix + column
            if called.casefold() in columns:
                raise UserError(f"{some.part.said} has a column {column!r} whose name is taken: rename it.")
            columns[called.casefold()] = f"p{place}.{name(column)} AS {name(called)}"
    return list(columns.values())
