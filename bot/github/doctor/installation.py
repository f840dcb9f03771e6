"""Is the App installed where a project is, and may it do what it has to?"""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Final

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.github.app import PERMISSIONS, RANK, GitHubApp
from bot.github.doctor.about_app import AboutApp, AboutInstallation
from bot.github.doctor.asking import said
from bot.github.events import EVENTS
from bot.github.refusals import Declined
from bot.settings import ProjectSettings
from reports.escaping import plain

WITHOUT: Final = {
    "administration": "it cannot be seen whom main's protection lets pass",
    "checks": "no check and no button",
    "contents": "no branch, no commit and no merge",
    "deployments": "promotions stop before the model is switched",
    "issues": "no comment and no label",
    "members": "teams in policies/people.yaml cannot be asked who is in them",
    "metadata": "nothing at all",
    "pull_requests": "no pull request",
    "statuses": "a status that others write under our names is neither seen nor overwritten",
}
"""What is lost without each permission."""
OPTIONAL = frozenset({"administration", "members"})
UNASKED = frozenset({"installation", "installation_repositories"})
"""Events that every App gets."""
SUBSCRIBED: Final = frozenset(EVENTS) - UNASKED
"""Events that have to be subscribed to."""
SWEPT = frozenset({"member", "membership", "organization", "repository", "status", "team"})
"""Events that only make us quicker: a sweep finds what they tell."""
ABOUT_MEMBERS = frozenset({"member", "membership", "organization", "team"})
"""Events of organisations; a personal account has none."""
LEVELS = {"read": "Read-only", "write": "Read and write", "admin": "Admin"}


def look_at_installation(
    app: GitHubApp, about: AboutApp, project: ProjectSettings
) -> tuple[AboutInstallation | None, list[Diagnosis]]:
    """Look for the installation that sees a project's repository; None when it is of no use. Raises Unavailable."""
    try:
        found = said(app.requester, AboutInstallation, f"/repos/{project.repository}/installation")
    except Declined as declined:
        if declined.status != HTTPStatus.NOT_FOUND:
            raise
        text = f"{project.name}: the App is not installed on {project.repository}"
        return None, [bad(text, f"install it at {about.html_url}/installations/new, or mend `repository`")]
    if found.suspended_at is not None:
        text = f"{project.name}: the App's installation is suspended"
        return None, [bad(text, f"unsuspend it at {found.html_url}")]
    return found, [*_permissions(project, about, found), *_events(project, about, found)]


def _permissions(project: ProjectSettings, about: AboutApp, found: AboutInstallation) -> Iterator[Diagnosis]:
    personal = frozenset() if found.account.is_organisation else frozenset({"members"})
    missing = [name for name in _lacking(found.permissions) if name not in personal]
    for name in missing:
        text = f"{project.name}: the App lacks the permission {name}: {PERMISSIONS[name]} ({WITHOUT[name]})"
        todo = _how_to_grant(name, about, found)
        yield warn(text, todo) if name in OPTIONAL else bad(text, todo)
    if not missing:
        yield ok(f"{project.name}: the App is installed for {plain(found.account.login)} with the permissions it needs")


def _lacking(granted: Mapping[str, str]) -> list[str]:
    """Return the permissions that were not granted as far as we use them."""
    return [name for name, level in PERMISSIONS.items() if _rank(granted.get(name)) < _rank(level)]


def _rank(level: str | None) -> int:
    return RANK.index(level) if level in RANK else -1


def _how_to_grant(name: str, about: AboutApp, found: AboutInstallation) -> str:
    accept = f"accept it at {found.html_url}"
    if name not in _lacking(about.permissions):
        return accept
    level = LEVELS[PERMISSIONS[name]]
    return f"choose {name.replace('_', ' ').capitalize()}: {level} at {about.settings_url}/permissions, then {accept}"


def _events(project: ProjectSettings, about: AboutApp, found: AboutInstallation) -> Iterator[Diagnosis]:
    wanted = SUBSCRIBED if found.account.is_organisation else SUBSCRIBED - ABOUT_MEMBERS
    missing = wanted - found.events
    if needed := missing - SWEPT:
        text = f"{project.name}: the App does not hear of {_listed(needed)}"
        yield bad(text, _how_to_subscribe(needed, about, found))
    if late := missing & SWEPT:
        text = f"{project.name}: the App hears of {_listed(late)} only when it sweeps"
        yield warn(text, _how_to_subscribe(late, about, found))
    if not missing:
        yield ok(f"{project.name}: the App hears of all {len(wanted)} events that it reads")


def _listed(events: Iterable[str]) -> str:
    return ", ".join(sorted(events))


def _how_to_subscribe(missing: frozenset[str], about: AboutApp, found: AboutInstallation) -> str:
    if missing <= about.events:
        return f"accept the App's new permissions at {found.html_url}"
    return f"tick them at {about.settings_url}/permissions, below Subscribe to events"
