"""What is a golden conversation made of? Lines that people type, and what somebody does elsewhere.

`> alice: promote churn 1 to staging` is what alice types; `> anybody: status` is typed by somebody whom nobody knows. A
line in parentheses is what somebody does elsewhere, in one of the ways that `ELSEWHERE` knows.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conversation import TYPED
from tests.hands import edit, move_main, on_main, open_by_hand
from tests.world import MODEL, World

FOLDER = Path(__file__).parent / "conversations"
CONVERSATIONS = sorted(path for path in FOLDER.glob("*.txt") if path.name != "readme.txt")
"""All but the one that tests/project/test_readme.py plays, with models of its own."""
OFTEN = {"first-promotion"}
IN_CHATS = [
    pytest.param(path, id=path.stem, marks=[] if path.stem in OFTEN else pytest.mark.full) for path in CONVERSATIONS
]
"""For the chats: all of them in `make test-all`."""
SPOKEN = re.compile(r"(?P<who>[a-z]+): (?P<words>.+)")
MASKS = (
    (re.compile(r"\b[0-9a-f]{40,64}\b"), "<sha>"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "<digest>"),
)


def typed_lines(path: Path) -> list[str]:
    """Return what is typed or done in a conversation, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(TYPED) for line in lines if line.startswith(TYPED)]


def elsewhere(world: World, line: str) -> str:
    """Let somebody do something elsewhere."""
    for pattern, act in ELSEWHERE:
        found = pattern.fullmatch(line)
        if found is not None:
            act(world, *found.groups())
            return ""
    raise AssertionError(f"Nobody knows how to do this: {line}")


def masked(world: World, text: str) -> str:
    """Hide what differs from run to run: where the installation lies, and digests."""
    text = text.replace(str(world.folder), "<installation>")
    for pattern, shown in MASKS:
        text = pattern.sub(shown, text)
    return text


def _sets_alias(world: World, environment: str, version: str) -> None:
    """`(mallory moves the alias staging to v2)`."""
    world.registry.set_alias(MODEL, environment, version)


def _moves_main(world: World, environment: str, version: str) -> None:
    """`(mallory writes staging: v3 on main)`."""
    move_main(world, edit(environment, version))


def _proposes(world: World, who: str, old: str, new: str) -> None:
    """`(alice opens a pull request: limit: 0.2 becomes limit: 0.1)`."""
    policy = on_main(world, "policies/churn.yaml")
    assert policy is not None
    assert old.encode() in policy
    open_by_hand(world, who, {"policies/churn.yaml": policy.replace(old.encode(), new.encode())})


ELSEWHERE: tuple[tuple[re.Pattern[str], Callable[..., None]], ...] = (
    (re.compile(r"\([a-z]+ moves the alias (\w+) to v(\d+)\)"), _sets_alias),
    (re.compile(r"\([a-z]+ writes (\w+): v(\d+) on main\)"), _moves_main),
    (re.compile(r"\(([a-z]+) opens a pull request: (.+) becomes (.+)\)"), _proposes),
)
