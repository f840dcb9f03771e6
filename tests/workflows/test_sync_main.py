"""Does sync notice every commit that somebody brings to main past the bot, and does a restore undo just that?"""

import pytest

from bot.exchange import ExitCode
from gates.refusal import UserError
from tests.hands import Files, change_rules, commit_as, edit, entries, git, move_main, on_main, open_by_hand
from tests.order import MAIN, alarms, expect_in_order, frozen, restore
from tests.world import MODEL, POLICY, World
from workflows.forge import PullRequestState

pytestmark = pytest.mark.full

STAGING_FILE = "models/churn/staging.yaml"
CARD = "models/churn/MODEL_CARD.md"
LOOSER = POLICY.replace("limit: 0.2", "limit: 0.9")


def test_a_commit_on_main_that_nobody_authorised_is_an_alarm_and_a_revert(served: World) -> None:
    commit = move_main(served, edit("staging", "2"))
    reply = served.say("carol", "sync")
    detail = f"main's commit {commit[:12]} (by hand) was not authorised; pull request 2 takes it back."
    assert (reply.code, reply.text.splitlines()) == (
        ExitCode.REFUSED,
        [
            "ALARM: 1 of 2 lanes is frozen.",
            f"  churn in staging: FROZEN: {detail} Next: mlops sync churn in staging --restore",
            "  churn in production: nothing",
        ],
    )
    assert reply.data["alarms"] == [{"commit": commit, "detail": detail, "pull_request": 2}]
    (alarm,) = alarms(served)
    assert alarm.body == {
        "commit": commit,
        "author": "somebody <mallory@example.org>",
        "detail": detail,
        "lanes": ["default/churn/staging"],
        "paths": [STAGING_FILE],
        "revert": 2,
        "lost": [],
    }
    revert = served.forge.pull_request(2)
    assert (revert.author, revert.branch, revert.state) == (
        "gatehouse",
        f"mlops/revert-{commit[:12]}",
        PullRequestState.OPEN,
    )
    assert revert.contributors == frozenset()
    for words in ("status", "history churn"):
        assert detail in served.say(None, words).text


def test_looking_again_adds_nothing(served: World) -> None:
    move_main(served, edit("staging", "2"))
    for _ in range(3):
        assert served.say("carol", "sync").code is ExitCode.REFUSED
        served.house.tick(served.clock())
    assert len(alarms(served)) == 1
    assert [pull.number for pull in served.forge.open_pull_requests()] == [2]


def test_a_restore_merges_the_revert_and_says_who_authorised_it(served: World) -> None:
    before = on_main(served, STAGING_FILE)
    commit = move_main(served, edit("staging", "2"))
    served.say("carol", "sync")
    reply = restore(served)
    assert (reply.code, reply.text.splitlines()[0]) == (
        ExitCode.DONE,
        "Restored: what serves is what was authorised.",
    )
    assert served.forge.pull_request(2).state is PullRequestState.MERGED
    assert on_main(served, STAGING_FILE) == before
    said = [
        (entry.kind, entry.body["authorised_by"])
        for entry in entries(served, MAIN)[-4:]
        if entry.body.get("authorised_by")
    ]
    assert said == [("merged", "carol"), ("reverted", "carol"), ("mended", "carol")]
    assert [entry.body["commit"] for entry in entries(served, MAIN) if entry.kind == "reverted"] == [commit]
    expect_in_order(served)


def test_sync_never_follows_main(served: World) -> None:
    move_main(served, edit("staging", "2"))
    for _ in range(2):
        served.say("carol", "sync")
    serving = served.target.serving(served.project.slot(MODEL, "staging"))
    assert serving is not None
    assert (serving.version.version, served.registry.alias(MODEL, "staging")) == ("1", "1")


@pytest.mark.parametrize(
    ("files", "lanes"),
    [
        ({"models/churn/evidence/staging/P1.json": b"{}"}, ["staging"]),
        ({"models/churn/evidence/staging/P1.md": None}, ["staging"]),
        ({"models/churn/evidence/staging/P99.md": b"forged"}, ["staging"]),
        ({"models/churn/evidence/staging/P1-importance.png": b"forged"}, ["staging"]),
        ({"models/churn/evidence/staging/P1-confusion-challenger.png": None}, ["staging"]),
        ({CARD: b"the best model ever"}, ["production", "staging"]),
        ({"policies/churn.yaml": LOOSER.encode()}, ["production", "staging"]),
        ({"policies/more.yaml": b"policy: ["}, ["production", "staging"]),
        ({"models/churn/model.yaml": None}, ["production", "staging"]),
        (
            {"models/other/staging.yaml": b"model: other\nenvironment: staging\nversion: '1'\n"},
            ["production", "staging"],
        ),
    ],
    ids=[
        "evidence",
        "evidence removed",
        "evidence forged",
        "picture forged",
        "picture removed",
        "card",
        "policy",
        "broken",
        "entry removed",
        "other model",
    ],
)
def test_every_file_of_ours_is_guarded_on_main(served: World, files: Files, lanes: list[str]) -> None:
    before = {path: on_main(served, path) for path in files}
    move_main(served, files)
    reply = served.say("carol", "sync")
    assert (reply.code, frozen(served)) == (ExitCode.REFUSED, lanes)
    assert len(alarms(served)) == 1
    for environment in lanes:
        assert restore(served, environment).code is ExitCode.DONE
    assert {path: on_main(served, path) for path in files} == before
    expect_in_order(served)


