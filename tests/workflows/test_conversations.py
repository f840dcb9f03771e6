"""Does the bot still say what it said? Golden conversations of several people in one whole world.

`> alice: promote churn 1 to staging` is what alice types; `> anybody: status` is typed by somebody who did not say who
they are. A line in parentheses is what somebody does elsewhere, in one of the ways that `ELSEWHERE` knows.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable, UserError
from tests.conversation import Golden
from tests.hands import edit, move_main, on_main, open_by_hand
from tests.world import MODEL, World

FOLDER = Path(__file__).parents[1] / "conversations"
CONVERSATIONS = sorted(path for path in FOLDER.glob("*.txt") if path.name != "readme.txt")
"""All but the one that tests/project/test_readme.py plays, with models of its own."""
TYPED = re.compile(r"(?P<who>[a-z]+): (?P<words>.+)")
MASKS = (
    (re.compile(r"\b[0-9a-f]{40,64}\b"), "<sha>"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "<digest>"),
)


def sets_alias(world: World, environment: str, version: str) -> None:
    """`(mallory moves the alias staging to v2)`."""
    world.registry.set_alias(MODEL, environment, version)


def moves_main(world: World, environment: str, version: str) -> None:
    """`(mallory writes staging: v3 on main)`."""
    move_main(world, edit(environment, version))


def proposes(world: World, who: str, old: str, new: str) -> None:
    """`(alice opens a pull request: limit: 0.2 becomes limit: 0.1)`."""
    policy = on_main(world, "policies/churn.yaml")
    assert policy is not None
    assert old.encode() in policy
    open_by_hand(world, who, {"policies/churn.yaml": policy.replace(old.encode(), new.encode())})


ELSEWHERE: tuple[tuple[re.Pattern[str], Callable[..., None]], ...] = (
    (re.compile(r"\([a-z]+ moves the alias (\w+) to v(\d+)\)"), sets_alias),
    (re.compile(r"\([a-z]+ writes (\w+): v(\d+) on main\)"), moves_main),
    (re.compile(r"\(([a-z]+) opens a pull request: (.+) becomes (.+)\)"), proposes),
)


def answer(world: World, line: str) -> str:
    """Let somebody type, or do something elsewhere; return what is heard, and how the command ended."""
    typed = TYPED.fullmatch(line)
    if typed is None:
        return elsewhere(world, line)
    who = None if typed["who"] == "anybody" else typed["who"]
    try:
        reply = world.say(who, typed["words"])
        text, code = reply.text, reply.code
    except UserError as mistake:
        text, code = str(mistake), ExitCode.WRONG_USAGE
    except Unavailable as asleep:
        text, code = str(asleep), ExitCode.UNAVAILABLE
    ending = "" if code is ExitCode.DONE else f"\n[exit {code.value}]"
    return masked(world, f"{text.rstrip()}{ending}")


def elsewhere(world: World, line: str) -> str:
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


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written_down(path: Path, quiet: World, golden: Golden) -> None:
    golden.conversation(path, lambda line: answer(quiet, line))
