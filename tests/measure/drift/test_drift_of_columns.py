"""Are columns called drifted when they are, and only then, whatever stands in them?"""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from gates.drift_facts import ColumnDrift, Drift, Shift
from gates.measure.drift import histogram, texts
from gates.refusal import UserError

Compare = Callable[..., Drift]


def one(found: Drift) -> ColumnDrift:
    (column,) = found.columns
    return column


def normal(rows: int, *, mean: float = 0.0, spread: float = 1.0, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, spread, rows)


def test_a_moved_column_is_drifted_and_told_by_its_medians(compare: Compare) -> None:
    found = one(compare({"x": normal(2_000)}, {"x": normal(2_000, mean=0.6, seed=1)}))
    assert found.shift is Shift.DRIFTED
    assert found.drifted
    assert found.sentence.startswith("x drifted: adjusted Jensen-Shannon distance 0.2")
    assert "its median went from" in found.sentence


def test_a_wider_column_is_drifted_though_its_middle_stays(compare: Compare) -> None:
    assert one(compare({"x": normal(2_000)}, {"x": normal(2_000, spread=1.6, seed=1)})).drifted


def test_a_small_move_of_many_rows_is_significant_and_no_drift(compare: Compare) -> None:
    found = one(compare({"x": normal(100_000)}, {"x": normal(100_000, mean=0.05, seed=1)}))
    assert found.p_value is not None
    assert found.p_value < 1e-6
    assert found.shift is Shift.STABLE


def test_thirty_rows_are_too_few_to_call_a_column_stable(compare: Compare) -> None:
    found = one(compare({"x": normal(30)}, {"x": normal(30, seed=1)}))
    assert found.shift is Shift.INCONCLUSIVE
    assert not found.drifted
    assert "too few values to tell (30 and 30)" in found.sentence


def test_a_histogram_gives_what_all_values_give_within_its_bound(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(5)
    sides = [{"x": random.lognormal(0, 2, rows)} for rows in (30_000, 20_000)]
    monkeypatch.setattr(histogram, "EXACT", 100_000)
    exact = one(compare(*sides))
    monkeypatch.setattr(histogram, "EXACT", 100)
    found = one(compare(*sides))
    assert exact.ks_error_bound is None
    assert found.ks_error_bound is not None
    assert found.ks_error_bound < 0.005
    assert found.ks is not None
    assert found.ks == pytest.approx(exact.ks, abs=found.ks_error_bound)
    assert found.wasserstein == pytest.approx(exact.wasserstein, rel=0.01)
    assert found.wasserstein_error_bound is not None
    assert found.wasserstein == pytest.approx(exact.wasserstein, abs=found.wasserstein_error_bound)
    assert exact.psi_error_bound is None
    assert found.psi_error_bound is not None
    assert found.psi_error_bound < 0.05
    assert found.psi == pytest.approx(exact.psi, abs=found.psi_error_bound)
    assert found.wasserstein_normalised == pytest.approx(exact.wasserstein_normalised, rel=0.01)


def test_an_outlier_does_not_collapse_the_histogram(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histogram, "EXACT", 100)
    spoilt = np.r_[normal(20_000), 1e30, -1e300]
    found = one(compare({"x": spoilt}, {"x": normal(20_000, mean=1, seed=1)}))
    assert found.drifted
    assert found.ks_error_bound is not None
    assert found.ks_error_bound < 0.005
    assert found.ks == pytest.approx(0.383, abs=0.02)


def test_missing_values_have_a_size_a_test_and_a_limit_of_their_own(compare: Compare) -> None:
    some = [None if place % 5 == 0 else 1.0 for place in range(1_000)]
    found = one(compare({"x": pa.array([1.0] * 1_000)}, {"x": pa.array(some)}))
    assert found.missing is not None
    assert (found.missing.reference, found.missing.current) == (0, 200)
    assert found.missing.drifted
    assert found.drifted
    assert "missing values went from 0 % to 20 %" in found.sentence


def test_not_a_number_is_missing_and_infinity_is_not(compare: Compare) -> None:
    odd = np.array([float("nan")] * 100 + [float("inf")] * 300 + [0.0] * 600)
    found = one(compare({"x": np.zeros(1_000)}, {"x": odd}))
    assert found.missing is not None
    assert found.missing.current == 100
    assert found.current_rows == 900
    assert found.ks == pytest.approx(300 / 900)
    assert found.wasserstein is None
    assert found.drifted


def test_the_largest_and_smallest_doubles_are_compared(compare: Compare) -> None:
    before, after = [1e308, -1e308, 5e-324, 0.0] * 50, [1e308, 1e308, 5e-324, -0.0] * 50
    found = one(compare({"x": before}, {"x": after}))
    assert found.ks == pytest.approx(0.25)
    assert found.drifted


def test_integers_beyond_doubles_are_told_apart(compare: Compare) -> None:
    base = 2**62
    first, second = ([base + place % 4 for place in range(2_000)], [base + 4 + place % 4 for place in range(2_000)])
    found = one(compare({"x": pa.array(first, pa.int64())}, {"x": pa.array(second, pa.int64())}))
    assert found.ks == 1.0
    assert found.wasserstein == 4.0
    assert found.drifted


def test_the_largest_integers_are_read(compare: Compare) -> None:
    wide = [2**63 - 1, -(2**63), 0, 5] * 100
    assert one(compare({"x": pa.array(wide, pa.int64())}, {"x": pa.array(wide, pa.int64())})).ks == 0


def test_dates_are_compared_in_seconds(compare: Compare) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=place % 10) for place in range(1_000)]
    later = [day + dt.timedelta(days=3) for day in days]
    found = one(compare({"x": days}, {"x": later}))
    assert found.wasserstein == pytest.approx(3 * 86_400)
    assert found.drifted


