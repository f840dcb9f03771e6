"""Are label metrics scikit-learn's, and their baselines its dummy's?"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn import metrics as sk
from sklearn.dummy import DummyClassifier

from gates.measure.labels.baseline import baseline_of
from gates.measure.labels.cells import Cells
from gates.measure.labels.mcnemar import mcnemar
from gates.measure.labels.tally import METRICS, tally

Rows = list[tuple[int, int, int]]
SCIKIT_LEARNS: dict[str, Callable[..., float]] = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "f1_macro": lambda *rows, **more: sk.f1_score(*rows, average="macro", zero_division=0, **more),
    "f1_micro": lambda *rows, **more: sk.f1_score(*rows, average="micro", zero_division=0, **more),
    "f1_weighted": lambda *rows, **more: sk.f1_score(*rows, average="weighted", zero_division=0, **more),
    "precision_macro": lambda *rows, **more: sk.precision_score(*rows, average="macro", zero_division=0, **more),
    "recall_macro": lambda *rows, **more: sk.recall_score(*rows, average="macro", zero_division=0, **more),
    "matthews_corrcoef": sk.matthews_corrcoef,
    "cohen_kappa": sk.cohen_kappa_score,
}
OF_TWO: dict[str, Callable[..., float]] = {
    "precision": sk.precision_score,
    "recall": lambda *rows, **more: sk.recall_score(*rows, zero_division=0, **more),
    "specificity": lambda *rows, **more: sk.recall_score(*rows, pos_label=0, zero_division=0, **more),
    "f1": lambda *rows, **more: sk.f1_score(*rows, zero_division=0, **more),
    "jaccard": lambda *rows, **more: sk.jaccard_score(*rows, zero_division=0, **more),
}


def cells_of(label: Sequence[int], said: Sequence[Sequence[int]], counts: Sequence[int], classes: int) -> Cells:
    """Return cells as a scan does, each combination once."""
    table, place = np.unique(np.column_stack([label, *said]), axis=0, return_inverse=True)
    weights = np.bincount(place.reshape(-1), weights=np.array(counts, dtype=np.float64)).astype(np.float64)
    columns = [table[:, at].astype(np.int64) for at in range(table.shape[1])]
    return Cells(label=columns[0], said=tuple(columns[1:]), counts=weights, classes=classes)


def value(name: str, cells: Cells, model: int = 0) -> float:
    return float(METRICS[name](tally(cells, model, cells.counts[None, :]))[0])


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 10**6)), min_size=2, max_size=25))
def test_metrics_of_several_classes_equal_scikit_learns(rows: Rows) -> None:
    label, said, counts = (list(column) for column in zip(*rows, strict=True))
    cells = cells_of(label, [said], counts, 5)
    for name, theirs in SCIKIT_LEARNS.items():
        expected = theirs(label, said, sample_weight=counts)
        if not (name == "cohen_kappa" and (np.isnan(expected) or len({*label, *said}) == 1)):
            assert value(name, cells) == pytest.approx(expected, rel=1e-9, abs=1e-12), name


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, 10**6)), min_size=2, max_size=8))
def test_metrics_of_two_classes_equal_scikit_learns(rows: Rows) -> None:
    label, said, counts = (list(column) for column in zip(*rows, strict=True))
    cells = cells_of(label, [said], counts, 2)
    for name, theirs in OF_TWO.items():
        if name == "precision" and 1 not in said:
            assert np.isnan(value(name, cells))
        else:
            expected = theirs(label, said, sample_weight=counts)
            assert value(name, cells) == pytest.approx(expected, rel=1e-9, abs=1e-12), name


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=30).filter(lambda label: len(set(label)) > 1))
def test_a_baseline_is_the_metric_of_scikit_learns_dummy(label: list[int]) -> None:
    truth = np.array(label)
    said = DummyClassifier(strategy="most_frequent").fit(truth[:, None], truth).predict(truth[:, None])
    for name, theirs in SCIKIT_LEARNS.items():
        baseline = baseline_of(name, np.bincount(truth).astype(np.float64))
        assert baseline == pytest.approx(theirs(truth, said), abs=1e-12), name


def test_f1_of_the_rarer_class_has_a_baseline_of_nothing() -> None:
    rare, often = np.array([9.0, 1.0]), np.array([1.0, 9.0])
    assert [baseline_of(name, rare) for name in ("f1", "jaccard", "recall", "precision")] == [0.0, 0.0, None, None]
    assert [baseline_of(name, often) for name in ("f1", "jaccard")] == [pytest.approx(18 / 19), 0.9]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_mcnemars_p_value_is_the_exact_binomials(won: int, lost: int) -> None:
    expected = binomtest(won, won + lost).pvalue if won + lost else 1.0
    assert mcnemar(won, lost) == pytest.approx(expected, rel=1e-9)
    assert mcnemar(won, lost) == mcnemar(lost, won)


@pytest.mark.parametrize(
    ("won", "lost"),
    [(0, 1), (0, 2000), (20_000, 1), (100_000, 101_500), (1_000_000, 1_003_000), (4_000_000, 4_000_000)],
)
def test_mcnemars_p_value_is_exact_for_millions_of_rows(won: int, lost: int) -> None:
    assert mcnemar(won, lost) == pytest.approx(binomtest(won, won + lost).pvalue, rel=1e-9)
