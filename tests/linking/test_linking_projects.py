"""Where several projects know a person, one code links the account in each of them."""

from dataclasses import replace

import pytest

from bot.exchange import ExitCode
from bot.local_forge import EmbeddedForge, create_repository
from tests.linking.talk import BOB, CODES, PEOPLE_FILE, Talk
from tests.world import PEOPLE, START, rulebook
from workflows.installation import Project

WITHOUT_CAROL = "".join(line for line in PEOPLE.splitlines(keepends=True) if "carol" not in line) + (
    "  karl: {roles: [ml-engineer]}\n"
)


@pytest.fixture
def two(talk: Talk) -> Talk:
    """Beside the first project there is `credit`, whose rulebook knows no carol."""
    world = talk.world
    files = {**rulebook(world.folder), PEOPLE_FILE: WITHOUT_CAROL.encode()}
    create_repository(world.folder / "credit.git", files, at=START)
    credit = replace(world.project, name="credit", forge=EmbeddedForge(world.folder / "credit.git"))
    projects = world.installation.projects
    assert isinstance(projects, dict)
    first = projects.pop("default")
    projects["credit"] = credit
    talk.forge("grace", f"rulebook trust {credit.forge.main_head()}")
    projects.clear()
    projects.update({"default": first, "credit": credit})
    return talk


def people(project: Project) -> str:
    return (project.forge.read(project.forge.main_head(), PEOPLE_FILE) or b"").decode()


def test_one_code_is_a_change_in_each_project_that_knows_the_person(two: Talk) -> None:
    two.slack(BOB, "link")
    tied = two.forge("bob", f"link {CODES[0]}")
    assert [line.split(" is ")[0] for line in tied.text.splitlines()[1::2]] == ["R1", "R2"]
    for name in ("R1", "R2"):
        assert two.forge("erin", f"approve {name}").code is ExitCode.DONE
    assert all(BOB in people(project) for project in two.world.installation.projects.values())
    assert two.slack(BOB, "link").text.startswith("slack T01ABC/U02BOB is bob already")


def test_a_project_that_does_not_know_the_person_stays_as_it_is(two: Talk) -> None:
    two.slack(BOB, "link")
    two.forge("carol", f"link {CODES[0]}")
    two.forge("erin", "approve R1")
    first, credit = two.world.installation.projects.values()
    assert BOB in people(first)
    assert people(credit) == WITHOUT_CAROL


@pytest.mark.full
def test_a_project_that_has_the_account_already_needs_no_change(two: Talk) -> None:
    two.slack(BOB, "link")
    two.forge("bob", f"link {CODES[0]}")
    two.forge("erin", "approve R1")
    two.forge("erin", "reject R2 --reason 'not here'")
    two.forge("bob", "link")
    again = two.slack(BOB, f"link {CODES[1]}")
    assert [line for line in again.text.splitlines() if line.startswith("R")] == [
        "R3 is waiting: rulebook change in pull request 2."
    ]
    assert two.change(3).project == "credit"
