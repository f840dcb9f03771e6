"""When the forge sleeps, or people.yaml is written strangely, nothing is lost and nothing happens twice."""

from collections.abc import Sequence

import pytest

from bot.local_forge import EmbeddedForge
from gates.refusal import Unavailable, UserError
from tests.hands import git
from tests.linking.talk import BOB, CODES, PEOPLE_FILE, Talk
from tests.proposals import PATH, propose
from tests.world import PEOPLE, POLICY
from workflows.forge import PullRequest
from workflows.installation import Project


class SleepyForge(EmbeddedForge):
    """The real forge, which falls asleep before or after it opens a pull request."""

    sleeps: str = ""

    def open_pull_request(
        self, branch: str, *, title: str, body: str, author: str, labels: Sequence[str] = ()
    ) -> PullRequest:
        """Open one, unless asleep."""
        if self.sleeps == "before":
            raise Unavailable("The forge is asleep.")
        opened = super().open_pull_request(branch, title=title, body=body, author=author, labels=labels)
        if self.sleeps == "after":
            raise Unavailable("The forge fell asleep.")
        return opened


def sleepy(talk: Talk, when: str) -> SleepyForge:
    forge, project = SleepyForge(talk.world.repository), talk.world.project
    forge.sleeps = when
    projects = talk.world.installation.projects
    assert isinstance(projects, dict)
    projects["default"] = Project(
        name=project.name,
        platform=project.platform,
        forge=forge,
        stages=project.stages,
        data_base=project.data_base,
    )
    return forge


@pytest.mark.parametrize("when", ["before", "after"])
def test_when_the_forge_sleeps_the_code_works_on_and_there_is_one_pull_request(talk: Talk, when: str) -> None:
    talk.forge("bob", "link")
    forge = sleepy(talk, when)
    with pytest.raises(Unavailable):
        talk.slack(BOB, f"link {CODES[0]}", message_id="m1")
    forge.sleeps = ""
    talk.house.tick(talk.world.clock())
    assert talk.changes() == 0
    assert talk.slack(BOB, f"link {CODES[0]}", message_id="m1").text.endswith("mlops approve R1")
    assert [one.number for one in forge.open_pull_requests()] == [1]


def test_a_people_file_that_needs_a_hand_is_left_to_one(talk: Talk) -> None:
    block = PEOPLE.replace(
        "  bob: {roles: [validator], accounts: {git: bob@example.org}}\n",
        "  bob:\n    roles: [validator]\n    name: |\n      Bob\n\n",
    )
    propose(talk.world, {PATH: POLICY.encode(), PEOPLE_FILE: block.encode()})
    talk.forge("erin", "approve R1")
    talk.forge("bob", "link")
    with pytest.raises(UserError, match="by hand, in a pull request"):
        talk.slack(BOB, f"link {CODES[0]}")
    assert talk.changes() == 1


def test_without_a_trusted_rulebook_nobody_is_anybody(talk: Talk) -> None:
    talk.forge("bob", "link")
    forge = talk.world.forge
    head = forge.commit("aside", {PATH: b"policy: ["}, message="break", at=0)
    git(talk.world, "update-ref", "refs/heads/main", head)
    with pytest.raises(UserError, match="rulebook"):
        talk.slack(BOB, f"link {CODES[0]}")
