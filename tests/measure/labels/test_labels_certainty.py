"""Are intervals of label metrics as wide as they must be, and the same whoever asks?"""

import math

import numpy as np
import pytest

from gates.measure.certainty import Floats
from gates.measure.estimated import Estimated
from gates.measure.intervals import wilson
from gates.measure.labels.cells import Cells
from gates.measure.labels.clusters import Design
from gates.measure.labels.estimates import NAMES, Counted
from gates.measure.labels.influence import influence
from gates.measure.labels.posterior import draws_for
from gates.measure.labels.tally import METRICS, tally

BINARY = [(label, said, other) for label in (0, 1) for said in (0, 1) for other in (0, 1)]


def counted(counts: list[int], *, classes: int = 2, seed: int = 0) -> Counted:
    """Return rows of a binary task: (label, challenger, champion) from 000 to 111, each so many times."""
    rows = np.array([row for row, count in zip(BINARY, counts, strict=True) if count], dtype=np.int64)
    cells = Cells(
        label=rows[:, 0],
        said=(rows[:, 1], rows[:, 2]),
        counts=np.array([float(count) for count in counts if count]),
        classes=classes,
    )
    return Counted(cells=cells, classes=("no", "yes"), clusters=None, designs={}, seed=seed)


def estimate(name: str, of: Counted) -> Estimated:
    found = of.estimate(name)
    assert not isinstance(found, str), found
    return found


PLAIN = counted([400, 20, 30, 50, 60, 40, 20, 380])


@pytest.mark.parametrize("name", NAMES)
def test_an_interval_holds_the_estimate_and_is_about_as_wide_as_its_influence_says(name: str) -> None:
    found = estimate(name, PLAIN)
    assert found.challenger_interval is not None
    assert found.champion_interval is not None
    assert found.champion is not None
    assert found.difference is not None
    low, high = found.difference.interval()
    gap = found.challenger - found.champion
    spread = math.sqrt(float((PLAIN.cells.counts * influence(name, PLAIN.cells) ** 2).sum())) / PLAIN.cells.total
    assert low < gap < high
    assert high - low == pytest.approx(2 * 1.96 * spread, rel=0.12)
    assert found.standard_error == pytest.approx(spread, rel=0.12)
    assert found.challenger_interval[0] < found.challenger < found.challenger_interval[1]
    assert found.champion_interval[0] < found.champion < found.champion_interval[1]


@pytest.mark.parametrize("name", NAMES)
def test_influence_is_the_derivative_of_the_metric(name: str) -> None:
    slopes, step = influence(name, PLAIN.cells), 1e-4
    for cell in range(len(slopes)):
        more = PLAIN.cells.counts.copy()
        more[cell] += step
        moved = gap(name, PLAIN.cells, more) - gap(name, PLAIN.cells, PLAIN.cells.counts)
        assert slopes[cell] == pytest.approx(PLAIN.cells.total * moved / step, rel=1e-3, abs=1e-4)
    assert float((PLAIN.cells.counts * slopes).sum()) == pytest.approx(0, abs=1e-4)


def gap(name: str, cells: Cells, counts: Floats) -> float:
    first, second = (float(METRICS[name](tally(cells, model, counts[None, :]))[0]) for model in (0, 1))
    return first - second


def test_models_that_never_differ_could_still_differ_as_the_rule_of_three_says() -> None:
    found = estimate("accuracy", counted([500, 0, 0, 0, 0, 0, 0, 500]))
    assert found.difference is not None
    assert (found.challenger, found.champion) == (1.0, 1.0)
    assert found.difference.lower(0.05) == pytest.approx(math.log(0.05) / 1000, rel=0.06)
    assert found.difference.upper(0.05) == pytest.approx(-math.log(0.05) / 1000, rel=0.06)
    assert found.p_value == 1.0


def test_a_model_that_is_never_wrong_is_not_sure_to_be_perfect() -> None:
    found = estimate("balanced_accuracy", counted([500, 0, 0, 0, 0, 0, 0, 50]))
    assert found.challenger_interval is not None
    assert 0.9 < found.challenger_interval[0] < 0.99
    assert found.challenger_interval[1] == 1.0


