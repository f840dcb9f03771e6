"""Do small losses that each stay within the margin add up, or does the anchor stop them?"""

from collections.abc import Callable

import pytest

from gates.anchor import needs_anchor, proves_better
from gates.comparison import Comparison
from gates.evidence import Evidence, Looks, MetricComparison, Scoring, ScoringStatus, VersionRef
from gates.metric_rule import MetricRule
from gates.outcome import Outcome

Build = Callable[..., Evidence]
ANCHOR = VersionRef(version="0", digest="a" * 64)
ANCHORED = {"anchor": ANCHOR}
SCORED = Scoring(version=ANCHOR, status=ScoringStatus.SCORED, rows=990)
GATE = Comparison(metrics={"roc_auc": MetricRule(margin=0.01)})


def measured(difference: float, spread: float = 0.002, /, **more: object) -> MetricComparison:
    given: dict[str, object] = {
        "metric": "roc_auc",
        "challenger": 0.78,
        "champion": 0.78 - difference,
        "difference": difference,
        "low": difference - 1.96 * spread,
        "high": difference + 1.96 * spread,
        "rows": 990,
    }
    return MetricComparison.model_validate(given | more)


def test_a_challenger_within_the_margin_of_the_champion_and_not_of_the_anchor_fails(evidence_of: Build) -> None:
    small, added_up = measured(-0.004), measured(-0.03)
    finding = GATE.check(evidence_of(subject=ANCHORED, metrics=(small,), anchor=SCORED, anchor_metrics=(added_up,)))
    assert finding.outcome is Outcome.FAIL
    assert finding.summary == (
        "roc_auc 0.780 against 0.810 of the anchor v0 (the last version proven better): difference -0.030, 95 % "
        "interval [-0.034, -0.026], worse than the anchor v0 by more than the margin of 0.010 (p under 0.001 by Holm "
        "over 2 tests; power to show a loss of 0.010: over 99 %)."
    )
    assert [measure.name for measure in finding.measures] == [
        "roc_auc difference",
        "roc_auc difference to the anchor v0",
    ]


def test_a_challenger_must_be_proven_no_worse_than_both(evidence_of: Build) -> None:
    def outcome(against_anchor: MetricComparison) -> Outcome:
        facts = {"metrics": (measured(-0.004),), "anchor": SCORED, "anchor_metrics": (against_anchor,)}
        return GATE.check(evidence_of(subject=ANCHORED, **facts)).outcome

    assert outcome(measured(-0.004)) is Outcome.PASS
    assert outcome(measured(-0.004, 0.01)) is Outcome.INCONCLUSIVE
    assert outcome(measured(0, too_few="9 rows of class 1.")) is Outcome.INCONCLUSIVE
    assert outcome(measured(0, problem="one class only.")) is Outcome.ERROR
    assert outcome(measured(0, metric="accuracy")) is Outcome.ERROR


def test_superiority_is_asked_against_the_champion_only(evidence_of: Build) -> None:
    gate = Comparison(metrics={"roc_auc": MetricRule(margin=0.01, superior=True)})
    facts = {"metrics": (measured(0.02),), "anchor": SCORED, "anchor_metrics": (measured(-0.002),)}
    assert gate.check(evidence_of(subject=ANCHORED, **facts)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        (None, "The anchor v0 was not scored. It is the last version proven better"),
        (
            Scoring(version=ANCHOR, status=ScoringStatus.FILES_GONE, detail="There is no churn v0"),
            "neither our store nor the registry has its files any more: There is no churn v0. It is the last version",
        ),
    ],
)
def test_an_anchor_that_cannot_be_measured_is_for_people_to_decide(
    evidence_of: Build, anchor: Scoring | None, said: str
) -> None:
    finding = GATE.check(evidence_of(subject=ANCHORED, metrics=(measured(0.0),), anchor=anchor))
    assert (finding.outcome, said in finding.summary) == (Outcome.INCONCLUSIVE, True), finding.summary
    assert finding.summary.endswith(
        "so nobody can tell whether the margins of the promotions since then add up to more than one."
    )


def test_an_anchor_that_is_the_champion_or_the_challenger_needs_no_numbers_of_its_own(evidence_of: Build) -> None:
    subject = evidence_of().subject
    for anchor in (subject.champion, subject.challenger, None):
        evidence = evidence_of(subject={"anchor": anchor}, metrics=(measured(0.0),))
        assert not needs_anchor(evidence.subject)
        assert GATE.check(evidence).outcome is Outcome.PASS


def test_what_beats_the_champion_in_every_compared_metric_is_the_next_anchor(evidence_of: Build) -> None:
    better, equal = measured(0.03), measured(0.0, metric="accuracy")
    evidence = evidence_of(metrics=(better, equal), looks=Looks(number=1, challengers=1))
    assert proves_better(evidence, ["roc_auc"])
    assert not proves_better(evidence, ["roc_auc", "accuracy"])
    assert not proves_better(evidence, ["roc_auc", "recall"])
    assert not proves_better(evidence, [])
    assert not proves_better(evidence_of(subject={"champion": None}, metrics=(better,)), ["roc_auc"])


def test_worn_out_missing_and_broken_numbers_prove_nothing(evidence_of: Build) -> None:
    assert not proves_better(evidence_of(metrics=(measured(0.03),), looks=Looks(number=11, challengers=1)), ["roc_auc"])
    for broken in (
        measured(0.03, problem="no."),
        measured(0.03, too_few="9 rows."),
        measured(0.03, low=None),
        measured(0.03, difference=None),
    ):
        assert not proves_better(evidence_of(metrics=(broken,)), ["roc_auc"])
    assert not proves_better(evidence_of(metrics=(measured(0.03),), champion=None), ["roc_auc"])


def test_with_another_anchor_only_what_beats_that_is_the_next_one(evidence_of: Build) -> None:
    """Otherwise: lose a margin, win a hair back from what is left, and lose the next margin."""
    better, worse = (measured(0.03),), (measured(-0.005),)
    assert not proves_better(
        evidence_of(subject=ANCHORED, metrics=better, anchor=SCORED, anchor_metrics=worse), ["roc_auc"]
    )
    assert proves_better(
        evidence_of(subject=ANCHORED, metrics=better, anchor=SCORED, anchor_metrics=better), ["roc_auc"]
    )


def test_where_people_let_something_pass_without_its_anchor_beating_the_champion_is_enough(evidence_of: Build) -> None:
    gone = Scoring(version=ANCHOR, status=ScoringStatus.FILES_GONE)
    assert proves_better(evidence_of(subject=ANCHORED, metrics=(measured(0.03),), anchor=gone), ["roc_auc"])
