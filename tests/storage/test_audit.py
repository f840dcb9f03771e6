"""Is every change of the trail found, wherever it is made?"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from gates.evidence import Evidence
from storage.audit import AuditReport, export, verify
from storage.canonical import canonical
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.merkle import leaf_hash, tree_hash
from storage.receipts import ReceiptStore
from storage.signing import Signer

GUARDS = ("ledger_no_update", "ledger_no_delete", "ledger_no_replace", "ledger_next")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """An installation's trail, and the hand of somebody who owns its files."""

    database: Database
    file: Path
    evidence: EvidenceStore
    receipts: ReceiptStore
    signer: Signer
    root: Path

    def verify(self) -> AuditReport:
        return verify(self.database, self.evidence, self.receipts, self.signer.public_key)

    def promote(self, name: str, evidence: Evidence) -> None:
        """Do what a finished promotion does to the trail."""
        digest = self.evidence.put(evidence)
        with self.database.transaction() as work:
            work.ledger.append(kind="evaluated", subject=name, body={"evidence_digest": digest}, at=1)
            work.ledger.append(kind="authorised", key=name, subject=name, body={"tree": "t"}, at=2)
            sealed: JsonValue = {"size": work.ledger.size(), "root": work.ledger.root().hex()}
            body: dict[str, JsonValue] = {
                "promotion": name, "subject": {}, "evidence_digest": digest, "outcome": "pass", "decisions": [],
                "merge_commit": "abc", "at": 3, "ledger": sealed,
            }  # fmt: skip
            receipt = self.receipts.sign(name, body)
            promoted: dict[str, JsonValue] = {"receipt": receipt.digest, "evidence_digest": digest}
            work.ledger.append(kind="promoted", subject=name, key=name, body=promoted, at=3)

    def tamper(self, statement: str, *values: object) -> None:
        """Change the database as its owner can: without the guards."""
        connection = sqlite3.connect(self.file)
        for guard in GUARDS:
            connection.execute(f"DROP TRIGGER IF EXISTS {guard}")
        connection.execute(statement, values)
        connection.commit()
        connection.close()

    def rewrite(self, seq: int, **fields: JsonValue) -> None:
        """Rewrite an entry so that all it says of itself is true: canonical bytes, columns and leaf hash."""
        connection = sqlite3.connect(self.file)
        entry = json.loads(connection.execute("SELECT content FROM ledger WHERE seq = ?", (seq,)).fetchone()[0])
        connection.close()
        content = canonical({**entry, **fields})
        self.tamper("UPDATE ledger SET content = ?, leaf = ? WHERE seq = ?", content, leaf_hash(content), seq)


@pytest.fixture
def trail(database: Database, database_file: Path, tmp_path: Path, evidence: Evidence) -> Trail:
    signer = Signer(tmp_path / "key.pem")
    trail = Trail(
        database=database,
        file=database_file,
        evidence=EvidenceStore(tmp_path / "evidence"),
        receipts=ReceiptStore(tmp_path, signer),
        signer=signer,
        root=tmp_path,
    )
    trail.promote("P1", evidence)
    trail.promote("P2", evidence)
    with database.transaction() as work:
        work.ledger.append(kind="swept", body={}, at=9)
    return trail


def test_a_trail_that_nobody_touched_holds(trail: Trail) -> None:
    with trail.database.reading() as work:
        root = work.ledger.root().hex()
    assert trail.verify() == AuditReport(entries=7, root=root, problems=(), receipts=2, evidence=1, sealed=5)


def test_an_empty_trail_holds(database: Database, tmp_path: Path) -> None:
    signer = Signer(tmp_path / "key.pem")
    report = verify(database, EvidenceStore(tmp_path), ReceiptStore(tmp_path), signer.public_key)
    assert (report.entries, report.problems, report.sealed) == (0, (), 0)
    assert report.root == hashlib.sha256().hexdigest()


