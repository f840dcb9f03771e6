"""Does a platform's bad day lose nothing, repeat nothing, and keep nobody else waiting?"""

import logging
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.commands import PromotionName
from bot.ears import LONGEST_PAUSE
from bot.settings import ChannelSettings
from gates.refusal import UserError
from tests.chat.chat_world import GENERAL, ChatWorld, account, chats_around
from tests.chat.platform_standin import NO_CHANNEL, PlatformStandin
from tests.hands import Saved

pytestmark = pytest.mark.full

DAY = 86_400


class DyingError(BaseException):
    """The process dies here."""


def wait_and_converge(chats: ChatWorld, seconds: int = LONGEST_PAUSE) -> None:
    """Let the boards look again once all pauses are over."""
    chats.world.clock.now += seconds
    chats.converge()


def expect_whole(chats: ChatWorld, promotion: str, platform: PlatformStandin) -> None:
    """Expect one message that shows what is true, and a thread that has everything once and in order."""
    message = platform.the(promotion)
    assert message.post.report == chats.world.house.window().report(promotion_name(promotion))
    told = [int(line.key.split(":")[1]) for line in message.thread if not line.mentions]
    events = chats.world.house.window().lines(promotion_name(promotion), 0)
    assert told == [event.seq for event in events]


def promotion_name(promotion: str) -> PromotionName:
    """Return the name that words have."""
    return PromotionName(number=int(promotion[1:]))


def test_a_platform_that_was_down_shows_everything_once_it_is_back(two: ChatWorld) -> None:
    two.slack.down = True
    two.converge()
    two.world.say("bob", "approve P2")
    two.converge()
    assert (two.slack.messages, len(two.teams.messages)) == ([], 1)
    two.world.say("carol", "approve P2")
    two.slack.down = False
    wait_and_converge(two)
    for platform in two.platforms:
        expect_whole(two, "P2", platform)
    assert [post.report.state for post in two.slack.the("P2").shown] == ["promoted"]


def test_a_platform_that_is_down_is_asked_later_and_later(waiting: ChatWorld) -> None:
    waiting.slack.down = True
    tries = []
    for _ in range(9):
        waiting.converge()
        tries.append(waiting.world.clock.now)
        before = len(waiting.slack.calls)
        waiting.world.clock.now = waiting.row().due_at or 0
        waiting.world.clock.now -= 1
        waiting.converge()
        assert len(waiting.slack.calls) == before
        waiting.world.clock.now += 1
    assert [later - sooner for sooner, later in pairwise(tries)] == [10, 20, 40, 80, 160, 320, 640, 900]


def test_the_log_names_a_lasting_trouble_once(waiting: ChatWorld, caplog: pytest.LogCaptureFixture) -> None:
    waiting.slack.down = True
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            wait_and_converge(waiting)
    assert [record.getMessage() for record in caplog.records] == [
        "P1 cannot be shown on slack now: slack does not answer."
    ]


def test_a_channel_that_cannot_be_written_to_holds_up_no_other(saved_two: Saved, tmp_path: Path) -> None:
    apart = {"staging": ChannelSettings(slack="C0STAGING"), "default": ChannelSettings(slack=GENERAL)}
    with chats_around(saved_two.again(tmp_path / "w"), channels=apart) as chats:
        chats.slack.troubles[GENERAL] = NO_CHANNEL
        chats.world.say("alice", "promote churn 1 to staging")
        chats.world.say("carol", "rollback churn in staging --reason try")
        chats.converge()
        assert {message.channel for message in chats.slack.messages} <= {"C0STAGING"}
        assert chats.row("P2").problem == str(NO_CHANNEL)
        del chats.slack.troubles[GENERAL]
        wait_and_converge(chats)
        assert chats.the("P2").channel == GENERAL


@pytest.mark.parametrize("call", ["post", "edit", "add", "direct"])
def test_what_was_done_and_not_confirmed_is_not_done_again(pair: ChatWorld, call: str) -> None:
    lost = iter([True])
    pair.slack.forgets = lambda done: done == call and next(lost, False)
    pair.converge()
    pair.world.say("bob", "approve P2")
    wait_and_converge(pair)
    wait_and_converge(pair, DAY)
    wait_and_converge(pair)
    assert next(lost, None) is None, "nothing was lost, so nothing was tried"
    expect_whole(pair, "P2", pair.slack)
    assert [to for to, _, _ in pair.slack.directs] == [account("carol")]


