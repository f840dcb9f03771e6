"""What other programs read of a promotion stays as it was promised."""

import json

import pytest

from reports.document import status_document
from tests.reports.cases import CASES, EVIDENCE

PROMISED = {
    "id",
    "project",
    "model",
    "version",
    "environment",
    "kind",
    "state",
    "subject",
    "evidence_digest",
    "champion",
    "verdict",
    "decisions",
    "blocked_by",
    "pull_request",
}
ADDED = {"requester", "reason", "problem", "created_at", "deadline"}


@pytest.mark.parametrize("name", CASES)
def test_the_document_has_the_promised_keys_in_every_state(name: str) -> None:
    document = status_document(CASES[name])
    assert document.keys() == PROMISED | ADDED
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_findings_decisions_and_reasons_have_the_promised_keys() -> None:
    document = json.loads(json.dumps(status_document(CASES["passed"])))
    assert document["verdict"].keys() == {"outcome", "findings"}
    assert document["verdict"]["findings"][0].keys() == {"gate", "outcome", "summary", "measures", "reason"}
    assert document["verdict"]["outcome"] == "warn"
    assert document["decisions"][0].keys() >= {
        "person",
        "decision",
        "reason",
        "surface",
        "assurance",
        "evidence_digest",
        "counts",
        "at",
    }
    assert document["blocked_by"][0].keys() == {"reason_code", "summary", "who", "next"}
    assert document["pull_request"] == {"number": 4, "url": "/srv/demo/.gatehouse/repo.git/pulls/4.md"}
    assert (document["champion"], document["version"], document["evidence_digest"]) == ("1", "2", EVIDENCE)


def test_findings_keep_the_order_of_the_policy() -> None:
    document = json.loads(json.dumps(status_document(CASES["blocked"])))
    assert [finding["gate"] for finding in document["verdict"]["findings"]] == [
        "comparison",
        "fairness: true_positive_rate",
        "format",
        "lineage",
    ]


def test_what_is_not_there_yet_is_null() -> None:
    document = status_document(CASES["evaluating"])
    unknown = ("subject", "verdict", "evidence_digest", "pull_request", "deadline")
    assert [document[key] for key in unknown] == [None] * 5
    assert status_document(CASES["retire"])["version"] is None
