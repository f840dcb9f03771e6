"""What do people and programs see who only look?"""

import pytest
from pydantic import JsonValue

from bot.commands import Compare, ModelName
from bot.exchange import ExitCode
from bot.github.answers import outcome_of
from bot.house.replies import verdict_code
from gates.outcome import Outcome
from gates.refusal import Refused, UserError
from policies.effective import EffectivePolicy
from tests.hands import edit, entries, move_main
from tests.world import MODEL, World


def _findings(verdict: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    found = verdict["findings"]
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]


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
    assert entries(served, "default/churn")[-1].body == {
        "evidence_digest": digest, "version": "2", "with": "1", "environment": "staging", "outcome": "pass",
    }  # fmt: skip
    with served.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1


def test_two_versions_may_be_compared_before_anything_serves(quiet: World) -> None:
    reply = quiet.say(None, "compare churn 2 with 1")
    evidence = quiet.installation.evidence.get(str(reply.data["evidence_digest"]))
    assert (evidence.subject.champion and evidence.subject.champion.version) == "1"
    with pytest.raises(UserError, match="There is no churn v9; the latest is v5"):
        quiet.say(None, "compare churn 9")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("compare churn 2 with 2", "churn v2 would be compared with itself."),
        ("compare churn 1", "churn v1 serves in staging already, so it would be compared with itself."),
    ],
)
def test_a_version_is_not_compared_with_itself_and_costs_no_look(served: World, words: str, why: str) -> None:
    with served.installation.database.reading() as work:
        before = work.ledger.size()
    with pytest.raises(UserError) as mistake:
        served.say(None, words)
    *_, version = words.removesuffix(" with 2").split()
    assert str(mistake.value) == f"{why} Name another version: mlops compare churn {version} with VERSION."
    assert not isinstance(mistake.value, Refused)  # wrong usage, as a version that does not exist
    with served.installation.database.reading() as work:
        assert work.ledger.size() == before
    assert served.told == []


def test_a_version_that_is_registered_twice_is_not_compared_with_itself_either(served: World) -> None:
    again, twice = served.register({"status": "crashed"}), served.register({"status": "crashed"})
    why = f"churn v{twice} and v{again} are the same files, so there is nothing to compare"
    with pytest.raises(UserError, match=why):
        served.say(None, f"compare churn {twice} with {again}")
    assert served.told == []


@pytest.mark.parametrize(
    ("version", "outcome", "code"), [("2", "pass", ExitCode.DONE), ("3", "fail", ExitCode.REFUSED)]
)
def test_comparing_ends_as_the_gates_conclude(served: World, version: str, outcome: str, code: ExitCode) -> None:
    compared = served.say(None, f"compare churn {version}")
    promoted = served.say("alice", f"promote churn {version} to staging")
    assert compared.data.keys() == {"evidence_digest", "verdict", "facts"}
    verdict = compared.data["verdict"]
    assert isinstance(verdict, dict)
    assert (verdict["outcome"], compared.code) == (outcome, code)
    said = outcome_of(Compare(model=ModelName(name=MODEL), version=version), compared, None)
    assert (said.refused, said.text) == (False, compared.text)
    asked = promoted.data["verdict"]
    assert isinstance(asked, dict)
    assert [one["gate"] for one in _findings(verdict)] == [one["gate"] for one in _findings(asked)]
    assert [one.keys() for one in _findings(verdict)] == [one.keys() for one in _findings(asked)]


@pytest.mark.parametrize(
    ("outcome", "on_inconclusive", "code"),
    [
        (Outcome.PASS, "block", ExitCode.DONE),
        (Outcome.WARN, "block", ExitCode.DONE),
        (Outcome.INCONCLUSIVE, "block", ExitCode.REFUSED),
        (Outcome.INCONCLUSIVE, ({"role": "validator", "count": 1},), ExitCode.WAITING),
        (Outcome.FAIL, "block", ExitCode.REFUSED),
        (Outcome.ERROR, "block", ExitCode.REFUSED),
    ],
)
def test_a_measurement_ends_as_a_promotion_would(
    served: World, outcome: Outcome, on_inconclusive: object, code: ExitCode
) -> None:
    evidence = served.installation.evidence.get(str(served.promotion(1).evidence_digest))
    policy = EffectivePolicy.model_validate({**evidence.subject.policy, "on_inconclusive": on_inconclusive})
    assert verdict_code(policy, outcome) is code


def test_a_version_that_does_not_exist_has_no_card_and_is_not_recommended(served: World) -> None:
    for words in ("card churn 9", "compare churn 9"):
        with pytest.raises(UserError) as mistake:
            served.say(None, words)
        assert str(mistake.value) == "There is no churn v9; the latest is v5."
    unmeasured = served.say(None, "card churn 4")
    assert (unmeasured.code, unmeasured.text) == (
        ExitCode.REFUSED,
        "Nothing was measured for churn v4 yet, so it has no card. Next: mlops promote churn 4 to staging.",
    )


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
