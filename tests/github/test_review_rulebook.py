"""How do rules change on GitHub, and whose word counts there?"""

import pytest

from bot.exchange import ExitCode
from tests.github.world import PEOPLE, GitHubWorld
from tests.world import POLICY

FILE = "policies/churn.yaml"
LONGER = POLICY.replace("expires_after: 2d", "expires_after: 3d")


def proposed(on_github: GitHubWorld, content: str = LONGER, *, login: str = "grace", path: str = FILE) -> int:
    on_github.repository.push(login, "rules", {path: content})
    number = on_github.repository.open_pull_request(login, "rules", "Wait a day longer")
    on_github.hear()
    return number


def test_another_governors_review_lets_a_rule_in(on_github: GitHubWorld) -> None:
    on_github.repository.protect("main", {"mlops/promotion": on_github.github.app.id})
    number = proposed(on_github)
    assert on_github.checks(number) == {"mlops/rulebook": "action_required", "mlops/promotion": "action_required"}
    on_github.say("grace", "approve", on=number)
    on_github.review("frank", number)
    assert on_github.checks(number)["mlops/rulebook"] == "action_required"
    assert "frank" in on_github.summary(number, "mlops/rulebook")
    on_github.review("erin", number)
    assert on_github.repository.read("main", FILE) == LONGER.encode()
    assert on_github.checks(number) == {"mlops/rulebook": "success", "mlops/promotion": "success"}
    assert on_github.world.ledger("R1")[-1] == "rulebook_merged"
    assert on_github.type("carol", "sync").data["in_order"] is True


def test_a_review_that_requests_changes_ends_it(on_github: GitHubWorld) -> None:
    number = proposed(on_github)
    on_github.review("erin", number, "CHANGES_REQUESTED", "too long")
    assert on_github.repository.pull(number).state == "closed"
    assert on_github.repository.read("main", FILE) == POLICY.encode()


def test_a_review_counts_for_the_rules_that_were_reviewed(on_github: GitHubWorld) -> None:
    number = proposed(on_github)
    old = on_github.head(number)
    on_github.repository.push("grace", "rules", {FILE: LONGER.replace("3d", "9d")})
    on_github.hear()
    on_github.repository.review("erin", number, "APPROVED", commit=old)
    on_github.hear()
    assert on_github.repository.read("main", FILE) == POLICY.encode()
    on_github.say("erin", "approve", on=number)
    assert b"9d" in (on_github.repository.read("main", FILE) or b"")


def test_the_button_of_the_rulebooks_check_accepts_it(on_github: GitHubWorld) -> None:
    number = proposed(on_github)
    on_github.repository.press("erin", on_github.head(number), "mlops/rulebook", "approve")
    on_github.hear()
    assert on_github.repository.read("main", FILE) == LONGER.encode()


def test_mistakes_in_a_rule_are_annotated_at_their_lines(on_github: GitHubWorld) -> None:
    number = proposed(on_github, POLICY.replace("expires_after: 2d", "expires_aftr: 2d", 1))
    run = on_github.repository.check_runs(on_github.head(number))["mlops/rulebook"]
    assert run.conclusion == "failure"
    line = POLICY.splitlines().index("    expires_after: 2d") + 1
    assert (FILE, line) in [(one["path"], one["start_line"]) for one in run.annotations]


def test_a_team_gives_its_role_to_linked_people_for_as_long_as_they_are_in_it(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.github.join_team("acme", "validators", "frank")
    on_github.github.join_team("acme", "validators", "mallory")
    on_github.hear()
    assert on_github.asked(number) == ["bob-at-work", "frank"]
    on_github.review("mallory", number)
    assert on_github.world.state(1) == "waiting"
    on_github.github.remove_from_team("acme", "validators", "frank")
    on_github.hear()
    on_github.review("frank", number)
    assert on_github.world.state(1) == "waiting"
    on_github.github.join_team("acme", "validators", "frank")
    on_github.hear()
    assert on_github.world.state(1) == "promoted"
    assert "frank approved (as validator, platform)" in on_github.comment(number)


@pytest.mark.full
def test_a_team_that_cannot_be_read_blocks_with_a_sentence(on_github: GitHubWorld) -> None:
    on_github.repository.push(
        "grace", "rules", {"policies/people.yaml": PEOPLE.replace("acme/validators", "acme/gone")}
    )
    number = on_github.repository.open_pull_request("grace", "rules", "Another team")
    on_github.hear()
    on_github.review("erin", number)
    reply = on_github.type("alice", "promote churn 1 to staging")
    assert reply.code is ExitCode.REFUSED
    assert "The team acme/gone cannot be read on GitHub" in reply.text
    on_github.repository.push("grace", "again", {"policies/people.yaml": PEOPLE})
    number = on_github.repository.open_pull_request("grace", "again", "The team as it was")
    on_github.hear()
    on_github.review("erin", number)
    on_github.ask()
    assert on_github.world.state(1) == "waiting"
