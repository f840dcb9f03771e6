"""What happens when somebody types `/mlops`?"""

import pytest

from tests.slack.stage import Stage, texts
from tests.slack.standin.workspace import Json, Trouble


def initial(view: Json, name: str) -> object:
    """Return what is filled in already in a field."""
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    element = next(one["element"] for one in blocks if isinstance(one, dict) and one.get("block_id") == name)
    assert isinstance(element, dict)
    chosen = element.get("initial_option")
    return chosen["value"] if isinstance(chosen, dict) else element.get("initial_value")


def test_a_command_is_acknowledged_first_and_answered_where_it_was_typed(stage: Stage) -> None:
    answer = stage.driver.command("bob", "status")
    assert (answer.status_code, answer.text, stage.slack.space.whispers) == (200, "", [])
    stage.act()
    whisper = stage.whisper()
    assert (whisper.channel, whisper.user, whisper.by_url, whisper.aloud) == ("C0GENERAL", "U0BOB", True, False)


def test_a_command_that_acts_is_done_and_says_at_once_that_it_was_heard(stage: Stage) -> None:
    answer = stage.driver.command("alice", "promote churn 1 to staging --reason better")
    assert answer.text == "Heard. The answer comes here."
    stage.act()
    assert stage.chat.world.state(1) == "waiting"
    assert "P1" in texts(stage.whisper().blocks)


def test_a_retry_of_a_command_is_the_same_command(stage: Stage) -> None:
    trigger = stage.slack.space.trigger()
    for retry in range(3):
        stage.driver.command("alice", "promote churn 1 to staging", trigger=trigger, retries=retry)
    assert stage.kept() == 1


def test_the_command_alone_asks_what_to_promote(stage: Stage) -> None:
    answer = stage.driver.command("alice")
    assert (answer.status_code, answer.text) == (200, "")
    view = stage.view()
    assert view["callback_id"] == "gatehouse_promote"
    assert [initial(view, name) for name in ("model", "version", "environment")] == [None, None, None]
    assert stage.kept() == 0


def test_words_that_are_missing_are_asked_for_and_the_others_filled_in(stage: Stage) -> None:
    stage.driver.command("alice", "promote churn 1 --reason better on new customers")
    view = stage.view()
    filled = [initial(view, name) for name in ("model", "version", "environment", "reason")]
    assert filled == ["churn", "1", None, "better on new customers"]


def test_what_is_filled_in_is_the_same_command_and_answered_in_the_channel(stage: Stage) -> None:
    stage.driver.command("alice", "promote churn")
    fields = {"model": "churn", "version": "1", "environment": "staging", "reason": 'it\'s "better"\nby far'}
    sent = stage.driver.submit("alice", stage.view(), fields)
    assert (sent.status_code, sent.text) == (200, "")
    stage.act()
    promotion = stage.chat.world.promotion(1)
    assert (promotion.requester, promotion.reason) == ("alice", 'it\'s "better" by far')
    assert stage.whisper().channel == "C0GENERAL"


def test_a_rejection_without_a_reason_is_asked_for_it(waiting: Stage) -> None:
    waiting.driver.command("bob", "reject P1")
    view = waiting.view()
    assert (view["callback_id"], view["title"]) == (
        "gatehouse_reject",
        {"type": "plain_text", "text": "Reject P1", "emoji": False},
    )
    waiting.driver.submit("bob", view, {"reason": "misses last month"})
    waiting.act()
    assert waiting.chat.world.state(1) == "rejected"


def test_a_mistake_is_answered_with_the_usage(stage: Stage) -> None:
    stage.driver.command("alice", "promte churn 1 to staging")
    stage.act()
    assert "Did you mean promote?" in texts(stage.whisper().blocks)


@pytest.mark.parametrize(("login", "team"), [("gus", "T01"), ("alice", "T0ELSEWHERE"), ("nobody", "T01")])
def test_guests_and_strangers_act_on_nothing(stage: Stage, login: str, team: str) -> None:
    stage.driver.command(login, "promote churn 1 to staging", team=team)
    stage.act()
    assert "Guests" in texts(stage.whisper().blocks)
    assert stage.chat.world.ledger("P1") == []


def test_a_guest_is_looked_up_once_in_a_while_and_not_each_time(stage: Stage) -> None:
    for _ in range(3):
        stage.driver.command("bob", "status")
    assert stage.slack.space.called("users.info") == 1


def test_nobody_is_taken_for_a_member_while_slack_does_not_say(stage: Stage) -> None:
    stage.slack.space.troubles["users.info"] = [Trouble(status=503)]
    answer = stage.driver.command("alice", "promote churn 1 to staging")
    assert (answer.status_code, stage.kept()) == (200, 0)
    assert "users.info" in answer.text
    stage.driver.command("alice", "promote churn 1 to staging")
    assert stage.kept() == 1


def test_an_answer_takes_another_way_when_the_first_is_closed(stage: Stage) -> None:
    stage.driver.command("bob", "status")
    for url in stage.slack.space.urls.values():
        url.open = False
    stage.act()
    whisper = stage.whisper()
    assert (whisper.by_url, whisper.channel, whisper.user) == (False, "C0GENERAL", "U0BOB")


def test_where_the_bot_may_not_speak_the_person_hears_it_directly(stage: Stage) -> None:
    stage.driver.command("bob", "status", channel="C0SECRET1")
    stage.chat.world.clock.now += 3_600
    stage.act()
    direct = next(one for one in stage.slack.space.channels.values() if one.person == "U0BOB")
    assert len(direct.messages) == 1


def test_a_platform_that_is_down_loses_no_answer(stage: Stage) -> None:
    stage.driver.command("bob", "status")
    stage.slack.space.is_down = True
    stage.act()
    stage.slack.space.is_down = False
    stage.chat.world.clock.now += 60
    stage.act()
    assert stage.whisper().user == "U0BOB"


def test_while_the_house_is_closed_people_are_told_so(stage: Stage) -> None:
    with stage.surface.lookout.opened(stage.surface.lookout.window):
        pass  # what was opened last is closed again
    stage.driver.command("bob", "reject P1")
    assert "starting or stopping" in texts(stage.whisper().blocks)