def test_a_cut_off_end_is_found_by_the_receipt_that_sealed_it(trail: Trail) -> None:
    trail.tamper("DELETE FROM ledger WHERE seq > 4")
    assert trail.verify().problems == (
        "The receipt of P2 is named by no entry of the ledger.",
        "The receipt of P2 seals 5 entries, and the ledger has 4: history was cut off.",
    )


def test_a_rewritten_entry_is_found_even_if_all_it_says_of_itself_is_true(trail: Trail) -> None:
    trail.rewrite(2, body={"tree": "another"})
    assert trail.verify().problems == (
        "The first 2 entries do not have the root that the receipt of P1 seals: history was rewritten.",
        "The first 5 entries do not have the root that the receipt of P2 seals: history was rewritten.",
    )


def test_an_entry_taken_out_is_found_even_if_the_others_are_renumbered_or_not(trail: Trail) -> None:
    trail.tamper("DELETE FROM ledger WHERE seq = 4")
    problems = trail.verify().problems
    assert problems[0] == "Entry 4 of the ledger is numbered 5: entries were removed or renumbered."
    assert "The first 5 entries do not have the root that the receipt of P2 seals: history was rewritten." in problems


def test_a_changed_leaf_hash_is_found(trail: Trail) -> None:
    trail.tamper("UPDATE ledger SET leaf = ? WHERE seq = 6", leaf_hash(b"other"))
    assert trail.verify().problems == ("Entry 6 does not have the leaf hash of its bytes: one of them was changed.",)


def test_a_changed_column_is_found_by_the_bytes_beside_it(trail: Trail) -> None:
    trail.tamper("UPDATE ledger SET subject = 'P9' WHERE seq = 7")
    assert trail.verify().problems == (
        "Entry 7 has 'P9' in the column subject, and its bytes say '': one was changed.",
    )


def test_bytes_that_mean_the_same_but_are_not_canonical_are_found(trail: Trail) -> None:
    connection = sqlite3.connect(trail.file)
    content = json.dumps(json.loads(connection.execute("SELECT content FROM ledger WHERE seq = 7").fetchone()[0]))
    connection.close()
    trail.tamper("UPDATE ledger SET content = ?, leaf = ? WHERE seq = 7", content.encode(), leaf_hash(content.encode()))
    assert trail.verify().problems == ("Entry 7 is not canonical JSON: its bytes were changed.",)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"\xff", b"", b'{"at":NaN}'])
def test_bytes_that_are_no_entry_are_found(trail: Trail, content: bytes) -> None:
    trail.tamper("UPDATE ledger SET content = ?, leaf = ? WHERE seq = 7", content, leaf_hash(content))
    assert trail.verify().problems == ("Entry 7 cannot be read as an entry: its bytes were changed.",)


def test_text_in_place_of_bytes_is_found(trail: Trail) -> None:
    trail.tamper("UPDATE ledger SET content = CAST(content AS TEXT) WHERE seq = 7")
    assert trail.verify().problems == ("Entry 7 holds no bytes: it was changed.",)


COLUMNS = ("seq", "at", "kind", "project", "subject", "key", "content", "leaf")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(seq=st.integers(1, 7), column=st.sampled_from(COLUMNS), data=st.data())
def test_any_byte_changed_in_the_ledger_is_found(trail: Trail, seq: int, column: str, data: st.DataObject) -> None:
    connection = sqlite3.connect(trail.file)
    before = connection.execute(f"SELECT {column} FROM ledger WHERE seq = ?", (seq,)).fetchone()[0]  # noqa: S608 - from the list above
    connection.close()
    changed = data.draw(changes_of(before))
    trail.tamper(f"UPDATE ledger SET {column} = ? WHERE seq = ?", changed, seq)  # noqa: S608 - from the list above
    assert trail.verify().problems
    place = changed if column == "seq" else seq
    trail.tamper(f"UPDATE ledger SET {column} = ? WHERE seq = ?", before, place)  # noqa: S608 - from the list above
    assert not trail.verify().problems


