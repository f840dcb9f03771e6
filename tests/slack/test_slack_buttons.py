"""What happens when somebody presses a button below a promotion's message?"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hands import change_rules, tick
from tests.slack.stage import Stage, texts
from tests.slack.standin.workspace import Trouble


def decisions(stage: Stage, name: str = "P1") -> list[tuple[str | None, bool]]:
    """Return who decided what."""
    with stage.chat.world.installation.database.reading() as work:
        return [(one.person, one.approves) for one in work.decisions.of(name)]


def changed(stage: Stage) -> None:
    """Let what P1 is about become something else: the policy asks for more now."""
    change_rules(stage.chat.world, "policies/churn.yaml", "limit: 0.2", "limit: 0.3")
    tick(stage.chat.world)
    stage.chat.world.say("alice", "recheck P1")


def approve(stage: Stage, login: str, *, reason: str = "fine", view_id: str = "") -> None:
    """Press Approve and send the window off."""
    number = len(stage.slack.space.views) + 1
    message = stage.slack.space.promotions()[-1]
    stage.driver.press(login, "approve", stage.button(message, "approve"), ts=message.ts)
    stage.driver.submit(login, stage.view(number), {"reason": reason}, view_id=view_id)


def test_approve_shows_exactly_what_is_approved_before_it_asks_why(waiting: Stage) -> None:
    message = waiting.shown()
    pressed = waiting.driver.press("bob", "approve", waiting.button(message, "approve"), ts=message.ts)
    assert (pressed.status_code, pressed.text) == (200, "")
    view = waiting.view()
    promotion = waiting.chat.world.promotion(1)
    assert str(promotion.evidence_digest) in texts(view)
    for said in ("P1", "churn", "v1", "staging", "Worst finding", "alice"):
        assert said in texts(view)
    assert decisions(waiting) == []


def test_an_approval_is_heard_decided_answered_and_shown_in_place(waiting: Stage) -> None:
    message = waiting.shown()
    approve(waiting, "bob", reason="numbers hold")
    waiting.act()
    assert (decisions(waiting), waiting.chat.world.state(1)) == ([("bob", True)], "promoted")
    assert waiting.whisper().user == "U0BOB"
    waiting.converge()
    (same,) = waiting.slack.space.promotions()
    assert (same.ts, same.edits) == (message.ts, 1)
    assert "numbers hold" in texts(same.blocks)
    assert "action_id" not in texts(same.blocks)


def test_who_cannot_decide_hears_alone_why_and_who_can(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("alice", "approve", waiting.button(message, "approve"))
    whisper = waiting.whisper()
    assert (whisper.user, whisper.aloud) == ("U0ALICE", False)
    assert "asked for this promotion" in texts(whisper.blocks)
    assert "bob" in texts(whisper.blocks)
    assert waiting.slack.space.views == []


@pytest.mark.parametrize("login", ["mallory", "gus"])
def test_strangers_and_guests_get_no_window(waiting: Stage, login: str) -> None:
    message = waiting.shown()
    waiting.driver.press(login, "approve", waiting.button(message, "approve"))
    assert waiting.whisper().user == f"U0{login.upper()}"
    waiting.idle()
    assert waiting.slack.space.views == []


def test_what_changed_since_it_was_shown_is_told_and_not_decided(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("bob", "approve", waiting.button(message, "approve"))
    before = waiting.view()
    changed(waiting)
    waiting.driver.press("bob", "approve", waiting.button(message, "approve"))
    told = waiting.view(2)
    assert ("submit" in told, "P1 has changed" in texts(told["title"])) == (False, True)
    assert "policy changed" in texts(told)
    waiting.driver.submit("bob", before, {"reason": "fine"})
    waiting.act()
    assert (decisions(waiting), waiting.chat.world.state(1)) == ([], "waiting")
    assert "has changed since it was shown to you" in texts(waiting.whisper().blocks)


def test_a_window_that_is_sent_twice_decides_once(waiting: Stage) -> None:
    waiting.shown()
    approve(waiting, "bob", view_id="V77")
    waiting.driver.submit("bob", waiting.view(), {"reason": "fine"}, view_id="V77")
    assert waiting.kept() == 1
    waiting.act()
    assert decisions(waiting) == [("bob", True)]


def test_a_doubled_click_opens_two_windows_and_decides_once(waiting: Stage) -> None:
    waiting.shown()
    approve(waiting, "bob")
    approve(waiting, "bob")
    waiting.act()
    assert decisions(waiting) == [("bob", True)]


def test_two_people_at_once_give_one_decision_each(waiting: Stage) -> None:
    waiting.chat.world.say("bob", "approve P1")
    waiting.chat.world.say("alice", "promote churn 1 to production")
    message = waiting.shown()
    views = []
    for place, login in enumerate(("bob", "carol"), start=1):
        waiting.driver.press(login, "approve", waiting.button(message, "approve"))
        views.append((login, waiting.view(place)))
    clicks = [
        threading.Thread(
            target=waiting.driver.submit, args=(login, view, {"reason": "fine"}), kwargs={"view_id": login}
        )
        for (login, view), view_id in zip(views, ("V1", "V2"), strict=True)
        for _ in range(3)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert waiting.kept() == 2
    waiting.act()
    assert sorted(decisions(waiting, "P2")) == [("bob", True), ("carol", True)]
    assert waiting.chat.world.state(2) == "promoted"


def test_two_hundred_clicks_in_a_burst_end_in_one_decision(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("bob", "approve", waiting.button(message, "approve"))
    view = waiting.view()
    windows = [f"V{number % 20}" for number in range(200)]
    with ThreadPoolExecutor(16) as people:
        clicks = [people.submit(waiting.driver.submit, "bob", view, {"reason": "fine"}, view_id=one) for one in windows]
    assert {click.result().status_code for click in clicks} == {200}
    assert waiting.kept() == 20
    waiting.act()
    assert (decisions(waiting), waiting.chat.world.state(1), waiting.kept()) == ([("bob", True)], "promoted", 0)


def test_a_rejection_needs_a_reason_and_the_window_says_so(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("bob", "reject", waiting.button(message, "reject"))
    answer = waiting.driver.submit("bob", waiting.view(), {"reason": "  \n"})
    assert answer.json()["response_action"] == "errors"
    assert (list(answer.json()["errors"]), waiting.kept()) == (["reason"], 0)


def test_details_show_one_person_all_of_it(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("carol", "details", waiting.button(message, "details"))
    assert "P1 in detail" in texts(waiting.view()["title"])


def test_details_are_not_for_guests(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("gus", "details", waiting.button(message, "details"))
    assert "guests_may_look" in texts(waiting.whisper().blocks)


def test_a_recheck_is_kept_once_however_often_slack_tells_it(waiting: Stage) -> None:
    value = waiting.button(waiting.shown(), "approve")
    for _ in range(2):
        waiting.driver.press("bob", "recheck", value, action_ts="171.2")
    assert waiting.kept() == 1
    waiting.act()
    assert waiting.chat.world.ledger("P1").count("recheck") == 1


def test_whoever_waited_too_long_is_told_to_press_again(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.slack.space.troubles["views.open"] = [Trouble(status=200, error="expired_trigger_id")]
    waiting.driver.press("bob", "approve", waiting.button(message, "approve"))
    assert "press it again" in texts(waiting.whisper().blocks)
    waiting.driver.press("bob", "approve", waiting.button(message, "approve"))
    assert waiting.view()["callback_id"] == "gatehouse_approve"


@pytest.mark.parametrize("value", ["", "{}", "[]", '{"promotion": 1}'])
def test_a_button_with_what_we_did_not_put_into_it_is_refused(waiting: Stage, value: str) -> None:
    assert waiting.driver.press("bob", "approve", value).status_code == 400


def test_a_link_is_only_acknowledged(waiting: Stage) -> None:
    answer = waiting.driver.press("bob", "open-pull-request", "")
    assert (answer.status_code, waiting.kept()) == (200, 0)


def test_a_guest_is_offered_nothing_to_promote(waiting: Stage) -> None:
    waiting.driver.command("gus", "")
    waiting.driver.command("gus", "reject P1")
    waiting.driver.command("gus", "reject P99")
    heard = {waiting.whisper(number).text for number in (1, 2, 3)}
    assert len(heard) == 1
    assert waiting.slack.space.views == []
    assert waiting.driver.suggest("gus", "model", "", {}) == []
    assert waiting.driver.suggest("alice", "model", "", {}) == ["churn"]
