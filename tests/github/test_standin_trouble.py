"""Does the stand-in misbehave on request, in the ways that GitHub does?"""

from collections.abc import Iterator
from http.client import RemoteDisconnected
from pathlib import Path

import pytest

from tests.github.standin.calls import Call
from tests.github.standin.client import Client, as_bot
from tests.github.standin.contract_watch import VARIABLE
from tests.github.standin.github import GitHub
from tests.github.standin.people import People
from tests.github.standin.server import github_standin

REPO = "/repos/acme/models"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    with github_standin(tmp_path) as github:
        yield github


@pytest.fixture
def place(github: GitHub) -> People:
    return github.repository("acme/models")


@pytest.fixture
def bot(github: GitHub, place: People) -> Client:
    assert place.full_name == "acme/models"
    return as_bot(github)


def test_a_path_fails_so_often_and_then_works(github: GitHub, bot: Client) -> None:
    github.fail("/models$", 502, times=2)
    assert [bot.get(REPO).status for _ in range(3)] == [502, 502, 200]
    assert [one.status for one in github.requests_to("/models$")] == [502, 502, 200]


def test_only_the_named_method_fails(github: GitHub, bot: Client) -> None:
    github.fail("/pulls", method="POST")
    assert (bot.get(f"{REPO}/pulls").status, bot.post(f"{REPO}/pulls").status) == (200, 500)


def test_the_effect_may_be_done_and_the_answer_lost(github: GitHub, bot: Client, place: People) -> None:
    github.fail("/git/refs$", 0, after=True)
    with pytest.raises(RemoteDisconnected):
        bot.post(f"{REPO}/git/refs", ref="refs/heads/x", sha=place.head())
    assert place.head("x") == place.head()
    assert github.requests[-1].status == 0


def test_a_connection_may_drop_before_anything_was_done(github: GitHub, bot: Client, place: People) -> None:
    github.fail("/git/refs$", 0)
    with pytest.raises(RemoteDisconnected):
        bot.post(f"{REPO}/git/refs", ref="refs/heads/x", sha=place.head())
    assert place.repository.branch("x") is None


@pytest.mark.parametrize("status", [403, 429])
def test_too_much_at_once_is_answered_in_githubs_words(github: GitHub, bot: Client, status: int) -> None:
    github.secondary_limit("/models$", status=status, retry_after=7)
    told = bot.get(REPO)
    assert (told.status, told.headers["retry-after"]) == (status, "7")
    assert "secondary rate limit" in str(told.body["message"])
    assert bot.get(REPO).status == 200


def test_a_secondary_limit_does_not_always_say_how_long(github: GitHub, bot: Client) -> None:
    github.secondary_limit("/models$", retry_after=None)
    assert "retry-after" not in bot.get(REPO).headers


def test_an_exhausted_quota_says_when_it_is_full_again(tmp_path: Path) -> None:
    clock = [1_800_000_000]
    with github_standin(tmp_path, clock=lambda: clock[0]) as github:
        github.repository("acme/models")
        bot = as_bot(github)
        github.exhaust_rate_limit(60)
        told = bot.get(REPO)
        assert (told.status, told.headers["x-ratelimit-remaining"]) == (403, "0")
        assert (told.headers["x-ratelimit-reset"], "rate limit exceeded" in str(told.body["message"])) == (
            str(clock[0] + 60), True
        )  # fmt: skip
        assert bot.get("/rate_limit").at("rate.remaining") == 0
        clock[0] += 60
        assert bot.get(REPO).status == 200


def test_somebody_may_be_quicker(github: GitHub, bot: Client, place: People) -> None:
    place.push("alice", "x", {"x": "1"})
    number = place.open_pull_request("alice", "x", "t")
    head = place.head("x")
    github.before("/merge$", lambda: place.push("mallory", "x", {"x": "2"}))
    assert bot.put(f"{REPO}/pulls/{number}/merge", sha=head).status == 409
    assert bot.put(f"{REPO}/pulls/{number}/merge", sha=place.head("x")).status == 200


def test_every_request_is_remembered_with_who_made_it(github: GitHub, bot: Client) -> None:
    bot.get(f"{REPO}/pulls?state=all")
    seen = github.requests[0]
    assert (seen.method, seen.path, seen.query, seen.caller) == (
        "GET", f"{REPO}/pulls", {"state": "all"}, f"installation:{github.installation.id}"
    )  # fmt: skip
    assert github.count() == 1


def test_a_mistake_of_the_stand_in_fails_the_test_that_met_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ZeroDivisionError

    def meet() -> None:
        with github_standin(tmp_path) as github:
            github.repository("acme/models")
            assert as_bot(github).get(f"{REPO}/git/matching-refs/heads").status == 418

    monkeypatch.setattr(Call, "page", broken)
    with pytest.raises(ZeroDivisionError):
        meet()


def test_without_githubs_description_nothing_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with github_standin(tmp_path) as github:
        github.repository("acme/models")
        as_bot(github).get(f"{REPO}/pulls?nonsense=1")
    assert github.answering.watchers == []
