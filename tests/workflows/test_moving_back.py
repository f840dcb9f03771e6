"""How does it go back? After a switch that failed, by a rollback, and to nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable
from tests.hands import (
    Ear,
    Saved,
    audited,
    change_rules,
    entries,
    entry,
    git,
    journey,
    on_main,
    pull_request,
    sleepy,
    tick,
)
from tests.world import MODEL, Table, World
from workflows.forge import PullRequestState
from workflows.switching import DEADLINE

pytestmark = pytest.mark.full

MINE = f"models/{MODEL}/staging.yaml"


@pytest.fixture(scope="module")
def second(staged: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """v2 took v1's place in staging."""
    world = staged.again(tmp_path_factory.mktemp("second") / "installation")
    world.promote_through("2", "staging")
    return Saved.of(world)


@pytest.fixture
def followed(second: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where v2 serves in staging, and v1 did before."""
    world = second.again(tmp_path / "followed")
    yield world
    world.installation.database.close()


def serving(world: World, environment: str = "staging") -> str | None:
    """Return the version that answers."""
    found = world.target.serving(world.project.slot(MODEL, environment))
    return None if found is None else found.version.version


def champion(world: World, environment: str = "staging") -> tuple[str | None, str]:
    """Return the version that the lane remembers, and why it is frozen."""
    with world.installation.database.reading() as work:
        lane = work.lanes.get(world.project.lane(MODEL, environment))
    return None if lane.champion is None else lane.champion.version, lane.frozen


def expect_as_before(world: World, number: int, before: bytes | None) -> None:
    """Check that a switch that failed left everything as it was, and main too."""
    failed = world.promotion(number)
    assert (failed.state, failed.blocked_by[0].reason_code) == ("failed", "switch_failed")
    assert on_main(world, MINE) == before
    assert on_main(world, f"models/{MODEL}/evidence/staging/P{number}.json") is None
    assert world.installation.receipts.get(f"P{number}") is None
    tick(world)
    assert not world.target.prepared(world.project.slot(MODEL, "staging"))
    assert world.say("carol", "sync").code is ExitCode.DONE
    assert not audited(world).problems


def test_a_switch_that_fails_past_its_deadline_reverts_main_and_the_old_champion_stays(served: World) -> None:
    before = on_main(served, MINE)
    served.target.fail_switch = "The endpoint has no room."
    served.say("alice", "promote churn 2 to staging")
    with pytest.raises(Unavailable, match="no room"):
        served.say("bob", "approve P2")
    assert b"version: '2'" in (on_main(served, MINE) or b"")
    served.clock.now = served.promotion(2).updated_at + DEADLINE - 60
    tick_sleeping(served)
    assert served.state(2) == "deploying"
    served.clock.now = served.promotion(2).updated_at + DEADLINE + 300
    tick_sleeping(served)
    assert "The endpoint has no room." in served.promotion(2).problem
    assert (serving(served), served.registry.alias(MODEL, "staging"), champion(served)) == ("1", "1", ("1", ""))
    served.target.fail_switch = None
    expect_as_before(served, 2, before)
    assert "main is reverted and the old champion stays" in served.say("bob", "why P2").text
    served.say("alice", "promote churn 2 to staging")
    assert served.say("bob", "approve P3").data["state"] == "promoted"


def tick_sleeping(world: World) -> None:
    """Sweep, whether or not a service sleeps."""
    try:
        tick(world)
    except Unavailable:
        return


def test_a_first_version_that_cannot_be_switched_on_leaves_nothing_serving(quiet: World) -> None:
    quiet.target.fail_switch = "no room"
    quiet.say("alice", "promote churn 1 to staging")
    quiet.told = Ear("switching", lambda: quiet.clock.sleep(3600))
    assert quiet.say("bob", "approve P1").code is ExitCode.REFUSED
    quiet.target.fail_switch = None
    expect_as_before(quiet, 1, None)
    assert (serving(quiet), quiet.registry.alias(MODEL, "staging"), champion(quiet)) == (None, None, (None, ""))


def test_a_target_that_sleeps_altogether_does_not_keep_main_from_being_reverted(served: World) -> None:
    before = on_main(served, MINE)
    served.say("alice", "promote churn 2 to staging")

    def fall_asleep() -> None:
        served.target.unavailable = "The endpoint is gone."
        served.clock.sleep(3600)

    served.told = Ear("switching", fall_asleep)
    with pytest.raises(Unavailable, match="gone"):
        served.say("bob", "approve P2")
    assert (served.state(2), on_main(served, MINE)) == ("failed", before)
    served.target.unavailable = None
    served.clock.now += 300
    expect_as_before(served, 2, before)


@pytest.mark.parametrize("first", [True, False])
def test_an_alias_that_cannot_be_set_takes_the_switched_target_back_too(
    quiet: World, served: World, monkeypatch: pytest.MonkeyPatch, *, first: bool
) -> None:
    world, number, version = (quiet, 1, "1") if first else (served, 2, "2")
    before, set_alias = on_main(world, MINE), world.registry.set_alias

    def refuse(model: str, alias: str, wanted: str | None) -> None:
        set_alias(model, alias, wanted)
        if wanted == version:
            world.clock.sleep(3600)
            raise Unavailable("The registry timed out.")

    monkeypatch.setattr(world.registry, "set_alias", refuse)
    world.say("alice", f"promote churn {version} to staging")
    world.say("bob", f"approve P{number}")
    expected = None if first else "1"
    assert (serving(world), world.registry.alias(MODEL, "staging")) == (expected, expected)
    expect_as_before(world, number, before)


def test_a_version_deleted_while_it_is_switched_on_goes_back_at_once(served: World) -> None:
    before = on_main(served, MINE)
    served.say("alice", "promote churn 2 to staging")
    served.told = Ear("switching", lambda: served.registry.delete(MODEL, "2"))
    reply = served.say("bob", "approve P2")
    assert reply.code is ExitCode.REFUSED
    assert "There is no churn v2" in reply.text
    assert serving(served) == "1"
    expect_as_before(served, 2, before)


def test_who_gave_up_does_not_switch_after_all_when_the_target_wakes_up(served: World) -> None:
    before = on_main(served, MINE)
    served.target.fail_switch = "no room"
    served.say("alice", "promote churn 2 to staging")
    forge = sleepy(served, 3)

    def wait() -> None:
        served.clock.sleep(3600)

    served.told = Ear("switching", wait)
    with pytest.raises(Unavailable, match="asleep"):
        served.say("bob", "approve P2")
    assert served.state(2) == "deploying"
    served.target.fail_switch = None
    forge.asleep = frozenset()
    served.clock.now += 300
    tick(served)
    expect_as_before(served, 2, before)


def test_a_rollback_brings_the_previous_version_back_by_its_own_short_road(followed: World) -> None:
    reply = followed.say("carol", "rollback churn in staging --reason 'complaints from Quincy'")
    assert (reply.code, reply.data["state"], reply.data["version"]) == (ExitCode.DONE, "promoted", "1")
    verdict = reply.data["verdict"]
    assert isinstance(verdict, dict)
    told = verdict["findings"]
    assert isinstance(told, list)
    assert [one["gate"] for one in told if isinstance(one, dict)] == ["digest", "format", "serving"]
    assert (serving(followed), followed.registry.alias(MODEL, "staging"), champion(followed)) == ("1", "1", ("1", ""))
    assert (followed.state(1), followed.state(2), followed.state(3)) == ("promoted", "rolled_back", "promoted")
    assert entry(followed, "P2", "rolled_back").body["by"] == "P3"
    own = entry(followed, "P3", "approved").body
    assert (own["person"], own["approves"], own["evidence_digest"]) == (
        "carol",
        True,
        followed.promotion(3).evidence_digest,
    )
    assert followed.installation.receipts.get("P3") is not None
    assert not audited(followed).problems


def test_a_rollback_asked_for_by_someone_without_the_role_waits_for_one_who_has_it(followed: World) -> None:
    reply = followed.say("bob", "rollback churn in staging --reason complaints")
    assert (reply.code, reply.data["decisions"]) == (ExitCode.WAITING, [])
    assert "mlops approve P3" in reply.text
    assert followed.say("carol", "approve P3").data["state"] == "promoted"


def test_a_rollback_whose_requester_does_not_count_waits_for_another(followed: World) -> None:
    change_rules(followed, "policies/churn.yaml", "requester_counts: true", "requester_counts: false")
    change_rules(
        followed, "policies/people.yaml", "erin: {roles: [risk-officer,", "erin: {roles: [ml-engineer, risk-officer,"
    )
    assert followed.say("carol", "rollback churn in staging --reason bad").code is ExitCode.WAITING
    assert followed.say("carol", "approve P3").text.startswith("Carol asked for this promotion")
    assert followed.say("erin", "approve P3").data["state"] == "promoted"


def test_a_rollback_names_a_version_or_goes_further_back_each_time_and_never_to_what_it_left(
    followed: World, table: Table
) -> None:
    best = followed.register(table.scores(0.7, seed=6))
    assert followed.promote_through(best, "staging").data["state"] == "promoted"
    named = followed.say("carol", "rollback churn in staging to 1 --reason 'the oldest'")
    assert (named.data["version"], serving(followed)) == ("1", "1")
    nothing = followed.say("carol", "rollback churn in staging --reason more")
    assert nothing.text.startswith("No earlier version of churn was promoted to staging")
    forward = followed.say("carol", f"rollback churn in staging to {best} --reason 'it was good after all'")
    assert (forward.data["version"], serving(followed)) == (best, best)
    back = followed.say("carol", "rollback churn in staging --reason 'no, it was not'")
    assert (back.data["version"], serving(followed)) == ("1", "1")
    assert followed.say("carol", "rollback churn in staging --reason again").code is ExitCode.REFUSED


def test_a_rollback_to_a_version_whose_files_were_altered_since_is_blocked_by_its_receipt(followed: World) -> None:
    followed.registry.alter(MODEL, "1", {"answers.json": b"[]", "MLmodel": b"flavors: {}\n"})
    reply = followed.say("carol", "rollback churn in staging --reason bad")
    assert (reply.code, reply.data["state"]) == (ExitCode.REFUSED, "blocked")
    assert "digest" in followed.promotion(3).blocked_by[0].summary
    assert (serving(followed), champion(followed)) == ("2", ("2", ""))


def test_a_rollback_leads_through_a_frozen_lane(followed: World) -> None:
    followed.registry.set_alias(MODEL, "staging", "4")
    tick(followed)
    assert champion(followed) == ("2", "out_of_band")
    assert followed.say("carol", "rollback churn in staging --reason bad").data["state"] == "promoted"
    assert (serving(followed), followed.registry.alias(MODEL, "staging")) == ("1", "1")


def test_a_retired_model_serves_nowhere_and_can_come_back(served: World) -> None:
    reply = served.say("alice", "retire churn in staging --reason 'replaced by rules'")
    assert (reply.code, reply.data["version"]) == (ExitCode.WAITING, None)
    assert served.say("alice", "approve P2").code is ExitCode.REFUSED
    assert served.say("bob", "approve P2").data["state"] == "promoted"
    assert (serving(served), served.registry.alias(MODEL, "staging"), champion(served)) == (None, None, (None, ""))
    assert on_main(served, MINE) == b"model: churn\nenvironment: staging\nversion: null\ndigest: null\n"
    assert journey(served, "P2") == ["evaluating", "waiting", "authorised", "deploying", "promoted"]
    assert served.target.calls["stop"] == 1
    receipt = served.installation.receipts.get("P2")
    assert receipt is not None
    assert "P2" in served.say("bob", "history churn").text
    assert served.say("carol", "sync").code is ExitCode.DONE
    assert "Nothing serves churn" in served.say("alice", "retire churn in staging --reason again").text
    back = served.say("carol", "rollback churn in staging --reason 'the rules are worse'")
    assert (back.data["state"], serving(served), served.state(2)) == ("promoted", "1", "rolled_back")
    assert not audited(served).problems


def test_a_retirement_that_cannot_stop_the_target_leaves_the_champion_serving(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = on_main(served, MINE)
    served.say("alice", "retire churn in staging --reason old")

    def refuse(_: object) -> None:
        served.clock.sleep(3600)
        raise Unavailable("The endpoint does not answer.")

    monkeypatch.setattr(served.target, "stop", refuse)
    served.say("bob", "approve P2")
    assert (serving(served), served.registry.alias(MODEL, "staging"), champion(served)) == ("1", "1", ("1", ""))
    expect_as_before(served, 2, before)


def test_a_merge_of_ours_and_its_revert_are_both_answered_for(served: World) -> None:
    served.target.fail_switch = "no room"
    served.say("alice", "promote churn 2 to staging")
    served.told = Ear("switching", lambda: served.clock.sleep(3600))
    served.say("bob", "approve P2")
    kinds = [one.kind for one in entries(served, "P2")]
    assert kinds.index("authorised") < kinds.index("merged") < kinds.index("failed")
    line = [commit.summary for commit in served.forge.main_since(None)]
    assert len(line) == 4
    assert line[-1].startswith("Revert")
    assert pull_request(served, served.promotion(2)).state is PullRequestState.MERGED
    assert git(served, "for-each-ref", "refs/heads/mlops/P2-churn-2-staging") == ""
    served.target.fail_switch = None
    assert "ALARM" not in served.say("carol", "sync").text
