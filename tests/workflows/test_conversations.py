"""Does the bot still say what it said? Golden conversations of several people in one whole world, at a terminal.

The same conversations are had in Slack and in Teams by tests/surfaces.
"""

from pathlib import Path

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable, UserError
from tests.conversation import Golden
from tests.conversing import CONVERSATIONS, SPOKEN, elsewhere, masked
from tests.world import World


def answer(world: World, line: str) -> str:
    """Let somebody type, or do something elsewhere; return what is heard, and how the command ended."""
    typed = SPOKEN.fullmatch(line)
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


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written_down(path: Path, quiet: World, golden: Golden) -> None:
    golden.conversation(path, lambda line: answer(quiet, line))
