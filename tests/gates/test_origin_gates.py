"""Do the gates on data, lineage, serving and digest fail closed, each with its reason?"""

from collections.abc import Callable

import pytest

from gates.evaluation_data import EvaluationDataGate
from gates.evidence import EvaluationData, Evidence, Lineage, Scoring, ScoringStatus, VersionRef
from gates.lineage import Lineage as LineageGate
from gates.outcome import Outcome
from gates.receipted import Receipted
from gates.serving import Serving

Build = Callable[..., Evidence]


def changed(evidence: Evidence, **change: object) -> tuple[EvaluationData, Lineage]:
    data, lineage = evidence.facts.data, evidence.facts.lineage
    assert data is not None
    assert lineage is not None
    of_data = {name: value for name, value in change.items() if name in EvaluationData.model_fields}
    of_lineage = {
        name: value for name, value in change.items() if name in Lineage.model_fields and name != "registered_by"
    }
    return data.model_copy(update=of_data), lineage.model_copy(update=of_lineage)


def test_pinned_data_from_someone_else_pass(evidence_of: Build) -> None:
    finding = EvaluationDataGate().check(evidence_of())
    assert (finding.gate, finding.outcome) == ("evaluation_data", Outcome.PASS)
    assert finding.summary == (
        "The evaluation data data/loans.parquet 3 hold 990 labelled rows, as pinned (dddddddddddd). "
        "Registered by erin, who did not train the model. Training did not see them."
    )


@pytest.mark.parametrize(
    ("change", "outcome", "said"),
    [
        ({"rows": 12, "rows_left_out": 3}, Outcome.INCONCLUSIVE, "12 labelled rows (3 without a label left out)"),
        ({"registered_by": "Alice"}, Outcome.FAIL, "Alice both trained the model and registered the evaluation data"),
        ({"registered_by": "mlflow-alice"}, Outcome.FAIL, "someone else must"),
        ({"registered_by": ""}, Outcome.ERROR, "No one is named who registered"),
        ({"trainer": None, "trainer_person": None}, Outcome.ERROR, "The trainer is not known"),
        ({"saw_evaluation_data": True}, Outcome.FAIL, "Training saw the evaluation data"),
        ({"saw_evaluation_data": None}, Outcome.WARN, "No one can tell whether training saw them"),
        ({"found_sha256": "f" * 64}, Outcome.ERROR, "have changed"),
    ],
)
def test_each_flaw_of_the_data_has_its_outcome(
    evidence_of: Build, change: dict[str, object], outcome: Outcome, said: str
) -> None:
    data, lineage = changed(evidence_of(), **change)
    finding = EvaluationDataGate().check(evidence_of(data=data, lineage=lineage))
    assert (finding.outcome, said in finding.summary) == (outcome, True), finding.summary


def test_rows_that_belong_to_nobody_are_told_as_such(evidence_of: Build) -> None:
    data, lineage = changed(evidence_of(), rows=120, rows_left_out=3)
    evidence = evidence_of(subject={"entry": {"cluster": "person"}}, data=data, lineage=lineage)
    assert "120 labelled rows (3 without a label or person left out)" in EvaluationDataGate().check(evidence).summary


def test_unread_data_and_unknown_lineage_are_errors(evidence_of: Build) -> None:
    assert EvaluationDataGate().check(evidence_of(data=None)).outcome is Outcome.ERROR
    finding = EvaluationDataGate(unknown_training_data="pass").check(evidence_of(lineage=None))
    assert (finding.outcome, "The trainer is not known" in finding.summary) == (Outcome.ERROR, True)


def test_a_known_origin_passes(evidence_of: Build) -> None:
    finding = LineageGate().check(evidence_of())
    assert (finding.gate, finding.outcome) == ("lineage", Outcome.PASS)
    assert finding.summary == "v2 was trained by alice. Source commit abc123. Trained on train."


