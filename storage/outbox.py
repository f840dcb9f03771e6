"""Which workflows are still to be started, and when?

A row commits with the state that calls for it, so that a process that dies in between forgets nothing.
"""

from dataclasses import dataclass

from pydantic import JsonValue
from sqlmodel import Session, col, func, select

from storage.tables import OutboxTable


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One workflow to start."""

    id: int
    key: str
    """Deterministic id of the workflow."""
    kind: str
    lane: str
    payload: dict[str, JsonValue]
    due_at: int
    attempts: int
    """How often it failed so far."""
    done_at: int | None
    last_error: str


class Outbox:
    """What is to be started, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def put(self, key: str, kind: str, lane: str, payload: dict[str, JsonValue], due_at: int) -> OutboxRow:
        """Ask for a workflow once; return its row.

        A key that waits already gets no second row, and the sooner time. A key that is done stays done (look at
        `done_at`): whoever means it to run again gives it a new key.
        """
        row = self._session.exec(select(OutboxTable).where(OutboxTable.key == key)).first()
        if row is None:
            row = OutboxTable(
                key=key, kind=kind, lane=lane, payload=payload, due_at=due_at, attempts=0, done_at=None, last_error=""
            )
        elif row.done_at is None:
            row.due_at = min(row.due_at, due_at)
        self._session.add(row)
        self._session.flush()
        return _outbox_row(row)

    def due(self, now: int) -> tuple[OutboxRow, ...]:
        """Return what is due and not done, the longest overdue first."""
        return tuple(row for row in self.pending() if row.due_at <= now)

    def next_due(self) -> int | None:
        """Return when the next row is due, or None when nothing waits."""
        query = select(func.min(OutboxTable.due_at)).where(col(OutboxTable.done_at).is_(None))
        return self._session.exec(query).one()

    def done(self, row_id: int, at: int) -> None:
        """Mark a row as done; a second time changes nothing."""
        row = self._row(row_id)
        if row.done_at is None:
            row.done_at = at
        self._session.add(row)
        self._session.flush()

    def failed(self, row_id: int, error: str, due_at: int) -> None:
        """Count a failed attempt, keep its error, and try again at `due_at`."""
        row = self._row(row_id)
        row.attempts += 1
        row.last_error = error
        row.due_at = due_at
        self._session.add(row)
        self._session.flush()

    def pending(self, lane: str | None = None) -> tuple[OutboxRow, ...]:
        """Return what is not done, by due time; of one lane where given."""
        query = select(OutboxTable).where(col(OutboxTable.done_at).is_(None))
        if lane is not None:
            query = query.where(OutboxTable.lane == lane)
        ordered = query.order_by(col(OutboxTable.due_at), col(OutboxTable.id))
        return tuple(_outbox_row(row) for row in self._session.exec(ordered))

    def _row(self, row_id: int) -> OutboxTable:
        row = self._session.get(OutboxTable, row_id)
        if row is None:
            raise LookupError(f"The outbox has no row {row_id}.")
        return row


def _outbox_row(row: OutboxTable) -> OutboxRow:
    if row.id is None:
        raise LookupError(f"The outbox row {row.key!r} was never written.")
    return OutboxRow(
        id=row.id,
        key=row.key,
        kind=row.kind,
        lane=row.lane,
        payload=row.payload,
        due_at=row.due_at,
        attempts=row.attempts,
        done_at=row.done_at,
        last_error=row.last_error,
    )
