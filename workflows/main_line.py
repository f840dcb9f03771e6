"""Which commits on main did nobody authorise, and whose lanes do they concern?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from gates.refusal import UserError
from policies.manifest import manifest_of_path
from policies.rulebook import is_rulebook_path
from storage.database import Work
from storage.ledger import Entry
from storage.promotions import Promotion
from workflows.forge import Commit, PullRequest
from workflows.installation import Installation, Project
from workflows.merging import landing, merged_key
from workflows.proving import authorisation
from workflows.rulebook import accepted_entry, first_accepted, in_force, main_subject, newest_trusted_rulebook
from workflows.states import State

KNOWN = ("merged", "reverted", "rulebook_merged")
"""Kinds of entries that answer for a commit on main."""
MERGE_OF_OURS = "merge to mend main"
"""What the ledger calls a merge that takes a strange commit back."""
BOT_FILES = ("MODEL_CARD.md", "evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class MainNow:
    """Main's commits that were not judged yet, and whether its history was rewritten since."""

    commits: tuple[Commit, ...]
    head: str
    rewritten: bool


def unjudged(installation: Installation, project: Project) -> MainNow:
    """Return what is new on main since it was judged last, or since its first rulebook was trusted."""
    with installation.database.reading() as work:
        first = first_accepted(work, project.name)
        seen = work.lanes.main_seen(project.name)
    begin = None if first is None else str(first.body["commit"])
    start = seen if seen is not None and project.forge.on_main(seen) else begin
    newest = _newest(installation, project)
    rewritten = newest is not None and not project.forge.on_main(newest)
    return MainNow(commits=project.forge.main_since(start), head=project.forge.main_head(), rewritten=rewritten)


def _newest(installation: Installation, project: Project) -> str | None:
    """Return the commit that was authorised last: while main's line has it, it has all that came before."""
    force = in_force(installation, project)
    with installation.database.reading() as work:
        lanes = [state.main_commit for state in work.lanes.all(project.name) if state.main_commit is not None]
        mends = [entry for entry in work.ledger.of(main_subject(project.name)) if entry.kind == "merged"]
        found = [*mends[-1:], *(_answer(work, project, commit) for commit in lanes)]
        if force is not None:
            found += [_answer(work, project, force.commits[0]), first_accepted(work, project.name)]
    entries = [entry for entry in found if entry is not None]
    return str(max(entries, key=lambda entry: entry.seq).body["commit"]) if entries else None


def _answer(work: Work, project: Project, commit: str) -> Entry | None:
    """Return the entry that answers for a commit on main, or None."""
    found = (work.ledger.find(kind=kind, key=merged_key(project.name, commit)) for kind in KNOWN)
    return next((entry for entry in found if entry is not None), None)


def lost(installation: Installation, project: Project) -> tuple[Entry, ...]:
    """Return the entries that answer for commits which main's line does not have any more."""
    line = {commit.sha for commit in project.forge.main_since(None)}
    with installation.database.reading() as work:
        first = first_accepted(work, project.name)
        known = [entry for entry in work.ledger.all() if entry.project == project.name and entry.kind in KNOWN]
        there = [first, *known] if first is not None else known
        return tuple(
            entry
            for entry in there
            if str(entry.body["commit"]) not in line
            and work.ledger.find(kind="reapplied", key=merged_key(project.name, str(entry.body["commit"]))) is None
        )


def authorised(installation: Installation, project: Project, commit: Commit) -> bool:
    """Does the ledger answer for a commit, or is it the merge of a head that the ledger authorised?

    The latter is so between a merge and its entry, and when somebody else merged what we were about to merge.
    """
    with installation.database.reading() as work:
        if _answer(work, project, commit.sha) is not None:
            return True
    return any(
        commit.sha in landing(project, pull_request.merge_commit, pull_request.commits, change)
        for change, pull_request in _granted(installation, project)
        if pull_request.merge_commit is not None
    )


