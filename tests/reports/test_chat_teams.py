"""Teams takes every card, each reader sees what is theirs, and it reads as its golden page does."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from pydantic import JsonValue

from reports import chat_teams
from reports.escaping import inert
from tests.conversation import Golden
from tests.reports.cases import BOB, CASES, EVIDENCE
from tests.reports.chat_cases import ANSWERS, BLOCKED, CARDS, IN_TEAMS, NOWHERE, PASSED, VIEWERS, WEB, Json
from tests.reports.chat_limits import acting_in_card, card_problems, card_texts, objects

GOLDEN = Path(__file__).parent / "golden" / "teams"
ABOUT = {"promotion": "P4", "project": "default", "digest": EVIDENCE}


def _actions(card: Json) -> dict[str, Json]:
    found = card.get("actions", [])
    assert isinstance(found, list)
    return {str(one["verb"]): one for one in found if isinstance(one, dict)}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_reads_as_it_should(name: str, golden: Golden) -> None:
    golden.page(GOLDEN / f"{name}.json", json.dumps(CARDS[name], indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", CARDS)
def test_teams_takes_every_card_and_nothing_in_it_acts(name: str) -> None:
    assert card_problems(CARDS[name]) == []
    assert acting_in_card(CARDS[name], tags=["<at>carol</at>"]) == []
    assert (CARDS[name]["type"], CARDS[name]["version"]) == ("AdaptiveCard", "1.5")


def test_only_a_decider_sees_the_buttons() -> None:
    assert list(_actions(CARDS["passed.decider"])) == ["approve", "reject", "details"]
    assert list(_actions(CARDS["passed"])) == ["details"]
    assert list(_actions(CARDS["promoted"])) == []


def test_everyone_may_have_a_blocked_promotion_checked_again() -> None:
    assert list(_actions(CARDS["blocked"])) == ["recheck", "details"]


def test_actions_carry_what_stood_beside_them() -> None:
    for action in _actions(CARDS["passed.decider"]).values():
        assert action["type"] == "Action.Execute"
        assert action["data"] == ABOUT


def test_a_card_is_fetched_anew_for_those_who_may_decide() -> None:
    assert CARDS["passed"]["refresh"] == {
        "action": {"type": "Action.Execute", "verb": "refresh", "title": "Look again", "data": ABOUT},
        "userIds": list(VIEWERS),
    }
    many = [f"29:{place}" for place in range(100)]
    refresh = chat_teams.card(PASSED, links=NOWHERE, refreshed=many)["refresh"]
    assert isinstance(refresh, dict)
    assert refresh["userIds"] == many[:60]
    assert "refresh" not in CARDS["promoted"]


def test_whoever_has_an_account_is_mentioned_and_others_are_named() -> None:
    host = CARDS["passed"]["msteams"]
    assert isinstance(host, dict)
    assert host["entities"] == [
        {"type": "mention", "text": "<at>carol</at>", "mentioned": {"id": IN_TEAMS[0][1], "name": "carol"}}
    ]
    assert "Can decide now: <at>carol</at>" in card_texts(CARDS["passed"])
    assert "Also: frank" in card_texts(CARDS["passed"])


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("bob</at><at>all", "bob at at all"),
        ("**carol**", "carol"),
        ("_dave_", "dave"),
        ("\u200b", "colleague"),
    ],
)
def test_a_name_in_a_mention_is_letters_only(person: str, name: str) -> None:
    card = chat_teams.line_card("look", mentions=[(person, "id")])
    assert f"<at>{name}</at>" in card_texts(card)
    assert card_problems(card) == []


@pytest.mark.parametrize("approves", [True, False])
def test_the_question_names_what_is_decided_and_asks_why(approves: bool) -> None:  # noqa: FBT001 - both kinds
    card = chat_teams.reason_card(PASSED, approves=approves)
    said = " ".join(card_texts(card))
    for fact in ("loan-approval", "v1 (content 0787b0b14e53)", "v2 (content 0e7d17b491ef)", "production", EVIDENCE):
        assert fact in said
    asked = next(one for one in objects(card) if one.get("type") == "Input.Text")
    assert (asked["id"], asked["isRequired"], "errorMessage" in asked) == ("reason", not approves, not approves)
    verb: Literal["approve", "reject"] = "approve" if approves else "reject"
    assert _actions(card)[verb]["data"] == {**ABOUT, "confirmed": True}
    assert _actions(card)["refresh"]["associatedInputs"] == "none"


def test_a_choice_offers_what_the_registry_has_and_what_was_said() -> None:
    card = CARDS["promote_begun"]
    asked = {str(one["id"]): one for one in objects(card["body"]) if "id" in one}
    assert [one["value"] for one in objects(asked["version"]["choices"])] == ["3", "2", "4"]
    assert (asked["model"]["value"], asked["version"]["value"]) == ("churn", "4")
    assert "value" not in asked["environment"]
    assert asked["reason"]["value"] == "why not"
    assert list(_actions(card)) == ["promote"]


def test_what_cannot_be_listed_is_typed() -> None:
    many = [f"m{place}" for place in range(51)]
    card = chat_teams.promote_card(models=many, versions=[], environments=["ok", "no\u202ewhere"])
    kinds = {str(one["id"]): one["type"] for one in objects(card["body"]) if "id" in one}
    assert kinds == {
        "model": "Input.Text",
        "version": "Input.Text",
        "environment": "Input.ChoiceSet",
        "reason": "Input.Text",
    }
    assert [one["value"] for one in objects(card["body"]) if "title" in one] == ["ok"]


@pytest.mark.parametrize("letter", ["x", "é", "漢", "\N{PILE OF POO}", "\N{COMBINING ACUTE ACCENT}"])
def test_a_card_never_grows_too_large(letter: str) -> None:
    long = PASSED.findings[0].model_copy(update={"summary": letter * 5_000})
    findings = tuple(long.model_copy(update={"gate": f"{letter * 90}{place}"}) for place in range(90))
    decisions = tuple(replace(BOB, person=letter * 200, reason=f"{letter * 40} " * 90) for _ in range(40))
    lines = tuple(replace(BLOCKED.blocked_by[0], summary=letter * 900, next=f"{letter}{n}") for n in range(40))
    report = replace(
        PASSED, findings=findings, decisions=decisions, blocked_by=lines, reason=letter * 900, model=letter * 400
    )
    mentions = [(f"{letter * 90}{place}", f"{place}" * 36) for place in range(10)]
    refreshed = [f"29:{place}{'x' * 90}" for place in range(60)]
    card = chat_teams.card(report, mentions=mentions, links=WEB, viewer="decider", refreshed=refreshed)
    assert card_problems(card) == []
    assert list(_actions(card)) == ["approve", "reject", "details"]
    assert card_problems(chat_teams.reason_card(report, approves=False)) == []


def test_what_was_left_out_is_said() -> None:
    findings = tuple(PASSED.findings[0].model_copy(update={"gate": f"gate {place}"}) for place in range(70))
    said = card_texts(chat_teams.card(replace(PASSED, findings=findings), links=WEB))
    assert "And 55 more in the evidence." in said
    assert "And 9 more metrics in the evidence." not in said
    assert PASSED.evidence is not None
    facts = PASSED.evidence.facts
    wide = facts.model_copy(update={"metrics": facts.metrics * 9})
    evidence = PASSED.evidence.model_copy(update={"facts": wide})
    assert "And 10 more metrics in the evidence." in card_texts(
        chat_teams.card(replace(PASSED, evidence=evidence), links=WEB)
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_keeps_every_line(name: str) -> None:
    text, data = ANSWERS[name]
    said = " ".join(" ".join(card_texts(chat_teams.answer_card(text, data))).split())
    for line in filter(str.strip, text.splitlines()):
        assert inert(line.split()[-1]) in said


def test_columns_stay_where_they_are() -> None:
    said = card_texts(chat_teams.answer_card("a   b\n  c d\n\ne", {"events": []}))
    assert said == ["a\u00a0\u00a0\u00a0b", "\u00a0\u00a0c d", "\u00a0", "e"]


@pytest.mark.parametrize("data", [{"events": []}, {"id": "P4", "state": "waiting"}])
def test_a_long_answer_says_how_much_of_it_is_missing(data: dict[str, JsonValue]) -> None:
    text = "\n".join(f"{place} {'漢' * 700}" for place in range(500))
    card = chat_teams.answer_card(text, data)
    assert card_problems(card) == []
    *shown, last = card_texts(card)
    assert last == f"… and {500 - len(shown)} lines more."


def test_nobody_is_asked_about_what_is_over() -> None:
    for name in ("withdrawn", "failed", "rollback", "promoted", "evaluating"):
        assert list(_actions(CARDS[name])) == []
        assert CASES[name].state != "waiting"
