"""Is evidence found under its digest, and does a changed byte show?"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gates.digest import bytes_digest
from gates.evidence import Evidence
from gates.refusal import UserError
from storage.content import ContentChangedError
from storage.evidence import EvidenceStore


def test_evidence_is_kept_under_the_sha256_of_its_canonical_json(tmp_path: Path, evidence: Evidence) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    digest = store.put(evidence)
    assert store.get(digest) == evidence
    assert [path.name for path in (tmp_path / "evidence").iterdir()] == [f"{digest}.json"]
    assert bytes_digest(store.path(digest).read_bytes()) == digest
    assert store.bytes(digest).startswith(b'{"facts":{"anchor":null,"anchor_metrics":[],"answers":null,')


def test_the_same_evidence_twice_is_one_file(tmp_path: Path, evidence: Evidence) -> None:
    store = EvidenceStore(tmp_path)
    first = store.put(evidence)
    before = store.path(first).stat()
    assert store.put(store.get(first)) == first
    assert store.path(first).stat().st_ino == before.st_ino


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_an_error_that_says_so(tmp_path: Path, evidence: Evidence, data: st.DataObject) -> None:
    store = EvidenceStore(tmp_path)
    digest = store.put(evidence)
    content = bytearray(store.bytes(digest))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    store.path(digest).write_bytes(content)
    with pytest.raises(ContentChangedError, match=f"evidence {digest} was changed: .*{digest}.json"):
        store.get(digest)
    with pytest.raises(ContentChangedError):
        store.put(evidence)
    store.path(digest).unlink()


def test_evidence_that_is_not_there_is_named_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"evidence {'a' * 64} is not in the store: {tmp_path}"):
        EvidenceStore(tmp_path).get("a" * 64)


@pytest.mark.parametrize("text", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_a_digest_becomes_a_path(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match="no digest"):
        EvidenceStore(tmp_path).path(text)
