"""Which lines of a comment are commands, and which only talk about them?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.spoken import commands_in

WHY = ("/mlops why",)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/mlops approve P12", ("/mlops approve P12",)),
        ("Thanks!\n/mlops why\nSee you", WHY),
        ("Thanks!\r\n\r\n/mlops why\r\n", WHY),
        ("   /mlops why", WHY),
        ("/mlops why  \nand so on", WHY),
        ("/mlops", ("/mlops",)),
        ("/Mlops status\n/MLOPS why", ("/Mlops status", "/MLOPS why")),
        ("/mlops why\n/mlops status\n\n/mlops help", ("/mlops why", "/mlops status", "/mlops help")),
        ('/mlops reject --reason "it is `0.3` *too* low"', ('/mlops reject --reason "it is `0.3` *too* low"',)),
        ("a<br>\n/mlops why", WHY),
        ("Kind regards\n\n/mlops why\n--\nAlice", WHY),
        ("- a list\n/mlops why", WHY),
        ("> a quote\n\n/mlops why", WHY),
        ("```\nx = 1\n```\n/mlops why", WHY),
        ("<!-- a note -->\n\n/mlops why", WHY),
        ("`code` and\n/mlops why", WHY),
        ("<!-- <pre> -->\n\n/mlops why", WHY),
    ],
)
def test_a_line_that_begins_with_the_name_is_a_command(text: str, commands: tuple[str, ...]) -> None:
    assert commands_in(text) == commands


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please /mlops why",
        "/mlopswhy",
        "mlops why",
        "\\/mlops why",
        "- /mlops why",
        "1. /mlops why",
        "# /mlops why",
        "**/mlops why**",
        "`/mlops why`",
        "`multi\n/mlops why\nline`",
        "``multi `\n/mlops why\nline``",
        "    /mlops why",
        "\t/mlops why",
        "- item\n\n      /mlops why",
        "```\n/mlops why\n```",
        "```python\n/mlops why",
        "````\n```\n/mlops why\n```\n````",
        "~~~\n/mlops why\n~~~",
        "~~~~\n~~~\n/mlops why\n~~~~",
        "   ```\n/mlops why\n   ```",
        "> /mlops why",
        "> a quote\n/mlops why",
        "> > deep\n/mlops why",
        "- > in a list\n/mlops why",
        "<!--\n/mlops why\n-->",
        "<!--\n\n/mlops why\n\n-->",
        "hm <!--\n/mlops why\n-->",
        "<pre>\n/mlops why\n\n/mlops why\n</pre>",
        "see <code>\n/mlops why\n</code>",
        "<blockquote>\n\n/mlops why\n\n</blockquote>",
        "<details><summary>log</summary>\n\n/mlops why\n\n</details>",
        "<del>\n\n/mlops why\n\n</del>",
        "<div>\n/mlops why\n</div>",
        "/mlops a | b\n---|---\n/mlops why | d",
        '[a]: /url\n"\n/mlops why\n"',
        "\N{FULLWIDTH SOLIDUS}mlops why",
        "\u2028/mlops why",
        "a\u2028/mlops why",
    ],
)
def test_code_quotes_tables_and_what_is_hidden_only_talk_about_commands(text: str) -> None:
    assert commands_in(text) == ()


def test_a_comment_that_opens_on_a_commands_line_hides_the_next_one() -> None:
    assert commands_in("/mlops approve <!--\n/mlops reject\n-->") == ("/mlops approve <!--",)
    assert commands_in("/mlops approve `\n/mlops reject\n`") == ("/mlops approve `",)


@given(text=st.text(alphabet="/mlops why`~>-<! \n\t#|*", max_size=80))
def test_every_command_is_a_line_of_its_own_as_it_was_typed(text: str) -> None:
    lines = [line.strip(" ").rstrip() for line in text.split("\n")]
    for command in commands_in(text):
        assert command in lines
        assert command.startswith("/mlops")


@given(parts=st.lists(st.sampled_from([*"ab/`~ \n", "\n/mlops why\n", "```\n", "> ", "</pre>"]), max_size=40))
def test_nothing_in_a_fence_longer_than_any_within_is_a_command(parts: list[str]) -> None:
    text = "".join(parts)
    fence = "`" * (len(text) + 3)
    assert commands_in(f"{fence}\n{text}\n{fence}") == ()


@pytest.mark.parametrize(
    "text",
    [
        ">" * 30_000,
        "`" * 30_000,
        "".join("`" * length + " " for length in range(1, 350)),
        "<" * 60_000,
        "<!-- " * 12_000,
        "- " * 30_000,
        "/mlops why\n" * 5_900,
        "a\n" * 30_000,
        "x" + " /mlops" * 9_000,
        "|a" * 15_000 + "\n" + "|-" * 15_000,
        "[a\n" * 20_000,
    ],
)
def test_no_comment_of_githubs_length_takes_long(text: str) -> None:
    before = time.process_time()
    commands_in(f"{text[:65_000]}\n/mlops why")
    assert time.process_time() - before < 5
