"""What will MODEL_CARD.md say of the version that a promotion brings?"""

from gates.evidence import Evidence, Kind
from gates.refusal import UserError
from reports.card import render_card
from storage.promotions import Promotion
from workflows.installation import Installation
from workflows.states import State
from workflows.verdicts import verdict_of

THROUGH = frozenset({State.PROMOTED, State.ROLLED_BACK})


def card_file(installation: Installation, promotion: Promotion, evidence: Evidence) -> bytes:
    """Return the card's file, of the promotion's own evidence or of what a rollback goes back to."""
    told = _told_of(installation, promotion, evidence)
    return render_card(told, verdict_of(told), front_matter=True).encode()


def _told_of(installation: Installation, promotion: Promotion, evidence: Evidence) -> Evidence:
    """Return, for a rollback, the evidence that let its version in here.

    A rollback measures nothing, so its own evidence would leave the card without a number. Where the older evidence is
    lost, the own one has to do: no card stops a rollback.
    """
    version = evidence.subject.challenger
    if promotion.kind is not Kind.ROLLBACK or version is None:
        return evidence
    with installation.database.reading() as work:
        before = [
            other.evidence_digest
            for other in work.promotions.of_lane(promotion.lane)
            if other.id < promotion.id
            and (other.kind, other.digest) == (Kind.PROMOTE, version.digest)
            and State(other.state) in THROUGH
        ]
    try:
        return installation.evidence.get(str(before[-1])) if before else evidence
    except UserError:
        return evidence
