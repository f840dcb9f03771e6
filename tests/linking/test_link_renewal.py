"""When a whole team links its accounts, nobody has to mend a branch."""

import pytest

from bot.exchange import ExitCode
from tests.hands import git
from tests.linking.talk import BOB, CODES, EVE, Talk
from tests.proposals import PATH, TIGHTER, propose
from tests.world import POLICY
from workflows.forge import PullRequestState

pytestmark = pytest.mark.full

CAROL = "T01ABC/U03CAROL"


def two_at_once(talk: Talk) -> None:
    for number, (login, account) in enumerate((("bob", BOB), ("carol", CAROL))):
        talk.forge(login, "link")
        talk.slack(account, f"link {CODES[number]}")


def test_a_link_that_another_one_overtook_goes_on_under_its_name(talk: Talk) -> None:
    two_at_once(talk)
    assert talk.forge("erin", "approve R1").code is ExitCode.DONE
    change = talk.change(2)
    assert (change.state, change.pull_request, change.author) == ("waiting", 3, "carol")
    assert talk.world.forge.pull_request(2).state is PullRequestState.CLOSED
    assert talk.forge("erin", "approve R2").code is ExitCode.DONE
    people = talk.people()
    assert people.count("slack:") == 2
    assert f"carol@example.org, slack: {CAROL}" in people


def test_what_was_decided_about_the_older_proposal_does_not_count(talk: Talk) -> None:
    strict = talk.people() + "rulebook: {governors: 2}\n"
    propose(talk.world, {PATH: POLICY.encode(), "policies/people.yaml": strict.encode()})
    talk.forge("erin", "approve R1")
    two_at_once(talk)
    assert talk.forge("erin", "approve R3").code is ExitCode.WAITING
    for login in ("erin", "grace"):
        talk.forge(login, "approve R2")
    assert "Who: erin, grace." in talk.slack(BOB, "status R3").text
    assert talk.forge("grace", "approve R3").code is ExitCode.WAITING
    assert talk.forge("erin", "approve R3").code is ExitCode.DONE


def test_a_changed_policy_overtakes_a_link_too(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.slack(BOB, f"link {CODES[0]}")
    propose(talk.world, {PATH: TIGHTER})
    talk.forge("erin", "approve R2")
    assert talk.forge("erin", "approve R1").code is ExitCode.DONE
    assert BOB in talk.people()
    assert talk.world.forge.read(talk.world.forge.main_head(), PATH) == TIGHTER


def test_who_left_meanwhile_is_linked_to_nothing(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.slack(BOB, f"link {CODES[0]}")
    without = "".join(line for line in talk.people().splitlines(keepends=True) if not line.startswith("  bob:"))
    replaced = without.replace("[ml-engineer]", "[ml-engineer, validator]")
    propose(talk.world, {PATH: POLICY.encode(), "policies/people.yaml": replaced.encode()})
    talk.forge("erin", "approve R2")
    change = talk.change(1)
    assert change.state == "closed"
    assert change.problem == (
        "main has changed, and the link with it: policies/people.yaml names no bob, so no account can be added to them."
    )
    assert talk.world.forge.pull_request(1).state is PullRequestState.CLOSED


def test_no_branch_of_ours_is_left_behind(talk: Talk) -> None:
    two_at_once(talk)
    talk.forge("erin", "approve R1")
    talk.forge("erin", "approve R2")
    talk.forge("bob", "link")
    talk.slack(EVE, f"link {CODES[2]}")
    talk.forge("erin", "reject R3 --reason no")
    assert git(talk.world, "branch", "--list", "mlops/*") == ""
