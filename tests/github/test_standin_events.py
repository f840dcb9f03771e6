"""Do events reach an App as GitHub sends them, and only those that it asked for?"""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import pytest
from gidgethub import sansio

from tests.github.standin.client import as_app, as_bot
from tests.github.standin.github import GitHub
from tests.github.standin.hook import HookServer, hook_server
from tests.github.standin.people import People
from tests.github.standin.server import github_standin


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    with github_standin(tmp_path) as github:
        yield github


@pytest.fixture
def place(github: GitHub) -> People:
    return github.repository("acme/models")


@pytest.fixture
def hook() -> Iterator[HookServer]:
    with hook_server() as server:
        yield server


def test_a_delivery_is_signed_and_a_library_takes_it(github: GitHub, place: People) -> None:
    place.push("alice", "x", {"x": "x"})
    delivery = github.take("push")[0]
    wanted = hmac.new(github.app.secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    assert delivery.headers["X-Hub-Signature-256"] == f"sha256={wanted}"
    lower = {name.lower(): value for name, value in delivery.headers.items()}
    event = sansio.Event.from_http(lower, delivery.body, secret=github.app.secret)
    assert (event.event, event.delivery_id, event.data["ref"]) == ("push", delivery.guid, "refs/heads/x")


def test_nothing_is_sent_until_the_test_says_so_and_then_in_any_order_and_twice(
    github: GitHub, place: People, hook: HookServer
) -> None:
    place.push("alice", "x", {"x": "x"})
    place.push("alice", "x", {"x": "y"})
    first, second = github.take("push")
    for delivery in (second, first, first):
        assert github.send(delivery, hook.url) == 202
    assert [headers["x-github-delivery"] for headers, _ in hook.heard] == [second.guid, first.guid, first.guid]
    assert github.take("push") == []


def test_they_can_go_out_at_once(github: GitHub, place: People, hook: HookServer) -> None:
    github.deliver_to(hook.url)
    place.push("alice", "x", {"x": "x"})
    github.settle()
    assert [headers["x-github-event"] for headers, _ in hook.heard] == ["push", "check_suite"]


def test_githubs_log_tells_what_became_of_each(github: GitHub, place: People, hook: HookServer) -> None:
    place.push("alice", "x", {"x": "x"})
    delivery = github.take("push")[0]
    hook.status = 500
    github.send(delivery, hook.url)
    hook.status = 200
    github.send(delivery, hook.url)
    github.send(delivery, "http://127.0.0.1:9/nobody")
    log = as_app(github).get("/app/hook/deliveries").rows
    assert [(one["status_code"], one["redelivery"], one["status"]) for one in log] == [
        (0, True, "failed to connect to host"), (200, True, "OK"), (500, False, "Invalid HTTP Response"),
    ]  # fmt: skip
    assert {one["guid"] for one in log} == {delivery.guid}
    whole = as_app(github).get(f"/app/hook/deliveries/{log[0]['id']}")
    assert whole.at("request.payload.ref") == "refs/heads/x"
    failed = as_app(github).get("/app/hook/deliveries?status=failure&per_page=1")
    assert [one["status_code"] for one in failed.rows] == [0]
    following = failed.headers["link"].split("<")[1].split(">")[0]
    assert [one["status_code"] for one in as_app(github).get(following).rows] == [500]


def test_a_delivery_can_be_asked_for_again(github: GitHub, place: People, hook: HookServer) -> None:
    place.push("alice", "x", {"x": "x"})
    delivery = github.take("push")[0]
    github.send(delivery, "http://127.0.0.1:9/nobody")
    number = as_app(github).get("/app/hook/deliveries").rows[0]["id"]
    assert as_app(github).post(f"/app/hook/deliveries/{number}/attempts").status == 202
    assert github.take("push") == [delivery]
    github.deliver_to(hook.url)
    as_app(github).post(f"/app/hook/deliveries/{number}/attempts")
    github.settle()
    assert [headers["x-github-delivery"] for headers, _ in hook.heard] == [delivery.guid]
    assert as_app(github).post("/app/hook/deliveries/7/attempts").status == 404


def test_the_webhooks_address_can_be_read_and_changed_and_its_secret_never_read(github: GitHub) -> None:
    changed = as_app(github).patch("/app/hook/config", url="https://example.org/hook", secret="s")
    assert changed.body["secret"] == "********"
    assert as_app(github).get("/app/hook/config").body["url"] == "https://example.org/hook"
    assert github.app.secret == "s"
    assert as_bot(github).get("/app/hook/config").status == 401


def test_an_app_hears_only_what_it_asked_for_and_where_it_is_installed(github: GitHub, place: People) -> None:
    github.installation.events.discard("push")
    place.push("alice", "x", {"x": "x"})
    assert [one.event for one in github.take()] == ["check_suite"]
    github.installation.selected = set()
    place.push("alice", "y", {"x": "x"})
    assert github.take() == []


def test_what_the_app_does_itself_is_told_too_with_the_app_as_sender(github: GitHub, place: People) -> None:
    as_bot(github).post("/repos/acme/models/git/refs", ref="refs/heads/x", sha=place.head())
    sender = github.take("push")[0].payload["sender"]
    assert isinstance(sender, dict)
    assert (sender["login"], sender["type"]) == ("gatehouse[bot]", "Bot")


def test_a_push_says_what_it_made_and_what_it_forced(github: GitHub, place: People) -> None:
    place.push("alice", "x", {"x": "1"})
    place.push("alice", "x", {"x": "2"}, force=True)
    place.delete_branch("alice", "x")
    told = [(one["created"], one["forced"], one["deleted"]) for one in (d.payload for d in github.take("push"))]
    assert told == [(True, False, False), (False, True, False), (False, False, True)]


def test_joining_and_leaving_a_team_installing_and_renaming_are_told(github: GitHub, place: People) -> None:
    github.add_team("acme", "risk", ["alice"])
    github.join_team("acme", "risk", "bob")
    github.remove_from_team("acme", "risk", "alice")
    place.rename("shiny")
    github.install(github.new_app("other"), "acme", selected=["acme/shiny"])
    assert [(one.event, one.action) for one in github.take()] == [
        ("membership", "added"), ("membership", "removed"), ("repository", "renamed"), ("installation", "created"),
    ]  # fmt: skip
    assert github.hub.accounts.team("acme", "risk").members == {"bob"}


def test_github_says_hello_to_a_new_webhook(github: GitHub) -> None:
    assert (github.ping().event, github.take()[0].payload["hook_id"]) == ("ping", github.app.id)
