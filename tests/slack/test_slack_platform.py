"""How does a promotion appear in Slack, and what happens on Slack's bad days?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from bot.chat.platform import Answer, Line, Links, Mention, MessageGoneError, Post
from bot.settings_chat import SlackSettings
from bot.slack.answering import is_slacks
from bot.slack.origin import Origin
from bot.slack.platform import SlackPlatform
from bot.slack.refusals import SlackAsleep, SlackDeclined
from bot.slack.surface import slack_platform
from gates.refusal import Unavailable, UserError
from tests.reports.cases import CASES
from tests.slack.driver import GENERAL
from tests.slack.stage import populate, texts
from tests.slack.standin.server import SlackStandin, slack_standin
from tests.slack.standin.workspace import Channel, Message, ResponseUrl, Trouble, Workspace
from tests.world import Clock

POST = Post(report=CASES["passed"], mentions=(Mention(person="bob", account="T01/U0BOB"),), links=Links())
LATER = Post(report=CASES["promoted"], links=Links())
LINE = Line(key="P4:7", text="approved: bob said <!channel> *fine*", at=0)


@dataclass(slots=True, kw_only=True)
class Bench:
    """A platform and the workspace that it speaks to."""

    slack: SlackStandin
    platform: SlackPlatform
    clock: Clock
    rests: list[float]

    @property
    def space(self) -> Workspace:
        return self.slack.space


@pytest.fixture
def bench(variables: None) -> Iterator[Bench]:  # noqa: ARG001 - they are set
    clock = Clock()
    rests: list[float] = []
    with slack_standin(clock) as slack:
        populate(slack)
        platform = slack_platform(SlackSettings(base_url=slack.base_url), clock=clock, sleep=rests.append)
        yield Bench(slack=slack, platform=platform, clock=clock, rests=rests)


def test_a_promotion_is_one_message_edited_in_place(bench: Bench) -> None:
    name = bench.platform.post(GENERAL, POST)
    bench.platform.edit(GENERAL, name, LATER)
    (message,) = bench.space.promotions()
    assert (name, message.edits) == (f"{GENERAL}/{message.ts}", 1)
    assert "promoted" in texts(message.blocks)


def test_whoever_can_decide_is_mentioned_by_account(bench: Bench) -> None:
    bench.platform.post(GENERAL, POST)
    assert '{"type": "user", "user_id": "U0BOB"}' in texts(bench.space.promotions()[0].blocks)


def test_a_message_is_found_in_the_history_whatever_was_said_since(bench: Bench) -> None:
    name = bench.platform.post(GENERAL, POST)
    bench.platform.post(GENERAL, Post(report=replace(CASES["passed"], id="P5"), links=Links()))
    chatter = [Message(ts=bench.space.ts(), user="U0BOB", text="hello") for _ in range(450)]
    bench.space.channels[GENERAL].messages.extend(chatter)
    assert bench.platform.find(GENERAL, "P4", None) == name
    assert bench.platform.find(GENERAL, "P4", POST.digest) == name
    assert bench.platform.find(GENERAL, "P4", LATER.digest) is None
    assert bench.platform.find(GENERAL, "P6", None) is None


def test_a_message_of_somebody_else_is_not_taken_for_ours(bench: Bench) -> None:
    bench.platform.post(GENERAL, POST)
    bench.space.promotions()[0].user = "U0MALLORY"
    assert bench.platform.find(GENERAL, "P4", None) is None


def test_a_message_that_was_removed_is_said_to_be_gone(bench: Bench) -> None:
    name = bench.platform.post(GENERAL, POST)
    bench.space.channels[GENERAL].messages.clear()
    with pytest.raises(MessageGoneError):
        bench.platform.edit(GENERAL, name, LATER)


def test_the_thread_tells_the_history_and_what_people_wrote_does_nothing_there(bench: Bench) -> None:
    name = bench.platform.post(GENERAL, POST)
    line = replace(LINE, mentions=(Mention(person="bob", account="T01/U0BOB"), Mention(person="zoe", account=None)))
    bench.platform.add(GENERAL, name, line)
    (reply,) = bench.space.thread(name.partition("/")[2])
    assert "<!channel>" not in reply.text
    assert ("U0BOB" in texts(reply.blocks), "zoe" in texts(reply.blocks)) == (True, True)


def test_a_line_that_may_be_there_is_looked_for_first(bench: Bench) -> None:
    name = bench.platform.post(GENERAL, POST)
    for _ in range(3):
        bench.platform.add(GENERAL, name, replace(LINE, perhaps_there=True))
    bench.platform.add(GENERAL, name, replace(LINE, key="P4:8", perhaps_there=True))
    assert len(bench.space.thread(name.partition("/")[2])) == 2


def test_a_person_is_written_to_once_for_each_key(bench: Bench) -> None:
    for key in ("P4:bob", "P4:bob", "P5:bob"):
        bench.platform.direct("T01/U0BOB", key, "P4 waits for you.\nNext: mlops approve P4")
    direct = next(one for one in bench.space.channels.values() if one.person == "U0BOB")
    assert len(direct.messages) == 2


def test_a_channel_may_be_named_as_people_name_it(bench: Bench) -> None:
    name = bench.platform.post("#general", POST)
    assert name.startswith(GENERAL)
    assert bench.platform.find("#general", "P4", None) == name
    assert bench.space.called("conversations.list") == 1
    with pytest.raises(UserError, match="sees no Slack channel #nowhere"):
        bench.platform.post("#nowhere", POST)


def test_where_a_workspace_takes_no_tables_the_numbers_are_lined_up(bench: Bench) -> None:
    bench.space.takes_tables = False
    bench.platform.post(GENERAL, POST)
    kinds = [block["type"] for block in bench.space.promotions()[0].blocks if isinstance(block, dict)]
    assert "table" not in kinds


def test_a_request_to_slow_down_is_honoured(bench: Bench) -> None:
    bench.space.troubles["chat.postMessage"] = [Trouble(status=429, error="ratelimited", retry_after=7)]
    bench.platform.post(GENERAL, POST)
    assert (bench.rests, len(bench.space.promotions())) == ([7], 1)


def test_a_long_rest_is_left_to_whoever_keeps_what_is_due(bench: Bench) -> None:
    bench.space.troubles["chat.postMessage"] = [Trouble(status=429, error="ratelimited", retry_after=600)]
    with pytest.raises(SlackAsleep, match="600 seconds") as asleep:
        bench.platform.post(GENERAL, POST)
    assert (asleep.value.retry_after, bench.rests, bench.space.promotions()) == (600, [], [])


def test_slack_is_not_asked_for_ever(bench: Bench) -> None:
    bench.space.troubles["chat.postMessage"] = [Trouble(status=429, retry_after=1) for _ in range(9)]
    with pytest.raises(SlackAsleep):
        bench.platform.post(GENERAL, POST)
    assert bench.space.called("chat.postMessage") == 3


def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(bench: Bench) -> None:
    bench.space.troubles["chat.postMessage"] = [Trouble(status=500, after_doing=True)]
    with pytest.raises(Unavailable):
        bench.platform.post(GENERAL, POST)
    (message,) = bench.space.promotions()
    assert bench.platform.find(GENERAL, "P4", POST.digest) == f"{GENERAL}/{message.ts}"


def test_a_platform_that_is_down_is_unavailable(bench: Bench) -> None:
    bench.space.is_down = True
    for attempt in (
        lambda: bench.platform.post(GENERAL, POST),
        lambda: bench.platform.add(GENERAL, f"{GENERAL}/1.1", LINE),
        lambda: bench.platform.answer(Origin(user="U0BOB", channel=GENERAL).to_json(), Answer(text="Hello.")),
    ):
        with pytest.raises(Unavailable):
            attempt()


def test_nobody_at_the_other_end_is_unavailable(variables: None) -> None:  # noqa: ARG001 - they are set
    platform = slack_platform(SlackSettings(base_url="http://127.0.0.1:9/api"), clock=Clock(), sleep=lambda _: None)
    with pytest.raises(Unavailable, match=r"did not answer auth\.test"):
        platform.members.us()


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("unknown", "the bot sees no such channel: invite it there"),
        ("outside", "the bot is not in that channel: invite it there"),
        ("archived", "the channel is archived: unarchive it"),
        ("scopes", r"missing_scope \(chat:write\) - the app lacks a scope"),
        ("token", "Slack does not take the token"),
    ],
)
def test_what_somebody_has_to_mend_is_said_in_one_sentence(bench: Bench, state: str, says: str) -> None:
    channel = "C0OTHER11"
    if state != "unknown":
        bench.space.channels[channel] = Channel(id=channel, has_bot=state != "outside", archived=state == "archived")
    if state == "scopes":
        bench.space.scopes = frozenset()
    if state == "token":
        bench.space.token = "xoxb-another"
    with pytest.raises(SlackDeclined, match=says) as declined:
        bench.platform.post(channel, POST)
    assert "\n" not in str(declined.value)


def test_an_answer_for_all_is_given_to_all(bench: Bench) -> None:
    origin = Origin(user="U0BOB", channel=GENERAL, thread="1.1", aloud=True)
    bench.platform.answer(origin.to_json(), Answer(text="P4 waits.", private=False))
    bench.platform.answer(origin.to_json(), Answer(text="You may not.", private=True))
    assert len(bench.space.channels[GENERAL].messages) == 1
    assert [one.user for one in bench.space.whispers] == ["U0BOB"]


def test_a_road_back_that_leads_elsewhere_is_not_taken(bench: Bench) -> None:
    url = "https://evil.example/response/r1"
    origin = Origin(user="U0BOB", channel=GENERAL, response_url=url, asked_at=bench.clock())
    bench.platform.answer(origin.to_json(), Answer(text="Hello."))
    assert bench.space.whispers[0].by_url is False


def test_a_road_back_is_taken_five_times_and_then_another(bench: Bench) -> None:
    bench.space.urls["r1"] = ResponseUrl(channel=GENERAL, user="U0BOB")
    url = bench.slack.response_url("r1")
    origin = Origin(user="U0BOB", channel=GENERAL, response_url=url, asked_at=bench.clock()).to_json()
    for _ in range(6):
        bench.platform.answer(origin, Answer(text="Hello."))
    assert [one.by_url for one in bench.space.whispers] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("url", "base", "slacks"),
    [
        ("https://hooks.slack.com/commands/T/1", "https://slack.com/api", True),
        ("https://slack.com/x", "https://slack.com/api", True),
        ("https://hooks.slack-gov.com/x", "https://slack-gov.com/api", True),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/api", True),
        ("http://hooks.slack.com/x", "https://slack.com/api", False),
        ("https://notslack.com/x", "https://slack.com/api", False),
        ("https://slack.com.evil.example/x", "https://slack.com/api", False),
        ("https://evil.example/slack.com", "https://slack.com/api", False),
        ("https://slack.com@evil.example/x", "https://slack.com/api", False),
        ("http://127.0.0.1:8081/x", "http://127.0.0.1:8080/api", False),
        ("file:///etc/passwd", "https://slack.com/api", False),
        ("", "https://slack.com/api", False),
    ],
)
def test_only_slacks_own_addresses_are_answered(url: str, base: str, slacks: bool) -> None:  # noqa: FBT001 - an example
    assert is_slacks(url, base) is slacks
