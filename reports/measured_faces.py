"""How is a measurement of files told? In Markdown, ready for a pull request: what it means first, then the numbers."""

from collections.abc import Iterable

from gates.conclusion import Conclusion
from gates.drift_facts import Drift
from gates.importance_facts import Explanation
from gates.outcome import Outcome
from gates.quality_facts import Quality
from reports.measured import ComparisonReport, FairnessReport
from reports.rendering import render

MOST_SAID = 12
"""Sentences about groups or columns; the tables and the JSON have all of them."""


def comparison_text(report: ComparisonReport) -> str:
    """Return a comparison of two models' answers in Markdown."""
    return render("measure_compare.md.j2", report=report, groups=_worst(report.weighed.groups.values()), said=MOST_SAID)


def fairness_text(report: FairnessReport) -> str:
    """Return what was found of groups in Markdown."""
    return render("measure_fairness.md.j2", report=report, groups=_worst(report.conclusions.values()), said=MOST_SAID)


def drift_text(found: Drift) -> str:
    """Return what moved between two sources in Markdown."""
    return render("measure_drift.md.j2", drift=found)


def quality_text(found: Quality, data: str) -> str:
    """Return what was found about a table in Markdown."""
    return render("measure_quality.md.j2", quality=found, data=data)


def explanation_text(found: Explanation, row: int, data: str) -> str:
    """Return what moved one answer in Markdown."""
    return render("measure_explain.md.j2", found=found, row=row, data=data)


def _worst(conclusions: Iterable[Conclusion]) -> list[Conclusion]:
    """Return what did not pass, worst first; where all passed, nothing needs saying."""
    unhappy = [one for one in conclusions if one.outcome > Outcome.PASS]
    return sorted(unhappy, key=lambda one: one.outcome, reverse=True)
