"""Does the comparison gate prove what it says, and say what it proves?"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gates.comparison import Comparison, MetricRule
from gates.evidence import (
    EvaluationData,
    Evidence,
    MetricComparison,
    Scoring,
    ScoringStatus,
    VersionRef,
)
from gates.outcome import Outcome

Build = Callable[..., Evidence]
CHALLENGER = VersionRef(version="2", digest="x")
FIRST = {"champion": None}


def auc(difference: float, low: float, high: float, /, **more: object) -> MetricComparison:
    given: dict[str, object] = {
        "metric": "roc_auc",
        "challenger": 0.781,
        "challenger_low": 0.75,
        "challenger_high": 0.81,
        "champion": 0.781 - difference,
        "difference": difference,
        "low": low,
        "high": high,
        "baseline": 0.5,
        "rows": 990,
        "method": "paired DeLong",
    }
    return MetricComparison.model_validate(given | more)


def gate(**rule: object) -> Comparison:
    return Comparison(metrics={"roc_auc": MetricRule.model_validate({"margin": 0.01, **rule})})


def test_a_difference_within_the_margin_passes_and_says_the_numbers(evidence_of: Build) -> None:
    finding = gate().check(evidence_of(metrics=(auc(0.009, -0.004, 0.022),)))
    assert finding.outcome is Outcome.PASS
    assert finding.summary == (
        "roc_auc 0.781 against 0.772: difference +0.009, 95 % interval [-0.004, +0.022], within the margin of 0.010."
    )
    measure = finding.measures[0]
    assert (measure.name, measure.value, measure.low, measure.high, measure.limit) == (
        "roc_auc difference",
        0.009,
        -0.004,
        0.022,
        -0.01,
    )
    assert measure.detail == "0.781 against 0.772, paired DeLong"


@pytest.mark.parametrize(
    ("interval", "rule", "outcome", "said"),
    [
        ((0.009, 0.001, 0.017), {}, Outcome.PASS, "better than the champion."),
        ((0.0, 0.0, 0.0), {"margin": 0.0}, Outcome.PASS, "within the margin of 0.000."),
        ((-0.05, -0.08, -0.02), {}, Outcome.FAIL, "worse by more than the margin of 0.010."),
        (
            (0.0, -0.02, 0.02),
            {},
            Outcome.INCONCLUSIVE,
            "about 3,960 labelled rows would be enough if it stays (there are 990).",
        ),
        (
            (-0.02, -0.05, 0.01),
            {},
            Outcome.INCONCLUSIVE,
            "at this estimate, more rows would not help it pass.",
        ),
        ((0.02, 0.01, 0.03), {"superior": True}, Outcome.PASS, "as the policy asks."),
        ((-0.002, -0.004, 0.0), {"superior": True}, Outcome.FAIL, "not better than the champion"),
        ((-0.05, -0.06, -0.04), {"superior": True}, Outcome.FAIL, "worse by more than the margin"),
        ((0.01, -0.01, 0.03), {"superior": True}, Outcome.INCONCLUSIVE, "about 3,960 labelled rows"),
        ((-0.001, -0.01, 0.03), {"superior": True}, Outcome.INCONCLUSIVE, "more rows would not help it pass"),
    ],
)
def test_the_interval_decides(
    evidence_of: Build,
    interval: tuple[float, float, float],
    rule: dict[str, object],
    outcome: Outcome,
    said: str,
) -> None:
    finding = gate(**rule).check(evidence_of(metrics=(auc(*interval),)))
    assert (finding.outcome, said in finding.summary) == (outcome, True), finding.summary


def test_an_absolute_limit_holds_beside_the_champion(evidence_of: Build) -> None:
    evidence = evidence_of(metrics=(auc(0.009, -0.004, 0.022),))
    low, high = gate(minimum=0.8).check(evidence), gate(maximum=0.7).check(evidence)
    assert (low.outcome, low.summary) == (Outcome.FAIL, "roc_auc 0.781 is below the minimum of 0.800.")
    assert (high.outcome, high.summary) == (Outcome.FAIL, "roc_auc 0.781 is above the maximum of 0.700.")
    assert gate(minimum=0.7, maximum=0.9).check(evidence).outcome is Outcome.PASS
    assert gate(maximum=0.9).check(evidence).measures[1].limit == 0.9


def test_a_lower_is_better_metric_says_which_sign_is_good(evidence_of: Build) -> None:
    finding = gate().check(evidence_of(metrics=(auc(0.002, -0.001, 0.005, lower_is_better=True),)))
    assert "difference +0.002 (positive is better)" in finding.summary


def test_few_rows_are_inconclusive_however_good_they_look(evidence_of: Build) -> None:
    finding = gate().check(evidence_of(metrics=(auc(0.1, 0.05, 0.15, rows=12),)))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert finding.summary == "roc_auc rests on 12 labelled rows only; the policy asks for 30."


@pytest.mark.parametrize(
    ("more", "outcome", "said"),
    [
        ({}, Outcome.PASS, "better, and that is certain at 95 %"),
        ({"challenger_low": 0.4}, Outcome.INCONCLUSIVE, "better, but not certainly so; about 1,821 labelled rows"),
        ({"challenger": 0.5}, Outcome.FAIL, "no better than knowing nothing"),
        ({"baseline": None}, Outcome.PASS, "a trivial model is no measure of it"),
        ({"challenger_low": None}, Outcome.ERROR, "no interval to hold against a trivial model"),
        ({"lower_is_better": True, "baseline": 0.9}, Outcome.PASS, "better, and that is certain"),
        ({"lower_is_better": True, "baseline": 0.8}, Outcome.INCONCLUSIVE, "not certainly so"),
    ],
)
def test_without_a_champion_a_trivial_model_must_be_beaten(
    evidence_of: Build, more: dict[str, object], outcome: Outcome, said: str
) -> None:
    metrics = (auc(0.0, 0.0, 0.0, champion=None, difference=None, low=None, high=None, **more),)
    finding = gate(minimum=0.3).check(evidence_of(subject=FIRST, metrics=metrics))
    assert (finding.outcome, said in finding.summary) == (outcome, True), finding.summary


def test_without_a_champion_the_policy_must_set_a_limit(evidence_of: Build) -> None:
    finding = gate().check(evidence_of(subject=FIRST, metrics=(auc(0, 0, 0),)))
    assert finding.outcome is Outcome.ERROR
    assert "sets no absolute limit" in finding.summary


def test_without_a_champion_a_broken_limit_fails(evidence_of: Build) -> None:
    finding = gate(minimum=0.9).check(evidence_of(subject=FIRST, metrics=(auc(0, 0, 0),)))
    assert finding.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ((), "roc_auc was not measured: add it to the metrics in model.yaml."),
        ((auc(0, 0, 0, problem="one class only."),), "roc_auc could not be measured: one class only."),
        ((auc(0, 0, 0, challenger=None),), "roc_auc of the challenger is not known."),
        ((auc(0, 0, 0, low=None),), "roc_auc has no difference to the champion with an interval."),
    ],
)
def test_what_was_not_measured_is_an_error(
    evidence_of: Build, metrics: tuple[MetricComparison, ...], said: str
) -> None:
    finding = gate().check(evidence_of(metrics=metrics))
    assert (finding.outcome, finding.summary) == (Outcome.ERROR, said)


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (ScoringStatus.NOT_BUILT, "its environment could not be built from the requirements recorded with it"),
        (ScoringStatus.CRASHED, "its process crashed"),
        (ScoringStatus.TIMED_OUT, "it did not answer within the time it was given"),
        (ScoringStatus.OUT_OF_MEMORY, "it needed more memory than it was given"),
        (ScoringStatus.WRONG_SHAPE, "its answers do not fit the data"),
    ],
)
def test_a_champion_that_was_not_scored_is_an_error_that_names_the_cause(
    evidence_of: Build, status: ScoringStatus, cause: str
) -> None:
    champion = Scoring(version=VersionRef(version="1", digest="c" * 64), status=status, detail="ValueError: no.")
    finding = gate().check(evidence_of(champion=champion, metrics=(auc(0, 0, 0),)))
    assert finding.outcome is Outcome.ERROR
    assert finding.summary == f"The champion v1 was not scored: {cause}: ValueError: no."


def test_scores_of_another_version_or_of_none_are_an_error(evidence_of: Build) -> None:
    other = Scoring(version=CHALLENGER.model_copy(update={"version": "9"}), status=ScoringStatus.SCORED)
    said = {
        gate().check(evidence_of(challenger=other)).summary,
        gate().check(evidence_of(challenger=None)).summary,
        gate().check(evidence_of(subject={"challenger": None})).summary,
        gate().check(evidence_of(problems=("the label has one class only.",))).summary,
    }
    assert said == {
        "The scores are of v9, not of the challenger v2: recheck.",
        "The challenger v2 was not scored.",
        "There is no challenger to score.",
        "Nothing could be measured: the label has one class only.",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"found_sha256": "e" * 64}, "have changed: the rulebook pins dddddddddddd, found were eeeeeeeeeeee"),
        ({"sha256": "e" * 64}, "have changed"),
        ({"found_sha256": None}, "could not be read"),
        ({"problem": "no such file."}, "could not be used: no such file."),
    ],
)
def test_numbers_from_changed_data_are_an_error(evidence_of: Build, change: dict[str, str | None], said: str) -> None:
    good = evidence_of().facts.data
    assert good is not None
    data = EvaluationData.model_validate(good.model_dump() | change)
    finding = gate().check(evidence_of(data=data, metrics=(auc(0.1, 0.05, 0.15),)))
    assert (finding.outcome, said in finding.summary) == (Outcome.ERROR, True)
    assert gate().check(evidence_of(data=None)).summary == "The evaluation data were not read."


def test_several_metrics_say_the_worst_first_and_keep_every_number(evidence_of: Build) -> None:
    both = Comparison(metrics={"roc_auc": MetricRule(margin=0.01), "accuracy": MetricRule(margin=0.01)})
    worse = auc(-0.05, -0.08, -0.02, metric="accuracy")
    finding = both.check(evidence_of(metrics=(auc(0.009, -0.004, 0.022), worse)))
    assert finding.outcome is Outcome.FAIL
    assert finding.summary.startswith("accuracy 0.781 against 0.831")
    assert "roc_auc" not in finding.summary
    assert [measure.name for measure in finding.measures] == ["roc_auc difference", "accuracy difference"]


def test_a_rule_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValidationError, match="did you mean roc_auc"):
        Comparison(metrics={"roc_acu": MetricRule(margin=0.01)})
    with pytest.raises(ValidationError, match=r"minimum 0\.9 is above maximum 0\.1"):
        MetricRule(margin=0.01, minimum=0.9, maximum=0.1)
    with pytest.raises(ValidationError):
        Comparison(metrics={})


@given(
    low=st.floats(-1, 1),
    width=st.floats(0, 1),
    gain=st.floats(0, 1),
    margin=st.floats(0, 0.2),
    superior=st.booleans(),
)
def test_a_better_interval_never_worsens_the_outcome(
    low: float, width: float, gain: float, *, margin: float, superior: bool
) -> None:
    from gates.comparison import _judge_difference  # noqa: PLC0415 - the law is about this rule alone

    rule = MetricRule(margin=margin, superior=superior)
    before, _ = _judge_difference(100, (low + width / 2, low, low + width), rule)
    after, _ = _judge_difference(100, (low + gain + width / 2, low + gain, low + gain + width), rule)
    assert after <= before
