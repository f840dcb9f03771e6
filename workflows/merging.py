"""Is main about to hold exactly what was authorised, and does it afterwards?"""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from storage.promotions import Promotion
from workflows.branch import title
from workflows.effects import Intent, carry_out
from workflows.forge import MergeProblem, MergeRefusedError
from workflows.installation import Installation, Project
from workflows.lifecycle import move, move_in, remember
from workflows.proving import authorisation
from workflows.rereading import sent_back
from workflows.show import show, turn_back, turn_green
from workflows.states import State


def authorised_change(project: Project, head: str) -> dict[str, str | None]:
    """Return what a merge of `head` does to main: each changed path with its blob afterwards (None: removed)."""
    base = project.forge.merge_base(head)
    return {change.path: change.after for change in project.forge.changes(base, head)}


def merge(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Merge an authorised promotion with its head as a guard, and check that main changed exactly so."""
    again = sent_back(installation, project, promotion)
    if again is not None:
        turn_back(installation, project, promotion, again.problem)
        return again
    turn_green(installation, project, promotion)
    installation.tell(promotion.name, "merging the pull request")
    try:
        commit = carry_out(installation, _intent(project, promotion), lambda: _merge(installation, project, promotion))
    except MergeRefusedError as refused:
        return _refused(installation, project, promotion, refused)
    landed = landed_as(installation, project, promotion, commit)
    if not landed:
        return _strange(installation, project, promotion, commit)
    return _landed(installation, project, promotion, landed)


def _landed(installation: Installation, project: Project, promotion: Promotion, landed: tuple[str, ...]) -> Promotion:
    """Write down in one transaction that main has it, as the lane's newest authorised commit."""
    lane, commit = project.lane(promotion.model, promotion.environment), landed[0]
    with installation.database.transaction() as work:
        for one in reversed(landed):
            work.ledger.append(
                kind="merged",
                project=project.name,
                subject=promotion.name,
                key=merged_key(project.name, one),
                body={"commit": one, "head": promotion.authorised_head},
                at=installation.clock(),
            )
        work.lanes.save(replace(work.lanes.get(lane), main_commit=commit))
        return move_in(
            work,
            installation,
            promotion,
            State.DEPLOYING,
            kind="deploying",
            body={"merge_commit": commit},
            merge_commit=commit,
            problem="",
        )


def landed_change(project: Project, commit: str) -> dict[str, str | None]:
    """Return what a commit on main changed beside its first parent: each path with its blob afterwards."""
    return change_since(project, project.forge.parent_of(commit), commit)


def change_since(project: Project, before: str | None, commit: str) -> dict[str, str | None]:
    """Return what lies between two commits of main: each path with its blob afterwards; nothing without a before."""
    return {} if before is None else {one.path: one.after for one in project.forge.changes(before, commit)}


def landing(project: Project, commit: str, commits: int, change: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Return the commits of main, newest first, by which exactly an authorised change landed; none if it did not.

    A merge and a squash land as one commit, a rebase as many as the branch had. What main had already need not change
    again, and whatever they change besides was not authorised.
    """
    if not project.forge.on_main(commit):
        return ()
    if landed_change(project, commit).items() == change.items():
        return (commit,)
    line = _back(project, commit, commits)
    whole = change_since(project, project.forge.parent_of(line[-1]), commit)
    if len(line) == commits and whole.items() == change.items():
        return line
    return (commit,) if landed_change(project, commit).items() <= change.items() else ()


def _back(project: Project, commit: str, commits: int) -> tuple[str, ...]:
    """Return this many commits of main's line, going back."""
    line = [commit]
    while len(line) < commits and (parent := project.forge.parent_of(line[-1])) is not None:
        line.append(parent)
    return tuple(line)


def landed_as(installation: Installation, project: Project, promotion: Promotion, commit: str) -> tuple[str, ...]:
    """Return the commits of main, newest first, by which a promotion landed, `commit` the last of them; none if not."""
    change = authorisation(installation, promotion)["change"]
    if not isinstance(change, dict):
        return ()
    commits = project.forge.pull_request(int(promotion.pull_request or 0)).commits
    return landing(project, commit, commits, change)


def _strange(installation: Installation, project: Project, promotion: Promotion, commit: str) -> Promotion:
    problem = f"Main's commit {commit[:12]} holds something else than was authorised; mlops sync reverts it."
    return show(
        installation,
        project,
        move(installation, promotion, State.FAILED, kind="failed", body={"problem": problem}, problem=problem),
    )


def merged_key(project: str, commit: str) -> str:
    """Return the ledger key of a commit on main that was authorised."""
    return f"{project}:main:{commit}"


def _intent(project: Project, promotion: Promotion) -> Intent:
    return Intent(
        project=project.name,
        subject=promotion.name,
        key=f"{project.name}:{promotion.name}:merge:{promotion.authorised_head}",
        what="merge",
        body={"pull_request": promotion.pull_request, "head": promotion.authorised_head},
    )


def _merge(installation: Installation, project: Project, promotion: Promotion) -> str:
    return project.forge.merge(
        int(promotion.pull_request or 0),
        expected_head=str(promotion.authorised_head),
        message=title(promotion),
        at=installation.clock(),
    )


def _refused(
    installation: Installation, project: Project, promotion: Promotion, refused: MergeRefusedError
) -> Promotion:
    if refused.problem is MergeProblem.NOT_OPEN:
        failed = move(
            installation, promotion, State.FAILED, kind="failed", body={"problem": str(refused)}, problem=str(refused)
        )
        return show(installation, project, failed)
    if refused.problem is MergeProblem.PROTECTED:  # it stays authorised and green: a person may merge, or mend the rule
        held = remember(installation, promotion, problem=f"{project.name} does not let it merge yet: {refused}")
        return show(installation, project, held)
    turn_back(installation, project, promotion, str(refused))
    return move(
        installation,
        promotion,
        State.EVALUATING,
        kind="merge_refused",
        body={"problem": str(refused)},
        problem=str(refused),
    )
