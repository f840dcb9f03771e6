"""How does a person propose other rules, and what became of the proposal?"""

import json

from bot.exchange import Reply
from storage.rulebook_changes import RulebookChange
from tests.hands import Files, open_by_hand
from tests.world import POLICY, World

PATH = "policies/churn.yaml"
PEOPLE_FILE = "policies/people.yaml"
TIGHTER = POLICY.replace("limit: 0.2", "limit: 0.1").encode()


def change(world: World, number: int) -> RulebookChange:
    with world.installation.database.reading() as work:
        found = work.rulebook_changes.find(number)
    assert found is not None
    return found


def comment(world: World, number: int) -> str:
    record = json.loads((world.repository / "pulls" / f"{number}.json").read_text())
    return str(record["comments"]["gatehouse:rulebook"])


def propose(world: World, files: Files | None = None, *, login: str = "alice", branch: str = "rules") -> Reply:
    """Push a change of the policy, beside or instead of it the files given, and let it be found."""
    open_by_hand(world, login, {PATH: TIGHTER, **(files or {})}, branch=branch)
    return world.say("carol", "sync")
