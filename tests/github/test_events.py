"""What does each of GitHub's events tell us, and what does it not?"""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.github.events import (
    ANOTHER_APP,
    EVENTS,
    INCOMPLETE,
    NOT_OURS,
    NOTHING_TO_DO,
    Ignored,
    Ours,
    read_event,
)
from bot.github.heard import Everything, Heard, Look, Main, Missed, Pressed, Said, from_json, to_json
from bot.github.repositories import Known, Repositories, repositories_of
from bot.settings import settings_of
from tests.github.deliveries import ALICE, BASE, EVIL, HEAD, OURS, PULL, ROBOT, SHOP, Payload, check, comment, in_shop
from workflows.forge import Button

OUR_REPOSITORIES = Repositories({"shop": Known(full_name="acme/shop"), "bank": Known(full_name="Acme/bank", id=18)})
US = Ours(app_id=OURS, repositories=OUR_REPOSITORIES)
LOOK = (Look(project="shop", number=12),)
ALL = (Everything(project="shop"),)
PRESSED = Pressed(
    project="shop", account="alice", button=Button.APPROVE, head=HEAD, numbers=(12,), check="mlops/promotion"
)
Told = tuple[Heard, ...] | Ignored


def read(event: str, payload: object) -> Told:
    return read_event(event, payload, US)


@pytest.mark.parametrize(
    ("event", "action", "told"),
    [
        *(
            ("pull_request", action, LOOK)
            for action in ("opened", "synchronize", "reopened", "closed", "edited", "ready_for_review")
        ),
        *(("pull_request", action, NOTHING_TO_DO) for action in ("labeled", "assigned", "review_requested", "")),
        *(("pull_request_review", action, LOOK) for action in ("submitted", "edited", "dismissed")),
        ("pull_request_review", "created", NOTHING_TO_DO),
        ("pull_request_review_comment", "created", NOTHING_TO_DO),
    ],
)
def test_a_pull_request_that_changed_or_was_reviewed_is_looked_at(event: str, action: str, told: Told) -> None:
    assert read(event, in_shop(action, pull_request=PULL)) == told


@pytest.mark.parametrize(
    ("ref", "told"),
    [
        ("refs/heads/trunk", (Main(project="shop"),)),
        ("refs/heads/mlops/P12-churn", NOTHING_TO_DO),
        ("refs/heads/main", NOTHING_TO_DO),
        ("refs/tags/trunk", NOTHING_TO_DO),
    ],
)
@pytest.mark.parametrize("how", ["created", "deleted", "forced"])
def test_a_push_tells_that_main_moved_however_it_did(ref: str, how: str, told: Told) -> None:
    assert read("push", {"ref": ref, how: True, "repository": SHOP, "sender": ALICE, "commits": []}) == told


def test_what_a_person_writes_in_a_pull_request_is_heard_word_by_word() -> None:
    said = Said(project="shop", number=12, comment=501, account="alice", text="hm\n/mlops why")
    assert read("issue_comment", comment("hm\n/mlops why")) == (said,)


@pytest.mark.parametrize(
    "payload",
    [
        comment("/mlops why", by=ROBOT),
        comment("/mlops why", sender=ROBOT),
        comment("/mlops why", sender={**ALICE, "id": 2, "login": "mallory"}),
        comment("/mlops why", issue={"number": 12}),
        comment("/mlops why", issue={"number": 12, "pull_request": None}),
        comment("/mlops why", action="edited"),
        comment("/mlops why", action="deleted"),
        comment("looks good to me"),
        comment(
            "x",
            comment={"id": 5, "user": ALICE, "body": "/mlops why", "performed_via_github_app": {"id": 8, "slug": "x"}},
        ),
    ],
)
def test_programs_edits_issues_and_small_talk_are_not_heard(payload: Payload) -> None:
    assert read("issue_comment", payload) == NOTHING_TO_DO


@pytest.mark.parametrize("button", list(Button))
def test_a_button_of_ours_is_pressed_by_whoever_sent_the_event(button: Button) -> None:
    heard = read("check_run", check("requested_action", requested_action={"identifier": button.value}))
    assert heard == (
        Pressed(project="shop", account="alice", button=button, head=HEAD, numbers=(12,), check="mlops/promotion"),
    )


