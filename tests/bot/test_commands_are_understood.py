"""The grammar: what people type becomes the command that they mean, or a sentence that helps."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.commands import (
    Approve,
    Audit,
    AuditVerify,
    Card,
    Command,
    Compare,
    DatabaseUpgrade,
    Drift,
    Help,
    History,
    Link,
    ModelName,
    PolicyCheck,
    PolicyExplain,
    Promote,
    PromotionName,
    Recheck,
    Reject,
    Retire,
    Retrain,
    Rollback,
    RulebookTrust,
    Serve,
    Status,
    Sync,
    Why,
    Withdraw,
)
from bot.grammar.group import Usage
from bot.grammar.help import help_text, reference
from bot.grammar.mistake import UsageError
from bot.grammar.parse import Context, parse
from bot.grammar.pattern import pattern_of
from bot.grammar.usage import USAGES, acts
from tests.conversation import Golden

TERMINAL = Context(surface="terminal")
CHAT = Context(surface="console")
PULL_REQUEST = Context(surface="pull_request", promotion=PromotionName(number=9))
CHURN = ModelName(name="churn")
P12 = PromotionName(number=12)
CASES: list[tuple[str, Command]] = [
    ("promote churn 7 to staging", Promote(model=CHURN, version="7", environment="staging")),
    ("Promote churn v7 To Staging", Promote(model=CHURN, version="7", environment="staging")),
    (
        "promote lending/churn 7 to staging --reason it's better, isn't it",
        Promote(
            model=ModelName(name="churn", project="lending"),
            version="7",
            environment="staging",
            reason="it's better, isn't it",
        ),
    ),
    ("approve P12", Approve(promotion=P12)),
    ("approve p12 --reason fine by me", Approve(promotion=P12, reason="fine by me")),
    ("approve R3", Approve(promotion=PromotionName(number=3, letter="R"))),
    ("approve lending/P12", Approve(promotion=PromotionName(number=12, project="lending"))),
    ("reject P12 --reason harms a group", Reject(promotion=P12, reason="harms a group")),
    ("withdraw P12", Withdraw(promotion=P12)),
    ("recheck P12", Recheck(promotion=P12)),
    ("rollback churn in production --reason bad", Rollback(model=CHURN, environment="production", reason="bad")),
    (
        "rollback churn in production to v3 --reason bad",
        Rollback(model=CHURN, environment="production", version="3", reason="bad"),
    ),
    ("retire churn in staging --reason old", Retire(model=CHURN, environment="staging", reason="old")),
    ("retrain churn --reason drift", Retrain(model=CHURN, reason="drift")),
    ("sync", Sync()),
    ("sync --restore", Sync(restore=True)),
    ("sync churn in production --restore", Sync(model=CHURN, environment="production", restore=True)),
    ("sync --restore churn in production", Sync(model=CHURN, environment="production", restore=True)),
    ("status", Status()),
    ("status churn", Status(about=CHURN)),
    ("status p12", Status(about=P12)),
    ("why P12", Why(promotion=P12)),
    ("history churn", History(model=CHURN)),
    ("compare churn 8", Compare(model=CHURN, version="8")),
    ("compare churn 8 with 7", Compare(model=CHURN, version="8", other_version="7")),
    ("card churn", Card(model=CHURN)),
    ("card churn v2", Card(model=CHURN, version="2")),
    ("audit P12", Audit(promotion=P12)),
    ("drift churn", Drift(model=CHURN)),
    ("drift churn in production", Drift(model=CHURN, environment="production")),
    ("link", Link()),
    ("link K7MQ-2XPA", Link(code="K7MQ2XPA")),
    ("Link k7mq2xpa", Link(code="K7MQ2XPA")),
    ("help", Help()),
    ("", Help()),
    ("help audit verify", Help(about="audit verify")),
    ("promote --help", Help(about="promote")),
    ("audit verify", AuditVerify()),
    ("policy check", PolicyCheck()),
    ("policy check rules", PolicyCheck(folder="rules")),
    ("policy explain churn production", PolicyExplain(model=CHURN, environment="production")),
    ("rulebook trust 4f2a9c1", RulebookTrust(commit="4f2a9c1")),
    ("db upgrade", DatabaseUpgrade()),
    ("serve", Serve()),
]


@pytest.mark.parametrize(("text", "command"), CASES, ids=[text or "nothing" for text, _ in CASES])
def test_what_a_person_types_is_the_command_they_mean(text: str, command: Command) -> None:
    assert parse(text, context=TERMINAL) == command


@pytest.mark.parametrize("address", ["mlops ", "/mlops ", "@mlops ", "  MLOPS   ", "/mlops: "])
def test_a_chat_line_may_begin_with_the_bots_name(address: str) -> None:
    assert parse(f"{address}why P12", context=CHAT) == Why(promotion=P12)


@pytest.mark.parametrize(
    "line",
    [
        "approve P12 --reason numbers hold",
        "approve P12 —reason numbers hold",
        "approve P12 –reason numbers hold",  # noqa: RUF001 - phones type this dash
        "approve P12 --reason “numbers hold”",
        "approve P12 --reason 'numbers hold'",
        'approve P12 --reason="numbers hold"',
        "approve P12   --reason   numbers   hold  ",
        'approve --reason "numbers hold" P12',
        "approve P12 --REASON numbers hold",
    ],
)
def test_phones_and_hurry_do_not_change_what_is_meant(line: str) -> None:
    if line.endswith("P12"):
        with pytest.raises(UsageError):  # a reason runs to the end of the line unless an option follows it
            parse(line, context=CHAT)
    else:
        assert parse(line, context=CHAT) == Approve(promotion=P12, reason="numbers hold")


def test_in_a_shell_a_reason_is_one_word_of_the_argument_list() -> None:
    words = ["approve", "--reason", "--restore is not enough", "P12"]
    assert parse(words, context=TERMINAL) == Approve(promotion=P12, reason="--restore is not enough")


def test_a_reason_that_asks_for_help_is_still_a_reason() -> None:
    assert parse(["reject", "P12", "--reason", "--help"], context=TERMINAL) == Reject(promotion=P12, reason="--help")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("approve", Approve(promotion=PromotionName(number=9))),
        ("approve —reason “looks good”", Approve(promotion=PromotionName(number=9), reason="looks good")),
        ("approve P12", Approve(promotion=P12)),
        ("status", Status(about=PromotionName(number=9))),
        ("status churn", Status(about=CHURN)),
        ("why", Why(promotion=PromotionName(number=9))),
        ("sync", Sync()),
        ("promote churn 7 to staging", Promote(model=CHURN, version="7", environment="staging")),
    ],
)
def test_in_a_pull_request_the_promotion_may_be_left_out(line: str, command: Command) -> None:
    assert parse(line, context=PULL_REQUEST) == command


@pytest.mark.parametrize("context", [CHAT, PULL_REQUEST])
def test_what_is_for_a_terminal_is_refused_elsewhere(context: Context) -> None:
    for usage in USAGES:
        if usage.terminal_only:
            with pytest.raises(UsageError, match="works in a terminal only"):
                parse(usage.example, context=context)


def test_mistakes_are_answered_with_what_was_probably_meant(golden: Golden) -> None:
    def answer(line: str) -> str:
        surface, _, words = line.partition(": ")
        context = {"shell": TERMINAL, "chat": CHAT, "pull request": PULL_REQUEST}[surface]
        with pytest.raises(UsageError) as mistake:
            parse(words, context=context)
        return str(mistake.value)

    golden.conversation(Path(__file__).with_name("conversations") / "mistakes.txt", answer)


@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: usage.line)
def test_every_example_is_an_example_of_its_command(usage: Usage) -> None:
    assert type(parse(usage.example, context=TERMINAL)).__name__ == usage.command


def test_every_command_has_exactly_one_usage() -> None:
    classes = {member.__name__ for member in commands.Command.__args__}
    assert sorted(usage.command for usage in USAGES) == sorted(classes)


def test_looking_commands_do_not_act() -> None:
    looking = {Status(), Why(promotion=P12), History(model=CHURN), Card(model=CHURN), Audit(promotion=P12), Help()}
    assert not any(acts(command) for command in looking)
    assert acts(Sync())
    assert acts(RulebookTrust(commit="4f2a9c1"))


@given(st.text(max_size=200), st.sampled_from([TERMINAL, CHAT, PULL_REQUEST]))
def test_no_text_ends_in_anything_but_a_command_or_a_usage_error(text: str, context: Context) -> None:
    with suppress(UsageError):
        assert isinstance(parse(text, context=context), commands.Command)


HEADS = [pattern_of(usage.line).head for usage in USAGES]
WORDS = st.one_of(
    st.sampled_from(["to", "in", "with", "--reason", "--restore", "P12", "v7", "churn", "a/b", "--", "-", "''", "—x"]),
    st.text(max_size=12),
    st.text(st.characters(categories=["Cs", "Cc", "L"]), max_size=6),
)


@given(st.sampled_from(HEADS), st.lists(WORDS, max_size=8), st.sampled_from([TERMINAL, CHAT, PULL_REQUEST]))
def test_no_argument_list_ends_in_anything_but_a_command_or_a_usage_error(
    head: tuple[str, ...], rest: list[str], context: Context
) -> None:
    for words in ([*head, *rest], " ".join([*head, *rest])):
        with suppress(UsageError):
            assert isinstance(parse(words, context=context), commands.Command)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60))
def test_an_unquoted_reason_in_a_chat_is_the_rest_of_the_line(text: str) -> None:
    line = " ".join(text.split())
    quotes = "\"'“”„‘’«»`"  # noqa: RUF001 - quotes that phones type
    if line and line[0] not in quotes:
        assert parse(f"reject P12 --reason {line}", context=CHAT) == Reject(promotion=P12, reason=line)


def test_a_very_long_line_is_refused_quickly() -> None:
    with pytest.raises(UsageError, match="too long"):
        parse("approve P12 --reason " + "x" * 50_000, context=CHAT)


def test_names_that_could_become_paths_are_refused() -> None:
    for name in ("..", "../x", "a/../b", "/etc", "a/", ".git", "-rf", "a\\b", "<x>", "x" * 300):
        with pytest.raises(UsageError):
            parse(["status", name], context=TERMINAL)


def test_help_names_every_command_and_each_has_its_own_page() -> None:
    overview = help_text()
    for usage in USAGES:
        assert usage.line in overview
        assert usage.example in help_text(" ".join(pattern_of(usage.line).head))


def test_help_in_a_chat_leaves_out_what_works_in_a_terminal_only() -> None:
    assert "audit verify" not in help_text(terminal=False)
    assert "promote MODEL" in help_text(terminal=False)
    with pytest.raises(UsageError):
        help_text("db upgrade", terminal=False)


def test_the_guide_lists_the_commands_as_the_program_does(golden: Golden) -> None:
    golden.page(Path(__file__).parents[2] / "docs/guide/commands.md", reference())
