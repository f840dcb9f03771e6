"""Do the pictures' numbers say what scikit-learn and the rows themselves say?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.metrics import confusion_matrix, precision_recall_curve, roc_curve

from gates.answer_facts import Answers, Curve
from gates.measure.answers import MOST_CLASSES, answers
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Held
from gates.measure.scores import curves
from gates.measure.scores.estimating import EXACT_NUMBERS

SEEDS = some.integers(0, 2**32 - 1)


def looked(columns: dict[str, Any], *, threads: int = 2, **asked: Any) -> Answers:  # noqa: ANN401 - columns, and fields of Asked
    given_: dict[str, Any] = {
        "task": None,
        "positive": None,
        "label": "y",
        "challenger": Answer(prediction="new"),
        "champion": Answer(prediction="old"),
    }
    with opened(threads=threads) as engine:
        view = engine.view("rows", Held(name="rows", rows=pa.table(columns)))
        return answers(prepare(engine, view, Asked(**{**given_, **asked})))


def scored(seed: int, rows: int = 300) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    label = random.random(rows) < 0.3
    label[:2] = [True, False]
    scores = {
        who: np.round(np.clip(0.3 + 0.3 * label + random.normal(0, 0.2, rows), 0, 1), 2) for who in ("new", "old")
    }
    said = {who: (score > 0.5).astype(int) for who, score in scores.items()}
    return {"y": label.astype(int), **said, **{f"{who}_score": score for who, score in scores.items()}}


SCORES: dict[str, Any] = {
    "challenger": Answer(prediction="new", score="new_score"),
    "champion": Answer(prediction="old", score="old_score"),
}


@pytest.mark.full
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_matrices_are_scikit_learn_s_and_changes_are_counted(seed: int) -> None:
    rows = scored(seed)
    found = looked(rows, **SCORES).confusion
    assert found is not None
    assert found.matrix("challenger") == tuple(map(tuple, confusion_matrix(rows["y"], rows["new"]).tolist()))
    assert found.matrix("champion") == tuple(map(tuple, confusion_matrix(rows["y"], rows["old"]).tolist()))
    right, before = rows["new"] == rows["y"], rows["old"] == rows["y"]
    assert found.rows == len(rows["y"])
    assert found.changed == int((rows["new"] != rows["old"]).sum())
    assert (found.mended, found.broken) == (int((right & ~before).sum()), int((before & ~right).sum()))


@pytest.mark.full
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, binned=some.booleans())
def test_points_of_curves_are_points_of_scikit_learn_s(seed: int, binned: bool) -> None:  # noqa: FBT001 - hypothesis'
    rows = scored(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(curves.curves, "__kwdefaults__", {"exact_numbers": 0 if binned else 10**6})
        found: dict[tuple[str, str], Any] = {(one.kind, one.who): one.points for one in looked(rows, **SCORES).curves}
    for who, column in (("challenger", "new_score"), ("champion", "old_score")):
        false, true, _ = roc_curve(rows["y"], rows[column], drop_intermediate=False)
        _among(found["roc", who], false, true)
        precision, recall, _ = precision_recall_curve(rows["y"], rows[column])
        _among(found["precision_recall", who][1:], recall, precision)  # the first one goes straight to recall 0
        assert found["roc", who][0] == (0, 0)
        assert found["roc", who][-1] == (1, 1)
        assert found["precision_recall", who][-1] == pytest.approx((1, rows["y"].mean()))


def _among(points: tuple[tuple[float, float], ...], x: Any, y: Any) -> None:  # noqa: ANN401 - arrays
    there = np.column_stack([x, y])
    for point in points:
        assert np.abs(there - point).sum(axis=1).min() < 1e-9


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, digits=some.integers(1, 9), binned=some.booleans())
def test_what_is_told_of_a_curve_is_a_point_of_scikit_learn_s(seed: int, digits: int, binned: bool) -> None:  # noqa: FBT001 - hypothesis'
    rows = scored(seed, 400) if digits == 2 else finer(seed, digits)
    most = 0 if binned else EXACT_NUMBERS
    found: dict[tuple[str, str], dict[float, float]] = {
        (one.kind, one.who): dict(one.told) for one in drawn(rows, most)
    }
    for who, column in (("challenger", "new_score"), ("champion", "old_score")):
        wrong, right, _ = roc_curve(rows["y"], rows[column], drop_intermediate=False)
        told = {share: right[wrong <= share].max() for share in curves.SHARES}
        precision, recall, _ = precision_recall_curve(rows["y"], rows[column])
        reached = {share: precision[recall >= share][-1] for share in curves.RECALLS}
        if not binned:
            assert found["roc", who] == pytest.approx(told, rel=1e-9)
            assert found["precision_recall", who] == pytest.approx(reached, rel=1e-9)
        assert all(found["roc", who][share] <= told[share] * (1 + 1e-9) for share in told)


def finer(seed: int, digits: int) -> dict[str, Any]:
    """Return rows whose scores have so many digits, from one that nearly all share to none that two do."""
    random = np.random.default_rng(seed)
    label = np.r_[1, 0, random.random(398) < 0.3].astype(int)
    scores = {who: np.round(np.clip(0.2 * label + random.random(400), 0, 1), digits) for who in ("new", "old")}
    return {"y": label, **{f"{who}_score": score for who, score in scores.items()}, "new": label, "old": label}


def drawn(rows: dict[str, Any], most: int) -> tuple[Curve, ...]:
    """Return the curves; from bins where there are more scores than `most`."""
    with opened(threads=1) as engine:
        view = engine.view("rows", Held(name="rows", rows=pa.table(rows)))
        return curves.curves(prepare(engine, view, Asked(task=None, label="y", **SCORES)), exact_numbers=most)


def test_a_curve_keeps_few_points() -> None:
    random = np.random.default_rng(1)
    label = random.random(50_000) < 0.1
    rows = {"y": label.astype(int), "new": label.astype(int), "s": np.clip(label * 0.2 + random.random(50_000), 0, 1)}
    found = looked(rows, challenger=Answer(prediction="new", score="s"), champion=None)
    assert all(len(one.points) <= 2 * curves.STEPS + 4 for one in found.curves)
    assert [one.who for one in found.curves] == ["challenger", "challenger"]
    assert found.confusion is not None
    assert found.confusion.changed == 0


def test_the_order_of_rows_and_the_number_of_threads_change_nothing() -> None:
    rows = scored(3, 2_000)
    turned = {name: values[::-1] for name, values in rows.items()}
    assert looked(rows, threads=1, **SCORES) == looked(turned, threads=2, **SCORES)


def test_many_classes_are_no_matrix() -> None:
    names = np.array([f"c{place}" for place in range(MOST_CLASSES + 1)])
    many = looked({"y": names, "new": names, "old": names[::-1]}, task="multiclass-classification")
    assert many.confusion is None
    assert many.left_out == ("There are 21 classes, too many to show which is taken for which.",)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, ties=some.booleans())
def test_deciles_and_errors_are_those_of_the_rows(seed: int, ties: bool) -> None:  # noqa: FBT001 - hypothesis'
    random = np.random.default_rng(seed)
    label = random.lognormal(size=500) * 1e3
    label = np.round(label, -3) if ties else label
    rows = {"y": label, "new": label + random.normal(0, 50, 500), "old": label * 1.1}
    found = looked(rows, task="regression")
    assert sum(one.rows for one in found.deciles) == 500
    for one in found.deciles:
        here = (label >= one.low * (1 - 1e-11)) & (label <= one.high * (1 + 1e-11))
        assert one.rows == here.sum()
        assert one.challenger == pytest.approx(np.abs(rows["new"] - label)[here].mean(), rel=1e-9)
        assert one.champion_bias == pytest.approx((rows["old"] - label)[here].mean(), rel=1e-9, abs=1e-9)
    assert [sum(one.counts) for one in found.histograms] == [500, 500]


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, rows=some.sampled_from([1, 2, 7, 20, 21, 399]), digits=some.integers(0, 6))
def test_the_middle_nine_tenths_are_numpy_s_percentiles(seed: int, rows: int, digits: int) -> None:
    random = np.random.default_rng(seed)
    label, new, old = (np.round(random.standard_t(3, rows), digits) for _ in range(3))
    found = looked({"y": label, "new": new, "old": old}, task="regression").histograms
    for histogram, said in zip(found, (new, old), strict=True):
        assert histogram.middle == pytest.approx(np.percentile(said - label, [5, 95]), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("wild", [1e6, 1e300])
def test_one_wild_answer_neither_changes_what_is_said_of_the_other_model_nor_crushes_the_picture(wild: float) -> None:
    random = np.random.default_rng(5)
    label = random.normal(size=2_000)
    rows = {"y": label, "new": label + random.normal(size=2_000), "old": label + random.normal(size=2_000)}
    calm = looked(rows, task="regression").histograms
    upset = looked({**rows, "new": np.r_[wild, rows["new"][1:]]}, task="regression").histograms
    assert upset[1].middle == pytest.approx(calm[1].middle)
    assert upset[0].high == pytest.approx(calm[0].high, rel=0.05)
    assert upset[0].counts[-1] >= 1
    assert max(upset[1].counts) < 400


def test_where_nine_tenths_are_equal_the_others_are_still_apart() -> None:
    rows = {"old": [0.5] * 100, "new": [0.5] * 99 + [0.9]}
    (histogram,) = looked(rows, task="item-scores", label=None).histograms
    assert histogram.middle == (0.0, 0.0)
    assert (histogram.counts[20], histogram.counts[-1]) == (99, 1)


def test_items_are_counted_by_how_they_change() -> None:
    rows = {"new": [0.5, 0.9, 0.2, 0.7], "old": [0.5, 0.8, 0.4, 0.1]}
    found = looked(rows, task="item-scores", label=None)
    assert found.changes is not None
    assert found.changes.model_dump() == {"better": 2, "worse": 1, "same": 1}
    (histogram,) = found.histograms
    assert (sum(histogram.counts), histogram.counts[len(histogram.counts) // 2]) == (4, 1)
    assert looked(rows, task="item-scores", label=None, champion=None).changes is None


def test_equal_answers_are_one_bar_and_infinite_ones_are_said() -> None:
    same = looked({"y": [1.0, 2.0], "new": [1.0, 2.0], "old": [1.0, 2.0]}, task="regression")
    assert [one.counts[len(one.counts) // 2] for one in same.histograms] == [2, 2]
    assert same.deciles == ()
    huge = looked({"new": [1e308, 1.0], "old": [-1e308, 1.0]}, task="item-scores", label=None)
    assert sum(huge.histograms[0].counts) == 2
