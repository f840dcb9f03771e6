"""Does a policy that asks for sound evaluation data get them looked at, and only then?"""

from tests.hands import change_rules
from tests.world import World

GATE = "      - gate: serving\n"


def test_a_policy_with_that_gate_has_the_columns_of_the_evaluation_data_looked_at(served: World) -> None:
    change_rules(served, "policies/churn.yaml", GATE, f"{GATE}      - gate: data_quality\n")
    reply = served.say("alice", "promote churn 2 to staging")
    quality = served.installation.evidence.get(str(reply.data["evidence_digest"])).facts.quality
    assert quality is not None
    assert quality.rows == 600
    assert [column.column for column in quality.columns] == ["x", "group", "left"]
    verdict = reply.data["verdict"]
    assert isinstance(verdict, dict)
    findings = verdict["findings"]
    assert isinstance(findings, list)
    (finding,) = [one for one in findings if isinstance(one, dict) and one["gate"] == "data_quality"]
    assert (finding["outcome"], reply.data["state"]) == ("pass", "waiting"), finding


def test_without_that_gate_the_evidence_holds_none_of_it(asked: World) -> None:
    assert asked.installation.evidence.get(str(asked.promotion(2).evidence_digest)).facts.quality is None


def test_where_there_are_no_data_the_gate_is_an_error(served: World) -> None:
    change_rules(served, "policies/churn.yaml", GATE, f"{GATE}      - gate: data_quality\n")
    (served.folder / "evaluation" / "churn.parquet").unlink()
    reply = served.say("alice", "promote churn 2 to staging")
    assert "The evaluation data could not be looked at: " in str(reply.data["verdict"])
    assert reply.data["state"] == "blocked"
