"""Are ranking metrics scikit-learn's, and does each row's weight say what the row does to them?"""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sklearn import metrics as sk

from gates.measure.scores.exact import ladder
from gates.measure.scores.ladder import Ladder, average_precision, roc_auc

SCORES = st.sampled_from([0.0, 1e-300, 0.1, 0.25, 0.5, 0.5000000001, 0.75, 0.999, 1.0, 1e9, -3.0])
ROWS = st.lists(st.tuples(st.booleans(), SCORES), min_size=2, max_size=60).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


def of(labels: np.ndarray, scores: np.ndarray) -> tuple[Ladder, np.ndarray]:
    steps = np.unique(scores, return_inverse=True)[1]
    return ladder(labels, steps), steps


@examples(max_examples=25)
@given(ROWS)
def test_areas_are_scikit_learns_with_ties_and_extreme_scores(rows: list[tuple[bool, float]]) -> None:
    labels, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    steps, _ = of(labels, scores)
    assert roc_auc(steps).value == pytest.approx(sk.roc_auc_score(labels, scores), rel=1e-9, abs=1e-12)
    assert average_precision(steps).value == pytest.approx(sk.average_precision_score(labels, scores), rel=1e-9)
    assert (roc_auc(steps).bound, average_precision(steps).bound) == (0.0, 0.0)


@examples(max_examples=15)
@given(ROWS)
def test_weights_of_all_rows_sum_to_zero(rows: list[tuple[bool, float]]) -> None:
    labels, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    steps, places = of(labels, scores)
    for metric in (roc_auc, average_precision):
        assert metric(steps).weights[labels.astype(int), places].sum() == pytest.approx(0, abs=1e-12)


@examples(max_examples=15)
@given(ROWS, st.integers(0, 59))
def test_a_rows_weight_is_the_derivative_of_the_metric(rows: list[tuple[bool, float]], which: int) -> None:
    labels, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    steps, places = of(labels, scores)
    row, step = which % len(rows), 1e-6
    once = np.ones(len(rows))
    more, less = once.copy(), once.copy()
    more[row] += step
    less[row] -= step
    pairs = ((roc_auc, sk.roc_auc_score), (average_precision, sk.average_precision_score))
    for metric, oracle in pairs:
        slope = (oracle(labels, scores, sample_weight=more) - oracle(labels, scores, sample_weight=less)) / (2 * step)
        assert metric(steps).weights[int(labels[row]), places[row]] == pytest.approx(slope, abs=1e-6)


@examples(max_examples=25)
@given(ROWS, st.integers(1, 6))
@example([(False, 0.0), (True, 0.1), (True, 0.1), (False, 0.2)], 2)  # tied positives: more than in any order
def test_the_bound_holds_whatever_the_order_within_a_bin(rows: list[tuple[bool, float]], width: int) -> None:
    labels, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    fine, places = of(labels, scores)
    bins = places // width
    several = np.array([len(set(places[bins == one])) > 1 for one in range(bins.max() + 1)])
    coarse = ladder(labels, bins)
    mixed = Ladder(positives=coarse.positives, negatives=coarse.negatives, mixed=several)
    for metric in (roc_auc, average_precision):
        exact, found = metric(fine).value, metric(mixed)
        assert abs(found.value - exact) <= found.bound + 1e-12


def test_delongs_variance_is_that_of_its_definition() -> None:
    """Pairs counted one by one (DeLong et al. 1988, equations 4 to 6)."""
    random = np.random.default_rng(5)
    labels, scores = random.random(80) < 0.4, np.round(random.random(80), 1)
    wins = (scores[labels][:, None] > scores[~labels]) + 0.5 * (scores[labels][:, None] == scores[~labels])
    steps, places = of(labels, scores)
    weights = roc_auc(steps).weights[labels.astype(int), places]
    assert (weights[labels] ** 2).sum() == pytest.approx(wins.mean(axis=1).var() / labels.sum())
    assert (weights[~labels] ** 2).sum() == pytest.approx(wins.mean(axis=0).var() / (~labels).sum())


@pytest.mark.full
def test_average_precisions_error_is_that_of_a_large_bootstrap() -> None:
    random = np.random.default_rng(6)
    signal = random.normal(size=3000) - 1
    labels = random.random(3000) < 1 / (1 + np.exp(-signal))
    scores = signal + random.normal(size=3000)
    steps, places = of(labels, scores)
    weights = average_precision(steps).weights[labels.astype(int), places]
    drawn = [random.integers(0, 3000, 3000) for _ in range(4000)]
    bootstrap = np.std([sk.average_precision_score(labels[rows], scores[rows]) for rows in drawn])
    assert np.sqrt((weights**2).sum()) == pytest.approx(bootstrap, rel=0.05)
