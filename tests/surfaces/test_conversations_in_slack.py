"""Are the golden conversations the same in Slack? The whole of what Slack is sent is kept, line by line.

Written as a person writes: a slash command for what a terminal would be told. Every message is held to Slack's limits.
"""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.conversation import Golden
from tests.conversing import FOLDER, IN_CHATS, SPOKEN, elsewhere, masked, typed_lines
from tests.reports.chat_limits import slack_message_problems
from tests.slack.driver import SECRET
from tests.slack.stage import Stage, slack_stage
from tests.slack.standin.workspace import TOKEN, Json
from tests.world import World

WRITES = ("chat.", "conversations.open", "views.")
STRANGER = "mallory"


@pytest.mark.parametrize("path", IN_CHATS)
def test_a_conversation_goes_the_same_way_in_slack(
    path: Path, world: World, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    with slack_stage(world) as stage:
        told = [{"typed": line, "sent": sent_after(stage, line)} for line in typed_lines(path)]
    page = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True)
    golden.page(FOLDER / "slack" / f"{path.stem}.json", masked(world, page) + "\n")


def sent_after(stage: Stage, line: str) -> list[JsonValue]:
    """Let somebody type or do something; return what Slack was sent because of it."""
    calls, whispers = len(stage.slack.space.calls), len(stage.slack.space.whispers)
    spoken = SPOKEN.fullmatch(line)
    if spoken is None:
        elsewhere(stage.chat.world, line)
    else:
        who = STRANGER if spoken["who"] in {"anybody", "zoe"} else spoken["who"]
        answer = stage.driver.command(who, spoken["words"])
        assert answer.status_code == 200, answer.text
        stage.idle()
        stage.act()
    stage.converge()
    written: list[JsonValue] = [
        {"method": method, **given} for method, given in stage.slack.space.calls[calls:] if method.startswith(WRITES)
    ]
    answered: list[JsonValue] = [
        {"response_url": whisper.user, "text": whisper.text, "blocks": whisper.blocks, "aloud": whisper.aloud}
        for whisper in stage.slack.space.whispers[whispers:]
        if whisper.by_url
    ]
    for one in [*answered, *written]:
        assert not problems_of(one), one
    return [*answered, *written]


def problems_of(sent: JsonValue) -> list[str]:
    """Return what Slack would not take."""
    assert isinstance(sent, dict)
    blocks: JsonValue = sent.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    assert isinstance(blocks, list)
    found: list[Json] = [block for block in blocks if isinstance(block, dict)]
    return slack_message_problems(found)
