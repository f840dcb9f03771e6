"""How long does a decision report take from facts, in all four faces, without pictures and with them?

One process. The first round compiles the templates and is told apart; each later round renders everything anew from the
same evidence, which has every part that evidence can have. The limits are those that the reports are made for.
"""

import statistics
import sys
import time
from collections.abc import Callable

from reports.chat_slack_message import promotion_blocks
from reports.chat_teams_card import card
from reports.comment import render_comment
from reports.pages.promotion import render_promotion
from tests.reports.cases import CASES
from tests.reports.chat_cases import WEB
from tests.reports.promotion_pages import SITE, about
from workflows.pictures.painter import ProcessPainter, painted_evidence

ROUNDS, ROUNDS_WITH_PICTURES = 200, 10
WITHOUT, WITH = 0.050, 1.0
"""Seconds."""
REPORT = CASES["thorough"]


def four_faces(*, pictures: bool) -> None:
    """Render Markdown, the page, Slack's blocks and Teams' card."""
    render_comment(REPORT)
    render_promotion(SITE, about(REPORT), pictures=pictures)
    promotion_blocks(REPORT, links=WEB, buttons=True)
    card(REPORT, links=WEB)


def without() -> None:
    """Render the four faces, and no picture."""
    four_faces(pictures=False)


def with_pictures() -> None:
    """Render the four faces with every picture, as SVG in the page and as PNG beside the card."""
    four_faces(pictures=True)
    if REPORT.evidence is not None:
        painted_evidence(ProcessPainter(), REPORT.evidence)


def main() -> int:
    """Measure, print, and fail where a median is beyond its limit."""
    print(f"first round, which compiles the templates: {_seconds(without) * 1000:.0f} ms")  # noqa: T201 - what it is for
    fine = [_told("without pictures", without, ROUNDS, WITHOUT)]
    with_pictures()
    fine.append(_told("with pictures", with_pictures, ROUNDS_WITH_PICTURES, WITH))
    return 0 if all(fine) else 1


def _told(name: str, act: Callable[[], None], rounds: int, limit: float) -> bool:
    took = sorted(_seconds(act) for _ in range(rounds))
    median, slowest = statistics.median(took), took[-1]
    print(f"{name}: median {median * 1000:.1f} ms, slowest {slowest * 1000:.1f} ms, limit {limit * 1000:.0f} ms")  # noqa: T201 - what it is for
    return median <= limit


def _seconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
