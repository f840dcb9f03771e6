"""The same on GitHub, where the App opens the pull request and the person who links is its author all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exchange import ExitCode
from tests.github.world import PEOPLE, STAGING, GitHubWorld, github_world
from tests.linking.talk import BOB, CODES, EVE, PEOPLE_FILE, Talk
from tests.world import evaluation_table


@pytest.fixture
def on_github(tmp_path: Path) -> Iterator[GitHubWorld]:
    """An installation on GitHub whose first rulebook is trusted."""
    folder = tmp_path / "installation"
    evaluation_table(folder / "evaluation" / "churn.parquet", rows=50)
    with github_world(folder) as made:
        yield made


@pytest.fixture
def talk(on_github: GitHubWorld) -> Talk:
    """People who speak in Slack and, with their own tokens, at terminals."""
    return Talk(on_github.world, platform="github")


def test_a_link_is_a_pull_request_that_another_governors_review_lets_in(on_github: GitHubWorld, talk: Talk) -> None:
    talk.slack(EVE, "link")
    tied = talk.forge("erin", f"link {CODES[0]}")
    assert tied.text.splitlines()[0] == (
        f"github erin and slack {EVE} are both erin, as a code has shown; it holds once a governor accepts it."
    )
    on_github.hear()
    number = talk.change(1).pull_request
    assert talk.change(1).author == "erin"
    assert on_github.checks(number) == {"mlops/rulebook": "action_required", "mlops/promotion": "action_required"}
    refused = talk.forge("erin", "approve R1")
    assert refused.text == "Erin wrote this change. Who may decide: grace, with mlops approve R1."
    on_github.review("grace", number)
    assert f"github: erin, slack: {EVE}" in (on_github.repository.read("main", PEOPLE_FILE) or b"").decode()
    assert talk.slack(EVE, "link").text.startswith(f"slack {EVE} is erin already")


def test_a_code_may_be_typed_below_a_pull_request_and_is_never_given_there(on_github: GitHubWorld, talk: Talk) -> None:
    on_github.repository.push("bob-at-work", "docs", {"README.md": "hello"})
    number = on_github.repository.open_pull_request("bob-at-work", "docs", "Docs")
    on_github.hear()
    refused = talk.hear("link", "github", "bob-at-work", "github")
    assert refused.code is ExitCode.REFUSED
    assert "everybody reads this" in refused.text
    talk.slack(BOB, "link")
    tied = talk.hear(f"link {CODES[0]}", "github", "Bob-At-Work", "github")
    assert "github Bob-At-Work and slack T01ABC/U02BOB are both bob" in tied.text
    assert talk.change(1).pull_request != number


@pytest.mark.full
def test_overtaken_by_another_link_it_goes_on_in_a_new_pull_request(on_github: GitHubWorld, talk: Talk) -> None:
    for login, account, code in (("bob-at-work", BOB, CODES[0]), ("carol", EVE, CODES[1])):
        talk.slack(account, "link")
        talk.forge(login, f"link {code}")
    older = talk.change(2).pull_request
    talk.forge("erin", "approve R1")
    on_github.hear()
    assert on_github.repository.pull(older).state == "closed"
    assert talk.forge("erin", "approve R2").code is ExitCode.DONE
    on_github.hear()
    people = (on_github.repository.read("main", PEOPLE_FILE) or b"").decode()
    assert (people.count("slack:"), people.replace(f", slack: {BOB}", "").replace(f", slack: {EVE}", "")) == (2, PEOPLE)
    assert on_github.repository.read("main", STAGING) is None
    on_github.sweep()
    assert talk.forge("carol", "sync").data["in_order"] is True
