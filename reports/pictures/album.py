"""Which pictures does this evidence have, and in which order are they looked at?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gates.answer_facts import Answers
from gates.evidence import Evidence, GroupMetric
from reports.measured import ComparisonReport
from reports.pictures import curves, differences, shapes
from reports.pictures.learning import learning
from reports.pictures.metrics import metrics
from reports.pictures.picture import Picture
from reports.pictures.slices import slices

MOST_GROUP_METRICS = 4
"""Metrics whose groups are drawn; tables have them all."""
LONGEST = 40
"""Characters of a picture's name."""


def pictures_of(evidence: Evidence) -> tuple[Picture, ...]:
    """Return the pictures that have something to show; each name is a slug, and no two have the same."""
    return tuple(_told_apart(picture for picture in _all(evidence) if picture is not None))


def _all(evidence: Evidence) -> Iterator[Picture | None]:
    facts = evidence.facts
    yield metrics(facts.metrics, margins_of(evidence))
    if facts.answers is not None:
        yield from answer_pictures(facts.answers)
    yield slices(facts.slices)
    yield from _groups(facts.groups)
    yield differences.importance(facts.importance)
    yield learning(facts.learning)


def pictures_of_comparison(report: ComparisonReport) -> tuple[Picture, ...]:
    """Return the pictures of a comparison of files that have something to show."""
    found = (
        metrics(report.metrics, report.margins),
        *(() if report.answers is None else answer_pictures(report.answers)),
        slices(report.slices),
        *_groups(report.groups),
    )
    return tuple(_told_apart(picture for picture in found if picture is not None))


def answer_pictures(answers: Answers) -> Iterator[Picture | None]:
    """Yield what there is to see of the answers."""
    yield shapes.confusion(answers, "challenger")
    yield shapes.confusion(answers, "champion")
    yield curves.roc(answers)
    yield curves.precision_recall(answers)
    yield curves.calibration(answers)
    yield shapes.deciles(answers)
    yield shapes.histogram(answers.histograms)


def _groups(found: Sequence[GroupMetric]) -> Iterator[Picture | None]:
    names = list(dict.fromkeys(one.metric for one in found if one.challenger is not None))
    yield from (differences.groups(found, name) for name in names[:MOST_GROUP_METRICS])


def margins_of(evidence: Evidence) -> dict[str, float]:
    """Return how much worse each metric may be, the tightest margin of all that the policy names."""
    found: dict[str, float] = {}
    for name, margin in _margins(evidence):
        found[name] = min(margin, found.get(name, margin))
    return found


def _margins(evidence: Evidence) -> Iterator[tuple[str, float]]:
    gates = evidence.subject.policy.get("gates")
    for gate in gates if isinstance(gates, list) else ():
        rules = gate.get("metrics") if isinstance(gate, dict) else None
        for name, rule in rules.items() if isinstance(rules, dict) else ():
            margin = rule.get("margin") if isinstance(rule, dict) else None
            if isinstance(margin, int | float) and not isinstance(margin, bool):
                yield name, float(margin)


def _told_apart(pictures: Iterable[Picture]) -> Iterator[Picture]:
    taken: set[str] = set()
    for picture in pictures:
        slug = re.sub(r"[^a-z0-9]+", "-", picture.name.lower())[:LONGEST].strip("-")
        name = next(one for one in _names(slug or "picture") if one not in taken)
        taken.add(name)
        yield replace(picture, name=name)


def _names(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in range(2, 1_000_000))
