"""Slack takes everything that we show there, and it reads as its golden page does."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from gates.outcome import Outcome
from reports import chat_slack
from reports.document import status_document
from reports.overview import LaneLine
from tests.conversation import Golden
from tests.reports.cases import BOB, CASES, EVIDENCE
from tests.reports.chat_cases import ANSWERS, BLOCKED, IN_SLACK, MESSAGES, NOWHERE, PASSED, VIEWS, WEB
from tests.reports.chat_limits import (
    acting_in_slack,
    objects,
    slack_message_problems,
    slack_texts,
    slack_view_problems,
    units,
)
from tests.reports.overviews import OVERVIEW

GOLDEN = Path(__file__).parent / "golden" / "slack"
WAITING = [name for name, message in MESSAGES.items() if "approve" in json.dumps(message.blocks)]


def _page(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_tells_of_a_promotion(name: str, golden: Golden) -> None:
    message = MESSAGES[name]
    document = {"text": message.text, "blocks": message.blocks, "metadata": message.metadata}
    golden.page(GOLDEN / f"{name}.json", _page(document))


@pytest.mark.parametrize("name", VIEWS)
def test_a_window_asks_or_tells(name: str, golden: Golden) -> None:
    golden.page(GOLDEN / f"view.{name}.json", _page(VIEWS[name]))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_shown_in_slack(name: str, golden: Golden) -> None:
    spoken = chat_slack.spoken_answer(*ANSWERS[name])
    golden.page(GOLDEN / f"answer.{name}.json", _page({"text": spoken.text, "blocks": spoken.blocks}))
    assert slack_message_problems(spoken.blocks) == []
    assert acting_in_slack(spoken.blocks) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_every_message(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="slack_sdk"):
        assert slack_message_problems(MESSAGES[name].blocks) == []
    assert caplog.messages == []
    assert acting_in_slack(MESSAGES[name].blocks) == []
    assert "\n" not in MESSAGES[name].text


@pytest.mark.parametrize("name", VIEWS)
def test_slack_takes_every_window(name: str) -> None:
    assert slack_view_problems(VIEWS[name]) == []
    assert acting_in_slack(VIEWS[name]) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_found_by_promotion_project_and_digest(name: str) -> None:
    payload = MESSAGES[name].metadata["event_payload"]
    assert MESSAGES[name].metadata["event_type"] == "gatehouse_promotion"
    assert payload == {
        "promotion": CASES[name].id,
        "project": "default",
        "digest": "" if name == "evaluating" else EVIDENCE,
    }


def test_buttons_carry_what_stood_beside_them() -> None:
    buttons = {one["action_id"]: one for one in objects(MESSAGES["passed"].blocks) if one.get("type") == "button"}
    assert {name: one.get("style") for name, one in buttons.items()} == {
        "approve": "primary",
        "reject": "danger",
        "details": None,
    }
    for button in buttons.values():
        assert json.loads(str(button["value"])) == {"promotion": "P4", "project": "default", "digest": EVIDENCE}


@pytest.mark.parametrize("name", MESSAGES)
def test_only_what_waits_for_people_has_buttons(name: str) -> None:
    has = any(one.get("type") == "actions" for one in MESSAGES[name].blocks)
    assert has == (CASES[name].state == "waiting")


def test_whoever_has_an_account_is_mentioned_and_others_are_named() -> None:
    blocks = MESSAGES["passed"].blocks
    assert [one["user_id"] for one in objects(blocks) if one.get("type") == "user"] == ["U024BE7LH"]
    assert "frank" in slack_texts(blocks)
    assert not [one for one in objects(MESSAGES["promoted"].blocks) if one.get("type") == "user"]


def test_a_crowd_is_not_mentioned_one_by_one() -> None:
    crowd = [(f"p{place}", f"U{place}") for place in range(40)]
    blocks = chat_slack.message(PASSED, mentions=crowd, links=NOWHERE).blocks
    assert len([one for one in objects(blocks) if one.get("type") == "user"]) == 10
    assert " and 30 more" in slack_texts(blocks)


def test_the_comparison_is_a_table_only_where_there_is_a_champion() -> None:
    kinds = {name: [one["type"] for one in message.blocks] for name, message in MESSAGES.items()}
    assert "table" in kinds["passed"]
    assert "table" not in kinds["regression"]
    table = next(one for one in MESSAGES["passed"].blocks if one["type"] == "table")
    assert slack_texts(table)[:10] == [
        "metric",
        "challenger",
        "champion",
        "difference (+ is better)",
        "95 % interval",
        "roc_auc",
        "0.842",
        "0.748",
        "+0.094",
        "+0.040 to +0.148",
    ]


def test_where_tables_are_refused_the_numbers_are_lined_up() -> None:
    texts = slack_texts(chat_slack.message(PASSED, links=NOWHERE, tables=False).blocks)
    assert next(text for text in texts if text.startswith("metric")).splitlines() == [
        "metric                         challenger  champion  difference (+ is better)     95 % interval",
        "roc_auc                             0.842     0.748                    +0.094  +0.040 to +0.148",
        "brier_score (lower is better)       0.067     0.091                    +0.023  +0.012 to +0.034",
    ]


def test_links_lead_only_to_the_web() -> None:
    links = [one["url"] for one in objects(MESSAGES["passed"].blocks) if one.get("type") == "link"]
    assert links == [WEB.pull_request, WEB.evidence, WEB.card, WEB.page]
    local = chat_slack.message(PASSED, links=replace(WEB, evidence="javascript:alert(1)", page="ftp://x", card="/etc"))
    assert [one["url"] for one in objects(local.blocks) if one.get("type") == "link"] == [WEB.pull_request]
    nowhere = chat_slack.message(PASSED, links=NOWHERE)
    assert "Pull request 4: /srv/demo/.gatehouse/repo.git/pulls/4.md" in slack_texts(nowhere.blocks)


def test_the_question_names_exactly_what_is_approved() -> None:
    said = " ".join(slack_texts(VIEWS["approve"]))
    for fact in ("loan-approval", "v1 (content 0787b0b14e53)", "v2 (content 0e7d17b491ef)", "production", EVIDENCE):
        assert fact in said
    assert "warn, lineage: The run names no source commit" in said
    assert VIEWS["approve"]["private_metadata"] == '{"promotion":"P4"}'


def test_only_a_rejection_needs_a_reason() -> None:
    inputs = {
        name: next(one for one in objects(VIEWS[name]) if one.get("type") == "input") for name in ("approve", "reject")
    }
    assert (inputs["approve"]["optional"], inputs["reject"]["optional"]) == (True, False)
    assert (VIEWS["approve"]["callback_id"], VIEWS["reject"]["callback_id"]) == (chat_slack.APPROVE, chat_slack.REJECT)


def test_a_window_does_not_lose_what_it_is_to_keep() -> None:
    with pytest.raises(ValueError, match="at most 3000"):
        chat_slack.promote_modal(private_metadata="x" * 3_001)


def test_a_word_that_would_read_otherwise_is_not_filled_in() -> None:
    view = chat_slack.promote_modal(model="loan\u202eapproval", version="x" * 76, environment="staging")
    filled = [one["initial_option"] for one in objects(view) if "initial_option" in one]
    assert [one["value"] for one in filled if isinstance(one, dict)] == ["staging"]


def test_commands_are_spelt_as_slack_wants_them_typed() -> None:
    said = " ".join(slack_texts(MESSAGES["blocked"].blocks))
    assert "/mlops promote loan-approval VERSION to production; or /mlops withdraw P5" in said
    assert "/mlops" not in " ".join(slack_texts(chat_slack.answer("mlops serve, then mlops audit verify", {})))


def test_home_tells_where_the_rest_is() -> None:
    lane = LaneLine(model="m", environment="staging", champion=None, promotion=None, url=None, frozen="")
    view = chat_slack.home(
        person="carol", waiting=[PASSED] * 40, asked=[BLOCKED] * 40, changes=OVERVIEW.changes * 20, serving=[lane] * 90
    )
    assert slack_view_problems(view) == []
    more = [text for text in slack_texts(view) if text.endswith("more: /mlops status tells all.")]
    assert [text.split()[1] for text in more] == ["25", "45", "25", "50"]


def test_a_promotion_with_much_to_tell_says_how_much_more_there_is() -> None:
    long = PASSED.findings[0].model_copy(update={"summary": "much to say. " * 200})
    findings = tuple(long.model_copy(update={"gate": f"gate {n}"}) for n in range(120))
    decisions = tuple(replace(BOB, person=f"person {n}", reason="because of this. " * 100) for n in range(60))
    lines = tuple(replace(BLOCKED.blocked_by[0], reason_code=f"code{n}", next=f"do {n}") for n in range(70))
    report = replace(PASSED, findings=findings, decisions=decisions, blocked_by=lines, reason="reason " * 900)
    blocks = chat_slack.message(report, links=WEB).blocks
    assert slack_message_problems(blocks) == []
    said = slack_texts(blocks)
    shown = len([text for text in said if text.startswith("gate ")])
    assert f"And {120 - shown} more in the evidence." in said
    assert any(text.startswith("And ") and text.endswith(" before these.") for text in said)
    assert WEB.pull_request in [one.get("url") for one in objects(blocks)]


def test_no_gates_are_an_error_and_never_silence() -> None:
    blocks = chat_slack.message(replace(PASSED, findings=(), outcome=Outcome.ERROR), links=NOWHERE).blocks
    assert ": nothing was checked." in slack_texts(blocks)
    modal = chat_slack.approve_modal(replace(PASSED, findings=()), approves=True, private_metadata="")
    assert "🛑 error: nothing was checked" in slack_texts(modal)


def test_buttons_that_could_not_say_back_what_they_mean_are_not_there() -> None:
    blocks = chat_slack.message(replace(PASSED, project="p" * 2_000), links=NOWHERE).blocks
    assert not [one for one in objects(blocks) if one.get("type") == "button"]


def test_an_address_in_an_answer_is_a_link_below_it() -> None:
    document: dict[str, JsonValue] = status_document(replace(PASSED, pull_request_url=WEB.pull_request))
    blocks = chat_slack.answer("P4 is waiting\n  Pull request 4: https://github.example/loans/models/pull/4", document)
    assert [(one["text"], one["url"]) for one in objects(blocks) if one.get("type") == "link"] == [
        ("Pull request 4", WEB.pull_request)
    ]


def test_a_long_answer_says_how_much_of_it_is_missing() -> None:
    rows = "".join(f"{place:5}  somebody did something to some model at some time\n" for place in range(900))
    blocks = chat_slack.answer(rows, {"events": []})
    assert slack_message_problems(blocks) == []
    *pages, last = slack_texts(blocks)
    shown = sum(len(text.splitlines()) for text in pages)
    assert last == f"… and {900 - shown} lines more."
    sentences = "\n".join(f"line {place} " + "word " * 100 for place in range(80))
    long = chat_slack.answer(sentences, {"id": "P4", "state": "waiting"})
    assert slack_message_problems(long) == []
    assert slack_texts(long)[-1].endswith(" lines more.")


def test_a_line_speaks_to_whom_it_is_meant_for() -> None:
    spoken = chat_slack.spoken_line("P4 waits for you, <!channel>.", mentions=IN_SLACK)
    assert acting_in_slack(spoken.blocks) == []
    assert slack_message_problems(spoken.blocks) == []
    assert "<" not in spoken.text
    assert [one["user_id"] for one in objects(spoken.blocks) if one["type"] == "user"] == ["U024BE7LH"]


def test_lengths_are_counted_as_slack_counts_them() -> None:
    message = chat_slack.message(replace(PASSED, model="\N{PILE OF POO}" * 200), links=NOWHERE)
    assert slack_message_problems(message.blocks) == []
    assert units(slack_texts(message.blocks)[0]) <= 150
