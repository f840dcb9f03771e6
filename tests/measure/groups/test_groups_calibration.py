"""Do the simulations of groups find that intervals hold?"""

import pytest

from tools.calibration.groups import _rates, studies
from tools.calibration.study import Study


def held(study: Study, least: float = 0.935) -> bool:
    """Is coverage, and is the share of false claims, as stated, but for chance?"""
    covered, passed, alarmed = (study.share(count) for count in (study.covered, study.false_pass, study.false_alarm))
    slack = 4 * (study.error(study.covered) or 0.0)
    return (covered is None or covered >= least - slack) and all(
        claim is None or claim <= 0.065 + slack for claim in (passed, alarmed)
    )


def test_intervals_of_a_small_group_hold_near_0() -> None:
    found = list(_rates(50, 0.05, 2_000))
    assert [study.inconclusive for study in found] == [0, 0, 0]
    assert all(held(study) for study in found)


def test_below_the_calibrated_count_there_is_no_interval_at_all() -> None:
    assert {study.inconclusive for study in _rates(20, 0.2, 50)} == {50}


@pytest.mark.full
def test_all_intervals_of_groups_hold() -> None:
    assert [study for study in studies(quick=False) if not held(study)] == []
