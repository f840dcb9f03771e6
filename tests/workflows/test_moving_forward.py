"""What moves, in which order, and what shows it afterwards?"""

import json

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable
from tests.hands import (
    Ear,
    audited,
    change_rules,
    checks,
    commit_as,
    drawn,
    entries,
    entry,
    git,
    journey,
    move_main,
    on_main,
    pull_request,
    sleepy,
    tick,
)
from tests.world import MODEL, World
from workflows.forge import PullRequestState
from workflows.lifecycle import move_in
from workflows.states import State

SERVING = "1"
MINE = f"models/{MODEL}/staging.yaml"


def serving(world: World, environment: str = "staging") -> str | None:
    """Return the version that answers."""
    found = world.target.serving(world.project.slot(MODEL, environment))
    return None if found is None else found.version.version


def prepared(world: World, environment: str = "staging") -> set[str]:
    """Return the versions that were started beside it."""
    return {one.version for one in world.target.prepared(world.project.slot(MODEL, environment))}


def nothing_moved(world: World, main: str) -> bool:
    """Do main, alias and target stand as they stood when v1 served in staging?"""
    stands = (world.forge.main_head(), world.registry.alias(MODEL, "staging"), serving(world), prepared(world))
    return stands == (main, SERVING, SERVING, set())


def test_the_ledger_tells_intention_before_deed_and_authorisation_before_the_merge(served: World) -> None:
    served.promote_through("2", "staging")
    assert [(one.kind, one.body.get("what", "")) for one in entries(served, "P2")] == [
        ("requested", ""),
        ("intended", "open a pull request"),
        ("observed", "open a pull request"),
        ("evidence", ""),
        ("approved", ""),
        ("authorised", ""),
        ("intended", "merge"),
        ("observed", "merge"),
        ("merged", ""),
        ("deploying", ""),
        ("intended", "switch"),
        ("observed", "switch"),
        ("intended", "alias"),
        ("observed", "alias"),
        ("promoted", ""),
    ]
    granted = entry(served, "P2", "authorised").body
    promoted = served.promotion(2)
    subject = served.installation.evidence.get(str(promoted.evidence_digest)).subject
    assert granted["subject"] == subject.model_dump(mode="json")
    assert granted["evidence_digest"] == promoted.evidence_digest
    assert granted["head"] == promoted.authorised_head == pull_request(served, promoted).head


def test_main_target_alias_and_receipt_agree_on_what_was_promoted(served: World) -> None:
    reply = served.promote_through("2", "staging")
    promoted = served.promotion(2)
    assert (reply.code, serving(served), prepared(served)) == (ExitCode.DONE, "2", set())
    assert served.registry.alias(MODEL, "staging") == "2"
    assert f"version: '2'\ndigest: {promoted.digest}\n".encode() in (on_main(served, MINE) or b"")
    assert served.forge.main_head() == promoted.merge_commit
    assert pull_request(served, promoted).state is PullRequestState.MERGED
    assert git(served, "for-each-ref", "refs/heads/mlops") == ""
    receipt = served.installation.receipts.get("P2")
    assert receipt is not None
    assert (receipt.statement["merge_commit"], receipt.statement["outcome"]) == (promoted.merge_commit, "pass")
    assert receipt.digest == entry(served, "P2", "promoted").body["receipt"]
    found = audited(served)
    assert (found.problems, found.receipts, found.evidence) == ((), 2, 2)
    assert f"It answers at {served.target.serving(served.project.slot(MODEL, 'staging')).url}" in reply.text  # type: ignore[union-attr]  # it serves
    assert str(served.installation.receipts.path("P2")) in reply.text


def test_the_merge_holds_exactly_the_authorised_change(served: World) -> None:
    served.promote_through("2", "staging")
    commit = served.forge.main_since(None)[-1]
    landed = {change.path: change.after for change in served.forge.changes(str(commit.parent), commit.sha)}
    assert landed == entry(served, "P2", "authorised").body["change"]
    written = {f"models/{MODEL}/evidence/staging/P2.{kind}" for kind in ("html", "json", "md")}
    assert set(landed) == {MINE, *written, *drawn(served, "P2")}
    assert f"models/{MODEL}/evidence/staging/P2-roc.png" in landed


def test_the_check_turns_green_only_after_the_ledger_has_the_authorisation(served: World) -> None:
    seen: list[tuple[str, str, bool]] = []

    def look() -> None:
        head = pull_request(served, served.promotion(2)).head
        granted = "authorised" in served.ledger("P2")
        seen.append((served.state(2), checks(served, 2, head)["mlops/promotion"], granted))

    served.say("alice", "promote churn 2 to staging")
    look()
    served.told = Ear("starting the version", look)
    served.target.fail_switch = "later"
    with pytest.raises(Unavailable):
        served.say("bob", "approve P2")
    look()
    assert seen == [("waiting", "waiting", False), ("waiting", "waiting", False), ("deploying", "success", True)]


def test_a_version_that_does_not_start_fails_and_nothing_has_moved(served: World) -> None:
    main = served.forge.main_head()
    served.target.fail_prepare["2"] = "KeyError: 'x'"
    reply = served.promote_through("2", "staging")
    failed = served.promotion(2)
    assert (reply.code, failed.state, failed.blocked_by[0].reason_code) == (ExitCode.REFUSED, "failed", "smoke_failed")
    assert "KeyError: 'x'" in reply.text
    assert nothing_moved(served, main)
    assert not {"authorised", "merged"} & set(served.ledger("P2"))
    assert (pull_request(served, failed).state, checks(served, 2)["mlops/promotion"]) == ("closed", "failure")
    assert served.installation.receipts.get("P2") is None


