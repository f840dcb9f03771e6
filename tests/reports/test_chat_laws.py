"""Whatever there is to tell, both chats can tell it within their limits, alike, and nothing in it acts."""

import json
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import chat_slack, chat_teams
from reports.chat_content import ROOMS, content_of
from reports.chat_text import ELLIPSIS
from reports.document import status_document
from reports.escaping import JOINER, mrkdwn
from reports.overview import overview_document, render_events, render_overview, render_status
from reports.report import Report
from tests.reports.anything import reports, words
from tests.reports.cases import CASES
from tests.reports.chat_cases import NOWHERE, Json, Pages
from tests.reports.chat_limits import (
    acting_in_card,
    acting_in_slack,
    card_problems,
    card_texts,
    objects,
    slack_message_problems,
    slack_texts,
    slack_view_problems,
    units,
)
from tests.reports.nasty import NASTY, nasty_events, nasty_overview, nasty_report

MENTIONED = [("carol", "U024BE7LH"), ("frank", None)]
TAGS = ["<at>carol</at>"]
people = st.lists(st.tuples(words, st.none() | st.from_regex(r"U[A-Z0-9]{8}", fullmatch=True)), max_size=4)
links = st.builds(Pages, page=st.none() | words, pull_request=st.none() | words, evidence=words, card=words)


@cache
def _messages(text: str) -> list[list[Json]]:
    told = [nasty_report(text, state=state) for state in ("waiting", "blocked", "failed")]
    shown = [chat_slack.message(one, mentions=MENTIONED, links=NOWHERE, tables=one.waits).blocks for one in told]
    answers = [
        chat_slack.answer(text, {}),
        chat_slack.answer(render_status(told[0]), status_document(told[0])),
        chat_slack.answer(render_overview(nasty_overview(text)), overview_document(nasty_overview(text))),
        chat_slack.answer(render_events(text, nasty_events(text)), {"events": []}),
        chat_slack.spoken_line(text, mentions=MENTIONED).blocks,
    ]
    return [*shown, *answers]


@cache
def _views(text: str) -> list[Json]:
    told, overview = nasty_report(text, state="waiting"), nasty_overview(text)
    return [
        chat_slack.approve_modal(told, approves=False, private_metadata=""),
        chat_slack.changed_modal(told, what=text),
        chat_slack.told_modal(text, text),
        chat_slack.details_modal(told, links=NOWHERE),
        chat_slack.promote_modal(model=text, version=text, environment=text, reason=text, problem=text),
        chat_slack.home(person=text, waiting=[told], asked=[told], changes=overview.changes, serving=overview.lanes),
    ]


@cache
def _cards(text: str) -> list[Json]:
    told = [nasty_report(text, state=state) for state in ("waiting", "blocked", "failed")]
    return [
        *(chat_teams.card(one, mentions=MENTIONED, links=NOWHERE, viewer="decider") for one in told),
        chat_teams.reason_card(told[0], approves=False),
        chat_teams.changed_card(told[0], what=text),
        chat_teams.refused_card(told[0], why=text),
        chat_teams.promote_card(models=[text, "m"], versions=[text], environments=[], model=text, problem=text),
        chat_teams.answer_card(text, {}),
        chat_teams.answer_card(render_status(told[0]), status_document(told[0])),
        chat_teams.answer_card(render_events(text, nasty_events(text)), {"events": []}),
        chat_teams.line_card(text, mentions=MENTIONED),
    ]


def _id(text: str) -> str:
    return ascii(text[:24])


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_no_text_acts_in_slack(text: str) -> None:
    for blocks in _messages(text):
        assert slack_message_problems(blocks) == []
        assert acting_in_slack(blocks) == []
    for view in _views(text):
        assert slack_view_problems(view) == []
        assert acting_in_slack(view) == []


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_no_text_acts_in_teams(text: str) -> None:
    for card in _cards(text):
        assert card_problems(card) == []
        assert acting_in_card(card, tags=TAGS) == []


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_only_those_who_were_meant_are_mentioned(text: str) -> None:
    mentioned = [one["user_id"] for blocks in _messages(text) for one in _users(blocks)]
    assert set(mentioned) == {"U024BE7LH"}
    for card in _cards(text):
        assert all(one == "U024BE7LH" for one in _mentioned(card))


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_no_chat_holds_a_character_that_acts(text: str) -> None:
    for document in (*_messages(text), *_views(text)):
        assert not _categories(slack_texts(document))
    for card in _cards(text):
        assert not _categories(card_texts(card))


