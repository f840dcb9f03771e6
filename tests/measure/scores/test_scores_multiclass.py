"""Are the numbers of three and more classes scikit-learn's?"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sklearn import metrics as sk

from gates.measure.scores import estimates
from gates.measure.scores.exact import CALIBRATION
from gates.measure.scores.multiclass import measured, one_against_one, one_against_rest
from gates.measure.scores.sample import Sample

Measure = Callable[..., Any]
NAMES = ("roc_auc_ovr", "roc_auc_ovo", "log_loss", "brier_score", CALIBRATION)


def table(rows: int, classes: int, seed: int, decimals: int = 3) -> tuple[dict[str, Any], list[np.ndarray]]:
    random = np.random.default_rng(seed)
    label = np.concatenate([np.arange(classes), random.integers(0, classes, rows - classes)])
    columns: dict[str, Any] = {"label": label}
    models = []
    for who in ("challenger", "champion"):
        scores = random.dirichlet([1.0] * classes, rows)
        scores[np.arange(rows), label] += 0.5
        scores = np.floor(scores / scores.sum(axis=1, keepdims=True) * 10**decimals) / 10**decimals
        scores[:, -1] = 1 - scores[:, :-1].sum(axis=1)
        models.append(scores)
        columns |= {f"{who}_score_{place}": models[-1][:, place] for place in range(classes)}
    return columns, models


@examples(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(12, 200), classes=st.integers(3, 6), seed=st.integers(0, 10**6))
def test_numbers_are_scikit_learns(measure: Measure, rows: int, classes: int, seed: int) -> None:
    columns, models = table(rows, classes, seed)
    found, truth, labels = measure(estimates, columns, NAMES), columns["label"], list(range(classes))
    for who, scores in zip(("challenger", "champion"), models, strict=True):
        top, hit = scores.max(axis=1), scores.argmax(axis=1) == truth
        places = np.minimum((top * 15).astype(int), 14)
        gaps = np.bincount(places, weights=top - hit)
        expected = {
            "roc_auc_ovr": sk.roc_auc_score(truth, scores, multi_class="ovr", labels=labels),
            "roc_auc_ovo": sk.roc_auc_score(truth, scores, multi_class="ovo", labels=labels),
            "log_loss": sk.log_loss(truth, scores, labels=labels),
            "brier_score": sk.brier_score_loss(truth, scores, labels=labels),
            CALIBRATION: np.abs(gaps).sum() / rows,
        }
        for name, value in expected.items():
            assert getattr(found[name], who) == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_a_rows_weight_is_the_derivative_of_the_area() -> None:
    columns, models = table(60, 3, 1)
    sample = Sample(labels=columns["label"], scores=(models[0],), classes=3)
    _, rest = one_against_rest(sample, models[0])
    _, pairs = one_against_one(sample, models[0])
    assert rest.sum() == pytest.approx(0, abs=1e-12)
    assert pairs.sum() == pytest.approx(0, abs=1e-12)
    for row in (0, 7, 31):
        step, once = 1e-6, np.ones(60)
        slopes = []
        for sign in (1, -1):
            weights = once.copy()
            weights[row] += sign * step
            slopes.append(
                np.mean(
                    [sk.roc_auc_score(columns["label"] == k, models[0][:, k], sample_weight=weights) for k in range(3)]
                )
            )
        assert rest[row] == pytest.approx((slopes[0] - slopes[1]) / (2 * step), abs=1e-6)


def test_a_class_without_rows_cannot_be_ranked(measure: Measure) -> None:
    columns, _ = table(100, 3, 2)
    columns["label"] = np.minimum(columns["label"], 1)
    found = measure(estimates, columns, NAMES)
    assert found["roc_auc_ovr"] == "there is nothing to rank: none of 100 rows is of class class 2."
    assert found["log_loss"].challenger > 0


def test_the_error_of_areas_is_that_of_a_bootstrap() -> None:
    columns, models = table(400, 3, 3)
    sample = Sample(labels=columns["label"], scores=tuple(models), classes=3)
    random = np.random.default_rng(0)
    found = measured(sample, ("roc_auc_ovr", "roc_auc_ovo"))
    drawn = []
    for _ in range(150):
        rows = random.integers(0, 400, 400)
        again = Sample(labels=sample.labels[rows], scores=tuple(one[rows] for one in models), classes=3)
        drawn.append([one_against_rest(again, one)[0] for one in again.scores])
    gaps = np.diff(np.array(drawn), axis=1)
    assert found["roc_auc_ovr"].gap is not None
    assert found["roc_auc_ovr"].gap.error == pytest.approx(gaps.std(), rel=0.2)
