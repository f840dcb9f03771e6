"""How does everything that belongs together get written together, or not at all?

One write transaction is the state, the ledger and the outbox at once. There is one writer at a time: threads of a
process wait for each other here, processes wait in SQLite (`BEGIN IMMEDIATE`) or at PostgreSQL's advisory lock. Readers
wait for nobody and see one moment.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from gates.refusal import Unavailable, UserError
from storage import engine
from storage.conversations import Conversations
from storage.decisions import Decisions
from storage.inbox import Inbox
from storage.lanes import Lanes
from storage.ledger import Ledger
from storage.link_codes import LinkCodes
from storage.messages import Messages
from storage.outbox import Outbox
from storage.posts import Posts
from storage.promotions import Promotions
from storage.rulebook_changes import RulebookChanges

SCHEMA = "0004"
"""The migration that this program works with; a test compares it with the newest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Everything that one transaction may touch; of no use once it has ended."""

    promotions: Promotions
    rulebook_changes: RulebookChanges
    decisions: Decisions
    lanes: Lanes
    ledger: Ledger
    outbox: Outbox
    messages: Messages
    inbox: Inbox
    posts: Posts
    conversations: Conversations
    link_codes: LinkCodes


class Database:
    """Our own database; may be shared by threads, and opened by several processes at once."""

    def __init__(self, url: str) -> None:
        """Name the database, such as `sqlite:///.gatehouse/gatehouse.db`; nothing is opened yet."""
        self.url = make_url(url)
        self._engine = engine.make_engine(self.url)
        self._writer = threading.Lock()
        self._writing: int | None = None
        self._was_there = False

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """Write: everything commits together at the end, or nothing does when the body raises.

        Waits for its turn; `Unavailable` when another writer does not finish in time. Transactions do not nest.
        """
        with self._turn(), self._connected(writes=True) as connection:
            self._require_schema(connection)
            with _session(connection) as session:
                yield _work(session)
                session.flush()

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Read one consistent moment, whatever others write meanwhile; writing here is an error."""
        with self._connected(writes=False) as connection:
            self._require_schema(connection)
            with _session(connection) as session:
                yield _work(session)

    def upgrade(self) -> None:
        """Bring the database to this program's schema, creating it if need be; repeating it changes nothing."""
        from storage.migration import upgrade  # noqa: PLC0415 - Alembic is needed here alone

        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._turn(), self._connected(writes=True, new=True) as connection:
            upgrade(connection)

    def current(self) -> str | None:
        """Return the schema that the database is at; None when it was never upgraded."""
        if self._file is not None and not self._file.exists():
            return None
        with self._connected(writes=False) as connection:
            return _schema_of(connection)

    def close(self) -> None:
        """Give back every connection; the next use opens new ones."""
        self._engine.dispose()

    @property
    def _file(self) -> Path | None:
        is_file = self.url.get_backend_name() == "sqlite"
        return Path(self.url.database or "") if is_file else None

    @property
    def _place(self) -> str:
        return str(self._file or self.url.render_as_string(hide_password=True))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._writing == threading.get_ident():
            raise RuntimeError("A transaction is open in this thread already; transactions do not nest.")
        if not self._writer.acquire(timeout=engine.PATIENCE_SECONDS):
            raise Unavailable(f"Another thread has been writing to {self._place} for {engine.PATIENCE_SECONDS} s.")
        self._writing = threading.get_ident()
        try:
            yield
        finally:
            self._writing = None
            self._writer.release()

    @contextmanager
    def _connected(self, *, writes: bool, new: bool = False) -> Iterator[Connection]:
        if not new and self._file is not None and not self._file.exists():
            raise self._missing()
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._engine.connect())
                connection = connection.execution_options(**engine.options(self.url, writes=writes))
                stack.enter_context(connection.begin())
            except OperationalError as busy:
                raise Unavailable(f"The database {self._place} does not answer: {busy.orig}. Try again.") from busy
            self._was_there = True
            yield connection

    def _missing(self) -> Exception:
        """Say that there is no file: not yet, or, where this process has seen it, not any more."""
        if self._was_there:
            return Unavailable(f"The database {self._place} is gone: put it back, or a backup of it.")
        return UserError(f"There is no database at {self._place} yet: mlops db upgrade creates it.")

    def _require_schema(self, connection: Connection) -> None:
        found = _schema_of(connection)
        if found == SCHEMA:
            return
        if found is not None and found > SCHEMA:
            raise UserError(
                f"The database {self._place} has schema {found}, newer than this program's {SCHEMA}: "
                "install the newer Gatehouse; its mlops db upgrade knows that schema."
            )
        raise UserError(
            f"The database {self._place} has schema {found or 'none'}, this program needs {SCHEMA}: mlops db upgrade."
        )


def _schema_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def _session(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False)


def _work(session: Session) -> Work:
    return Work(
        promotions=Promotions(session),
        rulebook_changes=RulebookChanges(session),
        decisions=Decisions(session),
        lanes=Lanes(session),
        ledger=Ledger(session),
        outbox=Outbox(session),
        messages=Messages(session),
        inbox=Inbox(session),
        posts=Posts(session),
        conversations=Conversations(session),
        link_codes=LinkCodes(session),
    )
