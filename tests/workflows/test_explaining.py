"""Is a version explained by its own process, asked once, and its failures named?"""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.digest import file_digest
from gates.evidence import Scoring, ScoringStatus, VersionRef
from gates.refusal import UserError
from workflows.explaining import Question, explanation_of, importance_of
from workflows.isolation.environments import Environments
from workflows.isolation.scorer import LocalScorer
from workflows.scoring import Scored, ScoringJob

VERSION = VersionRef(version="7", digest="d" * 64)


class Computing:
    """A scorer that computes its answers from the table it is given: the port without a process."""

    def __init__(self, folder: Path, answer: Callable[[Any], dict[str, Any]]) -> None:
        self._folder, self._answer = folder, answer
        self.asked: list[int] = []

    def score(self, job: ScoringJob) -> Scored:
        table = parquet.read_table(job.data)
        assert tuple(table.column_names) == job.features
        assert job.data_sha256 == file_digest(job.data)
        self.asked.append(table.num_rows)
        answers = self._folder / f"answers-{len(self.asked)}.parquet"
        parquet.write_table(pa.table(self._answer(table)), answers)
        scoring = Scoring(version=VERSION, status=ScoringStatus.SCORED, rows=table.num_rows)
        return Scored(scoring=scoring, answers=answers)

    def took(self, _scoring: Scoring, _data_sha256: str) -> float | None:
        return None


class Failing:
    """A scorer whose version crashes."""

    def score(self, job: ScoringJob) -> Scored:
        scoring = Scoring(version=job.version, status=ScoringStatus.OUT_OF_MEMORY, detail="used more than 2.0 GiB")
        return Scored(scoring=scoring, answers=None)

    def took(self, _scoring: Scoring, _data_sha256: str) -> float | None:
        return None


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three hundred rows with two features and a label, which rests on `a`."""
    random = np.random.default_rng(1)
    a, b = random.normal(size=300), random.integers(0, 4, 300)
    label = np.where(a + random.normal(size=300) / 2 > 0, "yes", "no")
    path = tmp_path / "data.parquet"
    parquet.write_table(pa.table({"a": a, "b": b, "label": label, "sex": ["f", "m"] * 150}), path)
    return path


def question(data: Path, files: Path, task: str = "binary-classification", **change: Any) -> Question:  # noqa: ANN401 - any field
    job = ScoringJob(
        version=VERSION, files=files, data=data, data_sha256=file_digest(data), features=("a", "b"), task=task
    )
    return Question(job=job, label="label", positive="yes", **change)


def chance(table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table in, a numpy array out
    return 1 / (1 + np.exp(-2 * np.asarray(table.column("a"))))


def label(table: Any) -> Any:  # noqa: ANN401 - as above
    return np.where(chance(table) >= 0.5, "yes", "no")


ANSWERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "probabilities": lambda table: {
        "prediction": label(table),
        "score_no": 1 - chance(table),
        "score_yes": chance(table),
    },
    "one probability": lambda table: {"prediction": chance(table)},
    "labels": lambda table: {"prediction": label(table)},
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_is_understood_and_asked_for_once(tmp_path: Path, data: Path, kind: str) -> None:
    scorer = Computing(tmp_path, ANSWERS[kind])
    found = importance_of(scorer, question(data, tmp_path), metric="accuracy", by=("sex",))
    assert scorer.asked == [300 * 11]
    overall = {one.feature: one for one in found.features if one.group is None}
    assert (overall["a"].drop or 0) > 0.2
    assert overall["b"].drop == 0
    assert {one.group for one in found.features} == {None, "f", "m"}


def test_a_class_of_several_is_compared_by_its_name(tmp_path: Path, data: Path) -> None:
    scorer = Computing(tmp_path, ANSWERS["labels"])
    asked = question(data, tmp_path, "multiclass-classification")
    found = importance_of(scorer, asked, metric="accuracy")
    assert found.value == pytest.approx(0.85, abs=0.1)


def test_a_version_that_does_not_answer_is_a_problem_and_no_error(tmp_path: Path, data: Path) -> None:
    found = importance_of(Failing(), question(data, tmp_path), metric="accuracy")
    said = "the version did not answer for 3,300 rows: out of memory, used more than 2.0 GiB"
    assert (found.problem, found.features) == (said, ())


@pytest.mark.full  # shap takes seconds to import; tests/measure/explain has imported it once
def test_one_row_is_explained_by_its_own_values(tmp_path: Path, data: Path) -> None:
    scorer = Computing(tmp_path, ANSWERS["probabilities"])
    found = explanation_of(scorer, question(data, tmp_path), row=5)
    table = parquet.read_table(data)
    assert (found.of, found.gap) == ("the probability of label = yes", 0.0)
    assert found.prediction == pytest.approx(chance(table)[5], rel=1e-9)
    assert [(one.feature, one.value) for one in found.contributions] == [
        ("a", pytest.approx(table.column("a")[5].as_py())),
        ("b", table.column("b")[5].as_py()),
    ]
    other = explanation_of(scorer, question(data, tmp_path), row=5, of="no")
    assert other.prediction == pytest.approx(1 - found.prediction)
    with pytest.raises(UserError, match="There is no row 300: the data have 300, counted from 0"):
        explanation_of(scorer, question(data, tmp_path), row=300)
    with pytest.raises(UserError, match=r"The model \(7\) cannot be explained: the version did not answer for"):
        explanation_of(Failing(), question(data, tmp_path), row=0)
    with pytest.raises(UserError, match="it never answers maybe, but no, yes"):
        explanation_of(scorer, question(data, tmp_path), row=0, of="maybe")
    several = Question(job=question(data, tmp_path, "multiclass-classification").job, label="label")
    with pytest.raises(UserError, match="Which class is to be explained"):
        explanation_of(scorer, several, row=0)


def test_a_column_that_the_data_lack_is_named(tmp_path: Path, data: Path) -> None:
    asked = question(data, tmp_path)
    lacking = replace(asked, job=replace(asked.job, features=("a", "bb")))
    with pytest.raises(UserError, match="has no column 'bb'"):
        explanation_of(Failing(), lacking, row=0)


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what a model's packages warn of is theirs
def test_a_real_model_is_explained_in_a_process_of_its_own(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_UV_AUTO_DETECT", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow.sklearn  # noqa: PLC0415 - heavy; only here is it needed
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

        frame = parquet.read_table(data).to_pandas()
        model = LogisticRegression().fit(frame[["a", "b"]], frame["label"])
        mlflow.sklearn.save_model(
            model, tmp_path / "model", pip_requirements=["mlflow==3.17.2", "scikit-learn", "skops"]
        )
    store = tmp_path / "answers"
    scorer = LocalScorer(Environments(tmp_path / "environments", shared=True), store)
    asked = question(data, tmp_path / "model")
    found = importance_of(scorer, asked, metric="roc_auc")
    assert [one.feature for one in found.features] == ["a", "b"]
    assert (found.features[0].low or 0) > 0.2
    assert importance_of(scorer, asked, metric="roc_auc") == found
    assert len(list(store.glob("*.parquet"))) == 1
