"""Are alarms as rare as they are said to be? A few trials of each setting; `make calibrate` runs them all."""

import pytest

from tools.calibration import drift, drift_of_answers

ALPHA = 0.05


@pytest.mark.full
def test_columns_that_did_not_move_are_hardly_ever_called_drifted_and_those_that_did_never_stable() -> None:
    found = list(drift.studies(quick=True))
    same = [study for study in found if study.false_alarm is not None]
    moved = [study for study in found if study.false_pass is not None]
    assert len(same) > 100
    assert sum(study.false_alarm or 0 for study in same) <= ALPHA * sum(study.trials for study in same)
    assert sum(study.false_pass or 0 for study in moved) <= 1
    assert sum(study.inconclusive for study in moved) < 0.2 * sum(study.trials for study in moved)


@pytest.mark.full
def test_answers_that_did_not_change_are_hardly_ever_said_to_have() -> None:
    found = [study for study in drift_of_answers.studies(quick=True) if study.false_alarm is not None]
    assert sum(study.false_alarm or 0 for study in found) <= 2 * ALPHA * sum(study.told for study in found)


@pytest.mark.full
def test_a_tiny_move_of_a_million_rows_is_no_drift_and_a_large_one_of_a_thousand_is() -> None:
    normal = drift.populations()[0]
    near = drift.false_alarms(normal, drift.NEAR, 1, trials=3, move=normal.small)
    far = drift.false_passes(normal, (1_000, 1_000), trials=5)
    assert near.false_alarm == 0
    assert (far.false_pass, far.inconclusive) == (0, 0)
