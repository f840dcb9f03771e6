"""Several labels of one row are measured as scikit-learn measures indicator matrices."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import sklearn.metrics as sk
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import MultiLabelBinarizer

from gates.measure.estimated import Estimated
from gates.measure.tagged import NAMES
from gates.measure.unusable import UnusableError
from tests.measure.tagged.set_rows import LABELS, Lists, measured, prepared, texts, values

NAMED = ("f1_micro", "f1_macro", "f1_samples", "jaccard_samples", "subset_accuracy", "hamming_loss")
SETS = st.lists(st.sampled_from(["a", "b", "it's", "é, ü", ""]), max_size=6)
ROWS = st.lists(st.tuples(SETS, SETS, SETS), min_size=1, max_size=30).filter(
    lambda rows: any(row[0] for row in rows) and any(row[1] for row in rows) and any(row[2] for row in rows)
)


def table(rows: list[tuple[list[str], list[str], list[str]]]) -> dict[str, Any]:
    label, challenger, champion = zip(*rows, strict=True)
    return {"label": texts(label), "challenger": texts(challenger), "champion": texts(champion)}


def by_scikit_learn(label: Lists, answer: Lists, classes: list[str]) -> dict[str, float]:
    binarizer = MultiLabelBinarizer(classes=classes)
    true, told = binarizer.fit_transform(label), binarizer.transform(answer)
    return {
        "f1_micro": sk.f1_score(true, told, average="micro", zero_division=0),
        "f1_macro": sk.f1_score(true, told, average="macro", zero_division=0),
        "f1_samples": sk.f1_score(true, told, average="samples", zero_division=0),
        "jaccard_samples": sk.jaccard_score(true, told, average="samples", zero_division=0),
        "subset_accuracy": sk.accuracy_score(true, told),
        "hamming_loss": sk.hamming_loss(true, told),
    }


def compared_with_scikit_learn(rows: list[tuple[list[str], list[str], list[str]]]) -> None:
    label, challenger, champion = zip(*rows, strict=True)
    classes = sorted({tag for some in (label, challenger, champion) for row in some for tag in row})
    assume(len(classes) > 1)  # scikit-learn takes one column for a binary task
    found = values(measured(LABELS, table(rows), *NAMED))
    first, second = (by_scikit_learn(label, some, classes) for some in (challenger, champion))
    for name in NAMED:
        assert found[name] == pytest.approx((first[name], second[name]), rel=1e-9, abs=1e-12)


@settings(max_examples=2, deadline=None)
@given(rows=ROWS)
def test_values_of_sets_are_those_of_scikit_learn(rows: list[tuple[list[str], list[str], list[str]]]) -> None:
    compared_with_scikit_learn(rows)


@pytest.mark.full
@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_values_of_many_sets_are_those_of_scikit_learn(rows: list[tuple[list[str], list[str], list[str]]]) -> None:
    compared_with_scikit_learn(rows)


def example(count: int = 400, seed: int = 1) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """Return rows of four labels, and their indicator matrices."""
    rng = np.random.default_rng(seed)
    true = rng.random((count, 4)) < [0.5, 0.4, 0.3, 0.1]
    told = {who: true ^ (rng.random((count, 4)) < flip) for who, flip in (("challenger", 0.1), ("champion", 0.12))}
    matrices = {"label": true, **told}
    names = np.array(["a", "b", "c", "d"])
    return {who: texts([list(names[row]) for row in of]) for who, of in matrices.items()}, matrices


def test_the_error_of_the_macro_f1_is_that_of_leaving_out_one_row_after_another() -> None:
    rows, matrices = example()
    found = measured(LABELS, rows, "f1_macro")["f1_macro"]
    assert isinstance(found, Estimated)
    true = matrices["label"]
    without = []
    for left in range(400):
        kept = np.arange(400) != left
        first, second = (
            (2 * (true & matrices[who])[kept].sum(0) / (true[kept].sum(0) + matrices[who][kept].sum(0))).mean()
            for who in ("challenger", "champion")
        )
        without.append(first - second)
    jackknife = math.sqrt(399 / 400 * ((np.array(without) - np.mean(without)) ** 2).sum())
    assert found.standard_error == pytest.approx(jackknife, rel=0.01)


def test_a_rare_label_has_no_f1_that_could_be_sure() -> None:
    rows, _ = example()
    rows["label"] = texts([[*row, "rare"] if at == 0 else row for at, row in enumerate(rows["label"].to_pylist())])
    found = measured(LABELS, rows, "f1_macro", "f1_micro")
    assert isinstance(found["f1_macro"], Estimated)
    assert found["f1_macro"].too_few.startswith("the label 'rare' is true or told 1 times")
    assert found["f1_macro"].difference is None
    assert isinstance(found["f1_micro"], Estimated)
    assert found["f1_micro"].difference is not None


def test_texts_with_a_separator_are_lists_too() -> None:
    rows, _ = example(50)
    plain = {who: [" ; ".join(row) for row in column.to_pylist()] for who, column in rows.items()}
    assert values(measured(LABELS, plain, "subset_accuracy")) == values(measured(LABELS, rows, "subset_accuracy"))
    with prepared(LABELS, plain) as found:
        assert found.notes == ("Texts are lists separated by ';'.",)
    with prepared(LABELS, plain, separator=";") as found:
        assert found.notes == ()


def test_whole_numbers_are_labels_too_and_said_twice_counts_once() -> None:
    rows = {"label": [[1, 2], [3], []], "challenger": [[2, 1, 1], [2], []], "champion": [[1], [3], []]}
    found = values(measured(LABELS, rows, "subset_accuracy", "f1_micro"))
    assert found["subset_accuracy"] == pytest.approx((1 / 3 + 1 / 3, 1 / 3 + 1 / 3))
    assert found["f1_micro"] == pytest.approx((2 / 3, 0.8))


def test_rows_without_a_label_are_left_out_and_counted() -> None:
    rows = {"label": [["a"], None, ["b"]], "challenger": [["a"], ["a"], ["b"]]}
    with prepared(LABELS, rows) as found:
        assert (found.count, found.left_out[0].rows) == (2, 1)


def test_clusters_of_rows_are_the_units() -> None:
    rows, _ = example(400)
    found = measured(LABELS, {**rows, "cluster": np.arange(400) // 4}, "f1_micro")["f1_micro"]
    assert isinstance(found, Estimated)
    assert found.effective <= 100
    assert "clusters" in found.method


def test_the_hamming_loss_is_compared_with_always_telling_the_frequent_labels() -> None:
    rows, matrices = example()
    share = matrices["label"].mean(0)
    found = measured(LABELS, rows, "hamming_loss")["hamming_loss"]
    assert isinstance(found, Estimated)
    assert found.baseline == pytest.approx(np.minimum(share, 1 - share).mean(), rel=1e-9)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"label": [["a"], ["a"]], "challenger": [None, ["a"]]}, "the challenger gave no answer for 1 labelled row."),
        ({"label": [["a"]], "challenger": pa.nulls(1)}, "the challenger .challenger. has no value in any row."),
        ({"label": [["a", None]], "challenger": [["a"]]}, "the label has missing elements in the lists of 1 row."),
        ({"label": [1.5], "challenger": [["a"]]}, "neither lists nor texts"),
        ({"label": pa.nulls(1, pa.list_(pa.string())), "challenger": [["a"]]}, "no row has a label."),
    ],
)
def test_lists_that_cannot_be_compared_are_refused(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(UnusableError, match=said), prepared(LABELS, columns):
        pass


def test_nothing_true_and_nothing_told_is_a_sentence() -> None:
    found = measured(LABELS, {"label": texts([[], []]), "challenger": texts([[], []])}, *NAMED, "entity_f1")
    assert found["f1_micro"] == "nothing is in the labels and nothing is told."
    assert found["f1_macro"] == found["hamming_loss"] == "no row has a label, and none is told."
    assert found["entity_f1"] == f"it is no metric of {LABELS}."


def test_order_and_threads_change_no_bit_of_sets() -> None:
    rows, _ = example(500)
    order = np.random.default_rng(2).permutation(500)
    shuffled = {who: column.take(order) for who, column in rows.items()}
    assert set(NAMED) < NAMES
    names = ("f1_macro", "f1_micro")
    assert measured(LABELS, rows, *names, threads=2) == measured(LABELS, shuffled, *names, threads=1)