def test_re_running_a_check_or_all_of_them_is_the_same_as_the_button() -> None:
    suite: JsonValue = {"head_sha": HEAD, "app": {"id": OURS}, "pull_requests": [PULL]}
    (one,) = told(read("check_run", check("rerequested")))
    (all_of_them,) = told(read("check_suite", in_shop("rerequested", check_suite=suite)))
    assert isinstance(one, Pressed)
    assert isinstance(all_of_them, Pressed)
    assert (one.button, one.check) == (Button.RECHECK, "mlops/promotion")
    assert (all_of_them.button, all_of_them.check, all_of_them.numbers) == (Button.RECHECK, "", (12,))


@pytest.mark.parametrize(
    "payload",
    [
        check("requested_action", app=1, requested_action={"identifier": "approve"}),
        check("requested_action", requested_action={"identifier": "deploy"}),
        check("requested_action"),
        check("requested_action", requested_action={"identifier": "approve"}, sender=ROBOT),
        check("rerequested", app=1),
        check("rerequested", sender=ROBOT),
        check("created"),
        check("completed"),
        check("completed", app=1, name="tests"),
    ],
)
def test_other_apps_buttons_programs_and_our_own_checks_tell_nothing(payload: Payload) -> None:
    assert read("check_run", payload) == NOTHING_TO_DO


def test_a_suite_of_another_app_tells_nothing() -> None:
    suite: JsonValue = {"head_sha": HEAD, "app": {"id": 1}, "pull_requests": [PULL]}
    assert read("check_suite", in_shop("rerequested", check_suite=suite)) == NOTHING_TO_DO


def test_pull_requests_into_other_repositories_of_the_network_are_left_out() -> None:
    elsewhere: JsonValue = {"number": 3, "base": {"repo": {"id": 99}}}
    old_server: JsonValue = {"number": 4}
    run: JsonValue = {
        "name": "mlops/promotion",
        "head_sha": HEAD,
        "app": {"id": OURS},
        "pull_requests": [elsewhere, {"number": 12, "base": BASE}, old_server],
    }
    (heard,) = told(read("check_run", in_shop("rerequested", check_run=run)))
    assert isinstance(heard, Pressed)
    assert heard.numbers == (12, 4)


def test_a_check_or_status_under_our_name_by_somebody_else_is_looked_at() -> None:
    assert read("check_run", check("completed", app=1)) == LOOK
    assert read("check_run", check("created", app=1, name="mlops/anything")) == LOOK
    run: JsonValue = {"name": "mlops/promotion", "head_sha": HEAD, "app": None}
    assert read("check_run", in_shop("created", check_run=run)) == ALL
    status: Payload = {"repository": SHOP, "sender": ALICE, "sha": HEAD, "state": "success"}
    assert read("status", {**status, "context": "mlops/promotion"}) == ALL
    assert read("status", {**status, "context": "ci/mlops/x"}) == NOTHING_TO_DO


@pytest.mark.parametrize("event", ["membership", "team", "organization"])
def test_who_is_in_which_team_may_change_everything_that_an_owner_has(event: str) -> None:
    payload: Payload = {"action": "added", "organization": {"login": "ACME", "id": 3}, "sender": ALICE}
    assert read(event, payload) == (Everything(project="shop"), Everything(project="bank"))
    assert read(event, {**payload, "organization": {"login": "acme-2"}}) == NOT_OURS
    assert read(event, {**payload, "organization": {"slug": "an-enterprise"}}) == NOT_OURS


@pytest.mark.parametrize("event", ["installation", "installation_repositories"])
def test_an_installation_of_ours_may_change_everything_and_another_apps_nothing(event: str) -> None:
    installation: Payload = {"id": 5, "app_id": OURS, "account": {"login": "acme"}}
    payload: Payload = {"action": "added", "installation": installation}
    assert read(event, payload) == (Everything(project="shop"), Everything(project="bank"))
    assert read(event, {**payload, "installation": {**installation, "app_id": 1}}) == ANOTHER_APP


