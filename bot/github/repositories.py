"""Which project does a delivery belong to, if it is any of ours?"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One repository of ours."""

    full_name: str
    """OWNER/NAME as app.yaml has it; GitHub ignores case, and keeps the old name working after a rename."""
    id: int | None = None
    """GitHub's number, which a rename does not change; None while it was not learned."""


@dataclass(frozen=True, slots=True)
class Repositories:
    """The projects that live on GitHub."""

    by_project: Mapping[str, Known]

    def project_of(self, full_name: str, repository_id: int) -> str | None:
        """Return the project of a repository, or None for one that is not ours.

        Where the number is known it alone decides: anybody may take a name that a rename left free.
        """
        for project, known in self.by_project.items():
            same_name = known.full_name.lower() == full_name.lower()
            if known.id == repository_id or (known.id is None and same_name):
                return project
        return None

    def projects_of(self, owner: str) -> tuple[str, ...]:
        """Return the projects whose repository belongs to an account or organisation."""
        start = f"{owner.lower()}/"
        return tuple(name for name, known in self.by_project.items() if known.full_name.lower().startswith(start))


def repositories_of(settings: Settings) -> Repositories:
    """Return the repositories that app.yaml names, their numbers not learned yet."""
    return Repositories(
        {
            project.name: Known(full_name=project.repository)
            for project in settings.projects
            if project.forge == "github"
        }
    )
