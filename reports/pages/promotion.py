"""What does the page of one promotion say? The decision report, with the people, and all details folded."""

from itertools import groupby

from reports.finding_line import worst_first
from reports.markup import render_markup
from reports.pages.about import About
from reports.pages.site import Site
from reports.pictures.album import pictures_of
from reports.pictures.svg import svg
from reports.report import Report

OPEN_PICTURES = 2
"""Pictures that are shown unfolded: the differences, and the answers."""
MOST_OF_A_GATE = 200
"""Numbers of one gate in the table; the evidence has all."""


def render_promotion(site: Site, about: About, *, pictures: bool = True) -> str:
    """Return the page; `pictures` are drawn into it."""
    report = about.report
    drawn = _drawn(report) if pictures else ()
    return render_markup(
        "page_promotion.html.j2",
        site=site,
        about=about,
        report=report,
        stopping=[one for one in worst_first(report.findings) if one.outcome.value != "pass"],
        findings=worst_first(report.findings),
        most=MOST_OF_A_GATE,
        people=[(state, list(lines)) for state, lines in groupby(about.people, key=lambda line: line.state)],
        steps=report.steps,
        first=drawn[:OPEN_PICTURES],
        rest=drawn[OPEN_PICTURES:],
    )


def _drawn(report: Report) -> tuple[tuple[str, str], ...]:
    """Return the title and the SVG of each picture."""
    if report.evidence is None:
        return ()
    return tuple((picture.title, svg(picture, within="picture-")) for picture in pictures_of(report.evidence))
