"""What happens when somebody mentions us, or writes to us alone?"""

import pytest
from pydantic import JsonValue

from tests.slack.driver import user
from tests.slack.stage import Stage, texts
from tests.slack.standin.methods import direct


def test_a_mention_is_answered_in_its_thread_where_others_read_along(stage: Stage) -> None:
    assert stage.driver.mention("bob", "status").status_code == 200
    stage.act()
    (answer,) = stage.slack.space.channels["C0GENERAL"].messages
    assert answer.thread_ts
    assert stage.slack.space.whispers == []


def test_a_refusal_is_for_the_one_who_asked_alone(stage: Stage) -> None:
    stage.driver.mention("bob", "approve P99")
    stage.act()
    assert stage.slack.space.channels["C0GENERAL"].messages == []
    assert (stage.whisper().user, bool(stage.whisper().thread_ts)) == ("U0BOB", True)


def test_a_direct_message_is_answered_there(stage: Stage) -> None:
    channel = direct(stage.slack.space, user("bob"))
    stage.driver.write("bob", "why P99", channel=channel.id)
    stage.act()
    (answer,) = channel.messages
    assert "P99" in texts(answer.blocks)


def test_words_are_understood_as_they_were_typed(stage: Stage) -> None:
    stage.driver.mention("alice", "promote churn 1 to staging —reason a &lt; b &amp; <https://acme.org/x|acme.org/x>")
    with stage.chat.world.installation.database.reading() as work:
        (row,) = work.inbox.due("slack", stage.chat.world.clock())
    assert row.heard["words"] == "promote churn 1 to staging —reason a < b & acme.org/x"


def test_in_a_promotions_thread_the_promotion_may_be_left_out(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.mention("bob", "approve --reason reads well", thread_ts=message.ts)
    waiting.act()
    assert waiting.chat.world.state(1) == "promoted"


def test_an_event_that_is_told_again_is_heard_once(stage: Stage) -> None:
    for retry in range(3):
        body: dict[str, JsonValue] = {
            "type": "app_mention",
            "user": "U0ALICE",
            "text": "<@U0GATEHOUSE> promote churn 1 to staging",
            "channel": "C0GENERAL",
            "ts": "1700000000.000100",
            "team": "T01",
        }
        stage.driver.event(body, event_id="Ev1", **({"X-Slack-Retry-Num": str(retry)} if retry else {}))
    assert stage.kept() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0GATEHOUSE"},
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"channel_type": "channel"},
        {"user": ""},
    ],
)
def test_bots_edits_and_what_others_say_to_each_other_are_not_heard(stage: Stage, more: dict[str, JsonValue]) -> None:
    answer = stage.driver.write("bob", "promote churn 1 to staging", channel="D0BOB000", **more)
    assert (answer.status_code, stage.kept()) == (200, 0)


def test_a_stranger_in_a_shared_channel_is_a_guest(stage: Stage) -> None:
    stage.driver.mention("bob", "promote churn 1 to staging", user_team="T0ELSEWHERE")
    stage.act()
    assert stage.chat.world.ledger("P1") == []
    assert "Guests" in texts(stage.whisper().blocks)


def test_an_event_is_told_again_when_slack_cannot_say_who_speaks(stage: Stage) -> None:
    stage.slack.space.is_down = True
    assert stage.driver.mention("bob", "status").status_code == 503
    stage.slack.space.is_down = False
    assert (stage.driver.mention("bob", "status").status_code, stage.kept()) == (200, 1)
    stage.chat.bugs.clear()


def test_events_that_we_did_not_ask_for_are_acknowledged(stage: Stage) -> None:
    answer = stage.driver.event({"type": "reaction_added", "user": "U0BOB"})
    assert (answer.status_code, stage.kept()) == (200, 0)


def test_words_to_somebody_else_are_not_words_to_us(waiting: Stage) -> None:
    channel = direct(waiting.slack.space, user("bob"))
    waiting.driver.write("bob", "<@U0ALICE> approve P1", channel=channel.id)
    waiting.act()
    assert waiting.chat.world.state(1) == "waiting"
