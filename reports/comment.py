"""What does the one comment on a promotion's pull request say?"""

from gates.outcome import Finding
from reports.chat_text import web_address
from reports.escaping import Safe
from reports.pictures.album import pictures_of
from reports.rendering import render
from reports.report import Report
from reports.seen import images


def render_comment(report: Report) -> str:
    """Return the comment in Markdown: outcome first, a line per finding, then who decides and what to type."""
    return render("comment.md.j2", report=report, pictures=_pictures(report))


def _pictures(report: Report) -> tuple[Safe, ...]:
    """Return the pictures beside the evidence, where the forge has an address for files of a commit."""
    folder = report.files_address
    if folder is None or report.evidence is None:
        return ()
    beside = f"{folder}/{report.evidence_path.removesuffix('.md')}"
    if web_address(beside) is None or set(beside) & set("()[]\\"):
        return ()
    return tuple(images(pictures_of(report.evidence), beside, after="?raw=true").values())


def render_finding(finding: Finding) -> str:
    """Return what one gate found, in Markdown: the outcome, its sentence, and the numbers held against limits."""
    return render("finding.md.j2", finding=finding)


def check_summary(report: Report) -> str:
    """Return one sentence for the check `mlops/promotion`."""
    return render("check.txt.j2", report=report).strip()
