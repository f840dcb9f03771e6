"""What becomes of merges by other hands, of promotions that are on their way, and of a restore that is cut short?"""

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable
from tests.hands import commit_as, edit, git, move_main, on_main, sleepy
from tests.order import alarms, expect_in_order, restore
from tests.world import MODEL, World
from workflows.forge import PullRequestState
from workflows.outbox import ask_for_sync_main

pytestmark = pytest.mark.full

STAGING_FILE = "models/churn/staging.yaml"


def test_a_merge_by_hand_is_judged_by_what_it_brings(served: World) -> None:
    commit_as(served, "mallory@example.org", "side", edit("staging", "2"))
    commit_as(served, "mallory@example.org", "side", {"README.md": b"hello"})
    main, side = served.forge.main_head(), git(served, "rev-parse", "side")
    merge = git(served, "commit-tree", f"{side}^{{tree}}", "-p", main, "-p", side, "-m", "Merge by hand")
    git(served, "update-ref", "refs/heads/main", merge)
    assert served.say("carol", "sync").code is ExitCode.REFUSED
    assert [alarm.body["commit"] for alarm in alarms(served)] == [merge]
    assert restore(served).code is ExitCode.DONE
    assert on_main(served, "README.md") == b"hello"
    expect_in_order(served)


def test_a_promotion_merged_by_hand_before_it_was_authorised_is_failed_and_taken_back(quiet: World) -> None:
    quiet.say("alice", "promote churn 1 to staging")
    head = quiet.promotion(1).head
    main = quiet.forge.main_head()
    merge = git(quiet, "commit-tree", f"{head}^{{tree}}", "-p", main, "-p", str(head), "-m", "I like it")
    git(quiet, "update-ref", "refs/heads/main", merge)
    reply = quiet.say("carol", "sync")
    assert (reply.code, quiet.state(1), quiet.registry.alias(MODEL, "staging")) == (ExitCode.REFUSED, "failed", None)
    assert restore(quiet).code is ExitCode.DONE
    assert on_main(quiet, STAGING_FILE) is None
    expect_in_order(quiet)


def authorised_head(world: World) -> str:
    """Take P1 to `authorised` and no further; main is judged before anyone looks at P1 again."""
    world.say("alice", "promote churn 1 to staging")
    forge = sleepy(world, 1)
    with pytest.raises(Unavailable, match="asleep"):
        world.say("bob", "approve P1")
    forge.asleep = frozenset()
    assert world.state(1) == "authorised"
    with world.installation.database.transaction() as work:
        ask_for_sync_main(work, "default", restored_by=None, at=world.clock() - 1)
    return str(world.promotion(1).authorised_head)


def merge_by_hand(world: World, head: str, *, tree: str | None = None) -> str:
    main = world.forge.main_head()
    merge = git(world, "commit-tree", tree or f"{head}^{{tree}}", "-p", main, "-p", head, "-m", "Merge it for the bot")
    git(world, "update-ref", "refs/heads/main", merge)
    return merge


def test_a_merge_of_an_authorised_head_by_someone_else_is_as_good_as_the_bots(quiet: World) -> None:
    head = authorised_head(quiet)
    merge_by_hand(quiet, head)
    reply = quiet.say("carol", "sync")
    assert (reply.code, alarms(quiet), quiet.state(1)) == (ExitCode.DONE, [], "promoted")
    assert quiet.registry.alias(MODEL, "staging") == "1"
    expect_in_order(quiet)


def test_a_merge_of_an_authorised_head_with_something_slipped_in_is_an_alarm(quiet: World) -> None:
    head = authorised_head(quiet)
    files = {path: quiet.forge.read(head, path) for path in (STAGING_FILE,)}
    commit_as(quiet, "mallory@example.org", "evil", {**files, **edit("production", "1")})
    merge = merge_by_hand(quiet, head, tree=git(quiet, "rev-parse", "evil^{tree}"))
    git(quiet, "update-ref", "-d", "refs/heads/evil")
    assert quiet.say("carol", "sync").code is ExitCode.REFUSED
    assert [alarm.body["commit"] for alarm in alarms(quiet)] == [merge]
    assert quiet.state(1) == "failed"


def test_open_promotions_are_held_and_go_on_after_the_restore(asked: World) -> None:
    evidence = asked.promotion(2).evidence_digest
    move_main(asked, edit("staging", "3"))
    asked.say("carol", "sync")
    assert asked.state(2) == "blocked"
    assert [line.reason_code for line in asked.promotion(2).blocked_by] == ["out_of_band"]
    refused = asked.say("bob", "approve P2")
    assert refused.code is ExitCode.REFUSED
    assert restore(asked).code is ExitCode.DONE
    assert (asked.state(2), asked.promotion(2).evidence_digest) == ("waiting", evidence)
    assert asked.say("bob", "approve P2").code is ExitCode.DONE
    expect_in_order(asked)


def test_decisions_made_before_the_alarm_count_after_the_restore(served: World) -> None:
    served.say("alice", "promote churn 1 to production")
    served.say("bob", "approve P2")
    served.registry.set_alias(MODEL, "production", "2")
    served.say("carol", "sync")
    assert served.state(2) == "blocked"
    restore(served, "production")
    assert served.say("carol", "approve P2").code is ExitCode.DONE
    assert served.state(2) == "promoted"


def test_a_revert_that_somebody_closed_does_not_stop_the_restore(served: World) -> None:
    move_main(served, edit("staging", "2"))
    served.say("carol", "sync")
    git(served, "update-ref", "-d", f"refs/heads/{served.forge.pull_request(2).branch}")
    assert restore(served).code is ExitCode.DONE
    expect_in_order(served)


def test_a_rollback_passes_a_frozen_lane_and_the_restore_keeps_it(lived_in: World) -> None:
    move_main(lived_in, edit("staging", "4"))
    lived_in.say("carol", "sync")
    assert lived_in.say("carol", "rollback churn in staging --reason away").code is ExitCode.DONE
    assert restore(lived_in).code is ExitCode.DONE
    assert b"version: '1'" in (on_main(lived_in, STAGING_FILE) or b"")
    expect_in_order(lived_in)


@pytest.mark.parametrize("strange", ["a commit", "a reset"])
def test_a_restore_survives_a_crash_between_its_merge_and_its_entry(
    served: World, monkeypatch: pytest.MonkeyPatch, strange: str
) -> None:
    if strange == "a commit":
        move_main(served, edit("staging", "2"))
    else:
        git(served, "update-ref", "refs/heads/main", git(served, "rev-parse", "main~1"))
    served.say("carol", "sync")
    merge, merges = served.forge.merge, 0

    def dies_once(*words: object, **more: object) -> str:
        nonlocal merges
        commit = merge(*words, **more)  # type: ignore[arg-type]  # handed on as they came
        merges += 1
        if merges == 1:
            raise Unavailable("The power went out.")
        return commit

    monkeypatch.setattr(served.forge, "merge", dies_once)
    assert restore(served).code is ExitCode.DONE
    assert len(alarms(served)) == 1
    expect_in_order(served)


def test_a_revert_that_somebody_merges_by_hand_is_granted_by_the_restore(served: World) -> None:
    move_main(served, edit("staging", "2"))
    served.say("carol", "sync")
    merge_by_hand(served, served.forge.pull_request(2).head)
    assert served.say("carol", "sync").code is ExitCode.REFUSED
    assert restore(served).code is ExitCode.DONE
    assert served.forge.pull_request(2).state is PullRequestState.MERGED
    expect_in_order(served)