def test_collaborators_and_a_new_name_may_change_everything_in_a_repository() -> None:
    assert read("member", in_shop("removed")) == ALL
    assert read("repository", in_shop("renamed")) == ALL
    assert read("repository", in_shop("transferred")) == ALL
    assert read("repository", in_shop("edited")) == NOTHING_TO_DO


def test_another_repository_is_not_ours_whatever_happens_there() -> None:
    payload = {**comment("/mlops why"), "repository": EVIL}
    assert read("issue_comment", payload) == NOT_OURS


def test_a_renamed_repository_is_known_by_its_number_and_its_old_name_may_be_anybodys() -> None:
    renamed: JsonValue = {"id": 18, "full_name": "acme/ledger"}
    assert read("pull_request", {**in_shop("opened", pull_request=PULL), "repository": renamed}) == (
        Look(project="bank", number=12),
    )
    squatted: JsonValue = {"id": 666, "full_name": "acme/bank"}
    assert read("pull_request", {**in_shop("opened", pull_request=PULL), "repository": squatted}) == NOT_OURS


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("pull_request", in_shop("opened")),
        ("pull_request", in_shop("opened", pull_request={"number": "12"})),
        ("pull_request", in_shop("opened", pull_request={"number": -1})),
        ("pull_request", in_shop("opened", pull_request={"number": 2**63})),
        ("pull_request", in_shop("opened", pull_request=[])),
        ("pull_request", {"action": "opened", "pull_request": PULL}),
        ("pull_request", []),
        ("pull_request", None),
        ("pull_request", {"action": 7}),
        ("issue_comment", comment("/mlops why", comment={"id": 5, "user": None, "body": "/mlops why"})),
        ("issue_comment", comment("/mlops why " + "x" * 262_144)),
        ("issue_comment", comment("/mlops why \ud800")),
        ("check_run", check("rerequested", check_run={"head_sha": "HEAD", "app": {"id": OURS}})),
        ("push", {"ref": "refs/heads/main", "repository": {"id": 17, "full_name": "acme/shop"}}),
        ("installation", {"action": "created"}),
    ],
)
def test_a_payload_that_lacks_what_it_must_have_is_logged_and_tells_nothing(
    event: str, payload: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert read(event, payload) == INCOMPLETE
    (record,) = caplog.records
    assert record.getMessage().startswith(f"A delivery of GitHub's event {event} lacks: ")
    assert "mlops why" not in record.getMessage()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
PARTS = ("pull_request", "check_run", "check_suite", "comment", "issue", "sender", "organization", "installation")


@given(
    event=st.sampled_from(sorted(EVENTS)),
    action=st.sampled_from(["opened", "created", "rerequested", "requested_action", "submitted", "renamed"]) | VALUES,
    parts=st.dictionaries(st.sampled_from(PARTS), VALUES, max_size=4),
)
def test_nothing_that_anybody_sends_is_more_than_incomplete(
    event: str, action: JsonValue, parts: dict[str, JsonValue]
) -> None:
    read(event, {"repository": SHOP, "sender": ALICE, **parts, "action": action})


@pytest.mark.parametrize(
    "heard",
    [
        *LOOK,
        *ALL,
        PRESSED,
        Main(project="shop"),
        Said(project="shop", number=12, comment=501, account="alice", text="/mlops why \N{SNOWMAN}"),
        Missed(project="shop", number=12, comment=501, edited=True),
    ],
)
def test_what_was_heard_comes_back_from_the_inbox_as_it_was(heard: Heard) -> None:
    assert from_json(to_json(heard)) == heard


def test_the_repositories_are_those_that_the_settings_put_on_github() -> None:
    settings = settings_of(
        """
targets: {local: {}}
github: {app_id: 4711}
projects:
  - {name: here, repository: w/repo.git, registry: {uri: "http://mlflow"}, environments: [live], targets: {live: local}}
  - {name: shop, forge: github, repository: acme/Shop, registry: {uri: "http://mlflow"}, environments: [live],
     targets: {live: local}}
""",
        where="app.yaml",
        folder=Path("/"),
    )
    assert repositories_of(settings) == Repositories({"shop": Known(full_name="acme/Shop")})


def told(heard: Told) -> tuple[Heard, ...]:
    assert not isinstance(heard, Ignored)
    return heard
