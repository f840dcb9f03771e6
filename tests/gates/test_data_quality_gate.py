"""Does the gate on data quality hold each observation against its rule, and fail closed?"""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from gates.data_quality import DataQuality
from gates.evidence import EvaluationData, Evidence
from gates.outcome import Outcome
from gates.quality_facts import CHECKS, RULES, Check, ColumnProfile, Quality, QualityFinding, Rule

Build = Callable[..., Evidence]


def found(check: Check, value: float = 1.0, column: str | None = "age") -> QualityFinding:
    sentence = f"{column} shows {check}."
    return QualityFinding(check=check, outcome=RULES[check].judge(value), column=column, value=value, sentence=sentence)


def quality(*findings: QualityFinding, **change: Any) -> Quality:  # noqa: ANN401 - any field
    known: dict[str, Any] = {"rows": 990, "findings": findings, "checked": CHECKS}
    return Quality(**known | change)


def test_every_check_has_a_rule() -> None:
    assert set(RULES) == set(CHECKS)


def test_the_worst_finding_is_the_outcome_of_a_table_and_nothing_checked_is_an_error() -> None:
    assert quality().outcome is Outcome.PASS
    assert quality(found("constant"), found("equals_label")).outcome is Outcome.FAIL
    assert quality(checked=()).outcome is Outcome.ERROR
    assert ColumnProfile(column="x", type="DOUBLE", kind="number", rows=10, nulls=2, nan=1).valued == 7


def test_sound_data_pass(evidence_of: Build) -> None:
    finding = DataQuality().check(evidence_of(quality=quality()))
    assert (finding.gate, finding.outcome) == ("data_quality", Outcome.PASS)
    assert finding.summary == f"{len(CHECKS)} checks of 990 rows and 0 columns found nothing that the policy minds."


def test_data_that_nobody_looked_at_are_an_error(evidence_of: Build) -> None:
    said = "The quality of the evaluation data was not measured: recheck."
    for unseen in (None, quality(checked=())):
        finding = DataQuality().check(evidence_of(quality=unseen))
        assert (finding.outcome, finding.summary) == (Outcome.ERROR, said)


def test_why_data_could_not_be_looked_at_is_said(evidence_of: Build) -> None:
    broken = Quality(rows=0, not_checked={"no_rows": "the evaluation data end in the middle."})
    finding = DataQuality().check(evidence_of(quality=broken))
    said = "The quality of the evaluation data could not be measured: the evaluation data end in the middle."
    assert (finding.outcome, finding.summary) == (Outcome.ERROR, said)
    gone = EvaluationData(
        uri="u", version="1", sha256="d" * 64, found_sha256=None, registered_by="erin", problem="There is no file u."
    )
    finding = DataQuality().check(evidence_of(data=gone))
    said = "The evaluation data could not be looked at: There is no file u."
    assert (finding.outcome, finding.summary) == (Outcome.ERROR, said)


@pytest.mark.parametrize(
    ("checks", "value", "outcome"),
    [
        ({}, 0.2, Outcome.PASS),
        ({}, 0.21, Outcome.WARN),
        ({"nulls": "fail"}, 0.21, Outcome.FAIL),
        ({"nulls": "fail"}, 0.1, Outcome.PASS),
        ({"nulls": "pass"}, 1.0, Outcome.PASS),
        ({"nulls": {"above": 0.05}}, 0.1, Outcome.WARN),
        ({"nulls": {"outcome": "fail", "above": 0.05}}, 0.1, Outcome.FAIL),
        ({"nulls": {"outcome": "fail"}}, 0.1, Outcome.PASS),
        ({"nulls": Rule(outcome="fail")}, 0.01, Outcome.FAIL),
    ],
)
def test_a_policy_changes_outcome_and_limit_of_a_check(checks: Any, value: float, outcome: Outcome) -> None:  # noqa: ANN401 - as YAML gives it
    gate = DataQuality.model_validate({"checks": checks})
    assert gate.judge(quality(found("nulls", value))).outcome is outcome
    assert DataQuality.model_validate(gate.model_dump(mode="json")) == gate


@pytest.mark.parametrize("checks", [{"nul": "warn"}, {"nulls": "off"}, {"nulls": {"abov": 1}}, {"nulls": 3}, ["nulls"]])
def test_what_is_no_rule_is_refused(checks: Any) -> None:  # noqa: ANN401 - as YAML gives it
    with pytest.raises(ValidationError):
        DataQuality.model_validate({"checks": checks})


def test_the_worst_is_said_first_and_many_of_one_kind_are_counted() -> None:
    many = [found("constant", column=f"c{place}") for place in range(5)]
    finding = DataQuality().judge(quality(*many, found("equals_label"), found("extra_column")))
    assert finding.outcome is Outcome.FAIL
    assert finding.summary == (
        "age shows equals_label. c0 shows constant. c1 shows constant. c2 shows constant. "
        "The same (constant) in 2 other columns."
    )
    assert [measure.name for measure in finding.measures][-1] == "equals_label of age"
    assert len(finding.measures) == 6


def test_a_required_check_that_was_not_made_is_an_error() -> None:
    gate = DataQuality(required=("shared_ids", "nulls"))
    unmade = quality(checked=("nulls",), not_checked={"shared_ids": "No id was named."})
    finding = gate.judge(unmade)
    assert finding.outcome is Outcome.ERROR
    assert finding.summary == "The policy asks for shared_ids, which was not checked: No id was named."
    assert gate.judge(quality(checked=("nulls", "shared_ids"))).outcome is Outcome.PASS
