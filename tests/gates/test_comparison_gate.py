"""Does the comparison gate prove what it says, and say what it proves?"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gates.comparison import Comparison
from gates.confidence import Confidence
from gates.contest import Contest, contest
from gates.evidence import (
    EvaluationData,
    Evidence,
    Looks,
    MetricComparison,
    Scoring,
    ScoringStatus,
    VersionRef,
)
from gates.looks import Budget
from gates.metric_rule import MetricRule
from gates.outcome import Outcome
from gates.proof import answers

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
        "roc_auc 0.781 against 0.772: difference +0.009, 95 % interval [-0.004, +0.022], within the margin of 0.010 "
        "(lower bound -0.002 at 5 %; power to show a loss of 0.010: 45 %)."
    )
    measure = finding.measures[0]
    assert (measure.name, measure.value, measure.low, measure.high, measure.limit) == (
        "roc_auc difference",
        0.009,
        -0.004,
        0.022,
        -0.01,
    )
    assert measure.detail == (
        "0.781 against 0.772, paired DeLong; lower bound -0.002 at 5 %; "
        "power to show a loss of 0.010: 45 %; power of 80 % from a difference of 0.016 on"
    )


@pytest.mark.parametrize(
    ("interval", "rule", "outcome", "said"),
    [
        ((0.009, 0.001, 0.017), {}, Outcome.PASS, "better than the champion (lower bound +0.002 at 5 %"),
        ((0.0, 0.0, 0.0), {"margin": 0.0}, Outcome.PASS, "within the margin of 0.000 (lower bound +0.000 at 5 %"),
        ((-0.05, -0.08, -0.02), {}, Outcome.FAIL, "worse than the champion by more than the margin of 0.010 (p 0.004;"),
        (
            (0.0, -0.02, 0.02),
            {},
            Outcome.INCONCLUSIVE,
            "about 2,790 labelled rows would be enough if it stays (there are 990).",
        ),
        (
            (-0.02, -0.05, 0.01),
            {},
            Outcome.INCONCLUSIVE,
            "at this estimate, more rows would not help it pass.",
        ),
        ((0.02, 0.01, 0.03), {"superior": True}, Outcome.PASS, "as the policy asks ("),
        ((-0.002, -0.004, 0.0), {"superior": True}, Outcome.FAIL, "not better than the champion"),
        ((-0.05, -0.06, -0.04), {"superior": True}, Outcome.FAIL, "worse than the champion by more than the margin"),
        ((0.01, -0.01, 0.03), {"superior": True}, Outcome.INCONCLUSIVE, "about 2,790 labelled rows"),
        (
            (0.02, 0.01, 0.03),
            {"superior": True, "superior_by": 0.01},
            Outcome.PASS,
            "by more than 0.010, as",
        ),
        ((0.012, 0.0, 0.024), {"superior": True, "superior_by": 0.01}, Outcome.INCONCLUSIVE, "not proven better"),
        (
            (0.001, -0.004, 0.006),
            {"superior": True, "superior_by": 0.01},
            Outcome.FAIL,
            "not better than the",
        ),
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
        ({}, Outcome.PASS, "better, and that is proven at 5 %."),
        ({"challenger_low": 0.4}, Outcome.INCONCLUSIVE, "better, but not certainly so; about 1,282 labelled rows"),
        ({"challenger": 0.5}, Outcome.FAIL, "no better than knowing nothing"),
        ({"baseline": None}, Outcome.PASS, "a trivial model is no measure of it"),
        ({"challenger_low": None}, Outcome.ERROR, "no interval is known of it to hold against that"),
        (
            {"challenger_low": None, "too_few": "9 of class 1."},
            Outcome.INCONCLUSIVE,
            "enough data to tell: 9 of class 1.",
        ),
        ({"lower_is_better": True, "baseline": 0.9}, Outcome.PASS, "better, and that is proven"),
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
    with pytest.raises(ValidationError, match=r"superior_by 0\.01 asks for nothing without `superior: true`"):
        MetricRule(margin=0.01, superior_by=0.01)
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
    def judged(shift: float) -> Outcome:
        difference, bounds = low + shift + width / 2, (low + shift, low + shift + width)
        held = contest(auc(difference, *bounds), MetricRule(margin=margin, superior=superior))
        assert isinstance(held, Contest)
        return answers([held.claim], Budget(alpha=0.05, look=None, most=10))[0].outcome

    assert judged(gain) <= judged(0.0)


def distribution(value: float, spread: float) -> Confidence:
    return Confidence.of_interval(value, value - 1.959964 * spread, value + 1.959964 * spread)


def test_the_whole_distribution_decides_where_it_is_known_and_not_the_interval(evidence_of: Build) -> None:
    surely_worse = auc(0.009, -0.004, 0.022, confidence=distribution(-0.05, 0.01))
    assert gate().check(evidence_of(metrics=(surely_worse,))).outcome is Outcome.FAIL


def test_a_value_without_a_difference_to_the_champion_is_an_error(evidence_of: Build) -> None:
    finding = gate().check(evidence_of(metrics=(auc(0.1, 0.05, 0.15, champion=None),)))
    assert (finding.outcome, finding.summary) == (
        Outcome.ERROR,
        "roc_auc has no difference to the champion with an interval.",
    )


def test_a_metric_with_too_few_rows_is_inconclusive_and_says_of_what(evidence_of: Build) -> None:
    few = auc(0.1, 0, 0, low=None, high=None, too_few="12 rows of class 1; intervals hold from 30 on.")
    finding = gate().check(evidence_of(metrics=(few,)))
    assert (finding.outcome, finding.summary) == (
        Outcome.INCONCLUSIVE,
        "roc_auc 0.781 against 0.681: not enough data to tell: 12 rows of class 1; intervals hold from 30 on.",
    )


def test_rows_that_are_short_are_told_as_the_rarer_kind_where_the_interval_rests_on_them(evidence_of: Build) -> None:
    found = gate().check(evidence_of(metrics=(auc(0.0, -0.02, 0.02, effective=99),)))
    assert found.summary.endswith(
        "about 2,790 labelled rows would be enough if it stays (there are 990, of which the interval rests on 99: it "
        "takes about 279 such rows)."
    )


def test_harm_is_proven_among_all_the_metrics_that_were_looked_at(evidence_of: Build) -> None:
    names = ("accuracy", "recall", "precision", "f1")
    several = Comparison(metrics={name: MetricRule(margin=0.01) for name in ("roc_auc", *names)})
    alone = auc(-0.03, 0, 0, confidence=distribution(-0.03, 0.01))  # p 0.023: proven alone, and not among five
    fine = [auc(0, 0, 0, metric=name, confidence=distribution(0.0, 0.001)) for name in names]
    assert gate().check(evidence_of(metrics=(alone,))).outcome is Outcome.FAIL
    assert several.check(evidence_of(metrics=(alone, *fine))).outcome is Outcome.INCONCLUSIVE
    worse = alone.model_copy(update={"confidence": distribution(-0.05, 0.01)})
    found = several.check(evidence_of(metrics=(worse, *fine)))
    assert (found.outcome, "(p under 0.001 by Holm over 5 tests;" in found.summary) == (Outcome.FAIL, True)


def test_a_later_look_needs_a_stronger_proof_and_says_which(evidence_of: Build) -> None:
    metrics = (auc(0.002, 0, 0, confidence=distribution(0.002, 0.005)),)
    first = gate().check(evidence_of(metrics=metrics, looks=Looks(number=1, challengers=1)))
    tenth = gate().check(evidence_of(metrics=metrics, looks=Looks(number=10, challengers=9)))
    assert (first.outcome, tenth.outcome) == (Outcome.PASS, Outcome.INCONCLUSIVE)
    assert "lower bound -0.008 at 2.75 %, look 1 of 10" in first.summary
    assert "lower bound -0.014 at 0.05 %, look 10 of 10" in tenth.summary


def test_worn_out_data_prove_nothing_good_and_still_prove_harm(evidence_of: Build) -> None:
    looks, policy = Looks(number=3, challengers=3), {"evaluation": {"max_looks": 2}}
    spent = {"looks": looks, "subject": {"policy": policy}}
    fine = gate().check(evidence_of(metrics=(auc(0.1, 0.05, 0.15),), **spent))
    assert (fine.outcome, fine.reason) == (Outcome.INCONCLUSIVE, "fresh_data_needed")
    assert fine.summary.endswith(
        "fresh_data_needed: this is look 3 at these evaluation data, and the policy's max_looks is 2: pin data in "
        "model.yaml that no challenger was measured on."
    )
    harm = gate().check(evidence_of(metrics=(auc(-0.1, -0.15, -0.05),), **spent))
    assert (harm.outcome, harm.reason) == (Outcome.FAIL, "")
    first = evidence_of(metrics=(auc(0.1, 0.05, 0.15),), looks=looks, subject={"policy": policy, "champion": None})
    trivial = gate(minimum=0.3).check(first)
    assert "better, but these data can prove nothing any more" in trivial.summary
