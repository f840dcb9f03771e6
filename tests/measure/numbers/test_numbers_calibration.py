"""Do the simulations of numbers measure what production measures, and find that its intervals hold?"""

import numpy as np
import pytest

from gates.measure.numbers.bounds import quantiles
from tests.measure.numbers.number_rows import known
from tools.calibration.medians import difference, medians
from tools.calibration.numbers import Population, populations, simulated, studies
from tools.calibration.study import Study


def held(study: Study, slack: float = 4.0) -> bool:
    """Is coverage, and is the share of false claims, as stated, but for chance?"""
    covered, *claims = (study.share(count) for count in (study.covered, study.false_pass, study.false_alarm))
    errors = [study.error(count) or 0.0 for count in (study.covered, study.false_pass, study.false_alarm)]
    return (covered is None or covered >= 0.935 - slack * errors[0]) and all(
        claim is None or claim <= 0.05 + slack * error for claim, error in zip(claims, errors[1:], strict=True)
    )


def some(word: str) -> Population:
    return next(one for one in populations() if word in one.setting)


@pytest.mark.parametrize("word", ["sigma 1.5, the challenger", "0.5 % of the rows", "lasting errors"])
def test_intervals_hold_where_few_units_decide(word: str) -> None:
    population = some(word)
    assert held(simulated(population, population.sizes[0], 200, np.random.default_rng(5)))


def test_a_simulated_median_is_productions() -> None:
    label, ours, theirs = np.random.default_rng(3).normal(size=(3, 301))
    found = known({"label": label, "challenger": label + ours, "champion": label + theirs}, "median_absolute_error")
    value, spread = difference(np.abs(np.stack([label + ours - label, label + theirs - label])))
    low, high = quantiles(value, spread, (0.025, 0.975))
    assert found.difference is not None
    assert found.difference.interval() == pytest.approx((low, high), rel=1e-9)


def test_medians_are_simulated_of_equal_and_of_worse_models() -> None:
    assert [(study.false_pass is None, study.told) for study in medians(quick=True)] == [(False, 50), (True, 50)]


@pytest.mark.full
def test_all_intervals_of_numbers_hold() -> None:
    assert [study for study in studies(quick=True) if not held(study)] == []
