"""Does the README show what the program says, and does it name everything that is there?"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.grammar.help import help_text
from bot.terminal.options import split_options
from gates.refusal import UserError
from tests.conversation import Golden
from tests.world import World, evaluation_table, new_world

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CONVERSATION = ROOT / "tests" / "conversations" / "readme.txt"
LAST_SHOWN = "> mlops promote churn 2 "
"""The line of the conversation before which the README's part of it ends."""
TRANSCRIPT = re.compile(r"(<!-- transcript -->\n```text\n).*?(```)", re.DOTALL)
COMMANDS = re.compile(r"(<!-- commands -->\n).*?(<!-- end -->)", re.DOTALL)
ROOMS = ("gates", "policies", "reports", "storage", "workflows", "bot")


@pytest.fixture
def played(tmp_path: Path) -> Iterator[World]:
    """A whole installation with two versions of a model: the second is better, and worse for the small group."""
    folder = tmp_path / "installation"
    table = evaluation_table(folder / "evaluation" / "churn.parquet")
    fair, harmful = table.scores(0.9), table.scores(0.9, against="small")
    with new_world(folder) as world:
        world.register(table.scores(0.3))
        world.register([harmful[row] if row % 3 == 0 else fair[row] for row in range(len(fair))])
        yield world


def test_the_conversation_goes_as_it_is_written(played: World, golden: Golden) -> None:
    def answer(line: str) -> str:
        options, words = split_options(shlex.split(line)[1:], {})
        try:
            text = played.say(options.login, shlex.join(words)).text
        except UserError as mistake:
            text = str(mistake)
        return text.replace(str(played.folder), ".gatehouse").strip()

    golden.conversation(CONVERSATION, answer)


def test_the_transcript_is_the_conversation_word_for_word(golden: Golden) -> None:
    asked = CONVERSATION.read_text(encoding="utf-8").partition("\n> ")[2]
    shown = f"> {asked.partition(LAST_SHOWN)[0].rstrip()}\n"
    golden.page(README, with_part(TRANSCRIPT, shown))


def test_the_commands_are_those_of_help(golden: Golden) -> None:
    shown = "".join(_block(title, usages) for title, usages in _groups())
    golden.page(README, with_part(COMMANDS, f"{shown}\n"))


def with_part(part: re.Pattern[str], content: str) -> str:
    """Return the README with `content` in one of its parts; a part that is missing is a mistake."""
    now, found = part.subn(lambda old: f"{old[1]}{content}{old[2]}", README.read_text(encoding="utf-8"))
    assert found == 1
    return now


def _groups() -> Iterator[tuple[str, list[str]]]:
    """Yield each heading of `mlops help` with the lines below it that say how a command is written."""
    for part in help_text().split("\n\n"):
        title, *lines = part.splitlines()
        usages = [line.strip() for line in lines if line.startswith("  ") and not line.startswith("   ")]
        if title.endswith(":") and not usages[0].startswith("--"):
            yield title.removesuffix(":"), usages


def _block(title: str, usages: list[str]) -> str:
    return f"\n{title}:\n\n```text\n" + "".join(f"{usage}\n" for usage in usages) + "```\n"


def test_the_house_has_the_rooms_that_the_readme_names() -> None:
    text = README.read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)/` \| ", text, re.MULTILINE)) == ROOMS
    assert all((ROOT / room / "__init__.py").is_file() for room in ROOMS)


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_picture_can_be_read_without_being_seen() -> None:
    picture = (ROOT / "docs" / "promotion.svg").read_text(encoding="utf-8")
    assert re.search(r'<svg [^>]*role="img"[^>]*aria-labelledby="title desc"', picture)
    assert re.search(r"<title id=\"title\">.+</title>", picture)
    assert re.search(r"<desc id=\"desc\">.+</desc>", picture)
    assert "prefers-color-scheme: dark" in picture
