"""Do people and the house understand each other through Teams? End to end, over real HTTP."""

import time
from collections.abc import Callable

import pytest

from tests.teams.activities import click
from tests.teams.microsoft import CHANNEL, Trouble
from tests.teams.room import Room, card_of, person, text_of, verbs_of


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait for what happens after an acknowledgement, without saying how long it takes."""
    give_up = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.01)


CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"


def test_a_command_in_the_chat_with_us_is_answered_there(room: Room) -> None:
    room.say("alice", "status P1")
    assert "P1 is waiting: promote churn 1 to staging" in room.heard("alice")


def test_a_command_in_a_channel_is_answered_in_its_thread(room: Room) -> None:
    thread = f"{CHANNEL};messageid=17"
    room.say("alice", "mlops status P1", thread=thread)
    (answer,) = room.ms.threads[thread]
    assert "P1 is waiting" in text_of(card_of(answer))


def test_a_promotion_is_one_card_in_its_channel_that_those_who_can_decide_see_with_buttons(room: Room) -> None:
    room.say("bob", "help")
    room.converge()
    assert "P1 is waiting: promote churn 1 to staging" in text_of(room.card())
    assert verbs_of(room.card()) == ["details"]
    assert room.card()["refresh"]["userIds"] == [f"29:{person('bob')}"]
    assert room.card()["msteams"]["entities"][0]["mentioned"]["id"] == person("bob")
    for login, verbs in (("bob", ["approve", "reject", "details"]), ("alice", ["details"])):
        shown = room.click(login, "refresh", on=room.thread(), **room.about())
        assert (shown["type"], verbs_of(shown["value"])) == (CARD, verbs)
        assert shown["value"]["refresh"]["userIds"] == [f"29:{person(login)}"]


def test_an_approval_asks_for_its_reason_and_then_counts(room: Room) -> None:
    room.converge()
    thread = room.thread()
    asked = room.click("bob", "approve", on=thread, **room.about())
    assert "Approve P1?" in text_of(asked["value"])
    assert str(room.about()["digest"]) in text_of(asked["value"])
    (confirm, _) = asked["value"]["actions"]
    done = room.click("bob", "approve", on=thread, **confirm["data"], reason="fine for every group")
    assert (done["type"], verbs_of(done["value"])) == (CARD, ["details"])
    assert room.world.state(1) == "waiting"
    room.act()
    assert room.world.state(1) == "promoted"
    assert "P1 is promoted" in room.heard("bob")
    room.converge()
    assert "P1 is promoted" in text_of(room.card())
    assert "fine for every group" in text_of(room.card())
    assert room.ms.threads.keys() >= {thread}
    assert len([name for name in room.ms.threads if name.startswith(CHANNEL)]) == 1
    told = [text_of(card_of(reply)) for reply in room.ms.threads[thread][1:]]
    assert any("fine for every group" in line for line in told)


def test_a_doubled_click_and_its_redelivery_act_once(room: Room) -> None:
    room.converge()
    for _ in range(3):
        room.click("bob", "approve", on=room.thread(), **room.about(confirmed=True, reason="fine"))
    room.act()
    assert room.world.ledger("P1").count("approved") == 1
    assert len(room.ms.threads[f"a:{person('bob')}"]) == 1


def test_a_message_that_is_delivered_twice_is_answered_once(room: Room) -> None:
    room.say("alice", "status P1", number="f:7")
    room.say("alice", "status P1", number="f:7")
    assert len(room.ms.threads[f"a:{person('alice')}"]) == 1
    room.say("alice", "status P1", number="f:8")
    assert len(room.ms.threads[f"a:{person('alice')}"]) == 2


def test_who_cannot_decide_is_told_why_and_who_can(room: Room) -> None:
    room.converge()
    shown = room.click("alice", "approve", on=room.thread(), **room.about())
    assert "nothing was decided" in text_of(shown["value"])
    assert "bob" in text_of(shown["value"])
    room.click("alice", "approve", on=room.thread(), **room.about(confirmed=True, reason="mine"))
    room.act()
    assert room.world.state(1) == "waiting"


def test_content_that_changed_since_the_card_is_not_approved(room: Room) -> None:
    room.converge()
    seen = {**room.about(), "digest": "0" * 64}
    shown = room.click("bob", "approve", on=room.thread(), **seen)
    assert "P1 has changed" in text_of(shown["value"])
    room.click("bob", "approve", on=room.thread(), **{**seen, "confirmed": True, "reason": "fine"})
    room.act()
    assert room.world.state(1) == "waiting"
    assert "approved" not in room.world.ledger("P1")
    assert "P1 has changed" in room.heard("bob")


def test_a_rejection_needs_its_reason_and_is_final(room: Room) -> None:
    room.converge()
    asked = room.click("bob", "reject", on=room.thread(), **room.about())
    reason = next(part for part in asked["value"]["body"] if part.get("id") == "reason")
    assert reason["isRequired"] is True
    room.click("bob", "reject", on=room.thread(), **room.about(confirmed=True, reason=""))
    room.act()
    assert room.world.state(1) == "waiting"
    room.click("bob", "reject", on=room.thread(), **room.about(confirmed=True, reason="the data misses a month"))
    room.act()
    assert room.world.state(1) == "rejected"


def test_details_show_all_and_lead_back(room: Room) -> None:
    room.converge()
    shown = room.click("alice", "details", on=room.thread(), **room.about())
    assert "P1 is waiting" in text_of(shown["value"])
    (back,) = shown["value"]["actions"]
    assert (back["verb"], back["data"]) == ("refresh", room.about())


def test_a_connector_that_is_down_loses_nothing(room: Room) -> None:
    room.say("alice", "help")
    room.ms.down = True
    room.converge()
    room.say("alice", "status P1", number="f:2")
    assert len(room.ms.threads) == 1
    room.ms.down = False
    room.world.clock.now += 3_600
    room.converge()
    room.act()
    assert "P1 is waiting" in text_of(room.card())
    assert "P1 is waiting" in room.heard("alice")


def test_a_promotion_is_named_by_the_thread_that_a_command_is_written_in(room: Room) -> None:
    room.converge()
    room.say("bob", "approve --reason fine", thread=room.thread())
    assert room.world.state(1) == "promoted"


def test_a_guest_looks_at_nothing_and_decides_nothing(room: Room) -> None:
    room.converge()
    room.ms.members[f"29:{person('bob')}"] = {"userRole": "guest"}
    for verb in ("approve", "refresh", "details"):
        shown = room.click("bob", verb, on=room.thread(), **room.about())
        assert (shown["type"], "Guests" in shown["value"]) == (MESSAGE, True)
    room.click("bob", "approve", on=room.thread(), **room.about(confirmed=True, reason="fine"))
    room.act()
    assert room.world.state(1) == "waiting"


def test_somebody_of_another_organisation_is_a_guest(room: Room) -> None:
    room.converge()
    sent = click(room.ms, "approve", person=person("bob"), thread=room.thread(), **room.about())
    sent["from"]["tenantId"] = "22222222-2222-2222-2222-222222222222"
    shown = room.send(sent).json()
    assert (shown["type"], "Guests" in shown["value"]) == (MESSAGE, True)


def test_who_may_be_told_alone_is_not_told_aloud(room: Room) -> None:
    room.ms.members[f"29:{person('alice')}"] = {"without_app": True}
    thread = f"{CHANNEL};messageid=17"
    room.say("alice", "link", thread=thread)
    said = text_of(card_of(room.ms.threads[thread][-1]))
    assert "link" not in said or "code" not in said


@pytest.mark.parametrize("verb", ["approve", "details", "refresh"])
def test_before_the_house_is_open_a_card_says_so(room: Room, verb: str) -> None:
    with room.platform.lookout.opened(room.world.house.window):
        pass
    shown = room.click("bob", verb, on=f"{CHANNEL};messageid=1", **room.about())
    assert (shown["statusCode"], "starting" in shown["value"]["message"]) == (503, True)


def test_when_teams_asks_for_quiet_nothing_is_asked_until_it_is_over(room: Room) -> None:
    room.ms.troubles = [Trouble(status=429, headers={"Retry-After": "120"}, code="TooManyRequests")]
    room.converge()
    asked = len(room.ms.requests)
    room.world.clock.now += 60
    room.converge()
    assert len(room.ms.requests) == asked


@pytest.mark.parametrize("words", ["mlops", "/mlops Promote", ""])
def test_who_only_begins_to_ask_is_asked_back(room: Room, words: str) -> None:
    room.say("alice", words)
    eventually(lambda: bool(room.ms.threads.get(f"a:{person('alice')}")))
    (asked,) = room.ms.threads[f"a:{person('alice')}"]
    fields = {part["id"]: part for part in card_of(asked)["body"] if "id" in part}
    assert [choice["value"] for choice in fields["version"]["choices"]] == ["1"]
    assert [choice["value"] for choice in fields["environment"]["choices"]] == ["production", "staging"]


def test_what_somebody_fills_in_is_asked_for(room: Room) -> None:
    filled = {"model": "churn", "version": "1", "environment": "staging", "reason": "better\non new customers"}
    shown = room.click("alice", "promote", on=f"a:{person('alice')}", **filled)
    assert "Heard: promote churn 1 to staging --reason better on new customers" in text_of(shown["value"])
    room.act()
    assert "P1" in room.heard("alice")


def test_a_guest_is_not_asked_back_what_they_want_to_promote(room: Room) -> None:
    room.ms.members[f"29:{person('bob')}"] = {"userRole": "guest"}
    room.say("bob", "promote")
    assert "promote" in room.heard("bob")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"action": None},
        {"action": {"verb": "delete", "data": {}}},
        {"action": {"verb": "approve", "data": {}}},
        {"action": {"verb": "approve", "data": {"promotion": "P1", "project": "default", "digest": 7}}},
        {"action": {"verb": "approve", "data": {"promotion": "\ud800\ud800", "project": "x", "digest": ""}}},
        {"action": {"verb": "promote", "data": {"model": "churn"}}},
    ],
)
def test_a_button_that_is_none_of_ours_is_400(room: Room, value: object) -> None:
    sent = click(room.ms, "approve", person=person("bob"))
    assert room.send({**sent, "value": value}).status_code == 400


@pytest.mark.parametrize("promotion", ["P99", "P1'--", "Q1", "P" + "9" * 200])
def test_a_promotion_that_is_not_there_is_told(room: Room, promotion: str) -> None:
    shown = room.click("bob", "details", on=f"{CHANNEL};messageid=1", **{**room.about(), "promotion": promotion})
    assert (shown["type"], "There is no promotion" in shown["value"]) == (MESSAGE, True)


def test_a_recheck_is_heard_once_a_minute(room: Room) -> None:
    for _ in range(2):
        shown = room.click("alice", "recheck", on=f"{CHANNEL};messageid=1", **room.about())
        assert (shown["type"], shown["value"]) == (MESSAGE, "Heard. The answer comes here.")
    room.act()
    assert len(room.ms.threads[f"a:{person('alice')}"]) == 1


def test_people_are_reminded_in_the_chat_with_us_even_if_they_never_wrote(room: Room) -> None:
    room.converge()
    room.world.clock.now += 100_000
    room.converge()
    assert "P1 still waits for a decision" in room.heard("bob")


def test_a_card_that_somebody_removed_is_posted_anew(room: Room) -> None:
    room.converge()
    room.ms.threads[room.thread()].clear()
    room.world.say("bob", "approve P1 --reason fine")
    room.converge()
    threads = [name for name in room.ms.threads if name.startswith(CHANNEL)]
    assert len(threads) == 2
    assert "P1 is promoted" in text_of(card_of(room.ms.threads[threads[1]][0]))


def test_a_channel_without_the_app_is_told_to_the_operator(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.ms.installed.clear()
    room.converge()
    assert "add the app to that team or chat in Teams" in caplog.text
    assert room.ms.threads == {}
