"""What happened, in which order, so that nobody can say otherwise later?

An entry is the canonical JSON (RFC 8785) of {at, body, key, kind, project, seq, subject}, kept as those very bytes
beside their leaf hash (RFC 6962). Entries are only ever added; the database itself refuses to change or remove one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import func, insert, select, text
from sqlmodel import Session, col

from storage.canonical import canonical, parse
from storage.ledger_search import COLUMNS, Between, Wanted, amount, kinds, search
from storage.merkle import leaf_hash, tree_hash
from storage.tables import LedgerTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the ledger."""

    seq: int
    """Its place, from 1, without gaps."""
    at: int
    kind: str
    project: str
    subject: str
    """"P12", "R3", a lane, or nothing."""
    key: str
    """What it is found by within its kind; empty for kinds that repeat."""
    body: Mapping[str, JsonValue]

    @classmethod
    def from_json(cls, fields: Mapping[str, JsonValue]) -> "Entry":
        """Return the entry with these fields; `TypeError` when there are others, or of other kinds."""
        match dict(fields):
            case {
                "seq": int(seq),
                "at": int(at),
                "kind": str(kind),
                "project": str(project),
                "subject": str(subject),
                "key": str(key),
                "body": dict(body),
                **others,
            } if not others:
                return cls(seq=seq, at=at, kind=kind, project=project, subject=subject, key=key, body=body)
        raise TypeError("An entry has seq, at, kind, project, subject, key and body.")  # fmt: skip

    def content(self) -> bytes:
        """Return the canonical bytes that the ledger keeps and hashes."""
        return canonical(
            {
                "at": self.at,
                "body": dict(self.body),
                "key": self.key,
                "kind": self.kind,
                "project": self.project,
                "seq": self.seq,
                "subject": self.subject,
            }
        )


class RawEntry(NamedTuple):
    """One row as it lies in the database, believed in nothing: for whoever checks it, or shows what is left of it."""

    seq: object
    at: object
    kind: object
    project: object
    subject: object
    key: object
    content: object
    leaf: object

    @property
    def number(self) -> int:
        """Its place, which is the table's key; 0 where even that is none."""
        return self.seq if isinstance(self.seq, int) else 0

    @property
    def bytes(self) -> bytes:
        """What stands where its canonical bytes should."""
        return self.content if isinstance(self.content, bytes) else str(self.content).encode()

    def entry(self) -> Entry | None:
        """Return the entry that its bytes hold; None when they hold none."""
        try:
            return parse_entry(self.bytes)
        except (ValueError, TypeError, RecursionError):
            return None


class LedgerConflictError(Exception):
    """A bug: code wrote one thing under a key and later another."""


class Ledger:
    """The audit trail of all projects, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def append(
        self, *, kind: str, body: Mapping[str, JsonValue], at: int, project: str = "", subject: str = "", key: str = ""
    ) -> Entry:
        """Add an entry; the same kind, key and body again return the entry that is there.

        Raises `LedgerConflictError` when that key has another body.
        """
        present = self.find(kind=kind, key=key) if key else None
        if present is not None:
            return _same(present, body)
        entry = Entry(seq=self.size() + 1, at=at, kind=kind, project=project, subject=subject, key=key, body=body)
        content = entry.content()
        self._session.execute(
            insert(LedgerTable).values(
                seq=entry.seq, at=at, kind=kind, project=project, subject=subject, key=key,
                content=content, leaf=leaf_hash(content),
            )
        )  # fmt: skip
        return parse_entry(content)

    def find(self, *, kind: str, key: str) -> Entry | None:
        """Return the entry of this kind and key, or None."""
        # The index of keys leaves out the empty ones, and is used only by a query that says so in the same words.
        query = select(col(LedgerTable.content)).where(
            col(LedgerTable.kind) == kind, col(LedgerTable.key) == key, text("key <> ''")
        )
        content = self._session.execute(query).scalars().first()
        return None if content is None else parse_entry(content)

    def of(self, subject: str) -> tuple[Entry, ...]:
        """Return the entries about "P12", "R3" or a lane, in order."""
        query = (
            select(col(LedgerTable.content)).where(col(LedgerTable.subject) == subject).order_by(col(LedgerTable.seq))
        )
        return tuple(parse_entry(content) for content in self._session.execute(query).scalars())

    def all(self) -> Iterator[Entry]:
        """Yield every entry in order; only while the transaction lasts."""
        for content in self.contents():
            yield parse_entry(content)

    def stretch(self, wanted: Wanted, between: Between, most: int | None) -> tuple[RawEntry, ...]:
        """Return so many rows at most that are wanted (None: all): the newest first, unless the oldest are asked for.

        Rows, so that whoever shows them can show what cannot be read, too.
        """
        return tuple(RawEntry(*row) for row in search(self._session, wanted, between, most))

    def amount(self, wanted: Wanted) -> int:
        """Return how many entries are wanted."""
        return amount(self._session, wanted)

    def kinds(self) -> tuple[str, ...]:
        """Return every kind of entry that there is, sorted."""
        return kinds(self._session)

    def at(self, seq: int) -> RawEntry | None:
        """Return an entry's row, or None."""
        return next(iter(self.stretch(Wanted(), Between(above=seq - 1, below=seq + 1), 1)), None)

    def contents(self) -> Iterator[bytes]:
        """Yield every entry's bytes in order; only while the transaction lasts."""
        yield from self._session.execute(select(col(LedgerTable.content)).order_by(col(LedgerTable.seq))).scalars()

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf hash in order; only while the transaction lasts."""
        yield from self._session.execute(select(col(LedgerTable.leaf)).order_by(col(LedgerTable.seq))).scalars()

    def raw(self) -> Iterator[RawEntry]:
        """Yield every row in order, unparsed; only while the transaction lasts."""
        query = text(f"SELECT {', '.join(COLUMNS)} FROM ledger ORDER BY seq")  # noqa: S608 - names of ours
        for row in self._session.connection().execution_options(yield_per=1000).execute(query):
            yield RawEntry(*row)

    def size(self) -> int:
        """Return the number of entries."""
        return self._session.execute(select(func.max(col(LedgerTable.seq)))).scalar() or 0

    def root(self, size: int | None = None) -> bytes:
        """Return the Merkle tree hash of the first `size` entries, or of all."""
        wanted = self.size() if size is None else size
        query = select(col(LedgerTable.leaf)).where(col(LedgerTable.seq) <= wanted).order_by(col(LedgerTable.seq))
        leaves = self._session.execute(query).scalars().all()
        if len(leaves) != wanted:
            raise ValueError(f"The ledger has {len(leaves)} entries, so it has no root at size {wanted}.")
        return tree_hash(leaves)


def parse_entry(content: bytes) -> Entry:
    """Return the entry that canonical bytes hold; `ValueError` or `TypeError` when they hold none."""
    fields = parse(content)
    if not isinstance(fields, dict):
        raise TypeError("An entry is a JSON object.")
    return Entry.from_json(fields)


def _same(present: Entry, body: Mapping[str, JsonValue]) -> Entry:
    if canonical(dict(present.body)) == canonical(dict(body)):
        return present
    raise LedgerConflictError(
        f"The ledger's {present.kind} {present.key!r} (entry {present.seq}) says {dict(present.body)!r}, "
        f"and now it should say {dict(body)!r}."
    )
