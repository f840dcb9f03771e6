"""Which names are there to choose from?"""

from collections.abc import Sequence

from bot.house.desk import Desk
from workflows.installation import Project


def names(desk: Desk, kind: str, *, model: str | None = None, project: str | None = None) -> Sequence[str]:
    """Return the names of a kind: `MODEL`, `VERSION`, `ENVIRONMENT` or `PROMOTION`; none of any other.

    Versions of one `model` come newest first, environments of one `project` in promotion order; else all are sorted.
    """
    projects = [desk.project(project)] if project is not None else list(desk.installation.projects.values())
    match kind:
        case "ENVIRONMENT":
            found = [environment for one in projects for environment in one.environments]
            return found if project is not None else sorted(set(found))
        case "MODEL":
            return sorted({name for one in projects for name in one.stages[0].registry.models()})
        case "VERSION":
            return _versions(projects, model)
        case "PROMOTION":
            return _promotions(desk, projects)
        case _:
            return ()


def _versions(projects: Sequence[Project], model: str | None) -> Sequence[str]:
    registries = [project.stages[0].registry for project in projects]
    if model is not None:
        return [version for registry in registries for version in reversed(registry.versions(model))]
    return sorted({version for one in registries for name in one.models() for version in one.versions(name)})


def _promotions(desk: Desk, projects: Sequence[Project]) -> Sequence[str]:
    with desk.installation.database.reading() as work:
        promotions = [one.name for project in projects for one in work.promotions.all(project.name)]
        changes = [one.name for project in projects for one in work.rulebook_changes.open(project.name)]
    return [*promotions, *changes]
