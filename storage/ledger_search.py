"""Which entries of the ledger does somebody look for?

Conditions on columns wherever there is one. A person stands in an entry's body, so its bytes are searched for the very
bytes that canonical JSON writes; within a text, the quotation marks would be escaped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import JsonValue
from sqlalchemy import ColumnElement, LargeBinary, Select, func, literal, literal_column, or_, select
from sqlmodel import Session, col

from storage.canonical import canonical
from storage.tables import LedgerTable

Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")

COLUMNS = ("seq", "at", "kind", "project", "subject", "key", "content", "leaf")
"""Unconverted, for a row may have been changed by hand into anything."""
NAMED_AS = ("person", "by", "requester")
"""Fields of a body that hold a login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an entry is to be; what is empty is not asked for."""

    kinds: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    project: str = ""
    person: str = ""
    since: int | None = None
    """From this second on."""
    until: int | None = None
    """Before this second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Which stretch of the ledger, and in which direction."""

    above: int = 0
    """Only entries with a greater number."""
    below: int | None = None
    """Only entries with a smaller number."""
    oldest_first: bool = False


def search(session: Session, wanted: Wanted, between: Between, most: int | None) -> Iterator[Sequence[object]]:
    """Yield so many rows at most, as they lie there: the columns of `RawEntry`; only while the transaction lasts."""
    columns: Any = [literal_column(name) for name in COLUMNS]
    query = _where(session, select(*columns).select_from(LedgerTable), wanted, between)
    order = col(LedgerTable.seq).asc() if between.oldest_first else col(LedgerTable.seq).desc()
    yield from session.execute(query.order_by(order).limit(most))


def amount(session: Session, wanted: Wanted) -> int:
    """Return how many entries there are of the kind that is wanted."""
    query = _where(session, select(func.count()).select_from(LedgerTable), wanted, Between())
    return session.execute(query).scalar() or 0


def kinds(session: Session) -> tuple[str, ...]:
    """Return every kind of entry that there is, sorted."""
    return tuple(sorted(session.execute(select(col(LedgerTable.kind)).distinct()).scalars()))


def _where(session: Session, query: Query, wanted: Wanted, between: Between) -> Query:
    return query.where(*_columns(wanted, between), *_named(session, wanted.person))


def _columns(wanted: Wanted, between: Between) -> Iterator[ColumnElement[bool]]:
    seq, at = col(LedgerTable.seq), col(LedgerTable.at)
    yield seq > between.above
    if between.below is not None:
        yield seq < between.below
    if wanted.kinds:
        yield col(LedgerTable.kind).in_(wanted.kinds)
    if wanted.subjects:
        yield col(LedgerTable.subject).in_(wanted.subjects)
    if wanted.project:
        yield col(LedgerTable.project) == wanted.project
    if wanted.since is not None:
        yield at >= wanted.since
    if wanted.until is not None:
        yield at < wanted.until


def _named(session: Session, person: str) -> Iterator[ColumnElement[bool]]:
    if person:
        yield or_(*(_holds(session, name, person) for name in NAMED_AS))


def _holds(session: Session, name: str, value: JsonValue) -> ColumnElement[bool]:
    field = literal(canonical({name: value})[1:-1], LargeBinary)
    content = col(LedgerTable.content)
    if session.get_bind().dialect.name == "postgresql":
        return func.position(field.op("IN")(content)) > 0
    return func.instr(content, field) > 0
