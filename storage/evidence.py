"""Where is the evidence that decisions were made on, and is it still what it was?"""

from pathlib import Path

from gates.digest import bytes_digest
from gates.evidence import Evidence
from storage.canonical import canonical, parse
from storage.content import read_checked, require_digest, write_atomically


class EvidenceStore:
    """A folder of canonical JSON files, each named by its SHA-256."""

    def __init__(self, root: Path) -> None:
        """Keep evidence under `root`, which is made when first needed."""
        self._root = root

    def put(self, evidence: Evidence) -> str:
        """Write evidence under its digest and return that; the same evidence again changes nothing."""
        content = evidence_bytes(evidence)
        digest = bytes_digest(content)
        if self.path(digest).exists():
            read_checked(self.path(digest), digest, what="evidence")
        else:
            write_atomically(self.path(digest), content)
        return digest

    def get(self, digest: str) -> Evidence:
        """Return the evidence of a digest; `ContentChangedError` when a byte was changed, `UserError` when missing."""
        return Evidence.model_validate(parse(self.bytes(digest)))

    def bytes(self, digest: str) -> bytes:
        """Return the canonical bytes of a digest, checked like `get`."""
        return read_checked(self.path(digest), digest, what="evidence")

    def path(self, digest: str) -> Path:
        """Return where the evidence of a digest lies, or would."""
        return self._root / f"{require_digest(digest)}.json"


def evidence_bytes(evidence: Evidence) -> bytes:
    """Return the canonical bytes that name this evidence."""
    return canonical(evidence.model_dump(mode="json"))
