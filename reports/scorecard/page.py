"""What does the responsible-AI scorecard look like? One file of HTML that can be printed, and that fetches nothing."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from gates.evidence import Evidence
from gates.outcome import Verdict
from gates.slice_facts import Slices
from gates.treatment_facts import Treatment
from reports.markup import render_markup
from reports.measured import FairnessReport
from reports.pages.site import style_sheet
from reports.scorecard.calibrated import calibration
from reports.scorecard.concentrated import concentrated
from reports.scorecard.gaps import criteria
from reports.scorecard.groups import errors, groups_of, happening
from reports.scorecard.present import representation
from reports.scorecard.rests_on import importance
from reports.scorecard.source import Source, of_evidence, of_files
from reports.scorecard.summary import summary_of
from reports.scorecard.table import sentence
from reports.scorecard.traded import trade


def render_scorecard(evidence: Evidence, verdict: Verdict, digest: str = "") -> str:
    """Return a promotion's scorecard; nothing in it depends on decisions. `digest` names the evidence, where known."""
    return _rendered(of_evidence(evidence, verdict, digest))


def render_scorecard_of_files(report: FairnessReport, treatment: Treatment, slices: Slices | None) -> str:
    """Return the scorecard of one model's answers, from files alone."""
    return _rendered(of_files(report, treatment, slices))


def content_security_policy() -> str:
    """Return what a scorecard may do: show its own style, and nothing else; for a header, where a server sends it."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def style() -> str:
    """Return the style of pages, and what a scorecard that is printed needs beside it."""
    own = files("reports").joinpath("static", "scorecard.css").read_text("utf-8")
    return f"\n{style_sheet()}{own}"


def _rendered(source: Source) -> str:
    found = groups_of(source.treatment)
    sections = (
        happening(source, found),
        criteria(source),
        trade(source, source.treatment.numbers),
        errors(source, found),
        calibration(source, found),
        representation(source),
        concentrated(source),
        importance(source),
    )
    return render_markup(
        "scorecard.html.j2",
        source=source,
        summary=summary_of(source, found, sections),
        sections=sections,
        left_out=tuple(map(sentence, source.treatment.left_out[:20])),
        policy=content_security_policy(),
        style=Markup(style()),  # noqa: S704 - our own file
        pictures={
            figure.svg: Markup(figure.svg)  # noqa: S704 - escaped where it was made
            for section in sections
            for figure in section.figures
        },
    )
