"""Are the rules that importance is told in scikit-learn's?"""

from typing import Any

import numpy as np
import pytest

from gates.measure.explain.scoring_rules import RULES, worsening
from gates.measure.unusable import UnusableError


def oracle(task: str, name: str) -> Any:  # noqa: ANN401 - a function of scikit-learn
    from sklearn import metrics  # noqa: PLC0415 - heavy

    if task == "regression":
        return getattr(metrics, {"r2": "r2_score"}.get(name, name))
    if name in {"accuracy", "balanced_accuracy"}:
        binary, score = task == "binary-classification", getattr(metrics, f"{name}_score")
        return lambda y, p: score(y, p >= 0.5 if binary else p)
    return {"roc_auc": metrics.roc_auc_score, "log_loss": metrics.log_loss, "brier_score": metrics.brier_score_loss}[
        name
    ]


@pytest.mark.full  # scikit-learn takes seconds to import
@pytest.mark.parametrize(("task", "name"), [(task, name) for task, rules in RULES.items() for name in rules])
def test_each_rule_is_scikit_learns(task: str, name: str) -> None:
    random = np.random.default_rng(5)
    for size in (2, 7, 300):
        numbers = np.round(random.random(size), 1 if size > 2 else 3)  # with ties
        labels = np.arange(size) % (2 if task == "binary-classification" else 3)
        if task == "multiclass-classification":
            numbers = random.integers(0, 3, size).astype(float)
        rule, _ = worsening(task, name)
        assert rule(labels.astype(float), numbers) == pytest.approx(
            float(oracle(task, name)(labels, numbers)), rel=1e-9
        )


def test_what_is_not_defined_is_not_a_number() -> None:
    ones = np.ones(3)
    for task, name in (
        ("binary-classification", "roc_auc"),
        ("binary-classification", "balanced_accuracy"),
        ("regression", "r2"),
    ):
        assert np.isnan(worsening(task, name)[0](ones, ones / 2))


def test_a_metric_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(
        UnusableError, match="importance is not told in entity_f1 for entity-recognition; there are none"
    ):
        worsening("entity-recognition", "entity_f1")
