"""Which version of this lane was last proven better, so that margins are held against it?"""

from functools import lru_cache

from gates.anchor import proves_better
from gates.comparison import Comparison
from gates.evidence import Kind, VersionRef
from gates.refusal import UserError
from storage.evidence import EvidenceStore
from storage.lanes import Lane
from storage.promotions import Promotion
from workflows.installation import Installation
from workflows.states import State
from workflows.verdicts import policy_of


def anchor_of(installation: Installation, lane: Lane, champion: VersionRef | None) -> VersionRef | None:
    """Return the anchor of a lane: None while nothing serves there.

    It is the newest promoted version that its evidence proves better than the anchor before it, else the first one that
    was promoted; a version that was rolled back is neither, and a retirement begins anew.
    """
    if champion is None:
        return None
    with installation.database.reading() as work:
        promoted = _since_retirement(work.promotions.of_lane(lane))
    proven = (p for p in reversed(promoted) if _proven(installation.evidence, p.evidence_digest))
    found = next(proven, promoted[0] if promoted else None)
    if found is None or found.version is None or found.digest is None:
        return champion
    return VersionRef(version=found.version, digest=found.digest)


def _since_retirement(promotions: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
    finished = [p for p in promotions if p.state == State.PROMOTED]
    retired = max((place for place, p in enumerate(finished) if p.kind is Kind.RETIRE), default=-1)
    return tuple(p for p in finished[retired + 1 :] if p.kind is Kind.PROMOTE)


def _proven(store: EvidenceStore, digest: str | None) -> bool:
    """Tell whether evidence proves its challenger better; what was lost or altered proves nothing."""
    if digest is None:
        return False
    try:
        return _proven_by(store, digest)
    except UserError:
        return False


@lru_cache(maxsize=4096)
def _proven_by(store: EvidenceStore, digest: str) -> bool:
    """Remember what evidence says: its digest names its bytes, and lanes are read at every look."""
    evidence = store.get(digest)
    comparisons = [gate for gate in policy_of(evidence).gates if isinstance(gate, Comparison)]
    return proves_better(evidence, [name for gate in comparisons for name in gate.metrics])
