"""How does Teams show what the house answers, and what is said below a promotion's card?"""

from collections.abc import Mapping

from pydantic import JsonValue

from reports.chat_answer import AnswerLine, Told, first_line, told
from reports.chat_rendering import render_object
from reports.chat_teams_card import Card, Mentions, entities, fits, names
from reports.chat_text import shown
from reports.escaping import Inert

LONGEST_SAID = 2_500
STEPS = (60, 30, 15)
"""Lines to try, until a card of them is small enough."""
FEWEST = 6
"""So many always are."""


def answer_card(text: str, data: Mapping[str, JsonValue]) -> Card:
    """Return the card of an answer; its text is untrusted."""
    said = told(text, data)
    for most in STEPS:
        card = _card(said, first_line(text), most)
        if fits(card):
            return card
    return _card(said, first_line(text), FEWEST)


def line_card(text: str, *, mentions: Mentions = ()) -> Card:
    """Return one plain line, and whoever is spoken to by it; the text is untrusted."""
    others = names(mentions)
    line = shown(f"{others}: {text}" if others else text, LONGEST_SAID)
    return render_object(
        "teams_answer.json.j2",
        summary=line,
        entities=entities(mentions),
        lines=(AnswerLine(text=line),),
        verbatim=(),
        more=0,
        links=(),
    )


def _card(said: Told, summary: Inert, most: int) -> Card:
    cut = max(0, len(said.lines) - most) + max(0, len(said.verbatim) - most)
    return render_object(
        "teams_answer.json.j2",
        summary=summary,
        entities=(),
        lines=said.lines[:most],
        verbatim=said.verbatim[:most],
        more=said.more + cut,
        links=said.links,
    )
