"""What does the evidence of a promotion say, in full?"""

from bot.house.window import Window
from bot.pages.answer import Answer, Asked, NotFoundError, Page
from bot.pages.promotions import named
from reports.evidence_page import render_evidence_page
from reports.pages.addresses import promotion_address
from reports.pages.markdown_page import MarkdownPage, render_markdown_page
from reports.pages.site import Site
from reports.pictures.album import pictures_of
from reports.pictures.picture import file_of
from workflows.verdicts import verdict_of


def show_evidence(window: Window, asked: Asked, site: Site) -> Answer:
    """Show what lies in the pull request for people to read: comparison, groups, slices, lineage and the card."""
    report = window.report(named(window, asked.path["name"]))
    evidence, digest = report.evidence, report.evidence_digest
    if evidence is None or digest is None:
        raise NotFoundError(f"{report.id} has no evidence now.")
    page = MarkdownPage(
        title=f"Evidence of {report.id}",
        about=f"{report.asks}; {digest}",
        address=promotion_address(report.id),
        back=report.id,
        markdown=render_evidence_page(report.id, digest, evidence, verdict_of(evidence), beside=report.id),
        pictures={file_of(report.id, picture.name): picture for picture in pictures_of(evidence)},
    )
    return Page(html=render_markdown_page(site, page))
