"""Do intervals hold what they say, on pairs of models whose true values are known?"""

from dataclasses import replace

import numpy as np
import pytest

from gates.measure.scores.estimating import of_sample
from tools.calibration.score_models import Model, Setting, drawn, values
from tools.calibration.scores import study

PAIR = Setting(
    said="worse", challenger=Model(strength=1.3), champion=Model(strength=1.5), n=600, prevalence=0.3, correlation=0.8
)


def test_true_values_are_those_of_a_very_large_sample() -> None:
    large = replace(PAIR, n=200_000, challenger=Model(strength=1.3, sureness=2.5))
    found = of_sample(drawn(large, np.random.default_rng(1)), PAIR.names)
    truth = values(large.challenger, large.prevalence)
    for name in PAIR.names:
        low, high = found[name].challenger_interval  # type: ignore[union-attr,misc] # so many rows have an interval
        assert low - 0.002 <= truth[name] <= high + 0.002, name


@pytest.mark.full
@pytest.mark.parametrize("cluster", [1, 10])
def test_intervals_cover_and_harm_does_not_pass(cluster: int) -> None:
    trials = 600
    for found in study(replace(PAIR, cluster=cluster), trials):
        covered, passed = found.share(found.covered), found.share(found.false_pass)
        assert covered is not None, found.name
        assert covered > 0.95 - 3 * 0.009, found.name
        assert passed is None or passed < 0.05 + 3 * 0.009, found.name


@pytest.mark.full
def test_equal_models_raise_few_alarms() -> None:
    for found in study(replace(PAIR, said="equal", challenger=PAIR.champion), 600):
        alarmed = found.share(found.false_alarm)
        assert alarmed is not None, found.name
        assert alarmed < 0.05 + 3 * 0.009, found.name


@pytest.mark.full
def test_few_large_losses_widen_intervals_and_do_not_leave_out_the_samples_that_have_them() -> None:
    strong = replace(PAIR, said="strong", challenger=Model(strength=3.0), champion=Model(strength=3.3), n=1000)
    for found in study(replace(strong, prevalence=0.2, cluster=10), 400):
        covered, passed = found.share(found.covered), found.share(found.false_pass)
        assert found.inconclusive == 0, found.name
        assert covered is not None, found.name
        assert covered > 0.95 - 3 * 0.011, found.name
        assert passed is None or passed < 0.05 + 3 * 0.011, found.name
