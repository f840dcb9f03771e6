"""May this pull request change the rules? Decided under the rules it would change."""

from dataclasses import replace
from functools import partial

from pydantic import JsonValue

from policies.approvals import Tally
from policies.problem import Problem
from policies.rulebook import Rulebook
from reports.escaping import plain
from storage.ledger import Entry
from storage.rulebook_changes import OPEN_STATES, RulebookChange
from workflows.annotations import annotated
from workflows.blocked import BlockedError
from workflows.effects import Intent, carry_out
from workflows.forge import CheckState, MergeProblem, MergeRefusedError, PullRequest, PullRequestState
from workflows.installation import Installation, Project
from workflows.link_renewal import PointlessError, renewed
from workflows.merging import authorised_change, landing, merged_key
from workflows.outbox import ask_for_change, ask_for_look
from workflows.reviews import hear_reviews
from workflows.rulebook import acceptance_key, accepted_entry, trusted_rulebook
from workflows.rulebook_ballot import tally_of
from workflows.rulebook_proposal import digest_at, proposed_at, read_proposal
from workflows.rulebook_showing import say_about, show_change


def advance_change(installation: Installation, change_id: int) -> bool:
    """Look at a rulebook change: read it, count the governors, and accept exactly what they decided."""
    with installation.database.reading() as work:
        change = work.rulebook_changes.find(change_id)
    if change is None:
        raise LookupError(f"There is no rulebook change R{change_id}.")
    if change.state not in OPEN_STATES:
        return False
    project = installation.project(change.project)
    with project.forge.moment():
        _advance(installation, project, change)
    return False


def _advance(installation: Installation, project: Project, change: RulebookChange) -> None:
    pull_request = project.forge.pull_request(change.pull_request)
    if pull_request.state is not PullRequestState.OPEN:
        _ended(installation, project, change, pull_request)
        return
    try:
        _look(installation, project, change, pull_request)
    except BlockedError as error:
        held = replace(change, head=pull_request.head)
        _hold(installation, project, held, f"{error.blocked.summary} Next: {error.blocked.next}.")
    except PointlessError as why:
        project.forge.close(change.pull_request, comment=f"{change.name}: {plain(why)}")
        _end(installation, project, change, "closed", plain(why))


def _ended(installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest) -> None:
    """Take a pull request that is merged or closed for what it is: a merge of what was accepted is the acceptance."""
    with installation.database.reading() as work:
        granted = accepted_entry(work, change.name, change.digest)
    merged = pull_request.merge_commit
    landed: tuple[str, ...] = ()
    if merged and granted is not None and granted.body["head"] == pull_request.head:
        landed = _landed(project, granted, pull_request, merged)
    if landed and digest_at(project, landed[0]) == change.digest:
        _accepted(installation, project, change, landed)
    elif merged:
        problem = f"pull request {change.pull_request} was merged before it was accepted; mlops sync reverts it"
        _end(installation, project, change, "closed", problem)
    else:
        _end(installation, project, change, "closed", f"pull request {change.pull_request} is closed")


def _landed(project: Project, granted: Entry, pull_request: PullRequest, merged: str) -> tuple[str, ...]:
    """Return the commits of main, newest first, by which exactly what was granted landed; none if it did not."""
    change = granted.body["change"]
    return landing(project, merged, pull_request.commits, change if isinstance(change, dict) else {})


def _look(installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest) -> None:
    current = trusted_rulebook(installation, project).rulebook
    change, pull_request = renewed(installation, project, change, pull_request, current)
    problem, proposed, mistakes = read_proposal(project, pull_request, current)
    if proposed is None:
        _hold(installation, project, replace(change, head=pull_request.head), problem, mistakes)
        return
    if proposed.digest != change.digest or pull_request.head != change.head:
        _note(installation, project, change, proposed.digest)
        change = _save(installation, replace(change, digest=proposed.digest, head=pull_request.head))
    _hear(installation, project, change, current)
    counted = tally_of(installation, project, change, pull_request, current)
    if counted.rejected_by is not None:
        _end(installation, project, change, "rejected", f"{counted.rejected_by} rejected it")
        return
    if problem:
        _hold(installation, project, change, problem)
    elif counted.complete:
        _accept(installation, project, change, pull_request, counted)
    else:
        _wait(installation, project, change, counted)


def _note(installation: Installation, project: Project, change: RulebookChange, digest: str) -> None:
    """Write down from when on people could see what is proposed: whatever was said before is not about it."""
    key = f"{project.name}:{change.name}:read:{digest}"
    with installation.database.transaction() as work:
        if work.ledger.find(kind="rulebook_read", key=key) is None:
            work.ledger.append(
                kind="rulebook_read",
                project=project.name,
                subject=change.name,
                key=key,
                body={"digest": digest},
                at=installation.clock(),
            )


def _hear(installation: Installation, project: Project, change: RulebookChange, current: Rulebook) -> None:
    """Write down what people said by reviewing: each about the rulebook in the tree of the commit they reviewed."""
    hear_reviews(
        installation,
        project,
        change.name,
        change.pull_request,
        people=current.people,
        digest_at=partial(proposed_at, project),
    )


