"""What does the forge remember by itself, and what does it make of GitHub's refusals?"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.github.bounded import Bounded
from bot.github.git_names import blob_sha
from bot.github.record import Record
from bot.github.refusals import Declined, words_of
from gates.refusal import Unavailable, UserError


class TestRecord:
    """The folder of one repository."""

    def test_nothing_is_written_before_there_is_something(self, tmp_path: Path) -> None:
        record = Record(tmp_path / "none")
        assert (record.number(), record.made("a" * 40), record.blob("a" * 40)) == (None, False, None)
        assert not (tmp_path / "none").exists()

    def test_a_number_and_commits_are_there_for_the_next_process(self, tmp_path: Path) -> None:
        Record(tmp_path).keep_number(17)
        shas = [f"{number:040x}" for number in range(40)]
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(Record(tmp_path).keep_commit, shas))
        assert Record(tmp_path).number() == 17
        assert all(Record(tmp_path).made(sha) for sha in shas)
        assert not Record(tmp_path).made("0" * 39)

    def test_a_number_that_is_none_is_no_repository(self, tmp_path: Path) -> None:
        (tmp_path / "repository").write_text("acme/models\n")
        with pytest.raises(UserError, match="holds no repository's number"):
            Record(tmp_path).number()

    def test_bytes_are_kept_under_their_name_and_no_other(self, tmp_path: Path) -> None:
        record, sha = Record(tmp_path), blob_sha(b"content")
        record.keep_blob(sha, b"content")
        assert record.blob(sha) == b"content"
        record.keep_blob(sha, b"another")
        assert record.blob(sha) is None
        with pytest.raises(ValueError, match="no blob's name"):
            record.blob("../../etc/passwd")


class TestBounded:
    """What is kept in memory."""

    def test_what_was_not_needed_for_longest_goes_first(self) -> None:
        kept: Bounded[str, bytes] = Bounded(most=10, weigh=len)
        for name in ("a", "b"):
            kept.keep(name, b"12345")
        kept.get("a")
        kept.keep("c", b"123")
        assert [kept.get(name) for name in "abc"] == [b"12345", None, b"123"]

    def test_one_that_is_too_large_by_itself_is_returned_and_not_kept(self) -> None:
        kept: Bounded[str, bytes] = Bounded(most=3, weigh=len)
        assert kept.keep("a", b"12345") == b"12345"
        assert kept.get("a") is None
        kept.forget("a")


class TestRefusals:
    """GitHub's words."""

    @pytest.mark.parametrize(
        ("document", "words"),
        [
            ({"message": "Not Found"}, "Not Found"),
            (
                {"message": "Validation Failed", "errors": [{"field": "head", "code": "invalid"}, {"message": "No"}]},
                "Validation Failed; head is invalid; No",
            ),
            ({"message": "Rules", "errors": ["One", "Two"]}, "Rules; One; Two"),
            ({"message": "a\x1b[31m\nb"}, "a[31m b"),
            ({"errors": "?"}, ""),
            (None, ""),
            (["x"], ""),
        ],
    )
    def test_they_are_one_plain_line(self, document: object, words: str) -> None:
        assert words_of(document) == words

    def test_who_is_not_trusted_is_sent_to_the_doctor_and_others_are_not(self) -> None:
        assert "mlops doctor" in str(Declined("GET /x", 404, "Not Found"))
        assert str(Declined("POST /x", 422, "")) == "GitHub refuses POST /x (422: no words)."
        assert isinstance(Declined("GET /x", 404, ""), Unavailable)
