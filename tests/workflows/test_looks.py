"""What do people and programs see who only look?"""

import pytest

from bot.exchange import ExitCode
from gates.refusal import UserError
from tests.hands import edit, entries, move_main
from tests.world import MODEL, World


def test_status_shows_every_lane_in_promotion_order_and_what_is_open(lived_in: World) -> None:
    lived_in.say("alice", "promote churn 2 to production")
    reply = lived_in.say(None, "status")
    assert reply.code is ExitCode.DONE
    assert reply.text.splitlines()[:3] == [
        "churn in staging: v2 (P3) at http://127.0.0.1:5601",
        "churn in production: v1 (P2) at http://127.0.0.1:5602",
        "P4 is waiting: promote churn 2 to production, in place of v1, asked by alice",
    ]
    assert reply.data["lanes"] == [
        {
            "model": MODEL,
            "environment": environment,
            "champion": version,
            "promotion": promotion,
            "url": f"http://127.0.0.1:{port}",
            "frozen": "",
        }
        for environment, version, promotion, port in (("staging", "2", "P3", 5601), ("production", "1", "P2", 5602))
    ]
    opened = reply.data["open"]
    assert isinstance(opened, list)
    assert [one["id"] for one in opened if isinstance(one, dict)] == ["P4"]
    assert (reply.data["project"], reply.data["rulebook"], reply.data["rulebook_changes"]) == ("default", "", [])
    assert lived_in.say(None, "status churn").text == reply.text


def test_status_of_a_promotion_is_the_document_that_other_programs_rely_on(asked: World) -> None:
    data = asked.say(None, "status P2").data
    assert {
        "id", "project", "model", "version", "environment", "kind", "state", "subject", "evidence_digest", "champion",
        "verdict", "decisions", "blocked_by", "pull_request",
    } <= data.keys()  # fmt: skip
    assert (data["id"], data["champion"], data["state"]) == ("P2", "1", "waiting")
    verdict = data["verdict"]
    assert isinstance(verdict, dict)
    assert verdict["outcome"] in {"pass", "warn"}
    assert data["blocked_by"] == [
        {
            "reason_code": "approvals_missing",
            "summary": "It waits for 1 approval as validator.",
            "who": ["bob"],
            "next": "mlops approve P2",
        }
    ]


def test_what_stopped_answering_is_said_to(served: World) -> None:
    served.target.stop(served.project.slot(MODEL, "staging"))
    assert "churn in staging: v1 (P1), not running" in served.say(None, "status").text


@pytest.mark.full
def test_the_card_is_of_what_the_last_environment_serves_also_after_a_rollback(lived_in: World) -> None:
    assert "\n# Model card: churn v1\n" in lived_in.say(None, "card churn").text
    assert "\n# Model card: churn v2\n" in lived_in.say(None, "card churn 2").text
    before = lived_in.say(None, "card churn").text
    lived_in.promote_through("2", "production")
    assert "\n# Model card: churn v2\n" in lived_in.say(None, "card churn").text
    lived_in.say("carol", "rollback churn in production --reason complaints")
    assert lived_in.say(None, "card churn").text == before


def test_comparing_asks_for_nothing_and_keeps_its_evidence(served: World) -> None:
    reply = served.say(None, "compare churn 2")
    assert reply.code is ExitCode.DONE
    assert "| roc_auc " in reply.text
    assert served.told == [
        "churn v2: scoring v2 on the evaluation data",
        "churn v2: scoring v1 on the evaluation data",
        "churn v2: measuring quality and fairness",
    ]
    digest = str(reply.data["evidence_digest"])
    evidence = served.installation.evidence.get(digest)
    assert (evidence.subject.challenger and evidence.subject.challenger.version) == "2"
    assert (evidence.subject.champion and evidence.subject.champion.version) == "1"
    assert entries(served, "default/churn")[-1].body == {"evidence_digest": digest, "version": "2", "with": None}
    with served.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1


def test_two_versions_may_be_compared_before_anything_serves(quiet: World) -> None:
    reply = quiet.say(None, "compare churn 2 with 1")
    evidence = quiet.installation.evidence.get(str(reply.data["evidence_digest"]))
    assert (evidence.subject.champion and evidence.subject.champion.version) == "1"
    with pytest.raises(UserError, match="There is no churn v9; the latest is v5"):
        quiet.say(None, "compare churn 9")


def test_history_tells_promotions_and_alarms_of_one_model(lived_in: World) -> None:
    move_main(lived_in, edit("staging", "4"))
    lived_in.say("carol", "sync")
    reply = lived_in.say(None, "history churn")
    events = reply.data["events"]
    assert isinstance(events, list)
    told = [(one["subject"], one["kind"]) for one in events if isinstance(one, dict)]
    assert told[:4] == [("P1", "requested"), ("P1", "evidence"), ("P1", "approved"), ("P1", "authorised")]
    assert told[-1] == ("main of default", "alarm")
    assert all(set(one) == {"seq", "at", "kind", "subject", "text"} for one in events if isinstance(one, dict))


def test_audit_tells_everything_and_names_the_receipt(served: World) -> None:
    reply = served.say(None, "audit P1")
    assert reply.data["receipt"] == f"{served.folder}/receipts/P1.json"
    trail = reply.data["entries"]
    assert isinstance(trail, list)
    assert [one["kind"] for one in trail if isinstance(one, dict)] == served.ledger("P1")
    assert reply.text.splitlines()[-2:] == [
        f"Receipt: {served.folder}/receipts/P1.json",
        "Next: mlops audit verify checks the whole trail.",
    ]


def test_names_for_completion(lived_in: World) -> None:
    assert list(lived_in.house.names("MODEL")) == [MODEL]
    assert list(lived_in.house.names("ENVIRONMENT")) == ["production", "staging"]
    assert list(lived_in.house.names("PROMOTION")) == ["P1", "P2", "P3"]
    assert list(lived_in.house.names("VERSION")) == ["1", "2", "3", "4", "5"]
    assert list(lived_in.house.names("DIGEST")) == []


def test_readiness_names_what_is_missing(served: World) -> None:
    assert served.house.ready() == (True, {})
    (served.repository / "refs" / "heads" / "main").unlink()
    ready, problems = served.house.ready()
    assert (ready, set(problems)) == (False, {"default repository", "default rulebook"})
