"""The demo's decisions and models, prepared and trained once for all of its tests, without MLflow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.demo.data import LABEL, SENSITIVE, MortgageDecisions, prepare, read
from bot.demo.recipes import RECIPES, fit
from gates.measure.measure import Measured, Question, measure

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """One version: the model, and its answers on the half it did not see."""

    model: "ClassifierMixin"
    answers: Path


Measure = Callable[[int, int | None], Measured]
"""Measures a version against another, or against none."""


@pytest.fixture(scope="session")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> MortgageDecisions:
    return prepare(tmp_path_factory.mktemp("decisions"))


@pytest.fixture(scope="session")
def versions(decisions: MortgageDecisions, tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Trained]:
    training, judged = read(decisions.training), read(decisions.evaluation)
    folder = tmp_path_factory.mktemp("answers")
    trained = {}
    for number, recipe in enumerate(RECIPES, start=1):
        model, rows = fit(recipe, training), judged[list(recipe.features)]
        answers = {"prediction": model.predict(rows), "score": model.predict_proba(rows)[:, 1]}
        pq.write_table(pa.table(answers), folder / f"v{number}.parquet")
        trained[number] = Trained(model=model, answers=folder / f"v{number}.parquet")
    return trained


@pytest.fixture(scope="session")
def measured(decisions: MortgageDecisions, versions: Mapping[int, Trained]) -> Measure:
    def against(challenger: int, champion: int | None) -> Measured:
        question = Question(
            data=decisions.evaluation.path,
            challenger=versions[challenger].answers,
            champion=versions[champion].answers if champion else None,
            task="binary-classification",
            label=LABEL,
            positive=1,
            metrics=("roc_auc", "balanced_accuracy", "brier_score", "accuracy"),
            sensitive_features=SENSITIVE,
            group_metrics=("true_positive_rate",),
            power_against=0.17,
            seed=0,
        )
        return measure(question)

    return against
