"""What can be shown, years later and without us, about a finished promotion?

A receipt is a signed statement that also names the ledger's size and root (RFC 6962) at that moment, so that each one
seals everything the ledger said before it. Its file is written first, and named by the ledger entry that says
"promoted" in the transaction after: a crash in between leaves a file that nobody names, and the repetition replaces it.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from gates.digest import bytes_digest
from gates.refusal import UserError
from storage.canonical import canonical, parse
from storage.content import write_atomically
from storage.signing import PublicKey, Signer, read_public_key

SCHEMA = "gatehouse-receipt/1"
NAMED_BY = "receipt"
"""Field of a ledger entry's body that names the digest of its subject's receipt."""
NAME = re.compile(r"P[1-9][0-9]*")
REQUIRED = frozenset(
    {"promotion", "subject", "evidence_digest", "outcome", "decisions", "merge_commit", "at", "ledger"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A statement as canonical JSON, its signature, and the id of the key that signed it."""

    body: bytes
    signature: bytes
    key_id: str

    @property
    def statement(self) -> dict[str, JsonValue]:
        """What the receipt says."""
        statement = parse(self.body)
        return statement if isinstance(statement, dict) else {}

    @property
    def digest(self) -> str:
        """The receipt's name in the ledger: SHA-256 of its file."""
        return bytes_digest(self.content())

    def as_json(self) -> dict[str, JsonValue]:
        """Return the receipt as one JSON document."""
        signature = base64.b64encode(self.signature).decode("ascii")
        return {"algorithm": "ed25519", "body": self.statement, "key_id": self.key_id, "signature": signature}

    def content(self) -> bytes:
        """Return the bytes of the receipt's file."""
        return canonical(self.as_json())

    def is_signed_by(self, key: PublicKey) -> bool:
        """Say whether this key signed exactly this statement."""
        return self.key_id == key.id and key.signed(self.body, self.signature)


class ReceiptStore:
    """A folder with one file a receipt, `receipts/P12.json`."""

    def __init__(self, root: Path, signer: Signer | None = None) -> None:
        """Keep receipts under `root/receipts`, which is made when first needed; without a signer, only read them."""
        self._folder = root / "receipts"
        self._signer = signer

    def sign(self, promotion: str, body: Mapping[str, JsonValue]) -> Receipt:
        """Sign the statement about "P12", write its file and return the receipt, to be named in the ledger.

        Same statement, same bytes. It replaces a file of that name, which a try that died may have left.
        """
        if self._signer is None:
            raise ValueError("This receipt store was opened without a signer: it only reads.")
        receipt = sign_receipt(self._signer, {**body, "promotion": promotion})
        write_atomically(self.path(promotion), receipt.content())
        return receipt

    def get(self, promotion: str) -> Receipt | None:
        """Return the receipt of "P12", or None; `UserError` when its file cannot be read as one."""
        path = self.path(promotion)
        return parse_receipt(path.read_bytes(), str(path)) if path.exists() else None

    def path(self, promotion: str) -> Path:
        """Return where the receipt of "P12" lies, or would."""
        if not NAME.fullmatch(promotion):
            raise UserError(f"{promotion!r} is no promotion: write P and its number, such as P12.")
        return self._folder / f"{promotion}.json"

    def names(self) -> tuple[str, ...]:
        """Return the promotions whose receipts are here, by number."""
        names = [path.stem for path in self._folder.glob("P*.json") if NAME.fullmatch(path.stem)]
        return tuple(sorted(names, key=lambda name: int(name[1:])))


def sign_receipt(signer: Signer, body: Mapping[str, JsonValue]) -> Receipt:
    """Sign a statement; `ValueError` when it leaves out what a receipt must say."""
    missing = REQUIRED - body.keys()
    if missing:
        raise ValueError(f"A receipt must also say: {', '.join(sorted(missing))}.")
    content = canonical({"schema": SCHEMA, **body})
    return Receipt(body=content, signature=signer.sign(content), key_id=signer.public_key.id)


def parse_receipt(content: bytes, where: str) -> Receipt:
    """Return the receipt that exactly these bytes hold; `UserError` names `where` when they hold none."""
    try:
        receipt = _receipt_of(parse(content))
    except (ValueError, RecursionError) as unreadable:
        raise UserError(f"{where} holds no receipt: {unreadable}") from unreadable
    if receipt.content() != content:
        raise UserError(f"{where} holds no receipt as it was written: something was added, or it was written anew.")
    return receipt


def _receipt_of(document: JsonValue) -> Receipt:
    match document:
        case {"body": dict(body), "signature": str(signature), "key_id": str(key_id)}:
            decoded = base64.b64decode(signature, validate=True)
            return Receipt(body=canonical(body), signature=decoded, key_id=key_id)
    raise ValueError("it has no body, signature and key_id.")


__all__ = [
    "NAMED_BY",
    "PublicKey",
    "Receipt",
    "ReceiptStore",
    "Signer",
    "parse_receipt",
    "read_public_key",
    "sign_receipt",
]
