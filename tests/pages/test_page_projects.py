"""Do pages keep several projects apart, and does one that sleeps hide none of the others?"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.house.house import OpenHouse
from bot.house.telling import Telling
from bot.local_forge import EmbeddedForge
from gates.refusal import Unavailable
from tests.pages.conftest import reading
from tests.pages.reader import Reader, faults_of
from tests.world import World


class Asleep(EmbeddedForge):
    """The real forge, which does not answer."""

    def main_head(self) -> str:
        """Be asleep."""
        raise Unavailable("The forge does not answer; try again in a minute.")


@pytest.fixture
def two(world: World) -> Iterator[Reader]:
    """Beside the project there is another one, whose forge sleeps."""
    desk = world.house.window().desk
    sleeping = replace(world.project, name="other", forge=Asleep(world.repository))
    installation = replace(world.installation, projects={"default": world.project, "other": sleeping})
    house = OpenHouse(replace(desk, installation=installation), Telling())
    with reading(replace(world, installation=installation, house=house)) as reader:
        yield reader


def test_names_carry_their_project_where_there_are_several(two: Reader) -> None:
    inbox = two.see("/")
    assert "P4 promote churn 2 to production" in inbox.text
    assert "in default" in inbox.text
    assert "default/churn" in inbox.text
    assert "default/churn" in two.see("/promotions").text


def test_a_project_that_sleeps_hides_none_of_the_others(two: Reader) -> None:
    inbox = two.see("/")
    assert "other: The forge does not answer; try again in a minute." in inbox.text
    assert faults_of(inbox) == []
    answer = two.get("/rulebook/other")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_each_project_has_its_rulebook(two: Reader) -> None:
    rulebooks = two.see("/rulebook")
    assert {"/rulebook/default", "/rulebook/other"} <= set(rulebooks.links)
    assert faults_of(rulebooks) == []
    assert "Rulebook of default" in two.see("/rulebook/default").text


def test_the_ledger_is_filtered_by_project(two: Reader) -> None:
    ledger = two.see("/ledger?project=other")
    assert "No entry fits." in ledger.text
    assert "Project" in ledger.text
