"""What did people decide by reviewing on the forge?

A review is a decision about the evidence in the tree of the commit that was reviewed. What the forge says now is the
truth: a review that it calls dismissed counts no longer, whenever and however we hear of it.
"""

from collections.abc import Callable, Sequence

from gates.digest import bytes_digest
from gates.refusal import UserError
from policies.decision import Decision
from policies.people import People
from storage.database import Work
from storage.promotions import Promotion
from workflows.branch import own_paths
from workflows.deciding import decision_body, decisions_of
from workflows.forge import Review
from workflows.installation import Installation, Project

SURFACE = "github_review"
DISMISSED = "the review was dismissed"
DigestAt = Callable[[str], str]
"""From a commit to the digest of what was shown there to decide about; empty when nothing was."""


def hear_reviews(
    installation: Installation, project: Project, name: str, number: int, *, people: People, digest_at: DigestAt
) -> None:
    """Write down the reviews of "P12" or "R3" that were not heard before, and those that were dismissed since."""
    reviews = project.forge.reviews(number)
    if not reviews:
        return
    known = decisions_of(installation, name)
    new = [
        decision
        for decision in (_heard(review, project, people, digest_at) for review in reviews if not review.dismissed)
        if not _same_among(known, decision)
    ]
    gone = [_source(review) for review in reviews if review.dismissed and _stands(known, _source(review))]
    if new or gone:
        with installation.database.transaction() as work:
            for decision in new:
                _write_down(work, project, name, decision, installation.clock())
            for source in gone:
                _revoke(work, project, name, source, installation.clock())


def evidence_at(project: Project, promotion: Promotion, commit: str) -> str:
    """Return the digest of a promotion's evidence file in a commit's tree; empty when it has none, or is gone."""
    try:
        content = project.forge.read(commit, own_paths(promotion).evidence)
    except UserError:  # the commit is gone from the repository
        return ""
    return "" if content is None else bytes_digest(content)


def _heard(review: Review, project: Project, people: People, digest_at: DigestAt) -> Decision:
    person = people.person_of(project.platform, review.account)
    return Decision(
        person=None if person is None else person.login,
        account=review.account,
        approves=review.approves,
        reason=" ".join(review.reason.split()),
        surface=SURFACE,
        assurance="platform",
        evidence_digest=digest_at(review.commit),
        at=review.at,
        source=_source(review),
    )


def _source(review: Review) -> str:
    return f"review {review.id}"


def _same_among(known: Sequence[Decision], decision: Decision) -> bool:
    """Was this review heard already, as this person's? An account may be linked to its person later."""
    return any((one.source, one.person) == (decision.source, decision.person) for one in known)


def _stands(known: Sequence[Decision], source: str) -> bool:
    return any(one.source == source and not one.revoked for one in known)


def _write_down(work: Work, project: Project, name: str, decision: Decision, now: int) -> None:
    if work.decisions.add(name, decision):
        work.ledger.append(
            kind="approved" if decision.approves else "rejection",
            project=project.name,
            subject=name,
            body={**decision_body(name, decision), "source": decision.source, "said_at": decision.at},
            at=now,
        )


def _revoke(work: Work, project: Project, name: str, source: str, now: int) -> None:
    for decision in work.decisions.revoke(name, source, why=DISMISSED, at=now):
        work.ledger.append(
            kind="decision_revoked",
            project=project.name,
            subject=name,
            body={**decision_body(name, decision), "source": source, "why": DISMISSED},
            at=now,
        )
