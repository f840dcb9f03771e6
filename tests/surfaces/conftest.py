"""The world that every golden conversation begins in, with everybody's accounts in the chats."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.chat_world import people_in_chats
from tests.hands import Saved, register_versions
from tests.world import World, evaluation_table, new_world, rulebook


@pytest.fixture(scope="session")
def registered_in_chats(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Nothing serves yet; the versions are those of every golden conversation."""
    folder = tmp_path_factory.mktemp("in-chats") / "installation"
    table = evaluation_table(folder / "evaluation" / "churn.parquet")
    with new_world(folder, rules={**rulebook(folder), "policies/people.yaml": people_in_chats().encode()}) as made:
        register_versions(made, table)
        return Saved.of(made)


@pytest.fixture
def world(registered_in_chats: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where nothing serves yet."""
    made = registered_in_chats.again(tmp_path / "installation")
    yield made
    made.installation.database.close()