@settings(max_examples=80)
@given(report=reports, mentions=people, places=links)
def test_both_chats_take_every_report(report: Report, mentions: list[tuple[str, str | None]], places: Pages) -> None:
    message = chat_slack.message(report, mentions=mentions, links=places)
    assert message == chat_slack.message(report, mentions=mentions, links=places)
    assert slack_message_problems(message.blocks) == []
    assert acting_in_slack(message.blocks) == []
    assert "<!" not in json.dumps([message.text, message.blocks])
    card = chat_teams.card(report, mentions=mentions, links=places, viewer="decider")
    assert card_problems(card) == []
    assert acting_in_card(card, tags=_tags(card)) == []


@pytest.mark.full
@settings(max_examples=60)
@given(report=reports)
def test_both_chats_tell_the_same(report: Report) -> None:
    content = content_of(report, NOWHERE, ROOMS[0])
    told: list[str] = [content.headline, content.requester, *(line.summary for line in content.findings)]
    told += [cell for row in content.table for cell in row]
    told += [text for line in content.obstacles for text in (line.summary, line.who, line.next)]
    told += [text for line in content.decisions for text in (line.person, line.said, line.discounted)]
    told += [content.reason, content.problem, content.deadline, content.evidence, content.unlinked]
    in_slack = " ".join(slack_texts(chat_slack.message(report, links=NOWHERE).blocks)).replace("/mlops", "mlops")
    in_teams = " ".join(card_texts(chat_teams.card(report, links=NOWHERE)))
    for text in told:
        assert text.replace("/mlops", "mlops") in in_slack
        assert text in in_teams


@pytest.mark.full
@settings(max_examples=60)
@given(report=reports, approves=st.booleans(), what=words)
def test_every_question_can_be_asked(report: Report, approves: bool, what: str) -> None:  # noqa: FBT001 - both kinds
    for view in (
        chat_slack.approve_modal(report, approves=approves, private_metadata=what),
        chat_slack.changed_modal(report, what=what),
        chat_slack.home(person=None, waiting=[report], asked=[report], changes=[], serving=[]),
    ):
        assert slack_view_problems(view) == []
    for card in (chat_teams.reason_card(report, approves=approves), chat_teams.changed_card(report, what=what)):
        assert card_problems(card) == []
        assert acting_in_card(card) == []


@given(text=words | st.lists(st.sampled_from(NASTY[:40]), max_size=3).map(" ".join))
def test_mrkdwn_holds_no_tag_and_no_mark_that_acts(text: str) -> None:
    written = mrkdwn(text)
    assert "<" not in written
    assert ">" not in written
    for place, letter in enumerate(written):
        if letter in "*~`":
            assert (written[place - 1 : place], written[place + 1]) == (JOINER, JOINER)


@pytest.mark.parametrize("room", range(len(ROOMS)))
def test_less_room_shows_less_and_never_other_things(room: int) -> None:
    whole, less = (content_of(CASES["passed"], NOWHERE, one) for one in (ROOMS[0], ROOMS[room]))
    assert less.headline.removesuffix(ELLIPSIS) in whole.headline
    assert len(less.findings) + less.more_findings == len(whole.findings)
    for one, other in zip(less.findings, whole.findings, strict=False):
        assert other.summary.startswith(one.summary.removesuffix(ELLIPSIS))
        assert units(one.summary) <= ROOMS[room].text


def _users(blocks: object) -> list[Json]:
    return [one for one in objects(blocks) if one.get("type") == "user"]


def _mentioned(card: Json) -> list[object]:
    return [one["id"] for one in objects(card["msteams"]) if "id" in one]


def _tags(card: Json) -> list[str]:
    return [str(one["text"]) for one in objects(card["msteams"]) if one.get("type") == "mention"]


def _categories(texts: list[str]) -> set[str]:
    letters = set("".join(texts)) - {"\n", JOINER}
    return {unicodedata.category(letter) for letter in letters} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
