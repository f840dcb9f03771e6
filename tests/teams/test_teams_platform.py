"""Does our side of the connector do what it is asked, once, and say in our words why it cannot?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.lookout import Lookout
from bot.chat.platform import Answer, Line, Mention, MessageGoneError
from bot.teams.activity import read_activity
from bot.teams.address import Address
from bot.teams.directory import Directory
from bot.teams.origin import Origin
from bot.teams.own_token import OwnToken
from bot.teams.platform import TeamsPlatform
from bot.teams.sdk.connector import Connector, Message
from bot.teams.trouble import pause_of, refusal
from gates.refusal import Unavailable, UserError
from tests.fresh_database import fresh_database
from tests.teams.activities import ALICE, BOB, account, activity, message
from tests.teams.microsoft import BOT, CHANNEL, TENANT, Microsoft, Trouble
from tests.teams.room import card_of, text_of

ROOT = f"{CHANNEL};messageid=1700000000000"


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def token(ms: Microsoft, watch: Watch) -> OwnToken:
    chosen = ms.settings()
    return OwnToken(
        url=chosen.token_url, scope=chosen.scope, app_id=chosen.app_id or "", password=ms.password, clock=watch
    )


@pytest.fixture
def connector(token: OwnToken, watch: Watch) -> Iterator[Connector]:
    connector = Connector(token=token, monotonic=watch)
    with connector.running():
        yield connector


@pytest.fixture
def platform(connector: Connector, tmp_path: Path, watch: Watch) -> Iterator[TeamsPlatform]:
    database = fresh_database(tmp_path / "gatehouse.db")
    directory = Directory(database=database, tenant=TENANT, clock=watch)
    lookout = Lookout(who="Teams")
    yield TeamsPlatform(connector=connector, directory=directory, lookout=lookout)
    lookout.close()
    database.close()


@pytest.fixture
def here(ms: Microsoft) -> Address:
    return Address(service_url=ms.service_url, conversation=ROOT, tenant=TENANT, bot=BOT)


def learn(platform: TeamsPlatform, sent: dict[str, object]) -> Origin:
    """Let the platform learn from an activity; return where it came from."""
    heard = read_activity(json.loads(json.dumps(sent)))
    platform.directory.learn(heard)
    return Origin.of(heard)


def test_one_token_serves_many_requests_until_shortly_before_its_end(
    ms: Microsoft, connector: Connector, here: Address, watch: Watch
) -> None:
    for _ in range(3):
        connector.say(here, Message(text="hello"))
    asked = f"/{TENANT}/oauth2/v2.0/token"
    assert ms.count(asked) == 1
    watch.now += 3_599 - 300
    connector.say(here, Message(text="hello"))
    assert ms.count(asked) == 2


def test_a_message_says_who_is_mentioned(ms: Microsoft, connector: Connector, here: Address) -> None:
    number = connector.say(here, Message(text="<at>alice</at>: look", mentions=[("29:alice", "alice")]))
    (said,) = ms.threads[ROOT]
    assert (said["id"], said["type"], said["text"]) == (number, "message", "<at>alice</at>: look")
    (entity,) = said["entities"]
    assert (entity["type"], entity["text"], entity["mentioned"]["id"]) == ("mention", "<at>alice</at>", "29:alice")
    assert "replyToId" not in said


def test_a_thread_is_begun_with_its_first_message(ms: Microsoft, connector: Connector, here: Address) -> None:
    thread, number = connector.begin(here, CHANNEL, Message(card={"type": "AdaptiveCard"}, summary="P1 waits"))
    assert thread == f"{CHANNEL};messageid={number}"
    (said,) = ms.threads[thread]
    assert (card_of(said), said["summary"]) == ({"type": "AdaptiveCard"}, "P1 waits")


def test_a_message_is_changed_in_place(ms: Microsoft, connector: Connector, here: Address) -> None:
    thread, number = connector.begin(here, CHANNEL, Message(text="before"))
    connector.change(here.__class__(**{**_fields(here), "conversation": thread}), number, Message(text="after"))
    assert [said["text"] for said in ms.threads[thread]] == ["after"]


def _fields(address: Address) -> dict[str, str]:
    return {name: getattr(address, name) for name in ("service_url", "conversation", "tenant", "bot", "user")}


@pytest.mark.parametrize("status", [401, 408, 412, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_by_others_and_never_by_the_sdk(
    ms: Microsoft, connector: Connector, here: Address, status: int
) -> None:
    ms.troubles = [Trouble(status=status)]
    with pytest.raises(Unavailable, match=f"Teams cannot take it now \\({status} ServiceError: not now\\)"):
        connector.say(here, Message(text="hello"))
    assert ms.threads == {}


def test_a_token_that_is_refused_is_fetched_anew(ms: Microsoft, connector: Connector, here: Address) -> None:
    connector.say(here, Message(text="one"))
    ms.issued.clear()
    with pytest.raises(Unavailable):
        connector.say(here, Message(text="two"))
    connector.say(here, Message(text="three"))
    assert [said["text"] for said in ms.threads[ROOT]] == ["one", "three"]


def test_after_429_nothing_is_asked_for_as_long_as_teams_says(
    ms: Microsoft, connector: Connector, here: Address, watch: Watch
) -> None:
    ms.troubles = [Trouble(status=429, headers={"Retry-After": "30"})]
    with pytest.raises(Unavailable):
        connector.say(here, Message(text="hello"))
    asked = len(ms.requests)
    watch.now += 29
    with pytest.raises(Unavailable, match="wait for another 1 s"):
        connector.say(here, Message(text="hello"))
    assert len(ms.requests) == asked
    watch.now += 1
    connector.say(here, Message(text="hello"))


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "7", 7),
        (429, None, 5),
        (429, "soon", 5),
        (429, "9" * 30, 3_600),
        (503, "20", 20),
        (503, None, 0),
        (500, "-1", 5),
    ],
)
def test_a_pause_is_as_long_as_the_service_says_within_reason(status: int, header: str | None, seconds: int) -> None:
    assert pause_of(status, header) == seconds


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [
        (403, "BotNotInConversationRoster", UserError, "add the app to that team or chat in Teams"),
        (403, "", UserError, "add the app to that team or chat in Teams"),
        (404, "ConversationNotFound", UserError, "add the app to that team or chat in Teams"),
        (403, "MessageWritesBlocked", UserError, "whoever blocked it has to allow it again"),
        (404, "ActivityNotFoundInConversation", MessageGoneError, "is not in Teams any more"),
        (413, "RequestEntityTooLarge", UserError, "Teams does not take it (413"),
        (400, "BadSyntax", UserError, "Teams does not take it (400"),
    ],
)
def test_what_does_not_pass_says_what_to_do(status: int, code: str, kind: type[Exception], said: str) -> None:
    found = refusal(status, code, "why\x1b[31m not")
    assert type(found) is kind
    assert said in str(found)
    assert "\x1b" not in str(found)


def test_a_connector_that_is_not_there_is_unavailable(connector: Connector, here: Address) -> None:
    nowhere = Address(service_url="http://127.0.0.1:9/", conversation=here.conversation, tenant=TENANT, bot=BOT)
    with pytest.raises(Unavailable, match="Teams does not answer: ClientRequestError"):
        connector.say(nowhere, Message(text="hello"))


def test_a_wrong_secret_is_for_the_operator(ms: Microsoft, connector: Connector, here: Address) -> None:
    ms.password = "changed"
    with pytest.raises(UserError, match="does not take the app id and its secret"):
        connector.say(here, Message(text="hello"))


def test_before_it_runs_and_after_nothing_can_be_said(token: OwnToken, here: Address) -> None:
    connector = Connector(token=token)
    with pytest.raises(Unavailable, match="the server is not running"):
        connector.say(here, Message(text="hello"))
    with connector.running():
        pass
    with pytest.raises(Unavailable, match="the server is not running"):
        connector.say(here, Message(text="hello"))


def test_an_answer_for_one_person_alone_is_never_said_aloud(ms: Microsoft, platform: TeamsPlatform) -> None:
    origin = learn(platform, message(ms, "link", thread=ROOT))
    ms.members[f"29:{ALICE}"] = {"without_app": True}
    platform.answer(origin.to_json(), Answer(text="Your code is K7MQ-2XPA.", data={"code": "K7MQ-2XPA"}, private=True))
    (said,) = ms.threads[ROOT]
    assert "K7MQ" not in json.dumps(said)
    assert "add this app for yourself in Teams" in text_of(card_of(said))


def test_why_something_is_refused_is_said_in_the_thread_where_there_is_no_other_way(
    ms: Microsoft, platform: TeamsPlatform
) -> None:
    origin = learn(platform, message(ms, "approve P1", thread=ROOT))
    ms.members[f"29:{ALICE}"] = {"without_app": True}
    platform.answer(origin.to_json(), Answer(text="You asked for P1 yourself.", data={"error": "x"}, private=True))
    assert "You asked for P1 yourself." in text_of(card_of(ms.threads[ROOT][0]))


def test_a_private_answer_goes_to_the_chat_with_whoever_asked(ms: Microsoft, platform: TeamsPlatform) -> None:
    origin = learn(platform, message(ms, "link", thread=ROOT))
    for _ in range(2):
        platform.answer(origin.to_json(), Answer(text="Your code is K7MQ-2XPA.", private=True))
    assert ROOT not in ms.threads
    assert len(ms.threads[f"a:{ALICE}"]) == 2
    assert ms.count("/emea/v3/conversations") == 1


def test_somebody_who_never_wrote_is_found_by_their_object_id(ms: Microsoft, platform: TeamsPlatform) -> None:
    learn(platform, message(ms, "help"))
    platform.direct(account(BOB), "P1:reminds", "P1 still waits.")
    assert "P1 still waits." in text_of(card_of(ms.threads[f"a:{BOB}"][0]))


def test_nobody_can_be_written_to_before_teams_told_us_of_anybody(platform: TeamsPlatform) -> None:
    with pytest.raises(UserError, match="add the app to a team or for yourself"):
        platform.direct(account(BOB), "key", "hello")


def test_somebody_without_the_app_is_told_how_to_get_it(ms: Microsoft, platform: TeamsPlatform) -> None:
    learn(platform, message(ms, "help"))
    ms.members[BOB] = {"without_app": True}
    with pytest.raises(UserError, match="they add the app for themselves"):
        platform.direct(account(BOB), "key", "hello")


def test_a_chat_that_we_were_removed_from_is_forgotten(ms: Microsoft, platform: TeamsPlatform) -> None:
    learn(platform, message(ms, "help"))
    assert platform.directory.chat_with(account(ALICE)) is not None
    platform.directory.forget(read_activity(activity(ms, "installationUpdate", action="remove")))
    assert platform.directory.chat_with(account(ALICE)) is None
    learn(platform, message(ms, "help", thread=ROOT))
    assert platform.directory.knows_channel(CHANNEL)
    platform.directory.forget(read_activity(activity(ms, "installationUpdate", thread=ROOT, action="remove")))
    assert not platform.directory.knows_channel(CHANNEL)


def test_a_line_below_a_message_mentions_people_by_their_object_id(ms: Microsoft, platform: TeamsPlatform) -> None:
    learn(platform, message(ms, "help", thread=ROOT))
    people = (Mention(person="alice", account=account(ALICE)), Mention(person="bob", account=None))
    platform.add(CHANNEL, ROOT, Line(key="P1:2", text="P1 waits. @everyone <at>all</at>", at=1, mentions=people))
    card = card_of(ms.threads[ROOT][0])
    (mentioned,) = card["msteams"]["entities"]
    assert mentioned["mentioned"]["id"] == ALICE
    assert "bob" in text_of(card)


def test_a_channel_that_teams_never_told_us_of_is_for_the_operator(platform: TeamsPlatform) -> None:
    with pytest.raises(UserError, match="Teams never told us of 19:other@"):
        platform.add("19:other@thread.tacv2", "19:other@thread.tacv2;messageid=1", Line(key="k", text="t", at=1))


def test_teams_cannot_be_asked_for_what_was_posted(ms: Microsoft, platform: TeamsPlatform) -> None:
    assert platform.find(CHANNEL, "P1", None) is None
    assert ms.requests == []


def test_the_roster_is_asked_once_a_day_and_a_role_outlives_its_silence(
    ms: Microsoft, platform: TeamsPlatform, watch: Watch
) -> None:
    from bot.teams.roster import Roster  # noqa: PLC0415 - beside what it is tried with

    roster = Roster(directory=platform.directory, ask=platform.connector.member)
    heard = read_activity(message(ms, "help", thread=ROOT))
    asked = f"/emea/v3/conversations/{CHANNEL}/members/29:{ALICE}"
    assert [roster.is_guest(heard) for _ in range(3)] == [False] * 3
    assert ms.count(asked) == 1
    watch.now += 86_400
    ms.down = True
    assert roster.is_guest(heard) is False
    ms.down = False
    ms.members[f"29:{ALICE}"] = {"userRole": "guest"}
    assert roster.is_guest(heard) is True


@pytest.mark.parametrize(
    "roster",
    [
        {"userRole": "guest"},
        {"userRole": "anonymous"},
        {"userRole": ""},
        {"tenantId": "22222222-2222-2222-2222-222222222222"},
    ],
)
def test_whoever_is_not_plainly_ours_is_a_guest(ms: Microsoft, platform: TeamsPlatform, roster: dict[str, str]) -> None:
    from bot.teams.roster import Roster  # noqa: PLC0415 - beside what it is tried with

    ms.members[f"29:{ALICE}"] = roster
    asks = Roster(directory=platform.directory, ask=platform.connector.member)
    assert asks.is_guest(read_activity(message(ms, "help")))


def test_somebody_whom_the_roster_cannot_vouch_for_is_a_guest(ms: Microsoft, platform: TeamsPlatform) -> None:
    from bot.teams.roster import Roster  # noqa: PLC0415 - beside what it is tried with

    asks = Roster(directory=platform.directory, ask=platform.connector.member)
    ms.down = True
    assert asks.is_guest(read_activity(message(ms, "help")))
    nameless = message(ms, "help")
    del nameless["from"]["aadObjectId"]
    assert asks.is_guest(read_activity(nameless))
    assert read_activity(nameless).account == f"{TENANT}/without-id-29:{ALICE}"
