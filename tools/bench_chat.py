"""How soon is a slash command acknowledged, beside a bare bolt app on the same machine?

Three servers, each a process of its own, one after the other in one run: bolt as its documentation begins, bolt with
`process_before_response`, and ours, which verifies, finds the member, keeps the command in its database and
acknowledges. Slack gives three seconds.
"""

import asyncio
import hashlib
import hmac
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import httpx

from tests.slack.driver import GENERAL, SECRET, user
from tests.slack.standin.workspace import TEAM, TOKEN

ONE_BY_ONE, AT_ONCE = 300, 200
WARM = 20
SERVERS = {
    "bare": "bolt, as its documentation begins",
    "before": "bolt with process_before_response",
    "ours": "Gatehouse: verified, kept, acknowledged",
}
NUMBERS = count(1)


def main() -> None:
    """Measure all three and print."""
    for name, title in SERVERS.items():
        with served(name) as url:
            alone, together = asyncio.run(measure(url))
        print(f"{title}\n  one after another: {told(alone)}\n  {AT_ONCE} at once: {told(together)}")  # noqa: T201 - what it is for


async def measure(url: str) -> tuple[list[float], list[float]]:
    """Return seconds of acknowledgements: of commands one after another, and of a burst."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:
        for _ in range(WARM):
            await acknowledged(client, url)
        alone = [await acknowledged(client, url) for _ in range(ONE_BY_ONE)]
        together = await asyncio.gather(*(acknowledged(client, url) for _ in range(AT_ONCE)))
    return alone, list(together)


async def acknowledged(client: httpx.AsyncClient, url: str) -> float:
    """Type `/mlops status`, and return how long the acknowledgement took, in seconds."""
    form = {
        "command": "/mlops", "text": "status", "team_id": TEAM, "user_id": user("alice"), "channel_id": GENERAL,
        "trigger_id": f"{next(NUMBERS)}.bench", "response_url": "https://hooks.slack.com/commands/nowhere",
    }  # fmt: skip
    body, now = urlencode(form).encode(), str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": now,
        "x-slack-signature": f"v0={digest}",
    }
    started = time.perf_counter()
    answer = await client.post(url, content=body, headers=headers)
    took = time.perf_counter() - started
    if answer.status_code != httpx.codes.OK:
        sys.exit(f"{url} answered {answer.status_code}: {answer.text}")
    return took


def told(seconds: list[float]) -> str:
    """Return the median, the 95th percentile and the slowest, in milliseconds."""
    ordered = sorted(1000 * one for one in seconds)
    late = ordered[int(0.95 * len(ordered))]
    return f"median {statistics.median(ordered):.1f} ms, 95 % {late:.1f} ms, slowest {ordered[-1]:.1f} ms"


@contextmanager
def served(name: str) -> Iterator[str]:
    """Run one server as a process of its own for the body."""
    secrets = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET} if name == "ours" else {}
    environment = {**os.environ, **secrets}
    command = [sys.executable, __file__, name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as server:
        if server.stdin is None or server.stdout is None:
            sys.exit("The server has no pipes.")
        yield server.stdout.readline().strip()
        server.stdin.close()


def serve_ours() -> None:
    """Serve our Slack surface around a whole installation, until standard input ends."""
    from tests.chat.chat_world import world_with_people_in_chats  # noqa: PLC0415 - only this server needs it
    from tests.slack.stage import slack_stage  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder, world_with_people_in_chats(Path(folder) / "w") as world:
        world.clock.now = int(time.time())
        with slack_stage(world) as stage:
            announce(stage.driver.address)


def serve_bolt(*, before: bool) -> None:
    """Serve a bolt app with one command, until standard input ends."""
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler  # noqa: PLC0415 - as above
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415 - as above
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415 - as above
    from starlette.requests import Request  # noqa: PLC0415 - as above
    from starlette.responses import Response  # noqa: PLC0415 - as above
    from starlette.routing import Route  # noqa: PLC0415 - as above

    from tests.slack.stage import served as over_http  # noqa: PLC0415 - as above

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token=TOKEN)

    async def command(ack: Callable[[], Awaitable[object]]) -> None:
        await ack()

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=before)
    app.command("/mlops")(command)
    handler = AsyncSlackRequestHandler(app)

    async def take(request: Request) -> Response:
        return await handler.handle(request)

    with over_http((Route("/slack/events", take, methods=["POST"]),)) as url:
        announce(f"{url}/slack/events")


def announce(url: str) -> None:
    """Say where we listen, and wait until nobody needs us any more."""
    print(url, flush=True)  # noqa: T201 - what the other process reads
    sys.stdin.read()


SERVE: Mapping[str, Callable[[], None]] = {
    "bare": lambda: serve_bolt(before=False),
    "before": lambda: serve_bolt(before=True),
    "ours": serve_ours,
}

if __name__ == "__main__":
    SERVE.get(sys.argv[-1], main)()
