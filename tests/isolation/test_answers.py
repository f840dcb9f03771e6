"""Is an answer that cannot be true refused, whoever wrote it?"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.isolation.answers import Status, UnusableAnswerError, accept, one_line, read_status

BINARY, MULTICLASS, REGRESSION = "binary-classification", "multiclass-classification", "regression"


def written(path: Path, columns: Mapping[str, object], **settings: object) -> Path:
    pq.write_table(pa.table(dict(columns)), path, **{"compression": "none", "use_dictionary": False, **settings})
    return path


def accepted(path: Path, *, rows: int = 2, task: str = BINARY, classes: Sequence[object] = ()) -> pa.Table:
    into = path.with_suffix(".accepted")
    accept(path, rows=rows, task=task, classes=classes, into=into)
    return pq.read_table(into)


@pytest.mark.parametrize(
    ("task", "columns"),
    [
        (BINARY, {"prediction": [1, 0]}),
        (BINARY, {"prediction": [True, False], "score_False": [0.0, 1.0], "score_True": [1.0, 0.0]}),
        (BINARY, {"prediction": [0.5, 0.25]}),
        (MULTICLASS, {"prediction": ["a", "b"], "score_a": [0.5, 0.2], "score_b": [0.5, 0.8]}),
        (REGRESSION, {"prediction": [1.5, -2.5]}),
    ],
)
def test_answers_are_kept_as_they_came(tmp_path: Path, task: str, columns: Mapping[str, Sequence[object]]) -> None:
    assert accepted(written(tmp_path / "answers", columns), task=task).to_pydict() == columns


def test_the_classes_are_recorded_beside_the_answers(tmp_path: Path) -> None:
    table = accepted(written(tmp_path / "answers", {"prediction": ["ja", "nein"]}), classes=["ja", "nein"])
    assert json.loads(table.schema.metadata[b"classes"]) == ["ja", "nein"]


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    one = written(tmp_path / "one", {"prediction": ["a", "b"] * 500})
    other = written(tmp_path / "other", {"prediction": ["a", "b"] * 500}, use_dictionary=True, row_group_size=100)
    for path in (one, other):
        accepted(path, rows=1000)
    assert one.with_suffix(".accepted").read_bytes() == other.with_suffix(".accepted").read_bytes()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"prediction": [1, 0, 1]}, "3 answers came; expected 2, one for each row"),
        ({"prediction": [1, None]}, "1 of 2 values of prediction are missing"),
        ({"prediction": [1.0, float("nan")]}, "1 of 2 values of prediction are not finite"),
        ({"prediction": [1.0, float("inf")]}, "1 of 2 values of prediction are not finite"),
        ({"prediction": [1, 0], "score_1": [0.5, 1.5]}, "1 of 2 values of score_1 are not a probability"),
        ({"prediction": [1, 0], "score_1": [0.5, float("nan")]}, "1 of 2 values of score_1 are not a probability"),
        ({"prediction": [1, 0], "score_1": [1, 0]}, "score_1 came as int64; expected numbers, text or booleans"),
        ({"prediction": ["a", "b" * 1001]}, "a label of 1,001 characters came; expected at most 1,000"),
        ({"answer": [1, 0]}, "columns ['answer'] came; expected prediction, and scores where there are any"),
        (
            {"prediction": [1, 0], "label": [1, 0]},
            "columns ['prediction', 'label'] came; expected prediction, and scores where there are any",
        ),
        (
            {"prediction": [[1], [0]]},
            "prediction came as list<element: int64>; expected numbers, text or booleans",
        ),
    ],
)
def test_an_answer_of_another_kind_is_refused(tmp_path: Path, columns: Mapping[str, object], said: str) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        accepted(written(tmp_path / "answers", columns))
    assert str(caught.value) == said


def test_a_compressed_answer_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path / "answers", {"prediction": [0] * 100_000}, compression="zstd")
    with pytest.raises(UnusableAnswerError, match=r"^compressed answers came; expected plain ones$"):
        accepted(path, rows=100_000)


def test_a_long_label_repeated_often_is_refused_before_it_is_repeated(tmp_path: Path) -> None:
    labels = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), ["x" * 100_000])
    path = written(tmp_path / "answers", {"prediction": labels}, use_dictionary=True)
    with pytest.raises(UnusableAnswerError, match=r"^a label of 100,000 characters came"):
        accepted(path, rows=1_000_000)


def test_an_answer_far_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(UnusableAnswerError, match=r"^1,099,511,627,776 bytes of answers came"):
        accepted(path)


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "answers").write_bytes(b"PAR1" + bytes(64) + b"PAR1")
    with pytest.raises(UnusableAnswerError, match=r"^the answers are no readable Parquet file"):
        accepted(tmp_path / "answers")


def test_a_link_to_a_file_of_ours_is_not_followed(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret", {"prediction": [1, 0]})
    (tmp_path / "answers").symlink_to(secret)
    (tmp_path / "status.json").symlink_to(secret)
    assert read_status(tmp_path / "status.json") is None
    with pytest.raises(UnusableAnswerError, match=r"^it ended without answers$"):
        accepted(tmp_path / "answers")


@pytest.mark.parametrize(
    "content", ["", "[]", '{"status": "perfect"}', '{"status": "scored", "trust": true}', "1" * 300_000, "[" * 100_000]
)
def test_a_status_that_the_runner_would_not_write_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "status.json").write_text(content)
    assert read_status(tmp_path / "status.json") is None


def test_a_status_keeps_the_kinds_of_its_classes(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text('{"status": "scored", "classes": [0, 1.5, true, "yes"]}')
    status = read_status(tmp_path / "status.json")
    assert status == Status(status="scored", classes=(0, 1.5, True, "yes"))


def test_our_folders_do_not_show_in_a_detail() -> None:
    said = "FileNotFoundError: [Errno 2] No such file: '/srv/gatehouse/store/model.bin'\n see https://mlflow.org/docs/x"
    shown = "FileNotFoundError: [Errno 2] No such file: 'model.bin' see https://mlflow.org/docs/x"
    assert one_line(said) == shown


@given(st.text())
def test_a_detail_is_one_printable_line_of_bounded_length(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 300
    assert line.isprintable()
