"""Does sync notice that main was set back, so that authorised merges are gone, and can it bring them back?"""

import pytest

from bot.exchange import ExitCode
from storage.ledger import Entry
from tests.hands import change_rules, edit, entries, git, move_main, on_main
from tests.world import POLICY, World

pytestmark = pytest.mark.full

EVIDENCE = "models/churn/evidence/staging/P3.json"


def alarms(world: World) -> list[Entry]:
    return [entry for entry in entries(world, "main of default") if entry.kind == "alarm"]


def set_back(world: World, commits: int) -> str:
    """Set main to an older commit, and keep nothing of what came after but what the forge keeps itself."""
    older = git(world, "rev-parse", f"main~{commits}")
    git(world, "update-ref", "refs/heads/main", older)
    return older


def tree(world: World) -> str:
    return git(world, "rev-parse", "main^{tree}")


def restore_all(world: World) -> None:
    for environment in ("staging", "production"):
        assert world.say("carol", f"sync churn in {environment} --restore").code is ExitCode.DONE
    assert world.say("carol", "sync").code is ExitCode.DONE


def test_a_main_that_was_set_back_is_an_alarm_that_names_what_is_missing(lived_in: World) -> None:
    lived_in.say("carol", "sync")
    before = tree(lived_in)
    older = set_back(lived_in, 1)
    reply = lived_in.say("carol", "sync")
    detail = f"main was set to {older[:12]} and lost what was authorised (P3)."
    assert reply.code is ExitCode.REFUSED
    assert reply.text.splitlines()[:3] == [
        "ALARM: 1 of 2 lanes is frozen.",
        f"  churn in staging: FROZEN: {detail} Next: mlops sync churn in staging --restore",
        "  churn in production: v1",
    ]
    assert [alarm.body["detail"] for alarm in alarms(lived_in)] == [detail]
    restore_all(lived_in)
    assert tree(lived_in) == before


def test_it_is_raised_once_and_again_only_when_main_is_set_back_again(lived_in: World) -> None:
    lived_in.say("carol", "sync")
    before = tree(lived_in)
    for times in (1, 2):
        set_back(lived_in, 1)
        for _ in range(3):
            lived_in.say("carol", "sync")
        assert len(alarms(lived_in)) == times
        restore_all(lived_in)
        assert tree(lived_in) == before


def test_a_main_that_is_set_back_further_is_another_alarm(lived_in: World) -> None:
    lived_in.say("carol", "sync")
    before = tree(lived_in)
    for times in (1, 2):
        set_back(lived_in, 1)
        lived_in.say("carol", "sync")
        assert len(alarms(lived_in)) == times
    restore_all(lived_in)
    assert tree(lived_in) == before


def test_several_lost_merges_come_back_together_with_their_evidence(lived_in: World) -> None:
    lived_in.say("carol", "sync")
    before, evidence = tree(lived_in), on_main(lived_in, EVIDENCE)
    set_back(lived_in, 3)
    detail = str(lived_in.say("carol", "sync").data["alarms"])
    assert "lost what was authorised (P1, P2, P3)" in detail
    restore_all(lived_in)
    assert (tree(lived_in), on_main(lived_in, EVIDENCE)) == (before, evidence)


def test_a_main_set_back_with_another_champion_on_top_is_two_alarms_and_one_restore(lived_in: World) -> None:
    lived_in.say("carol", "sync")
    before = tree(lived_in)
    set_back(lived_in, 1)
    strange = move_main(lived_in, edit("staging", "4"))
    lived_in.say("carol", "sync")
    assert [alarm.body["commit"] for alarm in alarms(lived_in)] == [strange, strange]
    assert [bool(alarm.body["lost"]) for alarm in alarms(lived_in)] == [True, False]
    restore_all(lived_in)
    assert tree(lived_in) == before


def test_a_main_that_begins_anew_is_noticed(lived_in: World) -> None:
    lived_in.say("carol", "sync")
    before = tree(lived_in)
    root = git(lived_in, "commit-tree", "main^{tree}", "-m", "A new beginning")
    git(lived_in, "update-ref", "refs/heads/main", root)
    reply = lived_in.say("carol", "sync")
    assert (reply.code, "lost what was authorised (main, P1, P2, P3)" in reply.text) == (ExitCode.REFUSED, True)
    restore_all(lived_in)
    assert tree(lived_in) == before


def test_main_may_be_set_back_even_before_it_was_ever_judged(served: World) -> None:
    set_back(served, 1)
    reply = served.say("carol", "sync")
    assert reply.code is ExitCode.REFUSED
    assert "lost what was authorised (P1)" in reply.text
    restore_all(served)
    assert b"version: '1'" in (on_main(served, "models/churn/staging.yaml") or b"")


def test_old_rules_do_not_come_back_with_an_old_main(served: World) -> None:
    change_rules(served, "policies/churn.yaml", "limit: 0.2", "limit: 0.1")
    newer = on_main(served, "policies/churn.yaml")
    served.say("carol", "sync")
    set_back(served, 1)
    assert on_main(served, "policies/churn.yaml") == POLICY.encode()
    assert "is not the one that was accepted" in served.say(None, "status").text
    reply = served.say("carol", "sync")
    assert (reply.code, "lost what was authorised (R1)" in reply.text) == (ExitCode.REFUSED, True)
    restore_all(served)
    assert on_main(served, "policies/churn.yaml") == newer


@pytest.mark.parametrize("kept", ["merge commits", "heads of pull requests"])
def test_lost_merges_come_back_from_whatever_the_repository_still_has(lived_in: World, kept: str) -> None:
    change_rules(lived_in, "policies/churn.yaml", "limit: 0.2", "limit: 0.1")
    lived_in.say("carol", "sync")
    before = tree(lived_in)
    set_back(lived_in, 2)
    if kept != "merge commits":
        git(lived_in, "reflog", "expire", "--expire=now", "--all")
        git(lived_in, "gc", "--quiet", "--prune=now")
    lived_in.say("carol", "sync")
    restore_all(lived_in)
    assert tree(lived_in) == before


def test_commits_of_others_that_are_dropped_are_their_owners_business(served: World) -> None:
    move_main(served, {"README.md": b"hello"})
    served.say("carol", "sync")
    set_back(served, 1)
    assert served.say("carol", "sync").code is ExitCode.DONE
    assert alarms(served) == []