@pytest.mark.parametrize(
    "path", ["README.md", "src/train.py", "models/churn/notebook.ipynb", "models/churn/canary.yaml", "models/README.md"]
)
def test_other_files_on_main_are_their_owners_business(served: World, path: str) -> None:
    move_main(served, {path: b"hello"})
    assert served.say("carol", "sync").code is ExitCode.DONE
    assert (alarms(served), on_main(served, path)) == ([], b"hello")


def test_a_revert_leaves_alone_what_is_not_ours(served: World) -> None:
    move_main(served, {**edit("staging", "2"), "README.md": b"hello"})
    served.say("carol", "sync")
    restore(served)
    assert on_main(served, "README.md") == b"hello"
    expect_in_order(served)


def test_several_commits_are_several_alarms_and_one_restore(served: World) -> None:
    before = on_main(served, STAGING_FILE)
    for version in ("2", "3", "4"):
        move_main(served, edit("staging", version))
    served.say("carol", "sync")
    assert [alarm.body["revert"] for alarm in alarms(served)] == [2, 3, 4]
    assert restore(served).code is ExitCode.DONE
    assert on_main(served, STAGING_FILE) == before
    assert served.forge.open_pull_requests() == ()
    expect_in_order(served)


def test_commits_noticed_one_after_the_other_are_mended_together(served: World) -> None:
    for version in ("2", "3"):
        move_main(served, {**edit("staging", version), "policies/churn.yaml": f"# {version}\n{POLICY}".encode()})
        served.say("carol", "sync")
    assert restore(served).code is ExitCode.DONE
    assert restore(served, "production").code is ExitCode.DONE
    assert served.forge.open_pull_requests() == ()
    assert on_main(served, "policies/churn.yaml") == POLICY.encode()
    expect_in_order(served)


def test_what_was_undone_by_hand_is_an_alarm_all_the_same(served: World) -> None:
    before = on_main(served, STAGING_FILE)
    move_main(served, edit("staging", "2"))
    move_main(served, {STAGING_FILE: before})
    reply = served.say("carol", "sync")
    assert (reply.code, [alarm.body["revert"] for alarm in alarms(served)]) == (ExitCode.REFUSED, [None, None])
    assert restore(served).code is ExitCode.DONE
    expect_in_order(served)


def test_a_strange_rulebook_makes_every_gate_an_error_until_it_is_gone(asked: World) -> None:
    move_main(asked, {"policies/churn.yaml": LOOSER.encode()})
    asked.house.tick(asked.clock())
    assert asked.state(2) == "blocked"
    assert "is not in force" in asked.say(None, "status").text
    for words in ("promote churn 2 to production", "recheck P2"):
        with pytest.raises(UserError, match="is not the one that was accepted"):
            asked.say("bob", words)
    for environment in ("staging", "production"):
        restore(asked, environment)
    assert asked.state(2) == "waiting"


def test_who_may_restore_is_read_from_the_rulebook_that_was_accepted(served: World) -> None:
    move_main(served, {"policies/churn.yaml": POLICY.replace("[ml-engineer]}\n", "[data-scientist]}\n").encode()})
    served.say("carol", "sync")
    reply = served.say("alice", "sync churn in staging --restore")
    assert (reply.code, reply.text) == (
        ExitCode.REFUSED,
        "alice may not restore churn in staging; carol may.",
    )
    assert restore(served).code is ExitCode.DONE


def test_setting_the_rulebook_back_to_an_older_accepted_one_is_an_alarm_too(served: World) -> None:
    change_rules(served, "policies/churn.yaml", "limit: 0.2", "limit: 0.1")
    newer = on_main(served, "policies/churn.yaml")
    move_main(served, {"policies/churn.yaml": POLICY.encode()})
    served.house.tick(served.clock())
    assert "is not the one that was accepted" in served.say(None, "status").text
    for environment in ("staging", "production"):
        assert restore(served, environment).code is ExitCode.DONE
    assert on_main(served, "policies/churn.yaml") == newer
    expect_in_order(served)


def test_what_a_commit_says_of_itself_cannot_act(served: World) -> None:
    title = "ok\x1b[2J @everyone `x` <b>" + "y" * 300
    main = served.forge.main_head()
    commit_as(served, "mallory@example.org", "side", edit("staging", "2"))
    commit = git(served, "commit-tree", "side^{tree}", "-p", main, "-m", title)
    git(served, "update-ref", "refs/heads/main", commit)
    git(served, "update-ref", "-d", "refs/heads/side")
    text = served.say("carol", "sync").text
    assert "\x1b" not in text
    assert "y" * 100 not in text


def test_an_open_pull_request_of_a_person_survives_a_main_without_its_history(served: World) -> None:
    open_by_hand(served, "alice", edit("staging", "2"), branch="hers")
    root = git(served, "commit-tree", "main^{tree}", "-m", "A new beginning")
    git(served, "update-ref", "refs/heads/main", root)
    reply = served.say("carol", "sync")
    assert reply.code is ExitCode.REFUSED
    assert "shares no history with main" in reply.text
