"""What did the platforms tell us, and what of it is still to be acted on?

A delivery is kept before it is acknowledged, and settled once it was acted on: a process that dies in between forgets
nothing, and what is told twice is kept once.
"""

from dataclasses import dataclass

from pydantic import JsonValue
from sqlmodel import Session, col, delete, func, select

from storage.tables import InboxMarkTable, InboxTable


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One thing that was heard and is not settled yet."""

    id: int
    key: str
    heard: dict[str, JsonValue]
    """In our own words; what the platform sent is not kept."""
    received_at: int
    due_at: int
    attempts: int
    """How often it failed so far."""
    problem: str
    """Why it failed the last time, or why it was put aside."""


class Inbox:
    """What was heard, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def put(self, surface: str, key: str, heard: dict[str, JsonValue], at: int) -> bool:
        """Keep something new; False when its key is known, settled or not."""
        if self.known(surface, key):
            return False
        row = InboxTable(
            surface=surface, key=key, heard=heard, received_at=at, due_at=at, attempts=0, settled_at=None, problem=""
        )
        self._session.add(row)
        self._session.flush()
        return True

    def known(self, surface: str, key: str) -> bool:
        """Was this kept before?"""
        query = select(InboxTable.id).where(InboxTable.surface == surface, InboxTable.key == key)
        return self._session.exec(query).first() is not None

    def due(self, surface: str, now: int) -> tuple[InboxRow, ...]:
        """Return what is due and not settled, the longest overdue first."""
        query = (
            select(InboxTable)
            .where(InboxTable.surface == surface, col(InboxTable.settled_at).is_(None), col(InboxTable.due_at) <= now)
            .order_by(col(InboxTable.due_at), col(InboxTable.id))
        )
        return tuple(_inbox_row(row) for row in self._session.exec(query))

    def next_due(self, surface: str) -> int | None:
        """Return when the next row is due, or None when nothing waits."""
        waiting = (InboxTable.surface == surface, col(InboxTable.settled_at).is_(None))
        return self._session.exec(select(func.min(InboxTable.due_at)).where(*waiting)).one()

    def settled(self, row_id: int, at: int, *, problem: str = "") -> None:
        """Note that nothing is left to do; `problem` says why it was put aside undone.

        What was acted on is forgotten, for it may hold a code or a reason; only its key stays, against repetitions.
        """
        row = self._row(row_id)
        row.heard = {} if not problem else row.heard
        row.settled_at = at
        row.problem = problem
        self._session.add(row)
        self._session.flush()

    def postponed(self, row_id: int, problem: str, due_at: int) -> None:
        """Count a failed attempt, keep its reason, and try again at `due_at`."""
        row = self._row(row_id)
        row.attempts += 1
        row.problem = problem
        row.due_at = due_at
        self._session.add(row)
        self._session.flush()

    def forget(self, surface: str, before: int) -> int:
        """Drop what was settled before a time, and return how many rows that were; what waits is never dropped."""
        old = delete(InboxTable).where(col(InboxTable.surface) == surface, col(InboxTable.settled_at) < before)
        return int(self._session.exec(old).rowcount)

    def swept_until(self, surface: str, project: str) -> int | None:
        """Return until when a project was asked for what no delivery told; None when it never was."""
        mark = self._session.get(InboxMarkTable, (surface, project))
        return None if mark is None else mark.at

    def set_swept_until(self, surface: str, project: str, at: int) -> None:
        """Remember until when a project was asked."""
        self._session.merge(InboxMarkTable(surface=surface, project=project, at=at))
        self._session.flush()

    def _row(self, row_id: int) -> InboxTable:
        row = self._session.get(InboxTable, row_id)
        if row is None:
            raise LookupError(f"The inbox has no row {row_id}.")
        return row


def _inbox_row(row: InboxTable) -> InboxRow:
    if row.id is None:
        raise LookupError(f"The inbox row {row.key!r} was never written.")
    return InboxRow(
        id=row.id,
        key=row.key,
        heard=row.heard,
        received_at=row.received_at,
        due_at=row.due_at,
        attempts=row.attempts,
        problem=row.problem,
    )
