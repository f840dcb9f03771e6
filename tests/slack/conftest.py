"""What the tests of Slack share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.chat_world import world_with_people_in_chats
from tests.hands import Saved
from tests.slack.driver import SECRET
from tests.slack.stage import Stage, slack_stage
from tests.slack.standin.workspace import TOKEN


@pytest.fixture(scope="session")
def saved_quiet(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Nothing was asked for yet."""
    with world_with_people_in_chats(tmp_path_factory.mktemp("slack") / "installation") as world:
        return Saved.of(world)


@pytest.fixture(scope="session")
def saved_waiting(saved_quiet: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """P1 waits for bob."""
    world = saved_quiet.again(tmp_path_factory.mktemp("slack") / "installation")
    world.say("alice", "promote churn 1 to staging --reason better")
    return Saved.of(world)


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what the environment holds for Slack."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)


@pytest.fixture
def stage(saved_quiet: Saved, tmp_path: Path, variables: None) -> Iterator[Stage]:  # noqa: ARG001 - they are set
    """A workspace; churn 1 is good enough for staging, and nothing serves yet."""
    with slack_stage(saved_quiet.again(tmp_path / "installation")) as made:
        yield made


@pytest.fixture
def waiting(saved_waiting: Saved, tmp_path: Path, variables: None) -> Iterator[Stage]:  # noqa: ARG001 - as above
    """A workspace; P1 waits for bob."""
    with slack_stage(saved_waiting.again(tmp_path / "installation")) as made:
        yield made
