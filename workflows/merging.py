"""Is main about to hold exactly what was authorised, and does it afterwards?"""

from dataclasses import replace

from storage.promotions import Promotion
from workflows.branch import title
from workflows.effects import Intent, carry_out
from workflows.forge import MergeProblem, MergeRefusedError
from workflows.installation import Installation, Project
from workflows.lifecycle import move, move_in
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
        turn_back(project, promotion, again.problem)
        return again
    turn_green(project, promotion)
    installation.tell(promotion.name, "merging the pull request")
    try:
        commit = carry_out(installation, _intent(project, promotion), lambda: _merge(installation, project, promotion))
    except MergeRefusedError as refused:
        return _refused(installation, project, promotion, refused)
    if not _exact(installation, project, promotion, commit):
        return _strange(installation, project, promotion, commit)
    return _landed(installation, project, promotion, commit)


def _landed(installation: Installation, project: Project, promotion: Promotion, commit: str) -> Promotion:
    """Write down in one transaction that main has it, as the lane's newest authorised commit."""
    lane = project.lane(promotion.model, promotion.environment)
    with installation.database.transaction() as work:
        work.ledger.append(
            kind="merged",
            project=project.name,
            subject=promotion.name,
            key=merged_key(project.name, commit),
            body={"commit": commit, "head": promotion.authorised_head},
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
        )


def landed_change(project: Project, commit: str) -> dict[str, str | None]:
    """Return what a commit on main changed beside its first parent: each path with its blob afterwards."""
    for known in project.forge.main_since(None):
        if known.sha == commit and known.parent is not None:
            return {change.path: change.after for change in project.forge.changes(known.parent, commit)}
    return {}


def _exact(installation: Installation, project: Project, promotion: Promotion, commit: str) -> bool:
    """Does the merge hold what was authorised and nothing else? What main had already need not change again."""
    change = authorisation(installation, promotion)["change"]
    on_main = any(known.sha == commit for known in project.forge.main_since(None))
    return on_main and isinstance(change, dict) and landed_change(project, commit).items() <= change.items()


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
    turn_back(project, promotion, str(refused))
    return move(
        installation,
        promotion,
        State.EVALUATING,
        kind="merge_refused",
        body={"problem": str(refused)},
        problem=str(refused),
    )
