"""Does the guide's page about GitHub say what the doctor says, and what the program does?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github.app import PERMISSIONS
from bot.github.doctor.installation import OPTIONAL, SUBSCRIBED
from bot.github.doctor.webhook import MEANINGS
from bot.settings import GitHubSettings
from tests.github.patient import Patient, sound_patient
from tests.github.world import GitHubWorld

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "github.md"
NAMES = {"Commit statuses": "statuses", "Members (organisation)": "members", "Pull requests": "pull_requests"}


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    with sound_patient(tmp_path) as made:
        yield made


def text() -> str:
    return GUIDE.read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table that begins with a heading cell."""
    table = text()[text().index(f"| {heading} |") :].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_doctors_report_is_a_real_one(patient: Patient) -> None:
    report = "".join(f"{line}\n" for line in patient.examine())
    assert f"```text\n{report}```" in text()


def test_the_permissions_are_those_that_we_use() -> None:
    listed = {
        NAMES.get(name, name.lower()): "write" if level == "read and write" else level
        for name, level, _why in rows("permission")
    }
    assert listed == PERMISSIONS
    optional = {NAMES.get(name, name.lower()) for name, _, why in rows("permission") if why.startswith("optional")}
    assert optional == OPTIONAL


def test_the_events_are_those_that_we_read() -> None:
    listed = re.search(r"^Events: (.+?)\.$", text(), re.DOTALL | re.MULTILINE)
    assert listed is not None
    assert {name.strip().replace(" ", "_") for name in " ".join(listed[1].split()).split(",")} == SUBSCRIBED


def test_every_status_of_the_log_that_it_explains_is_one_that_the_doctor_explains() -> None:
    assert {int(status) for status, _ in rows("status") if status.isdigit()} <= set(MEANINGS)


def test_the_settings_that_it_names_exist() -> None:
    named = set(re.findall(r"github\.([a-z_]+)", text())) - {"com", "example"}
    assert named <= set(GitHubSettings.model_fields)


def test_a_promotion_takes_no_more_requests_than_it_says(on_github: GitHubWorld) -> None:
    before = on_github.github.count()
    number = on_github.ask()
    on_github.repository.review("bob-at-work", number, "APPROVED")
    on_github.hear()
    assert on_github.world.state(1) == "promoted"
    assert on_github.github.count() - before < 100
    assert "takes fewer than 100 requests that cost quota" in text()
    before = on_github.github.count()
    on_github.sweep()
    assert on_github.github.count() - before <= 3
