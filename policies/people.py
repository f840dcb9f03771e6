"""Who is this account, and which roles do they hold?

`policies/people.yaml` names every person once, with one or more accounts per platform. An account that stands for two
persons is a mistake: nobody can be counted twice.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from gates.values import Value
from policies.accounts import PLATFORMS, account_problem, comparable
from policies.document import Document
from policies.near import or_near
from policies.problem import Problem
from policies.sentences import validated
from policies.texts import Login, Slug, Text, listed

TEAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_.-]{1,100}")
GOVERNOR = "governor"
"""The role that decides changes of the rulebook."""


def _platform(name: str) -> str:
    if name not in PLATFORMS:
        raise ValueError(f"there is no platform `{name[:40]}`; {or_near(name, PLATFORMS)}")
    return name


def _team(name: str) -> str:
    if not TEAM.fullmatch(name):
        raise ValueError(
            f"'{name[:60]}' is no team: write ORGANISATION/TEAM as its address has it, such as acme/validators"
        )
    return name


def _lent(role: str) -> str:
    if role == GOVERNOR:
        raise ValueError(
            f"`{GOVERNOR}` cannot come from a team: who changes the team would change who guards the rulebook; give it "
            "to people by name"
        )
    return role


Team = Annotated[str, AfterValidator(_team)]
LentRole = Annotated[Slug, AfterValidator(_lent)]
Platform = Annotated[str, AfterValidator(_platform)]
Accounts = Annotated[tuple[Text, ...], BeforeValidator(listed)]


class PersonEntry(Value):
    """One person under `people`; the key is their login."""

    name: str = ""
    """The name people know them by; by default the login."""
    roles: tuple[Slug, ...] = ()
    """Roles that policies ask for; free names, and `governor` decides rulebook changes."""
    accounts: dict[Platform, Accounts] = Field(default_factory=dict)
    """Accounts, one or a list each: `embedded` (by default the login), `github`, `slack` (TEAM/USER), `teams`
    (TENANT/OBJECT-ID), `mlflow`, `git` (e-mail addresses)."""


class TeamEntry(Value):
    """One GitHub team under `teams`; the key is ORGANISATION/TEAM."""

    roles: tuple[LentRole, ...] = Field(min_length=1)
    """Roles that its members hold, as far as `people` names their GitHub account; never `governor`."""


class RulebookRules(Value):
    """How changes of the rulebook itself are decided."""

    governors: int = Field(default=1, ge=1)
    """How many people with the role `governor` must approve a change; its author never counts."""


class PeopleFile(Value):
    """`policies/people.yaml`."""

    people: dict[Login, PersonEntry] = Field(min_length=1)
    """Everyone who may ask or decide, by login."""
    teams: dict[Team, TeamEntry] = Field(default_factory=dict)
    """GitHub teams that give people roles, by ORGANISATION/TEAM; who is in them is asked each time."""
    rulebook: RulebookRules = RulebookRules()
    """How changes of the rulebook itself are decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One human, counted once wherever they click."""

    login: str
    name: str
    roles: frozenset[str]
    accounts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everyone the rulebook knows."""

    persons: Mapping[str, Person]
    governors: int
    """How many must approve a change of the rulebook."""
    teams: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Roles that members of a team hold, by the team's name; asked of the forge where the team lives."""

    def with_members(self, platform: str, members: Mapping[str, Collection[str]]) -> "People":
        """Return these people with the roles that their accounts on a platform have by being in teams.

        An account that is linked to no person gets none: it may be somebody's second one.
        """
        persons = dict(self.persons)
        for team, accounts in members.items():
            for account in accounts:
                person = self.person_of(platform, account)
                if person is not None:
                    known = persons[person.login]
                    persons[person.login] = replace(known, roles=known.roles | self.teams.get(team, frozenset()))
        return replace(self, persons=persons)

    def person(self, login: str) -> Person | None:
        """Return the person with this login."""
        return self.persons.get(login)

    def person_of(self, platform: str, account: str) -> Person | None:
        """Return the person an account belongs to, or None when it is linked to nobody."""
        wanted = comparable(platform, account)
        for person in self.persons.values():
            if wanted in {comparable(platform, own) for own in person.accounts.get(platform, ())}:
                return person
        return None

    def with_role(self, role: str) -> tuple[Person, ...]:
        """Return everyone who holds a role, by login."""
        return tuple(person for _, person in sorted(self.persons.items()) if role in person.roles)


NOBODY = People(persons={}, governors=1)


def read_people(document: Document) -> People | tuple[Problem, ...]:
    """Read everyone, or return every mistake."""
    found = validated(PeopleFile, document)
    if not isinstance(found, PeopleFile):
        return found
    persons = {login: _person(login, entry) for login, entry in found.people.items()}
    teams = {name: frozenset(team.roles) for name, team in found.teams.items()}
    people = People(persons=persons, governors=found.rulebook.governors, teams=teams)
    return (*_misshapen(persons, document), *_shared(persons, document)) or people


def _person(login: str, entry: PersonEntry) -> Person:
    accounts = {"embedded": (login,), **entry.accounts}
    return Person(login=login, name=entry.name or login, roles=frozenset(entry.roles), accounts=accounts)


def _misshapen(persons: Mapping[str, Person], document: Document) -> Iterator[Problem]:
    """Yield accounts that no platform would have given out so: they would never be recognised."""
    for login, person in persons.items():
        for platform, accounts in person.accounts.items():
            for text in filter(None, (account_problem(platform, account) for account in accounts)):
                place = ("people", login, "accounts", platform)
                yield Problem(path=document.path, line=document.line(place), text=text)


def _shared(persons: Mapping[str, Person], document: Document) -> Iterator[Problem]:
    """Yield accounts and logins that two persons claim; what differs in case only looks the same to people."""
    owners: dict[tuple[str, str], str] = {}
    for login, person in persons.items():
        claims = {("login", login), *((name, own) for name, owned in person.accounts.items() for own in owned)}
        for kind, account in sorted(claims):
            owner = owners.setdefault((kind, account.casefold()), login)
            if owner != login:
                text = f"the {kind} {'' if kind == 'login' else 'account '}`{account}` belongs to {owner} already"
                yield Problem(path=document.path, line=document.line(("people", login)), text=text)
