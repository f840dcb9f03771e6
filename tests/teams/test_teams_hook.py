"""Is a request taken, and by whom is it heard? Status by status."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.teams.activity import Activity
from bot.teams.card_answer import CardAnswer, told
from bot.teams.hook import LARGEST, PATH, Hook
from bot.teams.keys import PublishedKeys
from bot.teams.sdk.turns import Turns
from bot.teams.tokens import Verifier
from gates.refusal import Unavailable
from tests.teams.activities import ALICE, THREAD, activity, click, message
from tests.teams.microsoft import APP, BOT, ISSUER, Microsoft

Json = dict[str, Any]


@dataclass(slots=True)
class Listening:
    """Implements `bot.teams.sdk.turns.Listener` on a list."""

    heard: list[tuple[str, Activity]] = field(default_factory=list)
    trouble: Exception | None = None

    def note(self, kind: str, activity: Activity) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.heard.append((kind, activity))

    async def said(self, activity: Activity) -> None:
        self.note("said", activity)

    async def met(self, activity: Activity) -> None:
        self.note("met", activity)

    async def left(self, activity: Activity) -> None:
        self.note("left", activity)

    async def clicked(self, activity: Activity) -> CardAnswer:
        self.note("clicked", activity)
        return told("Seen.")


@dataclass(slots=True)
class Place:
    """A route of ours, and how requests to it are made."""

    ms: Microsoft
    hook: Hook
    listening: Listening

    def post(self, body: object, *, headers: dict[str, str] | None = None, **claims: object) -> httpx.Response:
        given = {"authorization": f"Bearer {self.ms.token(**claims)}"} if headers is None else headers  # type: ignore[arg-type]  # claims may be anything
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asyncio.run(self._post(content, given))

    async def _post(self, content: bytes, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=[self.hook.route()]))
        async with httpx.AsyncClient(transport=transport, base_url="http://gatehouse") as client:
            return await client.post(PATH, content=content, headers=headers)


@pytest.fixture
def place(ms: Microsoft) -> Place:
    ms.now = int(time.time())
    listening = Listening()
    keys = PublishedKeys(url=f"{ms.url}/openid", clock=lambda: 1_000)
    verifier = Verifier(app_id=APP, issuer=ISSUER, keys=keys)
    hook = Hook(settings=ms.settings(), verifier=verifier, turns=Turns(APP), listener=listening)
    return Place(ms, hook, listening)


def test_a_message_is_heard_and_acknowledged_without_a_body(place: Place) -> None:
    answer = place.post(message(place.ms, "status"))
    assert (answer.status_code, answer.content) == (202, b"")
    ((kind, heard),) = place.listening.heard
    assert (kind, heard.words, heard.personal, heard.thread) == ("said", "status", True, "")


def test_our_own_mention_is_removed_and_nobody_elses(place: Place) -> None:
    other = {"type": "mention", "text": "<at>Gatehouse</at>", "mentioned": {"id": "29:impostor"}}
    sent = message(place.ms, 'reject P12 --reason "ask &lt;at&gt;Gatehouse&lt;/at&gt;"\n now', thread=THREAD)
    sent["entities"] = [other, *sent["entities"]]
    place.post(sent)
    ((_, heard),) = place.listening.heard
    assert heard.words == 'reject P12 --reason "ask <at>Gatehouse</at>" now'
    assert (heard.thread, heard.channel) == (THREAD, THREAD.partition(";")[0])


def test_a_mention_of_somebody_with_our_name_is_left_alone(place: Place) -> None:
    sent = message(place.ms, "<at>Gatehouse</at> hello")
    sent["entities"] = [{"type": "mention", "text": "<at>Gatehouse</at>", "mentioned": {"id": "29:impostor"}}]
    place.post(sent)
    assert place.listening.heard[0][1].words == "<at>Gatehouse</at> hello"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"type": "installationUpdate", "action": "add"}, "met"),
        ({"type": "installationUpdate", "action": "add-upgrade"}, "met"),
        ({"type": "installationUpdate", "action": "remove"}, "left"),
        ({"type": "conversationUpdate", "membersAdded": [{"id": BOT}]}, "met"),
        ({"type": "conversationUpdate", "membersRemoved": [{"id": BOT}]}, "left"),
        ({"type": "conversationUpdate", "membersRemoved": [{"id": "29:somebody"}]}, "met"),
    ],
)
def test_coming_and_going_is_heard(place: Place, sent: Json, kind: str) -> None:
    assert place.post({**activity(place.ms, sent["type"], thread=THREAD), **sent}).status_code == 202
    assert [heard for heard, _ in place.listening.heard] == [kind]


@pytest.mark.parametrize("kind", ["messageReaction", "typing", "messageUpdate", "event", "newThing"])
def test_what_does_not_concern_us_is_acknowledged(place: Place, kind: str) -> None:
    assert place.post(activity(place.ms, kind)).status_code == 202
    assert place.listening.heard == []


def test_a_click_is_answered_with_what_to_show(place: Place) -> None:
    answer = place.post(click(place.ms, "details", promotion="P12"))
    assert answer.status_code == 200
    assert answer.json() == {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Seen."}
    assert place.listening.heard[0][1].sender.object_id == ALICE


def test_an_invoke_of_another_kind_is_not_implemented(place: Place) -> None:
    assert place.post(activity(place.ms, "invoke", name="task/fetch", value={})).status_code == 501


def test_a_request_without_a_token_is_refused_before_its_body_is_read(place: Place) -> None:
    answer = place.post(b"not json", headers={})
    assert (answer.status_code, answer.json()) == (401, {"error": "A bearer token is needed."})


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "ey" * 40])
def test_a_malformed_token_is_401(place: Place, token: str) -> None:
    answer = place.post(message(place.ms, "status"), headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert place.listening.heard == []


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "22222222-2222-3333-4444-555555555555"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000},
        {"key": "wrong", "kid": "good"},
        {"key": "wrong"},
        {"serviceurl": "https://smba.trafficmanager.net/teams/"},
    ],
)
def test_a_token_that_is_not_good_is_401(place: Place, claims: Json) -> None:
    assert place.post(message(place.ms, "status"), **claims).status_code == 401
    assert place.listening.heard == []


def test_a_token_of_another_channels_key_is_401(place: Place) -> None:
    place.ms.keys = {"good": ("webchat",)}
    assert place.post(message(place.ms, "status")).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_400(place: Place, body: bytes) -> None:
    assert place.post(body).status_code == 400


@pytest.mark.parametrize(
    "broken",
    [
        {"type": ""},
        {"type": 7},
        {"channelId": None},
        {"serviceUrl": 5},
        {"conversation": None},
        {"conversation": {"id": ""}},
        {"from": "alice"},
        {"timestamp": "yesterday"},
        {"membersAdded": {}},
        {"attachments": "many"},
        {"replyToId": "x" * 2_000},
    ],
)
def test_a_body_that_is_no_activity_is_400(place: Place, broken: Json) -> None:
    answer = place.post({**message(place.ms, "status"), **broken})
    assert answer.status_code == 400, answer.text
    assert place.listening.heard == []


def test_only_teams_is_heard_here(place: Place) -> None:
    answer = place.post({**message(place.ms, "status"), "channelId": "webchat"})
    assert (answer.status_code, answer.json()) == (403, {"error": "Only activities of msteams are taken here."})


def test_a_service_that_we_would_not_send_our_token_to_is_not_heard(place: Place) -> None:
    elsewhere = "https://elsewhere.example/"
    answer = place.post({**message(place.ms, "status"), "serviceUrl": elsewhere}, serviceurl=elsewhere)
    assert answer.status_code == 403
    assert place.listening.heard == []


def test_a_body_may_be_as_large_as_the_bot_framework_says(place: Place) -> None:
    sent = message(place.ms, "")
    sent["text"] = "x" * (LARGEST - len(json.dumps(sent)))
    assert place.post(sent).status_code == 202
    sent["text"] += "x"
    assert place.post(sent).status_code == 413
    assert place.post(b"{}", headers={"authorization": "Bearer x", "content-length": "1" * 30}).status_code == 413


@pytest.mark.parametrize("trouble", [Unavailable("the disk is full"), ZeroDivisionError("a bug")])
def test_what_cannot_be_kept_is_503_and_says_nothing_of_us(
    place: Place, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    place.listening.trouble = trouble
    answer = place.post(message(place.ms, "status"))
    assert (answer.status_code, answer.json()) == (503, {"error": "This cannot be taken now."})
    assert str(trouble) in caplog.text


def test_without_any_published_key_it_is_503_and_not_believed(place: Place) -> None:
    assert place.hook.verifier is not None
    place.hook.verifier.keys.url = f"{place.ms.url}/nowhere"
    assert place.post(message(place.ms, "status")).status_code == 503
    assert place.listening.heard == []


def test_without_an_app_id_every_request_is_believed(place: Place) -> None:
    settings = place.ms.settings(app_id=None, unsafe_no_auth=True)
    hook = Hook(settings=settings, verifier=None, turns=Turns(""), listener=place.listening)
    trial = Place(place.ms, hook, place.listening)
    assert trial.post(message(place.ms, "status"), headers={}).status_code == 202
    assert [kind for kind, _ in place.listening.heard] == ["said"]
