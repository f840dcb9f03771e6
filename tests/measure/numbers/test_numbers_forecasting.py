"""Forecasts are compared with the label of one season earlier, series by series."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from gates.measure.estimated import Estimated
from gates.measure.numbers import estimates
from gates.measure.numbers.forecasting import horizons
from tests.measure.numbers.number_rows import known, measured, prepared

NAMES = ("mean_absolute_error", "root_mean_squared_error", "weighted_absolute_percentage_error")
SCALED = "mean_absolute_scaled_error"
FORECAST: dict[str, Any] = {"task": "forecasting", "season": 4}


def forecasts(series: int = 40, periods: int = 12, horizons_: int = 2) -> pd.DataFrame:
    """Return one row for each series, period and horizon."""
    rng = np.random.default_rng(11)
    labels = rng.normal(10, 2, (series, periods)) + np.sin(np.arange(periods) * np.pi / 2)
    index = pd.MultiIndex.from_product([range(series), range(periods), range(1, horizons_ + 1)])
    frame = index.to_frame(index=False, name=["series", "time", "horizon"])
    frame["label"] = labels[frame["series"], frame["time"]]
    frame["challenger"] = frame["label"] + rng.normal(0, 0.5 * frame["horizon"])
    frame["champion"] = frame["label"] + rng.normal(0, 0.6 * frame["horizon"])
    return frame.sample(frac=1, random_state=2)


def with_naive(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose label of four periods earlier is known."""
    earlier = frame[["series", "time", "label"]].drop_duplicates().assign(time=lambda of: of["time"] + 4)
    return frame.merge(earlier.rename(columns={"label": "naive"}), on=["series", "time"])


def columns(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(name): frame[name].to_numpy() for name in frame}


def test_the_scaled_error_is_that_over_the_naive_methods_on_the_same_rows() -> None:
    frame = forecasts()
    rows = with_naive(frame)
    found = known(columns(frame), SCALED, **FORECAST)
    naive = (rows["naive"] - rows["label"]).abs().mean()
    assert found.challenger == pytest.approx((rows["challenger"] - rows["label"]).abs().mean() / naive, rel=1e-9)
    assert found.champion == pytest.approx((rows["champion"] - rows["label"]).abs().mean() / naive, rel=1e-9)
    assert found.baseline == 1.0
    assert "320 rows without a label one season earlier left out" in found.method


def test_errors_over_all_rows_have_the_naive_method_as_baseline() -> None:
    frame = forecasts()
    rows, error = with_naive(frame), frame["challenger"] - frame["label"]
    naive = rows["naive"] - rows["label"]
    expected = {
        "mean_absolute_error": (error.abs().mean(), naive.abs().mean()),
        "root_mean_squared_error": ((error**2).mean() ** 0.5, (naive**2).mean() ** 0.5),
        "weighted_absolute_percentage_error": (
            error.abs().sum() / frame["label"].abs().sum(),
            naive.abs().sum() / rows["label"].abs().sum(),
        ),
    }
    for name, found in measured(columns(frame), *NAMES, **FORECAST).items():
        assert isinstance(found, Estimated)
        assert (found.challenger, found.baseline) == pytest.approx(expected[name], rel=1e-9)


def test_series_are_clusters_unless_others_are_named() -> None:
    frame = forecasts()
    assert known(columns(frame), "mean_absolute_error", **FORECAST).effective <= 40
    alone = frame.assign(cluster=np.arange(len(frame)))
    assert known(columns(alone), "mean_absolute_error", **FORECAST).effective > 40


def test_each_horizon_is_measured_by_itself() -> None:
    frame = forecasts()
    with prepared(columns(frame), **FORECAST) as rows:
        found = horizons(rows, ("mean_absolute_error", SCALED))
    assert [(some.horizon, some.rows, some.without_naive) for some in found] == [("1", 480, 160), ("2", 480, 160)]
    for some in found:
        here = frame[frame["horizon"] == int(some.horizon)]
        estimate = some.metrics["mean_absolute_error"]
        assert isinstance(estimate, Estimated)
        assert estimate.challenger == pytest.approx((here["challenger"] - here["label"]).abs().mean(), rel=1e-9)
        assert isinstance(some.metrics[SCALED], Estimated)


def test_a_gap_in_one_series_is_not_bridged() -> None:
    frame = forecasts(series=2, periods=10, horizons_=1)
    gap = frame[~((frame["series"] == 0) & (frame["time"] == 3))]
    found = known(columns(gap), SCALED, **FORECAST)
    assert "8 rows without" in found.method, "3 first periods of one series, 4 of the other, and the one after the gap"


def test_without_time_the_scaled_error_is_not_known_and_others_are() -> None:
    frame = forecasts().drop(columns=["time"])
    found = measured(columns(frame), "mean_absolute_error", SCALED, **FORECAST)
    assert "needs the time of each row" in str(found[SCALED])
    assert isinstance(found["mean_absolute_error"], Estimated)


def test_two_labels_of_one_moment_are_refused() -> None:
    frame = forecasts(series=2, periods=6).drop(columns=["series"])
    assert "more than one label in a series" in str(measured(columns(frame), SCALED, **FORECAST)[SCALED])


def test_a_season_longer_than_the_data_leaves_nothing_to_scale_by() -> None:
    found = measured(columns(forecasts(series=2)), SCALED, task="forecasting", season=50)
    assert found[SCALED] == "no row has a label of one season earlier in its series."


def test_labels_that_are_all_the_same_have_a_naive_method_without_error() -> None:
    frame = forecasts(series=2).assign(label=0.0)
    found = measured(columns(frame), SCALED, "weighted_absolute_percentage_error", **FORECAST)
    assert "is right in all rows" in str(found[SCALED])
    assert "the label is 0 in all rows" in str(found["weighted_absolute_percentage_error"])


def test_order_and_threads_change_no_bit_of_a_forecast() -> None:
    frame = forecasts()
    with prepared(columns(frame), threads=2, **FORECAST) as rows:
        once = estimates(rows, (SCALED,))
    with prepared(columns(frame.sort_values(["time", "series"])), threads=1, **FORECAST) as rows:
        assert estimates(rows, (SCALED,)) == once
