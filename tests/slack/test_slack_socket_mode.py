"""Do we hear Slack when it cannot call us?"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import WSMsgType, web

from bot.settings_chat import SlackSettings
from bot.slack.surface import slack_platform, slack_surface
from tests.chat.chat_world import chats_around
from tests.hands import Saved
from tests.slack.stage import populate, wait_for
from tests.slack.standin.server import slack_standin
from tests.slack.standin.workspace import APP_TOKEN, TOKEN, Json, Trouble


@dataclass(slots=True, kw_only=True)
class Line:
    """Slack's end of the line: what it sends to whoever calls, and what comes back."""

    sends: list[Json]
    answers: list[Json] = field(default_factory=list)
    url: str = ""

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"type": "hello", "num_connections": 1})
        for envelope in self.sends:
            await line.send_json(envelope)
        async for message in line:
            if message.type is WSMsgType.TEXT:
                self.answers.append(json.loads(message.data))
        return line


@contextmanager
def answering(line: Line) -> Iterator[None]:
    """Let Slack answer the line for the body."""
    started, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/link", line.talk)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        line.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/link"
        started.set()
        await over.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def envelope(name: str, payload: Json, kind: str = "slash_commands") -> Json:
    """Return what Slack sends down the line."""
    return {"type": kind, "envelope_id": name, "accepts_response_payload": True, "payload": payload}


def test_what_comes_down_the_line_is_kept_once_and_acknowledged(
    saved_quiet: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    payload: Json = {
        "command": "/mlops",
        "text": "promote churn 1 to staging",
        "team_id": "T01",
        "user_id": "U0ALICE",
        "channel_id": "C0GENERAL",
        "trigger_id": "1.2.3",
        "response_url": "",
    }
    line = Line(sends=[envelope("one", payload), envelope("again", payload)])
    world = saved_quiet.again(tmp_path / "installation")
    with ExitStack() as stack:
        chat = stack.enter_context(chats_around(world))
        slack = stack.enter_context(slack_standin(world.clock))
        stack.enter_context(answering(line))
        populate(slack)
        slack.space.socket_url = line.url
        slack.space.troubles["apps.connections.open"] = [Trouble(status=500)]
        chosen = SlackSettings(base_url=slack.base_url, app_token_variable="SLACK_APP_TOKEN")
        platform = slack_platform(chosen, clock=world.clock)
        surface = stack.enter_context(
            slack_surface(chosen, platform, keep=chat.letterbox().keep, clock=world.clock, write_down=chat.write_down)
        )
        assert surface.routes == ()
        assert surface.socket_mode is not None
        surface.socket_mode.interval = 0.3
        with surface.working(chat.door):
            wait_for(lambda: len(line.answers) == 2)
        with world.installation.database.reading() as work:
            rows = work.inbox.due("slack", world.clock())
    assert {str(answer["envelope_id"]) for answer in line.answers} == {"again", "one"}
    assert [row.key for row in rows] == ["slash:1.2.3"]
