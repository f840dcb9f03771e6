"""Evidence to judge and files to measure, for all tests of the gates."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.digest import tree_digest
from gates.evidence import (
    EvaluationData,
    Evidence,
    Facts,
    Kind,
    Lineage,
    ModelFile,
    Scoring,
    ScoringStatus,
    Subject,
    VersionRef,
)
from gates.measure.measure import Measured, Question, measure

PINNED = "d" * 64
FILES = (
    ModelFile(path="MLmodel", sha256="1" * 64, size=10, format="mlmodel"),
    ModelFile(path="model.skops", sha256="2" * 64, size=20, format="skops"),
)
CHALLENGER = VersionRef(version="2", digest=tree_digest({file.path: file.sha256 for file in FILES}))
CHAMPION = VersionRef(version="1", digest="c" * 64)

type_of_task = {"binary": "binary-classification", "multi": "multiclass-classification", "regression": "regression"}


@pytest.fixture
def evidence_of() -> Callable[..., Evidence]:
    """Give a function that builds evidence in which all is well, but for the facts it is given."""

    def build(*, subject: Mapping[str, object] | None = None, **facts: object) -> Evidence:
        about: dict[str, object] = {
            "project": "lending",
            "model": "loan-approval",
            "environment": "production",
            "target": "local",
            "kind": Kind.PROMOTE,
            "challenger": CHALLENGER,
            "champion": CHAMPION,
            "evaluation_data": PINNED,
            "entry": {"sensitive_features": ["race"]},
            "policy": {},
        }
        known: dict[str, object] = {
            "files": FILES,
            "challenger": Scoring(version=CHALLENGER, status=ScoringStatus.SCORED, rows=990, signature=True),
            "champion": Scoring(version=CHAMPION, status=ScoringStatus.SCORED, rows=990),
            "data": EvaluationData(
                uri="data/loans.parquet",
                version="3",
                sha256=PINNED,
                found_sha256=PINNED,
                registered_by="erin",
                rows=990,
            ),
            "lineage": Lineage(
                trainer="mlflow-alice",
                trainer_person="alice",
                source_commit="abc123",
                training_data=("train",),
                saw_evaluation_data=False,
            ),
        }
        return Evidence(
            subject=Subject.model_validate(about | dict(subject or {})), facts=Facts.model_validate(known | facts)
        )

    return build


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes columns to a Parquet file."""

    def put(name: str, **columns: Sequence[object]) -> Path:
        path = tmp_path / f"{name}.parquet"
        parquet.write_table(pa.table({column: pa.array(values) for column, values in columns.items()}), path)
        return path

    return put


@pytest.fixture
def measured(write: Callable[..., Path]) -> Callable[..., Measured]:
    """Give a function that writes data and answers, and measures them."""

    def ask(
        *,
        data: Mapping[str, Sequence[object]],
        challenger: Mapping[str, Sequence[object]],
        champion: Mapping[str, Sequence[object]] | None = None,
        task: str = "binary",
        metrics: Sequence[str] = (),
        positive: object = None,
        features: Sequence[str] = (),
        group_metrics: Sequence[str] = (),
        intersections: Sequence[tuple[str, ...]] = (),
        cluster: str | None = None,
    ) -> Measured:
        return measure(
            Question(
                data=write("data", **data),
                challenger=write("challenger", **challenger),
                champion=None if champion is None else write("champion", **champion),
                task=type_of_task.get(task, task),
                label="y",
                positive=positive,  # type: ignore[arg-type]  # a test may ask nonsense
                metrics=tuple(metrics),
                sensitive_features=tuple(features),
                group_metrics=tuple(group_metrics),
                power_against=0.15,
                seed=7,
                intersections=tuple(intersections),
                cluster=cluster,
            )
        )

    return ask
