"""Is the repository one that promotions can be merged into?"""

from collections.abc import Iterator

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.github.doctor.about_repository import AboutRepository
from bot.settings import ProjectSettings
from reports.escaping import plain


def look_at_repository(project: ProjectSettings, about: AboutRepository) -> Iterator[Diagnosis]:
    """Say what it is, and what is unusual about it."""
    settings = f"{about.html_url}/settings"
    how = _merging(about)
    if about.archived or about.disabled:
        state = "archived" if about.archived else "disabled"
        yield bad(f"{project.name}: {plain(about.full_name)} is {state}: nothing can be merged", f"look at {settings}")
    elif not how:
        todo = f"allow merge commits at {settings}"
        yield bad(f"{project.name}: {plain(about.full_name)} allows no way of merging", todo)
    else:
        main = plain(about.default_branch)
        yield ok(f"{project.name}: {plain(about.full_name)} merges into {main} by {how}")
    if about.full_name.casefold() != project.repository.casefold():
        text = f"{project.name}: {project.repository} is called {plain(about.full_name)} now"
        yield warn(text, "mend `repository` in app.yaml before somebody takes the old name")
    if about.fork:
        text = f"{project.name}: {plain(about.full_name)} is itself a fork: people may open pull requests at its parent"
        yield warn(text, "leave the fork network, or mind the base of each pull request")


def _merging(about: AboutRepository) -> str:
    """Return the way that the App merges: the first that is allowed."""
    ways = {
        "a merge commit": about.allow_merge_commit,
        "squashing": about.allow_squash_merge,
        "rebasing": about.allow_rebase_merge,
    }
    return next((way for way, allowed in ways.items() if allowed is not False), "")
