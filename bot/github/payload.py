"""Which fields of GitHub's payloads do we read? These, and what we do not name is not looked at.

Everything is strict: a number that comes as text is no number. https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

LONGEST_COMMENT = 262_144
"""Bytes that GitHub takes for a comment, 65,536 characters of up to four."""

Id = Annotated[int, Field(gt=0, lt=2**63)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]


class Foreign(BaseModel):
    """What somebody else wrote, and may extend at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Actor(Foreign):
    """An account of a person, a bot or an organisation."""

    login: Name
    id: Id
    type: Name

    @property
    def is_person(self) -> bool:
        """Is somebody there who can decide?"""
        return self.type == "User"


class Repository(Foreign):
    """Where it happened."""

    id: Id
    full_name: Name


class RepositoryWithMain(Repository):
    """Where a push went to."""

    default_branch: Name


class App(Foreign):
    """A GitHub App."""

    id: Id


class RepositoryId(Foreign):
    """A repository that is only referred to."""

    id: Id


class Base(Foreign):
    """What a pull request would be merged into."""

    repo: RepositoryId


class PullRequest(Foreign):
    """A pull request that an event is about."""

    number: Id


class PullRequestOfHead(PullRequest):
    """A pull request that a commit is the head of; possibly one of another repository in the network of forks."""

    base: Base | None = None


class Issue(Foreign):
    """What was commented on; a pull request when it says so."""

    class Marker(Foreign):
        """The part that only pull requests have."""

    number: Id
    pull_request: Marker | None = None


class Comment(Foreign):
    """A comment as it was first written."""

    id: Id
    user: Actor
    body: Annotated[str, Field(max_length=LONGEST_COMMENT)]
    performed_via_github_app: App | None = None
    created_at: AwareDatetime | None = Field(default=None, strict=False)

    @property
    def at(self) -> int | None:
        """When it was written, in seconds since 1970."""
        return None if self.created_at is None else int(self.created_at.timestamp())


class Checked(Foreign):
    """What check runs and suites share: whose they are, and of which commit and pull requests."""

    app: App | None
    head_sha: Sha
    pull_requests: tuple[PullRequestOfHead, ...] = Field(default=(), strict=False)
    name: str = ""

    def numbers(self, repository: Repository) -> tuple[int, ...]:
        """Return the pull requests into this repository."""
        return tuple(
            found.number for found in self.pull_requests if found.base is None or found.base.repo.id == repository.id
        )


class RequestedAction(Foreign):
    """Which button it was."""

    identifier: Name


class Owner(Foreign):
    """Who installed an App; an enterprise has no login."""

    login: str | None = None


class Installation(Foreign):
    """Where an App is installed."""

    account: Owner
    app_id: Id
