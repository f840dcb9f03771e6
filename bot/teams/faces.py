"""What does each person see in Teams? The reports' cards, for the accounts and ids that Teams knows people by."""

from collections.abc import Sequence

from pydantic import JsonValue

from bot.chat.platform import Answer, Line, Links, Mention, Post
from reports import chat_teams
from reports.chat_text import shortened
from reports.document import status_document
from reports.overview import render_status
from reports.report import Report

Card = dict[str, JsonValue]
LONGEST_SUMMARY = 200


def object_id(account: str) -> str:
    """Return the Entra object id of an account as people.yaml has it, TENANT/OBJECT-ID."""
    return account.rpartition("/")[2]


def shared(post: Post, *, refreshed: Sequence[str]) -> Card:
    """Return the card that everybody sees; those in `refreshed` fetch their own view of it."""
    return chat_teams.card(
        post.report, mentions=_mentions(post.mentions), links=post.links, viewer="other", refreshed=refreshed
    )


def view(report: Report, links: "Links", mentions: Sequence[Mention], *, decider: bool, viewer: str) -> Card:
    """Return one person's own view, which they go on fetching."""
    return chat_teams.card(
        report,
        mentions=_mentions(mentions),
        links=links,
        viewer="decider" if decider else "other",
        refreshed=(viewer,),
    )


def details(report: Report) -> Card:
    """Return all that is known of a promotion, with the way back to its card."""
    card = chat_teams.answer_card(render_status(report), status_document(report))
    back: JsonValue = {"promotion": report.id, "project": report.project, "digest": report.evidence_digest or ""}
    return {
        **card,
        "actions": [
            {"type": "Action.Execute", "verb": "refresh", "title": "Back", "associatedInputs": "none", "data": back}
        ],
    }


def answer(said: Answer) -> Card:
    """Return the answer to a command."""
    return chat_teams.answer_card(said.text, said.data)


def line(said: Line) -> Card:
    """Return one line of a thread."""
    return chat_teams.line_card(said.text, mentions=_mentions(said.mentions))


def plain_text(text: str) -> Card:
    """Return a text of ours that may quote people."""
    return chat_teams.answer_card(text, {"error": text})


def summary(text: str) -> str:
    """Return what a notification says of a card."""
    return shortened(next(iter(text.strip().splitlines()), ""), LONGEST_SUMMARY)


def _mentions(mentions: Sequence[Mention]) -> list[tuple[str, str | None]]:
    return [(one.person, None if one.account is None else object_id(one.account)) for one in mentions]
