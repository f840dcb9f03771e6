"""Who may accept the first rulebook, and how is it named?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exchange import ExitCode
from gates.refusal import UserError
from tests.hands import commit_as, entries, git, move_main
from tests.world import PEOPLE, World, new_world, rulebook


@pytest.fixture
def fresh(installation_folder: Path) -> Iterator[World]:
    """An installation whose first rulebook nobody trusts yet."""
    with new_world(installation_folder, trusted=False) as world:
        yield world


def test_a_governor_accepts_the_first_rulebook_and_it_is_in_force(fresh: World) -> None:
    assert (
        "was never accepted, so no gate can pass under it. Next: mlops rulebook trust" in fresh.say(None, "status").text
    )
    head = fresh.forge.main_head()
    reply = fresh.say("grace", f"rulebook trust {head}")
    digest = str(reply.data["digest"])
    assert (reply.code, reply.text) == (
        ExitCode.DONE,
        f"The rulebook of {head[:12]} ({digest[:12]}) is in force, on the word of grace.",
    )
    (entry,) = entries(fresh, "main of default")
    assert (entry.kind, entry.body) == (
        "rulebook_accepted",
        {"digest": digest, "commit": head, "people": ["grace"], "assurance": "asserted", "first": True},
    )
    assert "not in force" not in fresh.say(None, "status").text
    assert fresh.say("carol", "sync").code is ExitCode.DONE


@pytest.mark.parametrize("length", [7, 12, 39])
def test_the_commit_may_be_cut_short_as_git_does(fresh: World, length: int) -> None:
    head = fresh.forge.main_head()
    assert fresh.say("grace", f"rulebook trust {head[:length]}").data["commit"] == head


@pytest.mark.parametrize("commit", ["abc123", "0" * 40, "main", "HEAD"])
def test_a_commit_that_is_none_is_refused(fresh: World, commit: str) -> None:
    with pytest.raises(UserError, match=f"{commit} names no single commit on main"):
        fresh.say("grace", f"rulebook trust {commit}")


def test_a_commit_that_is_not_on_main_is_refused(fresh: World) -> None:
    elsewhere = commit_as(fresh, "grace@example.org", "side", {"README.md": b"hello"})
    with pytest.raises(UserError, match="names no single commit on main"):
        fresh.say("grace", f"rulebook trust {elsewhere}")


def test_only_a_governor_of_that_very_rulebook_may_accept_it(fresh: World) -> None:
    reply = fresh.say("alice", f"rulebook trust {fresh.forge.main_head()}")
    assert (reply.code, reply.text) == (
        ExitCode.REFUSED,
        "alice does not hold the role governor in that rulebook; it names erin, grace.",
    )
    assert "linked to no person" in fresh.say("zoe", f"rulebook trust {fresh.forge.main_head()}").text
    assert entries(fresh, "main of default") == ()


def test_it_is_done_once(fresh: World) -> None:
    fresh.say("grace", f"rulebook trust {fresh.forge.main_head()}")
    reply = fresh.say("erin", f"rulebook trust {fresh.forge.main_head()}")
    assert (reply.code, reply.text) == (
        ExitCode.REFUSED,
        "A rulebook was accepted already; a change of it is a pull request that a governor approves.",
    )


def test_a_rulebook_with_mistakes_cannot_be_trusted_and_they_are_named(installation_folder: Path) -> None:
    rules = rulebook(installation_folder)
    rules["policies/people.yaml"] = PEOPLE.replace("roles: [validator]", "rolls: [validator]").encode()
    with (
        new_world(installation_folder, trusted=False, rules=rules) as world,
        pytest.raises(UserError, match=r"policies/people.yaml, line 3: .*rolls"),
    ):
        world.say("grace", f"rulebook trust {world.forge.main_head()}")


def test_before_it_nothing_can_be_asked_for(fresh: World) -> None:
    with pytest.raises(UserError, match="was never accepted"):
        fresh.say("alice", "promote churn 1 to staging")


def test_what_main_had_before_it_is_no_alarm_and_what_comes_after_is(fresh: World) -> None:
    policy = rulebook(fresh.folder)["policies/churn.yaml"]
    trusted = move_main(fresh, {"policies/churn.yaml": b"# tidied\n" + policy})
    fresh.say("grace", f"rulebook trust {trusted}")
    assert fresh.say("carol", "sync").code is ExitCode.DONE
    move_main(fresh, {"policies/churn.yaml": policy})
    assert fresh.say("carol", "sync").code is ExitCode.REFUSED
    assert [one.body["commit"] for one in entries(fresh, "main of default") if one.kind == "alarm"] == [
        git(fresh, "rev-parse", "main")
    ]


def test_an_older_commit_may_be_trusted_and_then_mains_newer_rules_are_not(fresh: World) -> None:
    older = fresh.forge.main_head()
    policy = rulebook(fresh.folder)["policies/churn.yaml"]
    move_main(fresh, {"policies/churn.yaml": policy.replace(b"limit: 0.2", b"limit: 0.9")})
    fresh.say("grace", f"rulebook trust {older}")
    assert "is not the one that was accepted" in fresh.say(None, "status").text
    assert fresh.say("carol", "sync churn in staging --restore").code is ExitCode.DONE
    assert fresh.forge.read(fresh.forge.main_head(), "policies/churn.yaml") == policy