def _granted(installation: Installation, project: Project) -> Iterator[tuple[Mapping[str, JsonValue], PullRequest]]:
    """Yield every change that may land on main now, with its pull request, where that still has the granted head."""
    with installation.database.reading() as work:
        moving = [promotion for promotion in work.promotions.open(project.name) if _moves(promotion)]
        changes = [
            (change.pull_request, accepted_entry(work, change.name, change.digest))
            for change in work.rulebook_changes.open(project.name)
        ]
        mending = _unfinished(work.ledger.of(main_subject(project.name)))
    granted: list[tuple[int | None, Mapping[str, JsonValue]]] = [
        (promotion.pull_request, authorisation(installation, promotion)) for promotion in moving
    ]
    granted += [(number, entry.body) for number, entry in changes if entry is not None]
    granted += [(int(str(entry.body["pull_request"])), entry.body) for entry in mending]
    for number, body in granted:
        pull_request, change = project.forge.pull_request(int(number or 0)), body["change"]
        if pull_request.head == body["head"] and isinstance(change, dict):
            yield change, pull_request


def _moves(promotion: Promotion) -> bool:
    return State(promotion.state) in {State.AUTHORISED, State.DEPLOYING}


def _unfinished(entries: tuple[Entry, ...]) -> list[Entry]:
    """Return the merges that were begun to mend main; even an observed one may lack its entry."""
    return [entry for entry in entries if entry.kind == "intended" and entry.body["what"] == MERGE_OF_OURS]


def ours(project: Project, commit: Commit) -> tuple[str, ...]:
    """Return the paths of ours that a commit changed; anything else in the repository is its owners' business."""
    if commit.parent is None:
        return ()
    changes = project.forge.changes(commit.parent, commit.sha)
    return tuple(change.path for change in changes if is_ours(project, change.path))


def is_ours(project: Project, path: str) -> bool:
    """Is a path a rule, the desired state of an environment, or a file that only the bot writes?"""
    named = manifest_of_path(path)
    if named is not None:
        return named[1] in project.environments
    return is_rulebook_path(path) or is_bot_file(path)


def is_bot_file(path: str) -> bool:
    """Is a path evidence, or a model's card?"""
    folder, _, rest = path.partition("/")
    name = rest.partition("/")[2].split("/", 1)[0]
    return folder == "models" and name in BOT_FILES


def lanes_of(installation: Installation, project: Project, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lanes that a change of these paths concerns, by name.

    A rule concerns all of them, and so does what concerns no known one: nobody shall overlook it.
    """
    everything = all_lanes(installation, project)
    if any(is_rulebook_path(path) for path in paths):
        return everything
    return tuple(lane for lane in everything if any(_concerns(project, path, lane) for path in paths)) or everything


def all_lanes(installation: Installation, project: Project) -> tuple[str, ...]:
    """Return every lane that the accepted rulebook knows or that remembers something."""
    with installation.database.reading() as work:
        remembered = {(state.lane.model, state.lane.environment) for state in work.lanes.all(project.name)}
    try:
        models = set(newest_trusted_rulebook(installation, project).rulebook.entries)
    except UserError:
        models = set()
    order = {environment: place for place, environment in enumerate(project.environments)}
    known = remembered | {(model, environment) for model in models for environment in project.environments}
    ordered = sorted(known, key=lambda pair: (pair[0], order.get(pair[1], len(order))))
    return tuple(str(project.lane(model, environment)) for model, environment in ordered)


def _concerns(project: Project, path: str, lane: str) -> bool:
    """Does a path concern a lane: its desired state, its evidence, or the card of its model?"""
    named = manifest_of_path(path)
    if named is not None:
        return str(project.lane(*named)) == lane
    _, model, kind, *rest = path.split("/")
    if kind == "evidence" and rest and rest[0] in project.environments:
        return str(project.lane(model, rest[0])) == lane
    return lane.startswith(f"{project.name}/{model}/")
