"""What does the one comment on a promotion's pull request say?"""

from gates.outcome import Finding
from reports.rendering import render
from reports.report import Report


def render_comment(report: Report) -> str:
    """Return the comment in Markdown: outcome first, a line per finding, then who decides and what to type."""
    return render("comment.md.j2", report=report)


def render_finding(finding: Finding) -> str:
    """Return what one gate found, in Markdown: the outcome, its sentence, and the numbers held against limits."""
    return render("finding.md.j2", finding=finding)


def check_summary(report: Report) -> str:
    """Return one sentence for the check `mlops/promotion`."""
    return render("check.txt.j2", report=report).strip()
