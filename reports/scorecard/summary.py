"""What should somebody know who has one minute?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gates.fairness_facts import Criterion
from gates.outcome import Finding, Measure, Outcome
from gates.wording import count, listed
from reports.finding_line import gate_of, worst_first
from reports.scorecard.gaps import NAMED, is_gap
from reports.scorecard.groups import Groups, is_small
from reports.scorecard.source import Source
from reports.scorecard.table import Section, between, feature_name, group_name, metric_name, named, said, sentence

MOST_SAID = 8
ERROR_RATES = ("false_positive_rate", "false_negative_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One gate's conclusion."""

    outcome: str
    gate: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The whole in a few lines."""

    lead: str
    gates: tuple[Said, ...]
    points: tuple[str, ...]


def summary_of(source: Source, found: Groups, sections: Sequence[Section]) -> Summary:
    """Return the first paragraph, what the gates said, and what else matters."""
    return Summary(
        lead=_lead(source.findings),
        gates=tuple(_said(one, source.beside) for one in worst_first(source.findings)[:MOST_SAID]),
        points=tuple(_points(source, found, sections)),
    )


def _lead(findings: Sequence[Finding]) -> str:
    if not findings:
        return "No fairness gate was asked: what follows is told, and nothing of it was judged."
    if not findings[1:]:
        return f"One fairness gate: {findings[0].outcome.value}."
    outcomes = [(outcome, sum(one.outcome is outcome for one in findings)) for outcome in reversed(Outcome)]
    counted = ", ".join(f"{many} {outcome.value}" for outcome, many in outcomes if many)
    return f"{count(len(findings), 'fairness gate')}: {counted}."


def _said(finding: Finding, beside: str) -> Said:
    first, rest = begins(finding.summary)
    more_said = f" The rest is {beside}." if rest else ""
    return Said(outcome=finding.outcome.value, gate=named(gate_of(finding)), summary=f"{sentence(first)}{more_said}")


def begins(text: str) -> tuple[str, str]:
    """Part a text after its first sentence, which a gate gives to what is worst."""
    first, end, rest = text.partition(". ")
    return (f"{first}.", rest) if end else (text, "")


def _points(source: Source, found: Groups, sections: Sequence[Section]) -> Iterator[str]:
    for line in source.problems[:MOST_SAID]:
        yield f"Nothing could be measured: {sentence(line)}"
    if nearest := _nearest(source.findings):
        yield nearest
    if widest := _widest(source.treatment.criteria):
        yield widest
    if source.changes:
        yield source.changes
    yield from _small(found)
    if missing := [section.title.rstrip("?").lower() for section in sections if section.missing]:
        yield f"Not measured, each with its reason below: {listed(tuple(missing), most=MOST_SAID)}."


def _nearest(findings: Sequence[Finding]) -> str:
    """Say which shortfall is furthest beyond its limit, or nearest to it."""
    known = [(_beyond(one), one) for finding in findings for one in finding.measures if _beyond(one) is not None]
    if not known:
        return ""
    by, one = max(known, key=lambda pair: pair[0] or 0.0)
    interval = between(one.low, one.high)
    where = "beyond" if (by or 0.0) > 0 else "within"
    return (
        f"Of what gates looked at, nearest to its limit: {named(one.name)}, {said(one.value)}"
        f"{f' (95 % interval {interval})' if interval else ''}, {where} the limit of {said(one.limit)}."
    )


def _beyond(one: Measure) -> float | None:
    return None if one.value is None or one.limit is None else one.value - one.limit


def _widest(found: Sequence[Criterion]) -> str:
    """Say where groups are furthest apart, in the criterion that comes first."""
    gaps = [one for one in found if is_gap(one)]
    named_gaps = [one for name in NAMED for one in gaps if one.criterion == f"{name}_difference"] or gaps
    if not named_gaps:
        return ""
    first = named_gaps[0].criterion
    one = max((gap for gap in named_gaps if gap.criterion == first), key=_telling)
    interval, pair = between(one.low, one.high), next(iter(one.extremes), None)
    apart = f", {group_name(pair.highest)} over {group_name(pair.lowest)}" if pair else ""
    return (
        f"Largest difference in {metric_name(first.removesuffix('_difference'))}: {said(one.challenger)}"
        f"{f' (95 % interval {interval})' if interval else ', too few rows for an interval'}, over "
        f"{feature_name(one.feature)}{apart}."
    )


def _telling(gap: Criterion) -> tuple[bool, float]:
    """Prefer a gap with an interval, for one without may be nothing but small groups."""
    return gap.low is not None, gap.challenger or 0.0


def _small(found: Groups) -> Iterator[str]:
    if not found.metrics:
        return
    places = [(feature, group) for feature in found.features for group in found.rows[feature]]
    small = [place for place in places if is_small(found.of(*place, found.metrics[0]))]
    if small:
        names = listed(tuple(f"{feature_name(feature)}: {group_name(group)}" for feature, group in small), most=4)
        verb = "is" if len(small) == 1 else "are"
        yield f"{len(small)} of {count(len(places), 'group')} {verb} too small for any interval: {names}."
    some = sum(
        any(is_small(found.of(*place, metric)) for metric in ERROR_RATES) for place in places if place not in small
    )
    if some:
        yield f"Of {count(some, 'other group')} an error rate has no interval, for too few rows count."