@pytest.mark.parametrize(
    ("change", "outcome", "said"),
    [
        ({"trainer": None}, Outcome.ERROR, "The registry does not say who trained v2"),
        ({"trainer_person": None}, Outcome.ERROR, "account 'mlflow-alice', which belongs to no one"),
        ({"source_commit": None}, Outcome.WARN, "names no source commit"),
        ({"training_data": ()}, Outcome.WARN, "logged no inputs"),
    ],
)
def test_each_gap_of_the_origin_has_its_outcome(
    evidence_of: Build, change: dict[str, object], outcome: Outcome, said: str
) -> None:
    _, lineage = changed(evidence_of(), **change)
    finding = LineageGate().check(evidence_of(lineage=lineage))
    assert (finding.outcome, said in finding.summary) == (outcome, True), finding.summary


def test_an_origin_not_looked_up_is_an_error(evidence_of: Build) -> None:
    assert LineageGate().check(evidence_of(lineage=None)).summary == "The origin of v2 was not looked up: recheck."
    assert LineageGate().check(evidence_of(subject={"challenger": None})).outcome is Outcome.ERROR


def scoring(evidence: Evidence, **change: object) -> Scoring:
    found = evidence.facts.challenger
    assert found is not None
    return found.model_copy(update=change)


def test_an_answering_version_with_a_signature_passes(evidence_of: Build) -> None:
    finding = Serving().check(evidence_of())
    assert (finding.gate, finding.outcome) == ("serving", Outcome.PASS)
    assert finding.summary == "v2 answered for 990 rows. It declares its inputs and outputs."


def test_serving_names_what_is_missing(evidence_of: Build) -> None:
    unsigned = Serving().check(evidence_of(challenger=scoring(evidence_of(), signature=False)))
    assert (unsigned.outcome, "infer_signature" in unsigned.summary) == (Outcome.WARN, True)
    unasked = Serving().check(evidence_of(challenger=scoring(evidence_of(), rows=0)))
    assert (unasked.outcome, unasked.summary) == (Outcome.ERROR, "v2 was asked nothing: there were no rows.")
    hung = Serving().check(evidence_of(challenger=scoring(evidence_of(), status=ScoringStatus.TIMED_OUT)))
    assert (hung.outcome, hung.summary) == (
        Outcome.ERROR,
        "The challenger v2 was not scored: it did not answer within the time it was given.",
    )
    assert Serving().check(evidence_of(challenger=None)).outcome is Outcome.ERROR


def test_a_rollback_goes_to_the_very_content_that_has_a_receipt(evidence_of: Build) -> None:
    subject = evidence_of().subject
    assert subject.challenger is not None
    finding = Receipted().check(evidence_of(receipt=subject.challenger.digest))
    assert (finding.gate, finding.outcome) == ("digest", Outcome.PASS)
    assert finding.summary.startswith("v2 is what its receipt in production names")


def test_a_rollback_to_anything_else_is_refused(evidence_of: Build) -> None:
    subject = evidence_of().subject
    assert subject.challenger is not None
    digest = subject.challenger.digest
    other = VersionRef(version="2", digest="a" * 64)
    said = {
        Receipted().check(evidence_of()): (Outcome.ERROR, "v2 has no receipt in production"),
        Receipted().check(evidence_of(receipt="b" * 64)): (Outcome.FAIL, "its receipt names bbbbbbbbbbbb"),
        Receipted().check(evidence_of(receipt=digest, files=())): (Outcome.ERROR, "no files"),
        Receipted().check(evidence_of(receipt="a" * 64, subject={"challenger": other})): (
            Outcome.ERROR,
            "not aaaaaaaaaaaa: recheck",
        ),
        Receipted().check(evidence_of(subject={"challenger": None})): (Outcome.ERROR, "no version to go back to"),
    }
    for finding, (outcome, text) in said.items():
        assert (finding.outcome, text in finding.summary) == (outcome, True), finding.summary
