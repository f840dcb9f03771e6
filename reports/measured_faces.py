"""How is a measurement of files told? In Markdown, ready for a pull request: what it means first, then the numbers."""

from gates.answer_facts import Answers
from gates.drift_facts import Drift
from gates.importance_facts import Explanation
from gates.quality_facts import Quality
from reports.measured import ComparisonReport, FairnessReport
from reports.measured_groups import Apart, Groups, apart, groups_of
from reports.measured_said import said_of_comparison, said_of_groups
from reports.rendering import render
from reports.seen import images, seen_of
from reports.sliced import tells


def comparison_text(report: ComparisonReport) -> str:
    """Return a comparison of two models' answers in Markdown."""
    table = groups_of(report.sizes, report.groups, report.weighed.groups)
    criteria = apart(report.criteria, named_only=True)
    lines = said_of_comparison(report.weighed, table)
    return _of_groups("measure_compare.md.j2", report, table, criteria, lines=lines, **_beyond_metrics(report))


def fairness_text(report: FairnessReport) -> str:
    """Return what was found of groups in Markdown."""
    table = groups_of(report.sizes, report.groups, report.conclusions)
    criteria, lines = apart(report.criteria, named_only=False), said_of_groups(report.outcome, table)
    return _of_groups("measure_fairness.md.j2", report, table, criteria, lines=lines)


def drift_text(found: Drift) -> str:
    """Return what moved between two sources in Markdown."""
    return render("measure_drift.md.j2", drift=found)


def quality_text(found: Quality, data: str) -> str:
    """Return what was found about a table in Markdown."""
    return render("measure_quality.md.j2", quality=found, data=data)


def explanation_text(found: Explanation, row: int, data: str) -> str:
    """Return what moved one answer in Markdown."""
    return render("measure_explain.md.j2", found=found, row=row, data=data)


def _beyond_metrics(report: ComparisonReport) -> dict[str, object]:
    """Return what the sections on answers and slices show; no pictures lie beside them."""
    found = report.answers
    return {
        "seen": None if found is None else seen_of(found),
        "shows_answers": found is not None and found != Answers(rows=found.rows),
        "proven": report.slices is not None and tells(report.slices.worst),
        "images": images((), ""),
    }


def _of_groups(
    template: str,
    report: ComparisonReport | FairnessReport,
    table: Groups,
    criteria: tuple[Apart, ...],
    **more: object,
) -> str:
    return render(template, report=report, table=table, apart=criteria, **more)
