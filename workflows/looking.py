"""What is the next move of this promotion? One short, repeatable step at a time, until it rests."""

from typing import assert_never

from gates.evidence import Evidence
from storage.promotions import Promotion
from workflows.evaluating import evaluate_promotion
from workflows.installation import Installation, Project
from workflows.merging import merge
from workflows.show import show
from workflows.states import OPEN, State
from workflows.switching import deploy
from workflows.waiting import reconsider


def advance(installation: Installation, promotion_id: int) -> bool:
    """Make one move; True when another may follow at once. What it finds decides, not the event that called."""
    with installation.database.reading() as work:
        promotion = work.promotions.find(promotion_id)
    if promotion is None:
        raise LookupError(f"There is no promotion P{promotion_id}.")
    project = installation.project(promotion.project)
    with project.forge.moment():
        after = _move(installation, project, promotion)
    return after.state != promotion.state


def _move(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    state = State(promotion.state)
    match state:
        case State.EVALUATING:
            return evaluate_promotion(installation, project, promotion)
        case State.BLOCKED | State.WAITING:
            return reconsider(installation, project, promotion)
        case State.AUTHORISED:
            return merge(installation, project, promotion)
        case State.DEPLOYING:
            return deploy(installation, project, promotion)
        case (
            State.PROMOTED
            | State.ROLLED_BACK
            | State.REJECTED
            | State.WITHDRAWN
            | State.EXPIRED
            | State.SUPERSEDED
            | State.FAILED
        ):
            return _ended(installation, project, promotion)
    assert_never(state)


def _ended(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Leave the pull request and the target tidy; a version that was prepared and never switched to is stopped."""
    if promotion.state not in {State.PROMOTED, State.ROLLED_BACK} and promotion.evidence_digest is not None:
        evidence: Evidence = installation.evidence.get(promotion.evidence_digest)
        if evidence.subject.challenger is not None:
            slot = project.slot(promotion.model, promotion.environment)
            project.stage(promotion.environment).target.discard(slot, evidence.subject.challenger)
    return show(installation, project, promotion)


def is_open(promotion: Promotion) -> bool:
    """Does it still hold its lane?"""
    return State(promotion.state) in OPEN