@pytest.mark.parametrize("place", range(5))
def test_a_process_that_dies_between_two_lines_of_ours_repeats_nothing(pair: ChatWorld, place: int) -> None:
    calls = iter(range(place, -1, -1))

    def die(_call: str) -> bool:
        if next(calls, -1) == 0:
            raise DyingError
        return False

    pair.slack.forgets = die
    pair.world.clock.now += DAY
    pair.world.say("bob", "approve P2")
    with suppress(DyingError):
        pair.converge()
    pair.slack.forgets = lambda _call: False
    again = pair.restarted()
    again.converge()
    expect_whole(again, "P2", again.slack)
    assert len({key for _, key, _ in again.slack.directs}) == len(again.slack.directs)


def test_where_nobody_can_be_asked_a_crash_repeats_one_message_at_most(two: ChatWorld) -> None:
    lost = iter([True])
    two.teams.forgets = lambda done: done == "post" and next(lost, False)
    two.converge()
    for _ in range(3):
        wait_and_converge(two)
    assert len(two.teams.of("P2")) == 2
    assert len(two.teams.of("P2")[0].thread) == 0
    assert len(two.teams.of("P2")[1].thread) == 2


def test_a_message_that_somebody_removed_is_posted_again(pair: ChatWorld) -> None:
    pair.converge()
    pair.the("P2").removed = True
    pair.world.say("bob", "approve P2")
    pair.converge()
    expect_whole(pair, "P2", pair.slack)
    assert [mention.account for mention in pair.the("P2").post.mentions] == [None]
    assert len(pair.slack.messages) == 2


def test_a_message_that_goes_while_its_thread_grows_is_posted_again(pair: ChatWorld) -> None:
    def remove(call: str) -> None:
        if call == "add" and len(pair.slack.messages) == 1:
            pair.slack.messages[0].removed = True

    pair.slack.meanwhile = remove
    pair.converge()
    for _ in range(2):
        wait_and_converge(pair)
    expect_whole(pair, "P2", pair.slack)


def test_a_message_that_can_no_longer_be_edited_is_followed_by_another(pair: ChatWorld) -> None:
    pair.converge()
    pair.slack.messages[0].editable = False
    pair.world.say("bob", "approve P2")
    pair.converge()
    first, second = pair.slack.of("P2")
    assert [len(one.post.report.decisions) for one in (first, second)] == [0, 1]
    for _ in range(3):
        wait_and_converge(pair)
    assert len(pair.slack.messages) == 2


def test_one_who_cannot_be_reached_keeps_no_other_waiting(two: ChatWorld) -> None:
    two.converge()
    two.slack.troubles[account("bob")] = UserError("This user was deactivated.")
    two.world.clock.now += DAY
    two.converge()
    two.converge()
    assert [to for to, _, _ in two.slack.directs] == [account("carol")]
    assert two.slack.calls.count("direct") == 2


def test_a_bug_is_written_down_and_the_others_are_shown(waiting: ChatWorld) -> None:
    waiting.slack.troubles["post"] = ZeroDivisionError("a bug")
    waiting.converge()
    assert [type(bug) for bug in waiting.bugs] == [ZeroDivisionError]
    waiting.bugs.clear()
    del waiting.slack.troubles["post"]
    wait_and_converge(waiting, DAY)
    expect_whole(waiting, "P1", waiting.slack)


STEPS = ("bob approves", "look", "look", "down", "up", "restart", "wait")


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=8), forgets=st.lists(st.booleans(), max_size=12))
def test_whatever_happens_in_between_the_end_is_the_same(
    saved_two: Saved, tmp_path_factory: pytest.TempPathFactory, steps: list[str], forgets: list[bool]
) -> None:
    with chats_around(saved_two.again(tmp_path_factory.mktemp("any") / "installation")) as chats:
        chats.converge()
        lost = iter(forgets)
        chats.slack.forgets = lambda _call: next(lost, False)
        for step in steps:
            chats = take(step, chats)  # noqa: PLW2901 - the same installation in another process
        chats.slack.down = False
        chats.slack.forgets = lambda _call: False
        for _ in range(2):
            wait_and_converge(chats)
        expect_whole(chats, "P2", chats.slack)
        assert len({key for _, key, _ in chats.slack.directs}) == len(chats.slack.directs)
        chats.world.installation.database.close()


def take(step: str, chats: ChatWorld) -> ChatWorld:
    """Do one thing, and return the installation as it goes on."""
    match step:
        case "bob approves":
            chats.world.say("bob", "approve P2")
        case "down" | "up":
            chats.slack.down = step == "down"
        case "restart":
            return chats.restarted()
        case "wait":
            chats.world.clock.now += DAY // 2
        case _:
            chats.converge()
    return chats
