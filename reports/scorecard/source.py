"""What does a scorecard tell of? The same value, from a promotion's evidence or from a measurement of files."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from gates.conclusion import Conclusion
from gates.evidence import Evidence, Facts, MetricComparison, VersionRef
from gates.importance_facts import Importance
from gates.outcome import Finding, Outcome, Verdict
from gates.slice_facts import Slices
from gates.treatment_facts import GroupNumber, Treatment
from gates.wording import count
from reports.changes import changes
from reports.measured import FairnessReport
from reports.scorecard.table import named, sentence

FAIRNESS = "fairness"
NOT_SAID = "not provided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that a scorecard is made of."""

    title: str
    about: tuple[tuple[str, str], ...]
    """What it is about: term and description."""
    task: str
    findings: tuple[Finding, ...]
    """What was concluded of groups."""
    changes: str
    metrics: tuple[MetricComparison, ...]
    """Champion and challenger over all rows, metric by metric."""
    treatment: Treatment
    slices: Slices | None
    importance: Importance | None
    champion: bool
    problems: tuple[str, ...]
    """Why nothing could be measured at all."""
    no_importance: str
    """Why there is no importance, where there is none."""
    beside: str
    """Where everything is that this page has no room for."""


def of_evidence(evidence: Evidence, verdict: Verdict, digest: str) -> Source:
    """Read a promotion's evidence; nothing in it depends on decisions."""
    subject, facts = evidence.subject, evidence.facts
    version = "" if subject.challenger is None else f" {subject.challenger.version}"
    return Source(
        title=named(f"{subject.model}{version} for {subject.environment}"),
        about=tuple(_about(evidence, digest)),
        task=_text(subject.entry.get("task")),
        findings=tuple(one for one in verdict.findings if one.gate.partition(":")[0] == FAIRNESS),
        changes=sentence(changes(subject, facts)),
        metrics=facts.metrics,
        treatment=facts.treatment or _judged_only(facts),
        slices=facts.slices,
        importance=facts.importance,
        champion=subject.champion is not None,
        problems=facts.problems,
        no_importance="the policy does not ask for it (evaluation: importance).",
        beside="in the JSON file beside this one",
    )


def _about(evidence: Evidence, digest: str) -> Iterator[tuple[str, str]]:
    subject, data = evidence.subject, evidence.facts.data
    entry = subject.entry
    yield "Model", f"{named(subject.model)}, {_version(subject.challenger)}"
    yield "Champion", _version(subject.champion)
    yield "Asked", f"{subject.kind.value} in {named(subject.environment)}"
    yield "Risk class", _text(entry.get("risk")) or NOT_SAID
    yield "Task", _text(entry.get("task")) or NOT_SAID
    yield "Owner", _text(entry.get("owner")) or NOT_SAID
    if data is None:
        yield "Evaluation data", "not read"
    else:
        rows = f"{count(data.rows, 'labelled row')}{f', {data.rows_left_out:,} left out' if data.rows_left_out else ''}"
        yield "Evaluation data", f"{named(data.uri)}, version {named(data.version)}; {rows}"
    yield "Sensitive features", _text(entry.get("sensitive_features")) or "none named"
    if digest:
        yield "Evidence", named(digest[:12])


def _version(version: VersionRef | None) -> str:
    return "none" if version is None else f"version {named(version.version)} ({named(version.digest[:12])})"


def _text(value: JsonValue) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value[:20]))
    return "" if value is None else named(value)


def _judged_only(facts: Facts) -> Treatment:
    """Take what the policy asked for, in evidence that is older than the telling of everything."""
    fields = set(GroupNumber.model_fields)
    numbers = tuple(GroupNumber(**one.model_dump(include=fields)) for one in facts.groups if not one.problem)
    problems = (f"{one.metric} of {one.feature}: {one.problem}" for one in facts.groups if one.problem)
    return Treatment(numbers=numbers, criteria=facts.criteria, left_out=tuple(dict.fromkeys(problems)))


def of_files(report: FairnessReport, treatment: Treatment, slices: Slices | None) -> Source:
    """Read a measurement of files: one model's answers, without a champion."""
    looked = report.looked
    left_out = f", {looked.rows_left_out:,} left out" if looked.rows_left_out else ""
    return Source(
        title=named(f"{report.prediction} in {looked.data}"),
        about=(
            ("Answers", named(report.prediction)),
            ("Data", f"{named(looked.data)}; {count(looked.rows, 'labelled row')}{left_out}"),
            ("Task", named(looked.task)),
            ("Sensitive features", _features(report)),
            ("Limit of a shortfall", f"{report.limit:g}"),
        ),
        task=looked.task,
        findings=tuple(_findings(report)),
        changes="",
        metrics=(),
        treatment=treatment,
        slices=slices,
        importance=None,
        champion=False,
        problems=(),
        no_importance="it takes the model itself, and files hold answers only.",
        beside="in what --json prints",
    )


def _features(report: FairnessReport) -> str:
    features = dict.fromkeys([*(one.feature for one in report.sizes), *(one.feature for one in report.groups)])
    return ", ".join(named(one) for one in features if "," not in one) or "none named"


def _findings(report: FairnessReport) -> Iterator[Finding]:
    """Put what was concluded of one metric's groups together: the worst decides."""
    by_metric: dict[str, list[Conclusion]] = {}
    for (_, _, metric), one in report.conclusions.items():
        by_metric.setdefault(metric, []).append(one)
    for metric, found in by_metric.items():
        worst = max(found, key=lambda one: one.outcome)
        measures = tuple(measure for one in found for measure in one.measures)
        more = sum(one.outcome > Outcome.PASS for one in found) - 1
        ending = f" And {count(more, 'more group')} not passing." if more > 0 else ""
        yield Finding(
            gate=f"{FAIRNESS}: {metric}",
            outcome=worst.outcome,
            summary=f"{worst.sentence}{ending}",
            measures=measures,
        )