def test_the_subject_is_read_again_before_anything_moves(asked: World) -> None:
    asked.registry.delete(MODEL, "2")
    main = asked.forge.main_head()
    assert asked.say("bob", "approve P2").data["state"] == "blocked"
    assert nothing_moved(asked, main)
    assert asked.target.calls["prepare"] == 1


def test_a_push_between_authorisation_and_merge_is_refused_and_asked_again_with_its_pusher_barred(
    served: World,
) -> None:
    change_rules(
        served, "policies/people.yaml", "carol: {roles: [ml-engineer]", "carol: {roles: [ml-engineer, validator]"
    )
    served.say("alice", "promote churn 2 to staging")
    number = served.promotion(2).pull_request or 0
    branch, old = pull_request(served, served.promotion(2)).branch, pull_request(served, served.promotion(2)).head
    push = {f"models/{MODEL}/evidence/staging/P2.json": b"{}"}
    served.told = Ear("merging", lambda: commit_as(served, "carol@example.org", branch, push))
    assert served.say("carol", "approve P2").data["state"] == "waiting"
    refused = entry(served, "P2", "merge_refused").body
    assert "look at it again before it merges" in str(refused["problem"])
    assert checks(served, number, old)["mlops/promotion"] == "pending"
    shown = served.say("carol", "status P2")
    assert "carol committed or pushed to this branch" in shown.text
    assert served.say("bob", "approve P2").data["state"] == "promoted"
    assert journey(served, "P2").count("authorised") == 2
    kept = served.installation.evidence.bytes(str(served.promotion(2).evidence_digest))
    assert on_main(served, f"models/{MODEL}/evidence/staging/P2.json") == kept


@pytest.mark.full
def test_a_lane_that_freezes_between_authorisation_and_merge_stops_it(served: World) -> None:
    forge = sleepy(served, 2)
    served.say("alice", "promote churn 2 to staging")
    with pytest.raises(Unavailable):
        served.say("bob", "approve P2")
    move_main(served, {MINE: (on_main(served, MINE) or b"").replace(b"'1'", b"'4'")})
    forge.asleep = frozenset()
    served.clock.now += 600
    tick(served)
    assert served.state(2) in {"blocked", "evaluating"}
    assert (served.registry.alias(MODEL, "staging"), serving(served)) == ("1", "1")
    assert "merged" not in served.ledger("P2")


def test_a_main_that_was_moved_to_something_else_than_was_authorised_is_no_promotion(asked: World) -> None:
    here = pull_request(asked, asked.promotion(2))

    def somebody_merges_more() -> None:
        tree_commit = commit_as(asked, "mallory@example.org", "more", {"extra.txt": b"more"})
        tree = git(asked, "merge-tree", "--write-tree", tree_commit, here.head)
        words = ("commit-tree", tree, "-p", asked.forge.main_head(), "-p", here.head, "-m", "merged")
        git(asked, "update-ref", "refs/heads/main", git(asked, *words))

    asked.told = Ear("merging", somebody_merges_more)
    asked.say("bob", "approve P2")
    assert asked.state(2) == "failed"
    assert "something else than was authorised" in asked.promotion(2).problem
    assert (asked.registry.alias(MODEL, "staging"), serving(asked), prepared(asked)) == ("1", "1", set())


@pytest.mark.parametrize("asleep", ["registry", "target"])
def test_what_sleeps_on_the_way_is_told_with_its_own_code_and_a_later_look_finishes(
    asked: World, asleep: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asleep == "target":
        asked.target.fail_switch = "The endpoint is being scaled."
    else:
        monkeypatch.setattr(asked.registry, "set_alias", _raise_unavailable)
    with pytest.raises(Unavailable, match="tried again by itself"):
        asked.say("bob", "approve P2")
    assert asked.say("bob", "status P2").code is ExitCode.UNAVAILABLE
    assert (asked.state(2), asked.registry.alias(MODEL, "staging")) == ("deploying", "1")
    monkeypatch.undo()
    asked.target.fail_switch = None
    asked.clock.now += 300
    tick(asked)
    assert (asked.state(2), serving(asked), asked.registry.alias(MODEL, "staging")) == ("promoted", "2", "2")
    assert asked.ledger("P2").count("merged") == 1
    assert not audited(asked).problems


def _raise_unavailable(*_: object) -> None:
    raise Unavailable("The registry is being upgraded.")


def test_a_service_that_sleeps_at_the_first_step_leaves_a_request_that_goes_on_by_itself(served: World) -> None:
    served.scorer.unavailable = "No machine is free."
    with pytest.raises(Unavailable, match="No machine is free"):
        served.say("alice", "promote churn 2 to staging")
    assert served.say("alice", "status P2").code is ExitCode.UNAVAILABLE
    served.scorer.unavailable = None
    served.clock.now += 300
    tick(served)
    assert served.state(2) == "waiting"
    record = json.loads((served.repository / "pulls" / "2.json").read_text())
    assert record["state"] == "open"


def test_a_withdrawal_during_a_long_scoring_counts(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    score = served.scorer.score

    def meanwhile(job: object) -> object:
        with served.installation.database.transaction() as work:
            promotion = work.promotions.get("default", 2)
            if promotion.state == "evaluating":
                move_in(work, served.installation, promotion, State.WITHDRAWN, kind="withdrawn")
        return score(job)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(served.scorer, "score", meanwhile)
    reply = served.say("alice", "promote churn 2 to staging")
    assert (reply.code, served.state(2)) == (ExitCode.REFUSED, "withdrawn")
    assert journey(served, "P2") == ["evaluating", "withdrawn"]
