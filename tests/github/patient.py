"""An installation on GitHub for the doctor to look at: sound, until a test spoils something."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.diagnosis import Diagnosis
from bot.github.app import PERMISSIONS
from bot.github.doctor.examination import examine_github
from bot.github.doctor.installation import SUBSCRIBED
from bot.settings import Settings, settings_of
from tests.github.standin.deliveries import Attempt, new_delivery
from tests.github.standin.github import GitHub
from tests.github.standin.people import People
from tests.github.standin.server import github_standin

NAME = "acme/models"
PUBLIC = "https://gatehouse.example.org"
STRONG = "6f1d0c7e9b2a4853f0e1d2c3b4a5968778695a4b3c2d1e0f9e8d7c6b5a493827"
PEOPLE = """\
people:
  alice: {roles: [data-scientist], accounts: {github: alice}}
  bob: {roles: [validator], accounts: {github: bob-at-work}}
  carl: {}
teams:
  acme/validators: {roles: [validator]}
"""
SETTINGS = """\
server: {{public_url: {public}}}
github: {{app_id: {app_id}, base_url: "{url}", seconds_between_reads: 0, seconds_between_writes: 0}}
targets:
  local: {{kind: mlflow-server}}
projects:
  - name: loans
    forge: github
    repository: acme/models
    registry: {{uri: "sqlite:///mlflow.db"}}
    targets: {{staging: local, production: local}}
"""


@dataclass(slots=True, kw_only=True)
class Patient:
    """GitHub, one repository of it, and our settings and variables."""

    github: GitHub
    people: People
    folder: Path
    environment: dict[str, str]
    settings_text: str
    now: int = field(default_factory=lambda: int(time.time()))

    @property
    def settings(self) -> Settings:
        """The settings as app.yaml has them."""
        return settings_of(self.settings_text, where="app.yaml", folder=self.folder)

    def examine(self) -> list[Diagnosis]:
        """Let the doctor look."""
        tokens = ("MLOPS_GITHUB_TOKEN",)
        found = examine_github(self.settings, environment=self.environment, tokens=tokens, clock=lambda: self.now)
        return list(found)

    def complaints(self) -> list[str]:
        """Return the lines about what is not as it should be."""
        return [str(one) for one in self.examine() if one.state != "ok"]

    def deliver(self, *statuses: int) -> None:
        """Let GitHub have delivered something, with these answers, the oldest first; 0 is no answer."""
        for status in statuses:
            number = self.github.hub.next_id()
            delivery = new_delivery(number, self.github.app, "push", {}, self.now)
            attempt = Attempt(id=number, at=self.now, status=status, seconds=0.1, redelivery=False)
            delivery.attempts.append(attempt)
            self.github.deliveries.append(delivery)

    def commit_people(self, text: str) -> None:
        """Put another policies/people.yaml on main."""
        self.people.push("grace", "main", {"policies/people.yaml": text}, past_protection=True)


@contextmanager
def sound_patient(folder: Path) -> Iterator[Patient]:
    """Build an installation with which nothing is wrong."""
    with github_standin(folder) as github:
        app, installation = github.app, github.installation
        app.permissions, app.events = dict(PERMISSIONS), set(SUBSCRIBED)
        installation.permissions, installation.events = dict(PERMISSIONS), set(SUBSCRIBED)
        app.hook_url = f"{PUBLIC}/github/webhook"
        people = github.repository(NAME)
        for login in ("alice", "bob-at-work", "grace"):
            people.grant(login, "write")
        github.add_team("acme", "validators", ["bob-at-work"])
        patient = Patient(
            github=github,
            people=people,
            folder=folder,
            environment={"GITHUB_APP_PRIVATE_KEY": app.private_key, "GITHUB_WEBHOOK_SECRET": STRONG},
            settings_text=SETTINGS.format(public=PUBLIC, app_id=app.id, url=github.url),
        )
        patient.commit_people(PEOPLE)
        people.protect("main", {"mlops/promotion": app.id})
        patient.deliver(202, 202)
        yield patient
