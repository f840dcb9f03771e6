"""Against which version are margins held, so that they do not add up?

Each promotion may lose up to the margin. Ten of them, each just within it, would lose ten margins, and every single one
would pass. So a challenger is held against the *anchor* as well: the first champion, or the last version since that was
proven better than the anchor before it, in every metric that its comparison named. A version that won in one metric and
used the margin of another does not become the anchor: there, margins would add up again.
"""

from collections.abc import Iterable

from gates.contest import confidence_of
from gates.evidence import Evidence, MetricComparison, Subject, VersionRef
from gates.looks import budget_of
from gates.scored import unmeasured, unscored


def needs_anchor(subject: Subject) -> bool:
    """Is the anchor another version than challenger and champion, so that it has to be measured too?"""
    others = {version.digest for version in (subject.challenger, subject.champion) if version is not None}
    return subject.anchor is not None and subject.anchor.digest not in others


def anchor_problem(evidence: Evidence, anchor: VersionRef) -> str | None:
    """Say why the anchor has no numbers, or None when it has.

    Without them nobody can tell whether the margins since then add up: that is for people to decide, not a pass, and
    not an error that could never be mended when its files are gone for good.
    """
    why = unscored("anchor", anchor, evidence.facts.anchor)
    if why is None:
        return None
    return (
        f"{why} It is the last version proven better, so nobody can tell whether the margins of the promotions since "
        "then add up to more than one."
    )


def proves_better(evidence: Evidence, metrics: Iterable[str]) -> bool:
    """Is the challenger proven better than the anchor in all of these metrics, at the level of its look?

    The champion stands for an anchor that is no other version, or that nobody could measure any more: people who let a
    challenger pass without it have begun anew. No metric at all proves nothing.
    """
    subject, facts = evidence.subject, evidence.facts
    alpha, names = budget_of(evidence).alpha, frozenset(metrics)
    if subject.champion is None or alpha is None or not names or unmeasured(evidence) is not None:
        return False
    measured_too = needs_anchor(subject) and unscored("anchor", subject.anchor, facts.anchor) is None
    compared = facts.anchor_metrics if measured_too else facts.metrics
    found = {measured.metric: measured for measured in compared}
    return all(name in found and _above_zero(found[name], alpha) for name in names)


def _above_zero(measured: MetricComparison, alpha: float) -> bool:
    confidence = confidence_of(measured)
    if measured.problem or measured.too_few or confidence is None:
        return False
    return confidence.lower(alpha) > 0
