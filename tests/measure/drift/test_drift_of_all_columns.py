"""Does a classifier tell apart what no column tells, on the same rows in any order? And can a side be kept?"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gates.drift_facts import Drift, Multivariate, Shift
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.drift import drift
from gates.measure.drift.profile import Profile
from gates.measure.drift.reading import profile
from gates.measure.drift.sampling import of_content, of_numbers, sampled
from gates.measure.scan.engine import Engine, View

Compare = Callable[..., Drift]
Open = Callable[..., View]


def pair(rows: int, correlation: float, seed: int) -> dict[str, Any]:
    """Two columns, each as normal as ever, and a text."""
    random = np.random.default_rng(seed)
    first, noise = random.normal(size=rows), random.normal(size=rows)
    second = correlation * first + np.sqrt(1 - correlation**2) * noise
    return {"a": first, "b": second, "c": random.choice(["x", "y"], rows)}


def together(found: Drift) -> Multivariate:
    assert found.multivariate is not None
    return found.multivariate


@pytest.mark.full
def test_columns_that_moved_together_only_are_told_apart(compare: Compare) -> None:
    found = compare(pair(500, 0.0, 0), pair(500, 0.9, 1), multivariate=True)
    assert found.drifted == ()
    fact = together(found)
    assert fact.shift is Shift.DRIFTED
    assert {telling.name for telling in fact.telling[:2]} == {"a", "b"}
    assert "tells both sides apart" in fact.sentence


@pytest.mark.full
def test_the_same_is_not_told_apart_in_any_order_of_rows(compare: Compare) -> None:
    sides = [pair(1_200, 0.3, seed) for seed in (2, 3)]
    order = np.random.default_rng(0).permutation(1_200)
    first = compare(*sides, multivariate=True)
    again = compare(*({name: side[name][order] for name in side} for side in sides), multivariate=True, threads=2)
    assert together(first).shift is Shift.STABLE
    assert first == again


@pytest.mark.full
def test_a_column_without_values_does_not_stop_the_others(compare: Compare) -> None:
    sides = [{**pair(150, 0.0, seed), "gone": np.full(150, np.nan)} for seed in (0, 1)]
    assert together(compare(*sides, multivariate=True)).auc is not None


def test_too_few_rows_are_said(compare: Compare) -> None:
    fact = together(compare(pair(50, 0, 0), pair(50, 0, 1), multivariate=True))
    assert fact.shift is Shift.INCONCLUSIVE
    assert "50 and 50 rows are too few" in fact.problem


@pytest.mark.full
def test_texts_only_and_copies_of_rows_are_sampled(compare: Compare) -> None:
    random = np.random.default_rng(1)
    sides = [{name: random.choice(["p", "q", "r", "s"], 9_000) for name in "abcd"} for _ in range(2)]
    fact = together(compare(*sides, multivariate=True))
    assert (fact.reference_rows, fact.current_rows) == (5_000, 5_000)
    assert fact.shift is Shift.STABLE


def test_a_sample_is_about_as_large_as_asked_and_of_the_same_share_everywhere(engine: Engine, view: Open) -> None:
    rows = {"x": np.random.default_rng(0).normal(size=50_000), "n": np.arange(50_000)}
    rows_ = view(rows)
    columns = list(rows_.columns.values())
    for place in (of_numbers(columns), of_content(columns)):
        found = sampled(engine, rows_, columns, place, 1_000)
        assert len(found.counts) == pytest.approx(1_500, abs=200)
        below = np.mean(np.asarray(found.columns["x"].to_numpy()) < 0)
        assert below == pytest.approx(0.5, abs=0.06)


def test_a_row_repeated_too_often_is_left_out_of_a_sample_and_counted(engine: Engine, view: Open) -> None:
    values = np.r_[np.random.default_rng(0).normal(size=20_000), np.zeros(20_000)]
    rows_ = view({"x": values})
    columns = list(rows_.columns.values())
    found = sampled(engine, rows_, columns, of_numbers(columns), 1_000)
    assert found.left_out in (0, 20_000)
    assert int(found.counts.max()) == 1


def test_a_profile_is_small_the_same_after_a_round_trip_and_serves_as_a_reference(engine: Engine, view: Open) -> None:
    random = np.random.default_rng(4)
    rows = 30_000
    before = {"x": random.lognormal(0, 1, rows), "n": random.integers(0, 9, rows), "c": random.choice(["a", "b"], rows)}
    after = {**before, "x": before["x"] * 1.5}
    reference = view(before)
    current = view(after)
    kept = profile(engine, reference)
    again = Profile.model_validate_json(kept.model_dump_json())
    of_profile = drift(engine, again, current, DriftAsked())
    of_rows = drift(engine, reference, current, DriftAsked(multivariate=False))
    assert again == kept
    assert again.digest == kept.digest
    assert len(kept.model_dump_json()) < 100_000
    for kept_fact, fact in zip(of_profile.columns, of_rows.columns, strict=True):
        assert kept_fact.shift is fact.shift
        assert kept_fact.psi == pytest.approx(fact.psi, abs=0.005)
        assert (kept_fact.ks is None) == (fact.ks is None)
        if kept_fact.ks is not None and fact.ks is not None:
            assert kept_fact.ks == pytest.approx(fact.ks, abs=0.005)


def test_another_table_has_another_digest(engine: Engine, view: Open) -> None:
    sides = [view({"x": [float(called == "a")]}, called) for called in ("a", "b", "c")]
    first, second, third = (profile(engine, side).digest for side in sides)
    assert first != second
    assert second == third
