"""Is the trail whole, and does everything it names still say what it said?

Checks need nothing but the database, the two folders and a public key. What they can show: any changed byte, any gap,
any entry rewritten or cut off behind a signed receipt. Entries after the newest receipt are sealed by the next one;
`AuditReport.sealed` says how far the seal reaches.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from gates.refusal import UserError
from storage.content import write_atomically
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.ledger import Entry, RawEntry, parse_entry
from storage.merkle import Frontier, leaf_hash
from storage.receipts import NAMED_BY, Receipt, ReceiptStore
from storage.signing import PublicKey

COLUMNS = ("seq", "at", "kind", "project", "subject", "key")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What was checked, and what is wrong; no problems means that the trail holds."""

    entries: int
    root: str
    """Merkle tree hash of all entries, in hexadecimal."""
    problems: tuple[str, ...]
    """One clear sentence each."""
    receipts: int
    evidence: int
    sealed: int
    """How many entries, from the first, the signed receipts seal."""


@dataclass(slots=True, kw_only=True)
class _Trail:
    """The ledger as one pass over it saw it."""

    wanted: frozenset[int]
    """Sizes at which a receipt names the root."""
    tree: Frontier = field(default_factory=Frontier)
    roots: dict[int, str] = field(default_factory=dict)
    evidence: dict[str, int] = field(default_factory=dict)
    """Evidence digest, and the first entry that names it."""
    receipts: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Promotion, and the entry and the digest of its receipt."""
    problems: list[str] = field(default_factory=list)

    def grow(self, content: bytes) -> None:
        """Take one entry into the tree."""
        self.tree.append(leaf_hash(content))
        if self.tree.size in self.wanted:
            self.roots[self.tree.size] = self.tree.root().hex()

    def note(self, entry: Entry) -> None:
        """Remember what an entry names."""
        digest = entry.body.get("evidence_digest")
        if isinstance(digest, str) and digest:
            self.evidence.setdefault(digest, entry.seq)
        receipt = entry.body.get(NAMED_BY)
        if isinstance(receipt, str):
            self.receipts[entry.subject] = (entry.seq, receipt)


def verify(database: Database, evidence: EvidenceStore, receipts: ReceiptStore, public_key: PublicKey) -> AuditReport:
    """Check the whole trail; never raises for what it finds, only for a database that cannot be opened at all."""
    problems: list[str] = []
    found = _load(receipts, problems)
    trail = _walk(database, frozenset(_sealed_size(receipt) for receipt in found.values()))
    sound = [name for name, receipt in found.items() if _holds(name, receipt, trail, public_key, problems)]
    missing = [f"The receipt of {name} is missing: entry {seq} names it." for name, (seq, _) in trail.receipts.items()
               if name not in receipts.names()]  # fmt: skip
    return AuditReport(
        entries=trail.tree.size,
        root=trail.tree.root().hex(),
        problems=(*trail.problems, *problems, *missing, *_evidence_problems(trail.evidence, evidence)),
        receipts=len(found),
        evidence=len(trail.evidence),
        sealed=max((_sealed_size(found[name]) for name in sound), default=0),
    )


def export(database: Database, into: Path) -> int:
    """Write the ledger as JSON lines and return how many.

    Each line is an entry's canonical bytes: SHA-256 of a zero byte and the line without its end is the leaf hash.
    """
    with database.reading() as work:
        lines = list(work.ledger.contents())
    write_atomically(into, b"".join(line + b"\n" for line in lines))
    return len(lines)


def _walk(database: Database, wanted: frozenset[int]) -> _Trail:
    trail = _Trail(wanted=wanted)
    try:
        with database.reading() as work:
            for place, row in enumerate(work.ledger.raw(), start=1):
                _take(row, place, trail)
    except DatabaseError as broken:
        trail.problems.append(f"The database cannot be read after entry {trail.tree.size}: {broken.orig}.")
    return trail


def _take(row: RawEntry, place: int, trail: _Trail) -> None:
    if row.seq != place:
        trail.problems.append(f"Entry {place} of the ledger is numbered {row.seq}: entries were removed or renumbered.")
    if not isinstance(row.content, bytes):
        trail.problems.append(f"Entry {row.seq} holds no bytes: it was changed.")
        return
    trail.grow(row.content)
    if row.leaf != leaf_hash(row.content):
        trail.problems.append(f"Entry {row.seq} does not have the leaf hash of its bytes: one of them was changed.")
    entry = _parse(row, trail.problems)
    if entry is not None:
        trail.note(entry)


def _parse(row: RawEntry, problems: list[str]) -> Entry | None:
    content = row.content if isinstance(row.content, bytes) else b""
    try:
        entry = parse_entry(content)
        canonical_bytes = entry.content()
    except (ValueError, TypeError, RecursionError):
        problems.append(f"Entry {row.seq} cannot be read as an entry: its bytes were changed.")
        return None
    if canonical_bytes != content:
        problems.append(f"Entry {row.seq} is not canonical JSON: its bytes were changed.")
    problems.extend(_column_problems(row, entry))
    return entry


def _column_problems(row: RawEntry, entry: Entry) -> Iterator[str]:
    for column in COLUMNS:
        shown, said = getattr(row, column), getattr(entry, column)
        if shown != said:
            yield f"Entry {row.seq} has {shown!r} in the column {column}, and its bytes say {said!r}: one was changed."


def _load(receipts: ReceiptStore, problems: list[str]) -> dict[str, Receipt]:
    found = {}
    for name in receipts.names():
        try:
            receipt = receipts.get(name)
        except UserError as unreadable:
            problems.append(str(unreadable))
            continue
        if receipt is not None:
            found[name] = receipt
    return found


def _holds(name: str, receipt: Receipt, trail: _Trail, key: PublicKey, problems: list[str]) -> bool:
    wrong = list(_receipt_problems(name, receipt, trail, key))
    problems.extend(wrong)
    return not wrong


def _receipt_problems(name: str, receipt: Receipt, trail: _Trail, key: PublicKey) -> Iterator[str]:
    if receipt.key_id != key.id:
        yield f"The receipt of {name} was signed with the key {receipt.key_id[:16]}, not with {key.id[:16]}."
    elif not receipt.is_signed_by(key):
        yield f"The receipt of {name} does not bear a valid signature: it was changed."
    seq, digest = trail.receipts.get(name, (0, ""))
    if not seq:
        yield f"The receipt of {name} is named by no entry of the ledger."
    elif digest != receipt.digest:
        yield f"The receipt of {name} is not the one that entry {seq} names: one of them was changed."
    yield from _seal_problems(name, receipt, trail)


def _seal_problems(name: str, receipt: Receipt, trail: _Trail) -> Iterator[str]:
    size = _sealed_size(receipt)
    if size > trail.tree.size:
        yield f"The receipt of {name} seals {size} entries, and the ledger has {trail.tree.size}: history was cut off."
    elif _sealed(receipt).get("root") != trail.roots.get(size):
        yield f"The first {size} entries do not have the root that the receipt of {name} seals: history was rewritten."


def _sealed(receipt: Receipt) -> Mapping[str, object]:
    sealed = receipt.statement.get("ledger")
    return sealed if isinstance(sealed, dict) else {}


def _sealed_size(receipt: Receipt) -> int:
    size = _sealed(receipt).get("size")
    return size if isinstance(size, int) else -1


def _evidence_problems(named: Mapping[str, int], store: EvidenceStore) -> Iterable[str]:
    for digest, seq in named.items():
        try:
            store.bytes(digest)
        except UserError as wrong:
            yield f"Entry {seq} names evidence that does not hold: {wrong}"
