"""Which rules hold now? Those that main has and that were accepted last; nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gates.refusal import UserError
from policies.people import GOVERNOR
from policies.problem import RulebookError
from policies.rulebook import Rulebook, is_rulebook_path, load_rulebook
from reports.escaping import plain
from storage.database import Work
from storage.ledger import Entry
from workflows.blocked import BlockedError, blocked
from workflows.installation import Installation, Project
from workflows.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRulebook:
    """A rulebook that was accepted, and the commit it was read from."""

    commit: str
    rulebook: Rulebook
    unreadable: tuple[str, ...] = ()
    """A sentence about each team that gives people roles and cannot be read now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The rulebook in force, as the ledger has it, and the commits that hold it."""

    digest: str
    commits: tuple[str, ...]


def rulebook_files(project: Project, commit: str) -> dict[str, bytes]:
    """Return the rulebook's files in a commit's tree."""
    return dict(project.forge.files(commit, is_rulebook_path))


def first_accepted(work: Work, project: str) -> Entry | None:
    """Return the ledger's entry of the first rulebook that was trusted, or None."""
    entries = work.ledger.of(main_subject(project))
    return next((entry for entry in entries if entry.kind == "rulebook_accepted"), None)


def main_subject(project: str) -> str:
    """Return the name under which the ledger speaks of main itself."""
    return f"main of {project}"


def acceptance_key(project: str, digest: str) -> str:
    """Return the ledger key under which a rulebook's acceptance is found."""
    return f"{project}:rulebook:{digest}"


def in_force(installation: Installation, project: Project) -> Acceptance | None:
    """Return the rulebook that was trusted first, or that the last accepted change put in its place."""
    with installation.database.reading() as work:
        first = first_accepted(work, project.name)
        if first is None:
            return None
        merged = list(_merged(work, project.name))
        if not merged:
            return Acceptance(digest=str(first.body["digest"]), commits=(str(first.body["commit"]),))
        last, heads = max(merged, key=lambda pair: pair[0].seq)
    return Acceptance(digest=str(last.body["digest"]), commits=(str(last.body["commit"]), *heads))


def _merged(work: Work, project: str) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Yield the entry of each accepted change that main had, with the heads that were accepted."""
    accepted = [change for change in work.rulebook_changes.all(project) if change.state == "accepted"]
    latest = max((change.updated_at for change in accepted), default=0)
    for change in accepted:
        if change.updated_at == latest:
            entries = work.ledger.of(change.name)
            heads = tuple(str(entry.body["head"]) for entry in entries if entry.kind == "rulebook_accepted")
            yield from ((entry, heads) for entry in entries if entry.kind == "rulebook_merged")


def holds(installation: Installation, project: Project, digest: str) -> bool:
    """Is this the rulebook in force, or one that was accepted since and is about to be?

    One that was accepted long ago and replaced is not: whoever sets main back must not bring old limits back with it.
    """
    force = in_force(installation, project)
    if force is None or force.digest == digest:
        return force is not None
    with installation.database.reading() as work:
        return any(
            change.digest == digest and accepted_entry(work, change.name, digest) is not None
            for change in work.rulebook_changes.open(project.name)
        )


def accepted_entry(work: Work, change: str, digest: str) -> Entry | None:
    """Return the newest entry that says governors accepted this rulebook as this change ("R3"), or None."""
    entries = [entry for entry in work.ledger.of(change) if entry.kind == "rulebook_accepted"]
    return next((entry for entry in reversed(entries) if entry.body["digest"] == digest), None)


def trusted_rulebook(installation: Installation, project: Project) -> TrustedRulebook:
    """Return main's rulebook if it was accepted; raises `BlockedError` otherwise."""
    commit = project.forge.main_head()
    try:
        rulebook = load_rulebook(rulebook_files(project, commit))
    except RulebookError as mistake:
        raise blocked(
            Reason.RULEBOOK_INVALID,
            f"Main's rulebook cannot be read: {plain(mistake)}",
            what_next="mend it in a pull request; mlops policy check lists every mistake",
        ) from mistake
    if not holds(installation, project, rulebook.digest):
        raise _untrusted(installation, project, commit, rulebook)
    return _with_teams(project, TrustedRulebook(commit=commit, rulebook=rulebook))