def test_categories_that_are_new_or_gone_are_named_with_their_share(compare: Compare) -> None:
    before, after = ["größe", "b", "c", "c"] * 250, ["größe", "b", "日本", "日本"] * 250
    found = one(compare({"x": before}, {"x": after}))
    assert found.new.named == ("日本",)
    assert found.new.share == 0.5
    assert found.vanished.named == ("c",)
    assert found.categories == 4
    assert "1 new value in 50 % of the rows: 日本" in found.sentence


def test_truth_values_are_categories(compare: Compare) -> None:
    found = one(compare({"x": [True, False] * 500}, {"x": [True, True, True, False] * 250}))
    assert found.kind == "truth"
    assert found.drifted


def test_ten_thousand_categories_are_stable_when_they_are_and_drifted_when_they_are_not(compare: Compare) -> None:
    random = np.random.default_rng(2)
    sides = [random.integers(0, 10_000, 60_000) for _ in range(2)]
    before, after = ([f"c{value}" for value in side.tolist()] for side in sides)
    found = one(compare({"x": before}, {"x": after}))
    assert found.jensen_shannon is not None
    assert found.jensen_shannon > 0.2
    assert found.shift is Shift.STABLE
    assert len(found.bins) == 20
    assert one(compare({"x": before}, {"x": [f"c{value // 2}" for value in sides[1].tolist()]})).drifted


def test_ids_that_occur_once_are_not_called_anything(compare: Compare) -> None:
    found = one(compare({"x": [f"a{n}" for n in range(3_000)]}, {"x": [f"b{n}" for n in range(3_000)]}))
    assert found.shift is Shift.INCONCLUSIVE


