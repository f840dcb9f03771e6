"""What does a promotion's responsible-AI scorecard say?"""

from bot.house.window import Window
from bot.pages.answer import Answer, Asked, NotFoundError, Page
from bot.pages.promotions import named
from gates.evidence import Kind
from reports.pages.site import Site
from reports.scorecard.page import content_security_policy, render_scorecard
from workflows.verdicts import verdict_of


def show_scorecard(window: Window, asked: Asked, _site: Site) -> Answer:
    """Show the scorecard as it lies beside the evidence: one file, with its own style and without our frame."""
    name = named(window, asked.path["name"])
    report = window.report(name)
    evidence = report.evidence
    if evidence is None or evidence.subject.kind is not Kind.PROMOTE:
        raise NotFoundError(f"{name} has no scorecard: none is made before there is evidence, nor for a rollback.")
    html = render_scorecard(evidence, verdict_of(evidence), report.evidence_digest or "")
    return Page(html=html, policy=f"{content_security_policy()}; frame-ancestors 'none'")
