"""Can the people of policies/people.yaml decide on GitHub?"""

import binascii
from base64 import b64decode
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from urllib.parse import quote

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.github.connection import PoliteRequester
from bot.github.doctor.about_repository import AboutRepository, Content, Role
from bot.github.doctor.asking import said
from bot.github.refusals import Declined
from policies.document import read_document
from policies.people import People, read_people
from policies.problem import UnreadableError
from reports.escaping import plain

PATH = "policies/people.yaml"
PLATFORM = "github"
READERS = frozenset({"read", "triage", "write", "maintain", "admin"})


def look_at_people(requester: PoliteRequester, project: str, about: AboutRepository) -> Iterator[Diagnosis]:
    """Compare main's people with GitHub's accounts and teams. Raises Unavailable."""
    people = _people(requester, about)
    if not isinstance(people, People):
        yield Diagnosis(state=people.state, text=f"{project}: {people.text}", todo=people.todo)
        return
    found = [*_without_account(people), *_accounts(requester, about, people), *_teams(requester, people)]
    for one in found or [ok(f"those with a role in {PATH} can decide on GitHub")]:
        yield Diagnosis(state=one.state, text=f"{project}: {one.text}", todo=one.todo)


def _people(requester: PoliteRequester, about: AboutRepository) -> People | Diagnosis:
    try:
        found = said(requester, Content, f"/repos/{about.full_name}/contents/{PATH}", ref=about.default_branch)
    except Declined as declined:
        if declined.status != HTTPStatus.NOT_FOUND:
            raise
        return bad(f"{about.default_branch} has no {PATH}", "write one: docs/guide/policy.md says how")
    try:
        people = read_people(read_document(PATH, b64decode(found.content)))
    except (UnreadableError, binascii.Error) as error:
        return bad(plain(error), "mlops policy check names each mistake")
    return people if isinstance(people, People) else bad(plain(people[0]), "mlops policy check names each mistake")


def _without_account(people: People) -> Iterator[Diagnosis]:
    """Name who holds a role and can use it only elsewhere."""
    silent = [login for login, one in people.persons.items() if one.roles and not one.accounts.get(PLATFORM)]
    if silent:
        todo = f"add `accounts: {{github: LOGIN}}` for them in {PATH}"
        yield warn(f"{', '.join(sorted(silent))} cannot decide here: no GitHub account is named for them", todo)


def _accounts(requester: PoliteRequester, about: AboutRepository, people: People) -> Iterator[Diagnosis]:
    """Ask about every account that `people` names."""
    found = {
        account: _role(requester, about, account)
        for person in people.persons.values()
        for account in person.accounts.get(PLATFORM, ())
    }
    if gone := [account for account, role in found.items() if role is None]:
        yield bad(f"GitHub has no account {_listed(gone)}", f"mend {PATH}: somebody else could take such a name")
    if blind := [account for account, role in found.items() if role is not None and role not in READERS]:
        text = f"{_listed(blind)} cannot read {plain(about.full_name)}, and so not decide there"
        yield warn(text, f"give them access at {about.html_url}/settings/access")


def _role(requester: PoliteRequester, about: AboutRepository, account: str) -> str | None:
    """Return what an account is in the repository; None when there is no such account."""
    path = f"/repos/{about.full_name}/collaborators/{quote(account, safe='')}/permission"
    try:
        return said(requester, Role, path).permission
    except Declined as declined:
        if declined.status != HTTPStatus.NOT_FOUND:
            raise
        return None


def _teams(requester: PoliteRequester, people: People) -> Iterator[Diagnosis]:
    for name in people.teams:
        organisation, _, team = name.partition("/")
        try:
            said(requester, list[dict[str, object]], f"/orgs/{organisation}/teams/{team}/members", per_page=1)
        except Declined as declined:
            text = f"it cannot be asked who is in the team {plain(name)} ({declined.status}: {declined.words})"
            yield bad(text, f"mend its name in {PATH}, or grant the App Members: Read-only in that organisation")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(plain(name) for name in sorted(names))
