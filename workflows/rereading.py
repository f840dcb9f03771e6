"""Is the world still the one that was decided about?"""

from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.changes import what_changed
from workflows.evaluating import inspect
from workflows.forge import PullRequestState
from workflows.installation import Installation, Project
from workflows.lifecycle import move
from workflows.states import State
from workflows.subject import Standing


def sent_back(installation: Installation, project: Project, promotion: Promotion) -> Promotion | None:
    """Return an authorised promotion sent back to be judged anew, because the world moved on; None when it did not.

    A pull request that is no longer open is for the merge to answer: it was merged by us, or can never be.
    """
    pull_request = project.forge.pull_request(int(promotion.pull_request or 0))
    if pull_request.state is not PullRequestState.OPEN:
        return None
    try:
        promotion, standing = inspect(installation, project, promotion, pull_request)
    except BlockedError as error:
        return reopen(installation, promotion, problem=error.blocked.summary)
    if standing.digest == promotion.subject_digest:
        return None
    return start_again(installation, promotion, standing)


def start_again(installation: Installation, promotion: Promotion, standing: Standing) -> Promotion:
    """Send a promotion back to be measured, and say what changed since people decided."""
    before = None if promotion.evidence_digest is None else installation.evidence.get(promotion.evidence_digest).subject
    changes = () if before is None else what_changed(before, standing.subject)
    return move(
        installation,
        promotion,
        State.EVALUATING,
        kind="subject_changed" if changes else "reconsidered",
        body={"changes": list(changes)},
        problem=" ".join([*changes, "So it was judged and is asked anew."]) if changes else "",
    )


def reopen(installation: Installation, promotion: Promotion, *, problem: str = "") -> Promotion:
    """Let a promotion be judged again, because what held it is gone or something new is in its way."""
    return move(
        installation,
        promotion,
        State.EVALUATING,
        kind="reconsidered",
        body={"problem": problem} if problem else {},
        problem=problem,
    )
