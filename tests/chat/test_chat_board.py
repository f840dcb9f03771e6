"""Is each promotion one message that shows what is true, with its history below it?"""

import logging
from pathlib import Path

import pytest

from bot.chat.platform import Mention
from bot.settings import ChannelSettings
from tests.chat.chat_world import GENERAL, ChatWorld, account, chats_around, world_with_people_in_chats
from tests.hands import Ear, Saved
from tests.world import POLICY

DAY = 86_400
BOB = Mention(person="bob", account=account("bob"))
CAROL = Mention(person="carol", account=account("carol"))


def texts(chats: ChatWorld, promotion: str = "P1") -> list[str]:
    """Return what a thread says."""
    return [line.text for line in chats.the(promotion).thread]


def test_a_promotion_is_one_message_that_mentions_who_can_decide(waiting: ChatWorld) -> None:
    waiting.converge()
    message = waiting.the()
    assert message.channel == GENERAL
    assert message.post.report.headline == "P1 is waiting: promote churn 1 to staging"
    assert message.post.mentions == (BOB,)
    assert texts(waiting) == ["requested: alice asks to promote v1 to staging", "evidence: pass"]


def test_what_shows_the_same_is_left_alone(waiting: ChatWorld) -> None:
    waiting.converge()
    before = list(waiting.slack.calls)
    waiting.converge()
    waiting.restarted().converge()
    assert waiting.slack.calls == before


def test_a_message_is_edited_in_place_and_its_thread_goes_on(waiting: ChatWorld) -> None:
    waiting.converge()
    waiting.world.say("bob", "approve P1 --reason numbers hold")
    waiting.converge()
    message = waiting.the()
    assert [post.report.state for post in message.shown] == ["waiting", "promoted"]
    assert message.post.mentions == ()
    assert texts(waiting)[2:] == [
        "approved: bob: numbers hold",
        "authorised: staging to v1, by bob",
        "promoted: staging to v1",
    ]
    assert [line.at for line in message.thread] == sorted(line.at for line in message.thread)
    keys = [int(line.key.removeprefix("P1:")) for line in message.thread]
    assert keys == sorted(set(keys))


def test_what_happened_while_nobody_looked_is_told_in_one_message(quiet: ChatWorld) -> None:
    quiet.converge()
    quiet.world.say("alice", "promote churn 1 to staging")
    quiet.world.say("bob", "reject P1 --reason no")
    quiet.converge()
    assert [post.report.state for post in quiet.the().shown] == ["rejected"]
    assert texts(quiet)[-1].startswith("rejected")


def test_what_ended_long_before_a_chat_was_connected_is_not_told(two: ChatWorld) -> None:
    two.converge()
    assert [message.post.report.id for message in two.slack.messages] == ["P2"]


def test_a_promotion_is_told_on_every_platform_by_the_accounts_there(two: ChatWorld) -> None:
    two.converge()
    assert two.slack.the("P2").post.mentions == (BOB, CAROL)
    there = two.teams.the("P2")
    assert there.channel == "19:general@thread.tacv2"
    assert [mention.account for mention in there.post.mentions] == [account("bob", "teams"), account("carol", "teams")]


def test_those_who_come_to_be_asked_later_are_mentioned_in_the_thread_once(quiet: ChatWorld) -> None:
    quiet.world.told = Ear("opening the pull request", quiet.converge)
    quiet.world.say("alice", "promote churn 1 to staging")
    assert [post.report.state for post in quiet.the().shown] == ["evaluating"]
    for _ in range(3):
        quiet.converge()
    (asked,) = [line for line in quiet.the().thread if line.mentions]
    assert asked.mentions == (BOB,)
    assert asked.text == "P1 waits for a decision: promote churn 1 to staging. Who can decide:"
    assert [post.report.state for post in quiet.the().shown] == ["evaluating", "waiting"]
    assert quiet.the().post.mentions == (BOB,)


def test_who_decided_is_not_mentioned_any_more_and_nobody_twice(two: ChatWorld) -> None:
    two.converge()
    two.world.say("bob", "approve P2")
    two.converge()
    message = two.the("P2")
    assert message.post.mentions == (CAROL,)
    assert [line for line in message.thread if line.mentions] == []


