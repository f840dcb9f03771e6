"""Can anyone check a receipt with nothing but the public key?"""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from gates.refusal import UserError
from storage.canonical import canonical
from storage.receipts import Receipt, ReceiptStore, parse_receipt, sign_receipt
from storage.signing import PublicKey, Signer, read_public_key

BODY: dict[str, JsonValue] = {
    "promotion": "P1",
    "subject": {"project": "bank", "model": "loan-approval"},
    "evidence_digest": "e" * 64,
    "outcome": "pass",
    "decisions": [{"person": "bob", "role": "validator", "assurance": "platform"}],
    "merge_commit": "abc",
    "at": 1_800_000_000,
    "ledger": {"size": 7, "root": "f" * 64},
}


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(tmp_path / "keys" / "receipts.pem")


@pytest.fixture
def store(tmp_path: Path, signer: Signer) -> ReceiptStore:
    return ReceiptStore(tmp_path, signer)


def test_a_receipt_says_what_was_signed_and_by_which_key(store: ReceiptStore, signer: Signer, tmp_path: Path) -> None:
    receipt = store.sign("P1", BODY)
    assert receipt.statement == {"schema": "gatehouse-receipt/1", **BODY}
    assert receipt.is_signed_by(signer.public_key)
    assert json.loads((tmp_path / "receipts" / "P1.json").read_text()) == receipt.as_json()
    assert (store.get("P1"), store.get("P2"), store.names()) == (receipt, None, ("P1",))


def test_the_same_statement_gives_the_same_bytes_and_replaces_what_a_dead_try_left(store: ReceiptStore) -> None:
    store.sign("P1", {**BODY, "at": 1})
    first = store.sign("P1", BODY)
    assert store.sign("P1", BODY) == first == store.get("P1")


def test_openssl_agrees_that_the_signature_is_good(store: ReceiptStore, signer: Signer, tmp_path: Path) -> None:
    receipt = store.sign("P1", BODY)
    (tmp_path / "body").write_bytes(canonical(receipt.as_json()["body"]))
    (tmp_path / "signed").write_bytes(receipt.signature)
    (tmp_path / "key.pub").write_text(signer.public_key.pem())
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key.pub", "-in", "body", "-sigfile", "signed"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout) == (0, "Signature Verified Successfully\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_a_receipt_breaks_its_form_or_its_signature(
    store: ReceiptStore, signer: Signer, data: st.DataObject
) -> None:
    receipt = store.sign("P1", BODY)
    content = bytearray(receipt.content())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert not reads_as_signed(bytes(content), signer.public_key)


def reads_as_signed(content: bytes, key: PublicKey) -> bool:
    try:
        return parse_receipt(content, "P1.json").is_signed_by(key)
    except UserError:
        return False


def test_a_receipt_that_was_written_anew_is_not_the_one_that_was_signed(store: ReceiptStore) -> None:
    spaced = json.dumps(store.sign("P1", BODY).as_json()).encode()
    with pytest.raises(UserError, match="as it was written"):
        parse_receipt(spaced, "P1.json")


def test_another_key_did_not_sign_it(store: ReceiptStore, tmp_path: Path) -> None:
    receipt = store.sign("P1", BODY)
    other = Signer(tmp_path / "other.pem").public_key
    assert not receipt.is_signed_by(other)
    claimed = Receipt(body=receipt.body, signature=receipt.signature, key_id=other.id)
    assert not claimed.is_signed_by(other)


@pytest.mark.parametrize("field", sorted(BODY))
def test_a_receipt_that_leaves_something_out_is_not_signed(signer: Signer, field: str) -> None:
    with pytest.raises(ValueError, match=f"must also say: {field}"):
        sign_receipt(signer, {name: value for name, value in BODY.items() if name != field})


def test_a_store_without_a_signer_only_reads(store: ReceiptStore, tmp_path: Path) -> None:
    receipt = store.sign("P1", BODY)
    reader = ReceiptStore(tmp_path)
    assert reader.get("P1") == receipt
    with pytest.raises(ValueError, match="only reads"):
        reader.sign("P2", BODY)


@pytest.mark.parametrize("name", ["../P1", "R1", "P0", "P1.json", "P", ""])
def test_only_a_promotion_names_a_receipt(store: ReceiptStore, name: str) -> None:
    with pytest.raises(UserError, match="is no promotion"):
        store.get(name)


def test_receipts_are_listed_by_number(store: ReceiptStore, tmp_path: Path) -> None:
    assert store.names() == ()
    for name in ("P10", "P2", "P1"):
        store.sign(name, BODY)
    (tmp_path / "receipts" / "Pfoo.json").touch()
    assert store.names() == ("P1", "P2", "P10")


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"body":{},"key_id":"k","signature":"!"}', b"[" * 9999]
)
def test_what_is_no_receipt_is_named_so(content: bytes) -> None:
    with pytest.raises(UserError, match=r"P1\.json holds no receipt"):
        parse_receipt(content, "P1.json")


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "receipts.pem"
    first = Signer(path).public_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["receipts.pem", "receipts.pem.pub"]
    assert Signer(path).public_key == first == read_public_key((path.parent / "receipts.pem.pub").read_text())


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "receipts.pem"
    assert Signer(path).sign(b"") == Signer(path).sign(b"")
    path.chmod(0o644)
    with pytest.raises(UserError, match=r"can be read by others \(mode 644\): chmod 600"):
        Signer(path).sign(b"")


def test_a_key_from_the_environment_takes_the_files_place(tmp_path: Path) -> None:
    Signer(tmp_path / "a.pem").sign(b"")
    given_key = Signer(tmp_path / "never.pem", pem=(tmp_path / "a.pem").read_text())
    assert given_key.public_key == Signer(tmp_path / "a.pem").public_key
    assert not (tmp_path / "never.pem").exists()


def test_what_is_no_ed25519_key_is_refused(tmp_path: Path) -> None:
    rsa = generate_private_key(public_exponent=65537, key_size=2048)
    private = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for pem, text in ((private, "is not an Ed25519 key"), ("nonsense", "no unencrypted private key in PEM")):
        with pytest.raises(UserError, match=f"signing key given in the environment.*{text}"):
            Signer(tmp_path / "k", pem=pem).sign(b"")
    for pem, text in ((public, "not an Ed25519 key"), ("nonsense", "no public key in PEM")):
        with pytest.raises(UserError, match=text):
            read_public_key(pem)


def test_a_key_that_two_processes_make_at_once_is_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "receipts.pem"
    winners: list[PublicKey] = []
    make_link = os.link

    def lose_the_race(source: str, target: str, *, follow_symlinks: bool = True) -> None:
        if not winners:
            monkeypatch.undo()
            winners.append(Signer(path).public_key)
        make_link(source, target, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "link", lose_the_race)
    assert Signer(path).public_key == winners[0]
