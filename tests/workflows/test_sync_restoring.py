"""Who may put things back, and what does somebody hear who may not?"""

from pathlib import Path

import pytest

from bot.exchange import ExitCode
from gates.refusal import UserError
from tests.hands import change_rules, entries, open_by_hand
from tests.world import MODEL, World, new_world


@pytest.mark.parametrize("login", ["alice", "bob", "grace"])
def test_only_who_the_policy_names_may_restore(served: World, login: str) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    reply = served.say(login, "sync churn in staging --restore")
    assert (reply.code, reply.text) == (
        ExitCode.REFUSED,
        f"{login} may not restore churn in staging; carol may.",
    )
    assert served.registry.alias(MODEL, "staging") == "2"


def test_an_account_that_is_linked_to_nobody_may_look_and_not_restore(served: World) -> None:
    assert served.say("zoe", "sync").code is ExitCode.DONE
    reply = served.say("zoe", "sync churn in staging --restore")
    assert (reply.code, "linked to no person" in reply.text) == (ExitCode.REFUSED, True)


def test_nobody_in_particular_may_look_and_not_restore(served: World) -> None:
    assert served.say(None, "sync").code is ExitCode.DONE
    with pytest.raises(UserError, match="Say who you are"):
        served.say(None, "sync churn in staging --restore")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("sync --restore", "Say what to restore: mlops sync MODEL in ENVIRONMENT --restore."),
        ("sync chrun in staging", "There is no model chrun in default; perhaps `churn` is meant."),
        ("sync churn in stagin", "There is no environment 'stagin' in default; it has staging, production."),
    ],
)
def test_what_cannot_be_restored_is_said(served: World, words: str, answer: str) -> None:
    with pytest.raises(UserError) as refused:
        served.say("carol", words)
    assert str(refused.value) == answer


def test_without_a_rulebook_there_is_nothing_to_compare_with(installation_folder: Path) -> None:
    with new_world(installation_folder, trusted=False) as world:
        with pytest.raises(UserError, match="mlops rulebook trust COMMIT accepts the first one"):
            world.say("carol", "sync")
        world.house.tick(world.clock())


def test_a_lane_whose_model_left_the_rulebook_is_still_guarded(served: World) -> None:
    entry = served.forge.read(served.forge.main_head(), "models/churn/model.yaml")
    assert entry is not None
    renamed = entry.replace(b"model: churn", b"model: other")
    open_by_hand(served, "carol", {"models/churn/model.yaml": None, "models/other/model.yaml": renamed})
    served.say("carol", "sync")
    assert "accepted" in served.say("grace", "approve R1").text
    served.registry.set_alias(MODEL, "staging", "2")
    reply = served.say("carol", "sync")
    assert (reply.code, "churn in staging: FROZEN" in reply.text) == (ExitCode.REFUSED, True)


def test_restoring_one_lane_leaves_the_others_frozen(lived_in: World) -> None:
    for environment in ("staging", "production"):
        lived_in.registry.set_alias(MODEL, environment, "3")
    lived_in.say("carol", "sync")
    assert lived_in.say("carol", "sync churn in staging --restore").code is ExitCode.DONE
    reply = lived_in.say("carol", "sync")
    assert (reply.code, reply.text.splitlines()[0]) == (ExitCode.REFUSED, "ALARM: 1 of 2 lanes is frozen.")
    assert lived_in.registry.alias(MODEL, "production") == "3"


def test_a_change_of_the_rulebook_changes_who_may_restore(served: World) -> None:
    change_rules(served, "policies/churn.yaml", "restore: {roles: [ml-engineer]}", "restore: {roles: [validator]}")
    served.registry.set_alias(MODEL, "staging", "2")
    assert served.say("carol", "sync churn in staging --restore").code is ExitCode.REFUSED
    assert served.say("bob", "sync churn in staging --restore").code is ExitCode.DONE
    assert entries(served, "default/churn/staging")[-1].body["by"] == "bob"
