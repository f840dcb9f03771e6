"""Is the demo's story true: v2 is better, v3 wins and harms, and the sample is large enough to say so?"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bot.demo.data import SENSITIVE, MortgageDecisions, read
from bot.demo.recipes import BASELINE, CREDIT_FILE, EVERYTHING, Recipe, cross_validated, fit
from bot.demo.starter import rulebook_files
from gates.comparison import Comparison
from gates.evidence import (
    EvaluationData,
    Evidence,
    Facts,
    GroupMetric,
    Kind,
    Looks,
    MetricComparison,
    Scoring,
    ScoringStatus,
    Subject,
    VersionRef,
)
from gates.fairness import Fairness
from gates.measure.measure import Measured
from gates.outcome import Finding, Outcome
from policies.rulebook import Rulebook, load_rulebook

NEIGHBOURHOOD = {"mi", "vr", "bd", "suffolk"}
Measure = Callable[[int, int | None], Measured]


def metric(found: Measured, name: str) -> MetricComparison:
    return next(metric for metric in found.metrics if metric.metric == name)


def group(found: Measured, name: str) -> GroupMetric:
    return next(group for group in found.groups if group.group == name)


@pytest.fixture
def rulebook(decisions: MortgageDecisions) -> Rulebook:
    return load_rulebook(rulebook_files(evaluation_sha256=decisions.evaluation.sha256, trainer_accounts=()))


@pytest.fixture
def findings(decisions: MortgageDecisions, rulebook: Rulebook, measured: Measure) -> Callable[..., dict[str, Finding]]:
    def of(challenger: int, champion: int | None) -> dict[str, Finding]:
        case = evidence(decisions, rulebook, measured(challenger, champion), (challenger, champion))
        gates = rulebook.policies["lending"].environments["production"].gates
        return {gate.gate: gate.check(case) for gate in gates if isinstance(gate, Comparison | Fairness)}

    return of


def evidence(
    decisions: MortgageDecisions, rulebook: Rulebook, found: Measured, versions: tuple[int, int | None]
) -> Evidence:
    refs = [VersionRef(version=str(v), digest=str(v) * 64) if v else None for v in versions]
    scored = [Scoring(version=ref, status=ScoringStatus.SCORED, rows=found.rows) if ref else None for ref in refs]
    entry, sha256 = rulebook.entries["loan-approval"], decisions.evaluation.sha256
    production = rulebook.policies["lending"].environments["production"]
    looks = Looks(number=versions[0], challengers=versions[0])  # v1 was looked at first, then v2, then v3
    subject = Subject(
        project="default",
        model="loan-approval",
        environment="production",
        target="local",
        kind=Kind.PROMOTE,
        challenger=refs[0],
        champion=refs[1],
        evaluation_data=sha256,
        entry=entry.as_json(),
        policy={"evaluation": {"max_looks": production.evaluation.max_looks}},
    )
    data = EvaluationData(
        uri=entry.evaluation.uri, version="1", sha256=sha256, found_sha256=sha256, registered_by="dana", rows=found.rows
    )
    facts = Facts(data=data, challenger=scored[0], champion=scored[1], metrics=found.metrics, groups=found.groups)
    return Evidence(subject=subject, facts=facts.model_copy(update={"looks": looks}))


def test_v1_passes_as_the_first_version(findings: Callable[..., dict[str, Finding]]) -> None:
    assert {gate: finding.outcome for gate, finding in findings(1, None).items()} == {
        "comparison": Outcome.PASS,
        "fairness": Outcome.PASS,
    }


def test_v2_passes_as_the_first_version_and_against_v1(findings: Callable[..., dict[str, Finding]]) -> None:
    for champion in (None, 1):
        assert {finding.outcome for finding in findings(2, champion).values()} == {Outcome.PASS}


def test_v3_wins_the_comparison_and_fails_on_fairness(findings: Callable[..., dict[str, Finding]]) -> None:
    found = findings(3, 2)
    assert found["comparison"].outcome is Outcome.PASS
    assert found["fairness"].outcome is Outcome.FAIL
    assert "race=black" in found["fairness"].summary


def test_v2_is_proven_better_than_v1_on_every_metric(measured: Measure) -> None:
    for metric in measured(2, 1).metrics:
        assert metric.low is not None
        assert metric.low > 0, metric


def test_v3_is_proven_better_than_v2_on_the_primary_metric(measured: Measure) -> None:
    found = metric(measured(3, 2), "roc_auc")
    assert found.difference == pytest.approx(0.034, abs=0.005)
    assert found.low == pytest.approx(0.009, abs=0.005)


def test_v3_is_ahead_of_v2_in_balanced_accuracy_and_behind_in_accuracy(measured: Measure) -> None:
    found = measured(3, 2)
    ahead, behind = metric(found, "balanced_accuracy").difference, metric(found, "accuracy").difference
    assert ahead is not None
    assert behind is not None
    assert behind < 0 < ahead


def test_v3_harm_to_black_applicants_is_proven_beyond_the_limit(measured: Measure) -> None:
    black = group(measured(3, 2), "black")
    assert black.rows == 65
    assert black.difference == pytest.approx(-0.333, abs=0.01)
    assert black.difference_high is not None
    assert black.difference_high < -0.17


@pytest.mark.parametrize(
    "alone",
    [
        replace(EVERYTHING, approve_from=0.5),
        replace(EVERYTHING, features=tuple(f for f in EVERYTHING.features if f not in SENSITIVE)),
    ],
    ids=["race without the threshold", "the threshold without race"],
)
def test_either_choice_of_v3_alone_stays_short_of_proven_harm(decisions: MortgageDecisions, alone: Recipe) -> None:
    approved = read(decisions.evaluation).query("approve == 1")
    model = fit(alone, read(decisions.training))
    counts = {
        race: (int(model.predict(rows[list(alone.features)]).sum()), len(rows))
        for race, rows in approved.groupby("race")
    }
    (white, whites), (black, blacks) = counts["white"], counts["black"]
    rates = ((white / whites, whites), (black / blacks, blacks))
    error = math.sqrt(sum(rate * (1 - rate) / of for rate, of in rates))
    assert rates[0][0] - rates[1][0] - 1.96 * error < 0.05


def test_v1_and_v2_stay_within_the_limit_for_every_group_with_their_whole_interval(measured: Measure) -> None:
    for version in (1, 2):
        for found in measured(version, None).groups:
            if not found.reference:
                assert found.difference_low is not None
                assert found.difference_low > -0.17, found


def test_the_sample_would_show_a_shortfall_of_the_limit_in_every_group_of_v2(measured: Measure) -> None:
    powers = {g.group: g.power for g in measured(2, 1).groups if not g.reference}
    assert powers == {
        "black": pytest.approx(0.97, abs=0.01),
        "hispanic": pytest.approx(0.87, abs=0.01),
        "female": pytest.approx(1.0, abs=0.01),
    }


def test_the_honest_versions_take_nothing_about_who_applies_or_where() -> None:
    for recipe in (BASELINE, CREDIT_FILE):
        assert not set(recipe.features) & {*SENSITIVE, *NEIGHBOURHOOD, "married", "sch", "self"}


def test_v3_scores_the_same_file_lower_for_a_black_applicant(
    decisions: MortgageDecisions, versions: Mapping[int, object]
) -> None:
    model = getattr(versions[3], "model")  # noqa: B009 - the fixture's own type lives in conftest, which is not imported
    rows = read(decisions.evaluation)[list(EVERYTHING.features)]
    as_white, as_black = rows.assign(race="white"), rows.assign(race="black")
    assert (model.predict_proba(as_black)[:, 1] < model.predict_proba(as_white)[:, 1]).all()


def test_each_version_looked_better_to_its_author_in_training(decisions: MortgageDecisions) -> None:
    training = read(decisions.training)
    claims = [cross_validated(recipe, training) for recipe in (BASELINE, CREDIT_FILE, EVERYTHING)]
    assert claims == sorted(claims)
