"""How does Slack show a promotion?

Block Kit: https://docs.slack.dev/reference/block-kit. Buttons carry the promotion and the digest of what stood beside
them, so that nobody approves what they did not see.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import JsonValue

from reports.chat_content import Content, Links, fitting, named_digest
from reports.chat_rendering import render_objects
from reports.chat_text import shortened, units
from reports.escaping import mrkdwn
from reports.report import Report

Blocks = list[dict[str, JsonValue]]
Mentions = Sequence[tuple[str, str | None]]
"""People by login, each with a user id ("U024BE7LH"), or None for a name that notifies nobody."""

EVENT = "gatehouse_promotion"
"""Type of the metadata that our messages are found by."""
MOST_TEXT = 11_000
"""Units of text in all blocks of a message; Slack refuses what is much longer, without saying from where on."""
MOST_BLOCKS = 50
MOST_MENTIONS = 10
LONGEST_VALUE = 2_000
LONGEST_FALLBACK = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """What `chat.postMessage` takes."""

    text: str
    """One line, for notifications and for clients that show no blocks."""
    blocks: Blocks
    metadata: dict[str, JsonValue]


def message(
    report: Report, *, mentions: Mentions = (), links: Links, buttons: bool = True, tables: bool = True
) -> SlackMessage:
    """Return the one message of a promotion; `tables=False` where Slack takes no table."""
    return SlackMessage(
        text=mrkdwn(shortened(report.headline, LONGEST_FALLBACK)),
        blocks=promotion_blocks(report, mentions=mentions, links=links, buttons=buttons, tables=tables),
        metadata={"event_type": EVENT, "event_payload": _named(report)},
    )


def promotion_blocks(
    report: Report, *, mentions: Mentions = (), links: Links, buttons: bool, tables: bool = True
) -> Blocks:
    """Return a promotion's blocks: as much as a message takes, with buttons only while people can decide."""
    show = partial(
        _blocks,
        mentions=mentions[:MOST_MENTIONS],
        more_mentions=max(0, len(mentions) - MOST_MENTIONS),
        buttons=reference(report) if buttons and report.waits else "",
        tables=tables,
    )
    return fitting(report, links, show, _fits)


def reference(report: Report) -> str:
    """Return what a button says back: the promotion, and what it showed; empty if no button could carry it."""
    value = json.dumps(_named(report), separators=(",", ":")).replace("<", "\\u003c")
    return value if units(value) <= LONGEST_VALUE else ""


def _named(report: Report) -> dict[str, JsonValue]:
    return {"promotion": report.id, "project": report.project, "digest": named_digest(report)}


def _blocks(content: Content, **shown: object) -> Blocks:
    return render_objects("slack_promotion.json.j2", content=content, **shown)


def _fits(blocks: Blocks) -> bool:
    return len(blocks) <= MOST_BLOCKS and sum(map(units, texts_in(blocks))) <= MOST_TEXT


def texts_in(value: JsonValue | Blocks) -> list[str]:
    """Return every text that is shown."""
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    if not isinstance(value, dict):
        return []
    own = value.get("text")
    inner = [text for item in value.values() for text in texts_in(item)]
    return [own, *inner] if isinstance(own, str) else inner
