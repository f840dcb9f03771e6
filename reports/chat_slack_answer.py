"""How does Slack show what the house answers, and what is said below a promotion's message?"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from reports.chat_answer import first_line, told
from reports.chat_rendering import render_objects
from reports.chat_slack_message import MOST_MENTIONS, Blocks, Mentions
from reports.chat_text import paged, shown
from reports.escaping import mrkdwn

LONGEST_SAID = 2_500
LONGEST_PAGE = 2_900
MOST_PAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A text as Slack shows it."""

    text: str
    """One line, for notifications and for clients that show no blocks."""
    blocks: Blocks


def answer(text: str, data: Mapping[str, JsonValue]) -> Blocks:
    """Return the blocks of an answer; its text is untrusted."""
    said = told(text, data)
    pages, left = paged(said.verbatim, most=LONGEST_PAGE, pages=MOST_PAGES)
    more = said.more + left
    return render_objects("slack_answer.json.j2", pages=pages, lines=said.lines, more=more, links=said.links)


def spoken_answer(text: str, data: Mapping[str, JsonValue]) -> Spoken:
    """Return an answer with its first line for notifications."""
    return Spoken(text=mrkdwn(first_line(text)), blocks=answer(text, data))


def spoken_line(text: str, *, mentions: Mentions = ()) -> Spoken:
    """Return one plain line, and whoever is spoken to by it; the text is untrusted."""
    line = shown(text, LONGEST_SAID)
    blocks = render_objects(
        "slack_line.json.j2",
        text=line,
        mentions=mentions[:MOST_MENTIONS],
        more_mentions=max(0, len(mentions) - MOST_MENTIONS),
    )
    return Spoken(text=mrkdwn(line), blocks=blocks)