def _with_teams(project: Project, trusted: TrustedRulebook) -> TrustedRulebook:
    """Give people the roles of the teams they are in now.

    A team that cannot be read gives its role to nobody, and is named: promotions wait then, while the rules themselves
    can still be mended, for no team has a say in those.
    """
    members, problems = {}, []
    for team in trusted.rulebook.people.teams:
        try:
            members[team] = project.forge.members(team)
        except UserError as unreadable:
            problems.append(plain(unreadable))
    people = trusted.rulebook.people.with_members(project.platform, members)
    return replace(trusted, rulebook=replace(trusted.rulebook, people=people), unreadable=tuple(problems))


def expect_teams(trusted: TrustedRulebook) -> None:
    """Raise `BlockedError` while a team that gives people roles cannot be read."""
    if trusted.unreadable:
        raise blocked(
            Reason.RULEBOOK_INVALID,
            f"A team of policies/people.yaml cannot be read: {' '.join(trusted.unreadable)}",
            what_next="mend the team's name in a pull request, or let the app read it; mlops doctor says how",
        )


def _untrusted(installation: Installation, project: Project, commit: str, rulebook: Rulebook) -> BlockedError:
    force, digest = in_force(installation, project), rulebook.digest[:12]
    if force is None:
        return blocked(
            Reason.RULEBOOK_UNTRUSTED,
            f"Main's rulebook ({digest}) was never accepted, so no gate can pass under it.",
            who=[person.login for person in rulebook.people.with_role(GOVERNOR)],
            what_next=f"mlops rulebook trust {commit[:12]}",
        )
    return blocked(
        Reason.RULEBOOK_UNTRUSTED,
        f"Main's rulebook ({digest}) is not the one that was accepted ({force.digest[:12]}), so no gate can pass "
        "under it.",
        what_next="mlops sync, which says what changed main and how it is restored",
    )


def rulebook_for_people(installation: Installation, project: Project) -> Rulebook:
    """Return the trusted rulebook for a command that must know who speaks; its absence is the speaker's reply."""
    try:
        return trusted_rulebook(installation, project).rulebook
    except BlockedError as error:
        raise UserError(f"{error.blocked.summary} Next: {error.blocked.next}.") from error


def newest_trusted_rulebook(installation: Installation, project: Project) -> TrustedRulebook:
    """Return the rulebook in force, wherever it can still be read: who may mend main when main has another one."""
    force = in_force(installation, project)
    if force is None:
        raise UserError(
            f"No rulebook of {project.name} was ever accepted: mlops rulebook trust COMMIT accepts the first one."
        )
    for commit in _places(project, force):
        rulebook = _readable(project, commit)
        if rulebook is not None and rulebook.digest == force.digest:
            return _with_teams(project, TrustedRulebook(commit=commit, rulebook=rulebook))
    raise UserError(
        f"The accepted rulebook of {project.name} ({force.digest[:12]}) is in no commit of the repository any more: "
        f"push {force.commits[0][:12]} from a clone to any branch, and it is found again."
    )


def _places(project: Project, force: Acceptance) -> Iterator[str]:
    """Yield the commits to look in, the likeliest first; the whole of main's history last."""
    yield project.forge.main_head()
    yield from force.commits
    yield from (commit.sha for commit in reversed(project.forge.main_since(None)))


def _readable(project: Project, commit: str) -> Rulebook | None:
    try:
        return load_rulebook(rulebook_files(project, commit))
    except UserError:  # it has mistakes, or the commit is gone from the repository
        return None
