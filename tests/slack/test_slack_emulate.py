"""Does the stand-in behave as a Slack that nobody here wrote does, where that one can judge?

The same story is played by our own platform and hook against both. What emulate has nothing of is left out: slash
commands, buttons, windows that somebody fills in, roads back, rate limits and limits of blocks.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

from bot.chat.platform import Line, Links, MessageGoneError, Post
from bot.slack.channels import Channels
from bot.slack.hook import PATH, Hook
from bot.slack.members import Members
from bot.slack.payload import EventCallback, read
from bot.slack.platform import SlackPlatform
from bot.slack.refusals import SlackDeclined
from bot.slack.web_api import WebApi
from tests.reports.cases import CASES
from tests.slack.driver import SECRET
from tests.slack.stage import populate, served, wait_for
from tests.slack.standin.emulated import emulated
from tests.slack.standin.server import slack_standin
from tests.slack.standin.workspace import TOKEN

pytestmark = pytest.mark.full

POST = Post(report=CASES["passed"], links=Links())
LATER = Post(report=CASES["promoted"], links=Links())
LINE = Line(key="P4:7", text="approved: bob", at=0, perhaps_there=True)
PERSON = "xoxp-bob"


@dataclass(slots=True)
class Events:
    """What a hook of ours took for Slack's own."""

    heard: list[EventCallback] = field(default_factory=list)

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.heard.append(read(EventCallback, request.body))
        return BoltResponse(status=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One Slack, our platform in it, and a channel."""

    platform: SlackPlatform
    web: WebClient
    channel: str
    person: str


@contextmanager
def platform_at(base_url: str, channel: str, person: str) -> Iterator[Played]:
    api = WebApi(token=TOKEN, base_url=base_url, sleep=lambda _: None)
    platform = SlackPlatform(
        api=api, members=Members(api=api), channels=Channels(api=api), clock=lambda: int(time.time())
    )
    yield Played(platform=platform, web=WebClient(token=TOKEN, base_url=f"{base_url}/"), channel=channel, person=person)


@contextmanager
def emulate(events: str) -> Iterator[str]:
    seed = {
        "users": [{"name": "bob"}, {"name": "gatehouse"}],
        "channels": [{"name": "general-promotions"}],
        "signing_secret": SECRET,
        "tokens": [
            {"token": TOKEN, "user": "gatehouse", "type": "bot"},
            {"token": PERSON, "user": "bob", "type": "user"},
        ],
    }
    with emulated(seed, events=events) as url:
        yield f"{url}/api"


@contextmanager
def at_emulate(events: str = "http://127.0.0.1:9/") -> Iterator[Played]:
    with emulate(events) as base_url:
        web = WebClient(token=TOKEN, base_url=f"{base_url}/")
        channels = {one["name"]: one["id"] for one in web.conversations_list()["channels"]}
        people = {one["name"]: one["id"] for one in web.users_list()["members"]}
        with platform_at(base_url, channels["general-promotions"], people["bob"]) as played:
            yield played


@contextmanager
def at_standin() -> Iterator[Played]:
    with slack_standin(time.time) as slack:
        populate(slack)
        with platform_at(slack.base_url, "C0GENERAL", "U0BOB") as played:
            yield played


@pytest.fixture(params=["emulate", "stand-in"])
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    with at_emulate() if request.param == "emulate" else at_standin() as one:
        yield one


def history(played: Played) -> list[str]:
    return [str(one["ts"]) for one in played.web.conversations_history(channel=played.channel)["messages"]]


def test_a_promotion_is_posted_found_edited_and_told_of_in_its_thread(played: Played) -> None:
    name = played.platform.post(played.channel, POST)
    channel, _, ts = name.partition("/")
    assert (channel, ts in history(played)) == (played.channel, True)
    assert played.platform.find(played.channel, "P4", None) == name
    assert played.platform.find(played.channel, "P5", None) is None
    played.platform.edit(played.channel, name, LATER)
    assert played.platform.find(played.channel, "P4", LATER.digest) == name
    for _ in range(2):
        played.platform.add(played.channel, name, LINE)
    replies = played.web.conversations_replies(channel=channel, ts=ts)["messages"]
    assert [one["ts"] == ts for one in replies] == [True, False]
    assert ts in history(played)


def test_a_message_that_is_not_there_is_gone(played: Played) -> None:
    with pytest.raises(MessageGoneError):
        played.platform.edit(played.channel, f"{played.channel}/1700000000.000001", LATER)


def test_a_channel_is_known_by_its_name(played: Played) -> None:
    name = next(str(one["name"]) for one in played.web.conversations_list()["channels"] if one["id"] == played.channel)
    assert played.platform.channels.id_of(f"#{name}") == played.channel


def test_a_channel_that_nobody_knows_is_refused_by_name(played: Played) -> None:
    with pytest.raises(SlackDeclined, match="channel_not_found"):
        played.platform.post("C0NOWHERE1", POST)


def test_a_person_is_written_to_directly_and_once(played: Played) -> None:
    for _ in range(2):
        played.platform.direct(f"T/{played.person}", "P4:bob", "P4 waits for you.")
    direct = played.platform.channels.with_person(played.person)
    assert len(played.web.conversations_history(channel=direct)["messages"]) == 1


def test_members_are_members_and_who_is_unknown_is_a_guest(played: Played) -> None:
    members = played.platform.members
    assert members.is_guest(members.us().team_id, played.person) is False
    assert members.is_guest(members.us().team_id, "U0NOBODY11") is True


def test_home_is_published(played: Played) -> None:
    view = {"type": "home", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Hello."}}]}
    assert played.web.views_publish(user_id=played.person, view=view)["ok"] is True


def test_signed_events_are_taken_and_forged_ones_are_not() -> None:
    taken, refused = Events(), Events()
    for events, secret in ((taken, SECRET), (refused, "0" * 32)):
        hook = Hook(secret=secret, clock=lambda: int(time.time()), dispatch=events.dispatch)
        with served((hook.route(),)) as url, at_emulate(f"{url}{PATH}") as played:
            person = WebClient(token=PERSON, base_url=played.web.base_url)
            person.chat_postMessage(channel=played.channel, text="<@U0GATEHOUSE> status")
            if events is taken:
                wait_for(lambda: any(one.event.type == "message" for one in taken.heard))
    (message,) = [one for one in taken.heard if one.event.type == "message"]
    assert (message.by_a_person, message.words) == (True, "status")
    assert refused.heard == []
