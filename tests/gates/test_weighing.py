"""Do measured files pass, fail or leave it open as a promotion would, where nobody wrote a policy?"""

import pytest

from gates.confidence import SCORES, Confidence
from gates.evidence import GroupMetric, MetricComparison
from gates.outcome import Outcome
from gates.weighing import Weighed, weigh, weigh_groups


def normal(value: float, spread: float) -> Confidence:
    return Confidence(quantiles=tuple(value + spread * score for score in SCORES))


def metric(name: str, difference: float, spread: float = 0.002, **more: object) -> MetricComparison:
    known: dict[str, object] = {
        "metric": name,
        "challenger": 0.8 + difference,
        "champion": 0.8,
        "difference": difference,
        "confidence": normal(difference, spread),
        "rows": 900,
    }
    return MetricComparison.model_validate(known | more)


def group(name: str, change: float | None, *, reference: bool = False, **more: object) -> GroupMetric:
    known: dict[str, object] = {
        "feature": "race",
        "group": name,
        "metric": "accuracy",
        "rows": 200,
        "challenger": 0.8,
        "reference": reference,
        "change": change,
        "change_confidence": None if change is None else normal(change, 0.002),
    }
    return GroupMetric.model_validate(known | more)


MARGINS = {"accuracy": 0.01, "roc_auc": 0.01, "log_loss": 0.01}


def weighed(*metrics: MetricComparison, groups: tuple[GroupMetric, ...] = ()) -> Weighed:
    return weigh(metrics, groups, margins=MARGINS, required=("accuracy",))


def test_what_is_required_decides_and_harm_elsewhere_warns() -> None:
    assert weighed(metric("accuracy", 0.0)).outcome is Outcome.PASS
    assert weighed(metric("accuracy", -0.05)).outcome is Outcome.FAIL
    assert weighed(metric("accuracy", -0.009)).outcome is Outcome.INCONCLUSIVE
    assert weighed(metric("accuracy", 0.0), metric("roc_auc", -0.05)).outcome is Outcome.WARN
    assert weighed(metric("accuracy", 0.0), metric("roc_auc", -0.009)).outcome is Outcome.PASS
    assert weighed(metric("accuracy", -0.05), metric("roc_auc", -0.05)).outcome is Outcome.FAIL


def test_nothing_to_decide_by_is_an_error_and_so_is_what_could_not_be_measured() -> None:
    assert weigh((), (), margins={}, required=()).outcome is Outcome.ERROR
    found = weighed(metric("accuracy", 0.0, challenger=None, problem="one class only."))
    assert (found.outcome, found.metrics["accuracy"].sentence) == (
        Outcome.ERROR,
        "accuracy could not be measured: one class only.",
    )


def test_scores_that_were_named_and_cannot_be_used_are_an_error_whatever_the_rest_says() -> None:
    for difference in (0.0, -0.05):
        measured = (metric("accuracy", difference),)
        found = weigh(measured, (), margins=MARGINS, required=("accuracy",), unusable=("no probabilities.",))
        assert found.outcome is Outcome.ERROR


def test_a_metric_without_a_margin_is_not_judged() -> None:
    assert list(weighed(metric("accuracy", 0.0), metric("f1", -0.5)).metrics) == ["accuracy"]


def test_without_a_champion_a_trivial_model_is_the_measure() -> None:
    alone = {"champion": None, "difference": None, "confidence": None, "baseline": 0.5}
    better = metric("accuracy", 0.0, challenger_low=0.75, challenger_high=0.85).model_copy(update=alone)
    assert weighed(better).outcome is Outcome.PASS
    assert "of a trivial model" in weighed(better).metrics["accuracy"].sentence


def test_each_group_must_be_no_worse_and_is_named() -> None:
    groups = (group("white", 0.0, reference=True), group("black", -0.05))
    found = weighed(metric("accuracy", 0.01), groups=groups)
    assert found.outcome is Outcome.FAIL
    assert found.groups["race", "white", "accuracy"].outcome is Outcome.PASS
    assert found.groups["race", "black", "accuracy"].sentence.startswith(
        "accuracy of race=black is +0.050 worse than under the champion"
    )


def test_harm_is_corrected_for_all_that_is_required_and_not_for_the_rest() -> None:
    doubtful = -0.01 + 0.002 * -1.8  # p 0.036 by itself
    assert weighed(metric("accuracy", doubtful)).outcome is Outcome.FAIL
    groups = (group("white", 0.0), group("black", 0.0))
    assert weighed(metric("accuracy", doubtful), groups=groups).outcome is Outcome.INCONCLUSIVE
    told = weighed(metric("accuracy", doubtful), metric("roc_auc", 0.0), metric("log_loss", 0.0))
    assert told.outcome is Outcome.FAIL


def test_a_small_group_is_inconclusive_and_one_without_values_an_error() -> None:
    small = group("black", None, too_few="9 rows; intervals of accuracy hold from 30 on.")
    found = weighed(metric("accuracy", 0.01), groups=(small, group("white", 0.0)))
    assert found.outcome is Outcome.INCONCLUSIVE
    sentence = "accuracy of race=black: not enough data to tell: 9 rows; intervals of accuracy hold from 30 on."
    assert found.groups["race", "black", "accuracy"].sentence == sentence
    unknown = group("black", None)
    assert "there are 200 rows that it counts." in (
        weighed(metric("accuracy", 0.01), groups=(unknown,)).groups["race", "black", "accuracy"].sentence
    )
    gone = group("", None, challenger=None, problem="race has 400 different values.")
    found = weighed(metric("accuracy", 0.01), groups=(gone,))
    assert found.outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("apart", "lower", "outcome"),
    [
        (-0.02, False, Outcome.PASS),
        (-0.2, False, Outcome.FAIL),
        (-0.098, False, Outcome.INCONCLUSIVE),
        (0.2, False, Outcome.PASS),
        (0.2, True, Outcome.FAIL),
        (-0.2, True, Outcome.PASS),
    ],
)
def test_a_group_is_held_against_the_largest_one(apart: float, lower: bool, outcome: Outcome) -> None:  # noqa: FBT001 - a case
    groups = (
        group("white", None, reference=True),
        group("black", None, challenger=0.8 + apart, difference=apart, confidence=normal(apart, 0.005)),
    )
    names = frozenset({"accuracy"})
    found = weigh_groups(groups, limit=0.1, lower=names if lower else frozenset(), names=names)
    assert {key: one.outcome for key, one in found.items()} == {("race", "black", "accuracy"): outcome}
    assert weigh_groups(groups, limit=0.1, lower=frozenset(), names=()) == {}


def test_a_group_that_cannot_be_held_against_anything_does_not_pass() -> None:
    names = ("accuracy",)
    lonely = group("black", None, difference=0.0, confidence=normal(0.0, 0.01))
    found = weigh_groups((lonely,), limit=0.1, lower=frozenset(), names=names)
    assert found["race", "black", "accuracy"].outcome is Outcome.INCONCLUSIVE
    broken = group("", None, challenger=None, problem="no such column.")
    found = weigh_groups((broken,), limit=0.1, lower=frozenset(), names=names)
    assert found["race", "", "accuracy"].outcome is Outcome.ERROR
