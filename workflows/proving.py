"""Can anyone check, years later, who let this through and on what evidence?"""

from dataclasses import replace

from pydantic import JsonValue

from storage.database import Work
from storage.promotions import Promotion
from workflows.installation import Installation, Project
from workflows.lifecycle import move_in
from workflows.outbox import ask_for_look
from workflows.states import State
from workflows.verdicts import verdict_of


def prove(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Sign the receipt, make the version champion and write both down in one transaction."""
    body = _receipt_body(installation, promotion)
    subject = installation.evidence.get(str(promotion.evidence_digest)).subject
    with installation.database.transaction() as work:
        size = work.ledger.size()
        receipt = installation.receipts.sign(
            promotion.name,
            {**body, "ledger": {"size": size, "root": work.ledger.root(size).hex()}},
        )
        lane = work.lanes.get(project.lane(promotion.model, promotion.environment))
        if subject.kind.value == "rollback":
            _step_down(work, installation, lane.champion_promotion, by=promotion)
        # A frozen lane stays so until a person restores it: a rollback does not mend what was tampered with.
        work.lanes.save(replace(lane, champion=subject.challenger, champion_promotion=promotion.id))
        promoted = move_in(
            work,
            installation,
            promotion,
            State.PROMOTED,
            kind="promoted",
            body={
                "receipt": receipt.digest,
                "evidence_digest": promotion.evidence_digest,
                "version": promotion.version,
                "environment": promotion.environment,
            },
        )
        _wake_others(work, installation, promotion)
    return promoted


def _receipt_body(installation: Installation, promotion: Promotion) -> dict[str, JsonValue]:
    evidence = installation.evidence.get(str(promotion.evidence_digest))
    verdict = verdict_of(evidence)
    granted = authorisation(installation, promotion)
    return {
        "promotion": promotion.name,
        "subject": evidence.subject.model_dump(mode="json"),
        "evidence_digest": promotion.evidence_digest,
        "outcome": verdict.outcome.value,
        "requester": promotion.requester,
        "request_assurance": promotion.assurance,
        "decisions": granted["decisions"],
        "pull_request": promotion.pull_request,
        "head": promotion.authorised_head,
        "merge_commit": promotion.merge_commit,
        "at": promotion.updated_at,
    }


def authorisation(installation: Installation, promotion: Promotion) -> dict[str, JsonValue]:
    """Return the body of the promotion's last `authorised` entry: subject, evidence, head, change and decisions."""
    with installation.database.reading() as work:
        return dict([entry for entry in work.ledger.of(promotion.name) if entry.kind == "authorised"][-1].body)


def _step_down(work: Work, installation: Installation, former: int | None, *, by: Promotion) -> None:
    if former is None:
        return
    loser = work.promotions.get(by.project, former)
    if loser.state == State.PROMOTED:
        move_in(work, installation, loser, State.ROLLED_BACK, kind="rolled_back", body={"by": by.name})


def _wake_others(work: Work, installation: Installation, promotion: Promotion) -> None:
    """Let the model's other open promotions be looked at: one may have waited for this environment."""
    now = installation.clock()
    for other in work.promotions.of_model(promotion.project, promotion.model):
        if other.id != promotion.id and State(other.state) in {State.BLOCKED, State.WAITING}:
            ask_for_look(work, other, cause=f"after {promotion.name}", at=now)
