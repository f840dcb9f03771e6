"""A quantile regression is measured by its loss and by the share of labels it covers."""

from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

from tests.measure.numbers.number_rows import known, measured, two_models

QUANTILE: dict[str, Any] = {"task": "quantile-regression", "quantile": 0.8}


def test_the_pinball_loss_is_scikit_learns() -> None:
    table = two_models()
    found = known(table, "mean_pinball_loss", **QUANTILE)
    for who, value in (("challenger", found.challenger), ("champion", found.champion)):
        assert value == pytest.approx(sk.mean_pinball_loss(table["label"], table[who], alpha=0.8), rel=1e-9)
    constant = np.quantile(table["label"], 0.8, method="inverted_cdf")
    knows_nothing = sk.mean_pinball_loss(table["label"], np.full(400, constant), alpha=0.8)
    assert found.baseline == pytest.approx(knows_nothing, rel=1e-9)


def test_coverage_is_the_share_of_labels_at_or_below_the_answer() -> None:
    label = np.arange(200.0)
    found = known({"label": label, "challenger": np.where(label < 150, label, -1.0)}, "coverage", **QUANTILE)
    assert (found.challenger, found.baseline) == (0.75, 0.8)
    assert found.challenger_interval is not None
    low, high = found.challenger_interval
    assert low < 0.75 < high


def test_labels_that_are_always_covered_may_not_be_always_covered() -> None:
    found = known({"label": np.zeros(200), "challenger": np.ones(200)}, "coverage", **QUANTILE)
    assert found.challenger_interval == pytest.approx((1 - (1 - 0.025 ** (1 / 200)), 1.0))


@pytest.mark.parametrize(("quantile", "said"), [(None, "not said which quantile"), (1.0, "1.0 is no quantile")])
def test_the_quantile_must_be_said(quantile: float | None, said: str) -> None:
    found = measured(two_models(120), "coverage", "mean_pinball_loss", task="quantile-regression", quantile=quantile)
    assert all(said in str(problem) for problem in found.values())


def test_other_metrics_of_numbers_are_known_too_and_those_of_forecasts_are_not() -> None:
    found = measured(two_models(120), "mean_absolute_error", "mean_absolute_scaled_error", "roc_auc", **QUANTILE)
    assert found["mean_absolute_scaled_error"] == "it is no metric of quantile-regression."
    assert set(found) == {"mean_absolute_error", "mean_absolute_scaled_error"}