def test_too_many_texts_are_counted_in_buckets(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST", 50)
    many = [f"c{place % 500}" for place in range(20_000)]
    found = one(compare({"x": many}, {"x": ["c1"] * 10_000 + many[:10_000]}))
    assert found.kind == "text in buckets"
    assert found.drifted
    few = one(compare({"x": many}, {"x": ["c1"] * 1_000}))
    assert few.kind == "text in buckets"
    assert few.drifted


def test_a_column_of_many_rows_whose_first_ones_have_too_many_texts_is_counted_in_buckets(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "MOST", 50)
    monkeypatch.setattr(texts, "FIRST", 100)
    many = [f"c{place % 400}" for place in range(2_000)]
    late = ["a"] * 1_900 + many[:100]
    found = one(compare({"x": many}, {"x": late}))
    assert found.kind == "text in buckets"
    assert found.drifted
    assert one(compare({"x": late}, {"x": late[::-1]})).shift is Shift.STABLE


def test_a_constant_column_is_stable_and_one_that_changes_its_constant_is_not(compare: Compare) -> None:
    assert one(compare({"x": [5.0] * 500}, {"x": [5.0] * 500})).shift is Shift.STABLE
    for other in (4.0, 6.0):
        assert one(compare({"x": [5.0] * 500}, {"x": [other] * 500})).drifted


def test_a_column_of_one_side_and_a_changed_type_are_said(compare: Compare) -> None:
    found = compare({"x": [1.0], "only": [1], "l": [[1]]}, {"x": ["a"], "l": [[1]], "late": [1]})
    problems = {column.name: column.problem for column in found.columns}
    assert problems["only"] == "the current rows have no such column."
    assert problems["late"] == "the reference has no such column."
    assert problems["x"] == "it was DOUBLE in the reference and is VARCHAR now."
    assert "neither a number, a text, a truth nor a date" in problems["l"]
    assert found.shift is Shift.UNUSABLE
    assert found.unusable == ("x", "only", "l", "late")


def test_one_row_and_only_missing_values_are_inconclusive(compare: Compare) -> None:
    assert one(compare({"x": [1.0]}, {"x": [2.0]})).shift is Shift.INCONCLUSIVE
    nothing = one(compare({"x": pa.array([None] * 2, pa.float64())}, {"x": [1.0] * 2}))
    assert nothing.shift is Shift.INCONCLUSIVE
    assert nothing.sentence.startswith("x has no values in the reference")


def test_a_misspelt_column_is_a_bad_request_that_names_what_is_near(compare: Compare) -> None:
    with pytest.raises(UserError, match="Did you mean income"):
        compare({"income": [1]}, {"income": [2]}, columns=("incme",))


@pytest.mark.full
def test_many_columns_are_corrected_for_their_number(compare: Compare) -> None:
    random = np.random.default_rng(7)
    sides = [{f"x{place}": random.normal(size=300) for place in range(20)} for _ in range(2)]
    found = compare(*sides)
    assert found.drifted == ()
    assert any(column.p_value is not None and column.p_value < 0.05 for column in found.columns)


def test_rows_in_another_order_and_more_threads_give_the_same_bytes(compare: Compare) -> None:
    random = np.random.default_rng(11)
    rows = 22_000
    sides = [
        {
            "x": random.lognormal(0, 2, rows),
            "t": random.choice(["a", "b", "ü"], rows),
            "s": random.random(rows),
            "y": random.integers(0, 2, rows),
        }
        for _ in range(2)
    ]
    order = random.permutation(rows)
    asked = {"score": "s", "label": "y"}
    first = compare(*sides, threads=1, **asked)
    again = compare(*({name: side[name][order] for name in side} for side in sides), threads=2, **asked)
    assert first.model_dump_json() == again.model_dump_json()


def test_columns_that_cannot_be_told_from_histograms_are_counted_value_by_value_or_said_to_be_open(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(3)
    sides = [{"x": 10 ** random.uniform(-300, 300, 1_000)} for _ in range(2)]
    exact = one(compare(*sides))
    monkeypatch.setattr(histogram, "EXACT", 0)
    sorted_ = one(compare(*sides))
    assert sorted_ == exact
    assert sorted_.shift is Shift.STABLE
    monkeypatch.setattr(histogram, "SORTED", 0)
    found = one(compare(*sides))
    assert found.shift is Shift.INCONCLUSIVE
    assert found.sentence.startswith("x has values too different in size to tell")


def test_a_column_without_values_and_type_is_said_to_be_one(compare: Compare) -> None:
    found = one(compare({"x": pa.nulls(3)}, {"x": pa.nulls(3)}))
    assert found.sentence == "x could not be compared: it has neither values nor a type."


def test_a_median_is_said_as_what_it_is(compare: Compare) -> None:
    january = pa.array([1_767_225_600 + hour * 3_600 for hour in range(600)], pa.timestamp("s"))
    june = pa.array([1_780_272_000 + hour * 3_600 for hour in range(600)], pa.timestamp("s"))
    moved = compare({"t": january, "x": np.ones(600)}, {"t": june, "x": np.full(600, -1e299)})
    time, huge = moved.columns
    assert "its median went from 2026-01-13 11:00 to 2026-06-13 11:00" in time.sentence
    assert "its median went from 1.000 to -1e+299" in huge.sentence


def test_columns_that_are_empty_on_both_sides_are_as_they_were_where_rows_are_enough(compare: Compare) -> None:
    empty = {"x": pa.array([None] * 2_000, pa.float64())}
    found = one(compare(empty, empty))
    assert (found.shift, found.sentence) == (Shift.STABLE, "x has no values on either side.")
    few = {"x": pa.array([None] * 5, pa.float64())}
    assert one(compare(few, few)).shift is Shift.INCONCLUSIVE
