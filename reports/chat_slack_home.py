"""What does one person see in the bot's Home: what waits for them, what they asked for, what serves where?

https://docs.slack.dev/surfaces/app-home: at most 100 blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from reports.chat_content import ROOMS, Content, FindingLine, content_of, finding_line, worst
from reports.chat_rendering import render_object
from reports.chat_slack_message import reference
from reports.chat_text import shortened, shown
from reports.escaping import Inert
from reports.overview import ChangeLine, LaneLine
from reports.report import Report

MOST_WAITING = 15
MOST_ASKED = 15
MOST_LANES = 40
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """No pages but the one that the report itself names."""

    page: None = None
    pull_request: None = None
    evidence: None = None
    card: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One promotion in the list."""

    content: Content
    worst: FindingLine | None
    reference: str
    """What its buttons say back; empty where nobody can decide."""


def home(
    *,
    person: str | None,
    waiting: Sequence[Report],
    asked: Sequence[Report],
    changes: Sequence[ChangeLine],
    serving: Sequence[LaneLine],
) -> dict[str, JsonValue]:
    """Return one person's Home; `person` is None for an account that is linked to nobody."""
    return render_object(
        "slack_home.json.j2",
        linked=person is not None,
        waiting=[_item(report) for report in waiting[:MOST_WAITING]],
        more_waiting=max(0, len(waiting) - MOST_WAITING),
        asked=[_item(report) for report in asked[:MOST_ASKED]],
        more_asked=max(0, len(asked) - MOST_ASKED),
        changes=[_change(change) for change in changes[:MOST_WAITING]],
        more_changes=max(0, len(changes) - MOST_WAITING),
        serving=[_lane(lane) for lane in serving[:MOST_LANES]],
        more_serving=max(0, len(serving) - MOST_LANES),
    )


def _item(report: Report) -> Item:
    finding = worst(report.findings)
    return Item(
        content=content_of(report, Nowhere(), ROOMS[1]),
        worst=None if finding is None else finding_line(finding, LONGEST_LINE // 2),
        reference=reference(report) if report.waits else "",
    )


def _change(change: ChangeLine) -> Inert:
    return shown(
        f"{change.id}: rulebook change by {shown(change.author, 60)}, pull request {change.pull_request}. "
        f"Next: /mlops approve {change.id}",
        LONGEST_LINE,
    )


def _lane(lane: LaneLine) -> tuple[Inert, Inert]:
    """Return where something serves, and what."""
    name = shown(f"{shown(lane.model, 80)} in {shown(lane.environment, 80)}", LONGEST_LINE)
    serves = "nothing" if lane.champion is None else f"v{shown(lane.champion, 60)}"
    by = f" ({lane.promotion})" if lane.champion is not None and lane.promotion else ""
    frozen = f". Frozen: {shortened(lane.frozen, 120)}" if lane.frozen else ""
    return name, shown(f"{serves}{by}{frozen}", LONGEST_LINE)