def test_a_person_without_an_account_is_called_by_name(saved_quiet: Saved, tmp_path: Path) -> None:
    del saved_quiet
    people = (
        "people:\n  alice: {accounts: {mlflow: alice}}\n  bob: {roles: [validator]}\n  grace: {roles: [governor]}\n"
    )
    people += "  dana: {roles: [data-steward]}\n"
    rules = {"policies/people.yaml": people}
    with world_with_people_in_chats(tmp_path / "w", rules=rules) as world, chats_around(world) as chats:
        world.say("alice", "promote churn 1 to staging")
        chats.converge()
        assert chats.the().post.mentions == (Mention(person="bob", account=None),)
        world.clock.now += 2 * DAY - 1
        chats.converge()
        assert chats.slack.directs == []


@pytest.mark.full
def test_people_are_reminded_once_after_the_time_the_policy_says(two: ChatWorld) -> None:
    two.converge()
    assert two.row("P2").due_at == two.world.clock() + DAY
    two.world.clock.now += DAY - 1
    two.converge()
    assert two.slack.directs == []
    two.world.clock.now += 1
    two.converge()
    two.converge()
    assert [to for to, _, _ in two.slack.directs] == [account("bob"), account("carol")]
    assert two.slack.directs[0][2] == (
        "P2 still waits for a decision, which can be yours: promote churn 1 to production, asked for by alice. "
        "Next: mlops approve P2, or mlops why P2."
    )
    assert [to for to, _, _ in two.teams.directs] == [account("bob", "teams"), account("carol", "teams")]


def test_who_decided_in_time_is_not_reminded(two: ChatWorld) -> None:
    two.converge()
    two.world.say("bob", "approve P2")
    two.world.clock.now += DAY
    two.converge()
    assert [to for to, _, _ in two.slack.directs] == [account("carol")]


def test_a_policy_may_keep_the_board_quiet(tmp_path: Path) -> None:
    silent = POLICY.replace("expires_after: 2d", "expires_after: 2d\n    notify: {mention: false, remind_after: null}")
    rules = {"policies/churn.yaml": silent}
    with world_with_people_in_chats(tmp_path / "w", rules=rules) as world, chats_around(world) as chats:
        world.say("alice", "promote churn 1 to staging")
        chats.converge()
        world.clock.now += 2 * DAY - 1
        chats.converge()
        assert chats.the().post.mentions == (Mention(person="bob", account=None),)
        assert not any(line.mentions for line in chats.the().thread)
        assert chats.slack.directs == []


def test_other_evidence_asks_anew_and_once(waiting: ChatWorld) -> None:
    waiting.converge()
    before = waiting.row().asked_about
    waiting.world.clock.now += DAY
    waiting.converge()
    waiting.world.target.name = "another"
    waiting.world.say("alice", "recheck P1")
    waiting.converge()
    waiting.converge()
    assert waiting.row().asked_about != before
    (asked,) = [line for line in waiting.the().thread if line.mentions]
    assert asked.mentions == (BOB,)
    assert len({line.key for line in waiting.the().thread}) == len(waiting.the().thread)


def test_a_promotion_without_a_channel_is_shown_nowhere_and_the_log_says_so_once(
    saved_waiting: Saved, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = {"elsewhere": ChannelSettings(slack="C0ELSE"), "default": ChannelSettings(teams="19:general")}
    with chats_around(saved_waiting.again(tmp_path / "w"), channels=nowhere) as chats, caplog.at_level(logging.WARNING):
        chats.converge()
        chats.restarted().converge()
        chats.world.say("alice", "withdraw P1")
        chats.converge()
    assert chats.slack.calls == []
    said = [record.getMessage() for record in caplog.records]
    nowhere_on_slack = "P1 is told nowhere on slack: app.yaml names no channel there for churn in staging"
    assert said == [f"{nowhere_on_slack} (projects, default, channels: default)."]


def test_a_channel_that_is_named_later_gets_what_is_open(waiting: ChatWorld) -> None:
    channels = waiting.routing
    waiting.routing = type(channels)({})
    waiting.converge()
    assert waiting.slack.messages == []
    waiting.routing = channels
    waiting.converge()
    assert waiting.the().channel == GENERAL