NO_SURROGATES: tuple[Literal["Cs"]] = ("Cs",)


def changes_of(before: object) -> st.SearchStrategy[object]:
    """Draw a value that differs: one byte for bytes, any other number above the ledger's, any other text."""
    if isinstance(before, bytes):
        flips = st.tuples(st.integers(0, len(before) - 1), st.integers(1, 255))
        return flips.map(lambda flip: bytes(b ^ flip[1] if i == flip[0] else b for i, b in enumerate(before)))
    if isinstance(before, int):
        return st.integers(100, 2**31)
    return st.text(st.characters(exclude_categories=NO_SURROGATES), min_size=1).filter(lambda text: text != before)


def test_evidence_that_is_gone_or_changed_is_found(trail: Trail) -> None:
    path = next((trail.root / "evidence").iterdir())
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    assert (
        trail.verify()
        .problems[0]
        .startswith(f"Entry 1 names evidence that does not hold: The evidence {path.stem} was")
    )
    path.unlink()
    gone = f"The evidence {path.stem} is not in the store: {path} does not exist."
    assert trail.verify().problems == (f"Entry 1 names evidence that does not hold: {gone}",)


def change_the_outcome(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"pass"', b'"warn"'))


def remove(path: Path) -> None:
    path.unlink()


def fill_with_noise(path: Path) -> None:
    path.write_bytes(b"noise")


@pytest.mark.parametrize(
    ("hand", "problems"),
    [
        (
            change_the_outcome,
            (
                "The receipt of P2 does not bear a valid signature: it was changed.",
                "The receipt of P2 is not the one that entry 6 names: one of them was changed.",
            ),
        ),
        (remove, ("The receipt of P2 is missing: entry 6 names it.",)),
        (fill_with_noise, ("{path} holds no receipt: Expecting value: line 1 column 1 (char 0)",)),
    ],
)
def test_a_receipt_that_was_touched_is_found(
    trail: Trail, hand: Callable[[Path], None], problems: tuple[str, ...]
) -> None:
    path = trail.receipts.path("P2")
    hand(path)
    report = trail.verify()
    assert report.problems == tuple(problem.format(path=path) for problem in problems)
    assert report.sealed == 2


def test_a_receipt_signed_anew_with_another_key_is_found(trail: Trail) -> None:
    receipt = trail.receipts.get("P2")
    assert receipt is not None
    forger = Signer(trail.root / "forger.pem")
    ReceiptStore(trail.root, forger).sign("P2", receipt.statement)
    key, right = forger.public_key.id[:16], trail.signer.public_key.id[:16]
    assert trail.verify().problems == (
        f"The receipt of P2 was signed with the key {key}, not with {right}.",
        "The receipt of P2 is not the one that entry 6 names: one of them was changed.",
    )


def test_a_receipt_that_the_ledger_does_not_know_is_found(trail: Trail) -> None:
    receipt = trail.receipts.get("P2")
    assert receipt is not None
    trail.receipts.sign("P7", receipt.statement)
    assert trail.verify().problems == ("The receipt of P7 is named by no entry of the ledger.",)


def test_a_database_file_full_of_noise_is_a_problem_and_not_a_crash(trail: Trail) -> None:
    trail.database.close()
    size = trail.file.stat().st_size
    with trail.file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (size - 4096))
    assert any("cannot be read" in problem for problem in trail.verify().problems)


def test_the_exported_ledger_can_be_checked_line_by_line(trail: Trail) -> None:
    into = trail.root / "out" / "ledger.jsonl"
    assert export(trail.database, into) == 7
    lines = into.read_bytes().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, 8))
    assert tree_hash(hashlib.sha256(b"\x00" + line).digest() for line in lines).hex() == trail.verify().root