def test_more_rows_lost_never_raise_the_lower_bound() -> None:
    bounds = []
    for lost in (0, 1, 2, 5, 10, 20):
        found = estimate("f1", counted([400, 0, 0, 40, 40, lost, 10, 160])).difference
        assert found is not None
        bounds.append(found.lower(0.05))
    assert bounds == sorted(bounds, reverse=True)


def test_rates_of_one_model_have_the_score_interval() -> None:
    found = estimate("recall", PLAIN)
    assert found.challenger_interval == wilson(400, 500)
    jaccard, f1 = estimate("jaccard", PLAIN).challenger_interval, estimate("f1", PLAIN).challenger_interval
    assert jaccard is not None
    assert f1 == tuple(2 * bound / (1 + bound) for bound in jaccard)


@pytest.mark.parametrize(
    ("name", "counts", "told"),
    [
        ("f1", [500, 0, 0, 0, 2, 0, 0, 5], "7 rows of class yes; intervals of f1 hold from 20 on, as about 1,449 rows"),
        ("specificity", [5, 0, 0, 0, 2, 0, 0, 500], "5 rows of class no; intervals of specificity hold from "),
        ("matthews_corrcoef", [5, 0, 0, 0, 2, 0, 0, 500], "5 rows of class no; intervals of matthews_corrcoef hold"),
        ("precision", [500, 3, 0, 0, 60, 0, 0, 5], "5 rows that the challenger predicts to be yes; intervals of prec"),
        ("accuracy", [5, 0, 0, 0, 2, 0, 0, 10], "17 rows; intervals of accuracy hold from "),
    ],
)
def test_too_few_rows_have_values_and_no_intervals(name: str, counts: list[int], told: str) -> None:
    found = estimate(name, counted(counts))
    assert found.too_few.startswith(told)
    assert (found.difference, found.challenger_interval, found.champion_interval) == (None, None, None)
    assert 0 <= found.challenger <= 1


def test_what_is_not_defined_is_told() -> None:
    assert counted([400, 0, 0, 0, 90, 10, 0, 0]).estimate("precision") == (
        "the challenger never predicts yes, so precision is not defined."
    )
    assert counted([400, 0, 0, 0, 0, 0, 0, 0]).estimate("cohen_kappa") == (
        "the challenger says one class only, as the label does, so cohen_kappa is not defined."
    )


def test_clusters_widen_every_interval() -> None:
    designs = {key: Design(factor=2.0, degrees=60.0) for name in NAMES for key in (name, f"{name} 0", f"{name} 1")}
    wide = Counted(cells=PLAIN.cells, classes=PLAIN.classes, clusters=61, designs=designs, seed=0)
    for name in NAMES:
        one, other = estimate(name, PLAIN), estimate(name, wide)
        assert one.difference is not None
        assert other.difference is not None
        width = other.difference.upper(0.025) - other.difference.lower(0.025)
        alone = one.difference.upper(0.025) - one.difference.lower(0.025)
        assert width == pytest.approx(2 * 2.0003 / 1.96 * alone, rel=1e-3)
        assert one.challenger_interval is not None
        assert other.challenger_interval is not None
        assert other.challenger_interval[0] < one.challenger_interval[0]
    assert estimate("accuracy", wide).p_value is None


def test_a_seed_names_the_draws() -> None:
    first, again, other = (estimate("f1", counted([400, 20, 30, 50, 60, 40, 20, 380], seed=s)) for s in (1, 1, 2))
    assert first == again
    assert first.difference != other.difference


def test_fewer_draws_are_made_of_many_cells() -> None:
    assert [draws_for(cells) for cells in (0, 8, 400, 10**6)] == [4000, 4000, 2500, 2000]


@pytest.mark.parametrize(("negatives", "positives"), [(369, 431), (400, 400), (7, 793), (123, 678)])
def test_one_answer_for_all_rows_is_no_correlation_and_no_warning(negatives: int, positives: int) -> None:
    same = counted([0, 0, 0, negatives, 0, 0, 0, positives])
    assert same.estimate("matthews_corrcoef") is not None