def _accept(
    installation: Installation,
    project: Project,
    change: RulebookChange,
    pull_request: PullRequest,
    counted: Tally,
) -> None:
    """Write the acceptance down, then merge: a restart in between merges what was accepted."""
    granted = _write_acceptance(installation, project, change, pull_request, counted)
    show_change(installation, project, change, CheckState.SUCCESS, "Accepted; merging.")
    intent = Intent(
        project=project.name,
        subject=change.name,
        key=f"{project.name}:{change.name}:merge:{pull_request.head}",
        what="merge a rulebook change",
        body={"pull_request": change.pull_request, "head": pull_request.head},
    )

    def act() -> str:
        return project.forge.merge(
            change.pull_request,
            expected_head=pull_request.head,
            message=f"{change.name}: {pull_request.title}",
            at=installation.clock(),
        )

    try:
        commit = carry_out(installation, intent, act)
    except MergeRefusedError as refused:
        if refused.problem is MergeProblem.PROTECTED:  # it stays accepted and green: a person may merge it
            say_about(project, change, f"is accepted, and {project.name} does not let it merge yet: {refused}")
        else:
            _hold(installation, project, change, str(refused))
        return
    landed = _landed(project, granted, pull_request, commit) or (commit,)
    _accepted(installation, project, change, landed)


def _write_acceptance(
    installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest, counted: Tally
) -> Entry:
    """Write down who accepted which rulebook at which head; the same rulebook may be accepted again years later."""
    people: list[JsonValue] = [item.decision.person for item in counted.counted if item.counts]
    key = f"{acceptance_key(project.name, change.digest)}:{change.name}:{pull_request.head}"
    with installation.database.transaction() as work:
        known = work.ledger.find(kind="rulebook_accepted", key=key)
        return known or work.ledger.append(
            kind="rulebook_accepted",
            project=project.name,
            subject=change.name,
            key=key,
            body={
                "digest": change.digest,
                "head": pull_request.head,
                "change": dict(authorised_change(project, pull_request.head)),
                "people": people,
            },
            at=installation.clock(),
        )


def _accepted(installation: Installation, project: Project, change: RulebookChange, landed: tuple[str, ...]) -> None:
    """Write down that main has it, by these commits of main, newest first."""
    now = installation.clock()
    with installation.database.transaction() as work:
        work.rulebook_changes.save(replace(change, state="accepted", problem="", updated_at=now))
        for commit in reversed(landed):
            work.ledger.append(
                kind="rulebook_merged",
                project=project.name,
                subject=change.name,
                key=merged_key(project.name, commit),
                body={"commit": commit, "digest": change.digest},
                at=now,
            )
        for promotion in work.promotions.open(project.name):
            ask_for_look(work, promotion, cause=f"rulebook {change.name}", at=now)
        for other in work.rulebook_changes.open(project.name):
            ask_for_change(work, other, cause=f"rulebook {change.name}", at=now)
    say_about(project, change, "is accepted: main has it.")
    pull_request = project.forge.pull_request(change.pull_request)
    if pull_request.ours:
        project.forge.delete_branch(pull_request.branch)


def _hold(
    installation: Installation,
    project: Project,
    change: RulebookChange,
    problem: str,
    mistakes: tuple[Problem, ...] = (),
) -> None:
    said = plain(problem)
    change = _save(installation, replace(change, state="blocked", problem=said))
    show_change(installation, project, change, CheckState.FAILURE, said, annotations=annotated(mistakes))
    say_about(project, change, f"is blocked. {said}")


def _wait(installation: Installation, project: Project, change: RulebookChange, counted: Tally) -> None:
    change = _save(installation, replace(change, state="waiting", problem=""))
    who = ", ".join(login for missing in counted.missing for login in missing.who) or "nobody who may decide is left"
    idle = [f"{one.decision.account}'s does not count: {one.why}." for one in counted.counted if not one.counts]
    summary = " ".join([f"Waiting for a governor: {who}. Next: mlops approve {change.name}.", *idle])
    show_change(installation, project, change, CheckState.WAITING, summary)
    say_about(project, change, f"changes the rulebook. {summary}")


def _end(installation: Installation, project: Project, change: RulebookChange, state: str, problem: str) -> None:
    with installation.database.transaction() as work:
        work.rulebook_changes.save(replace(change, state=state, problem=problem, updated_at=installation.clock()))
        work.ledger.append(
            kind=f"rulebook_{state}",
            project=project.name,
            subject=change.name,
            body={"problem": problem, "digest": change.digest},
            at=installation.clock(),
        )
    if state == "rejected":
        project.forge.close(change.pull_request, comment=f"{change.name}: {problem}.")


def _save(installation: Installation, change: RulebookChange) -> RulebookChange:
    with installation.database.transaction() as work:
        before = work.rulebook_changes.find(change.id)
        if before == change:
            return change
        return work.rulebook_changes.save(replace(change, updated_at=installation.clock()))
