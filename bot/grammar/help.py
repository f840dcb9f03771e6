"""How are the commands explained to a person?"""

from bot.grammar.group import Group, Usage
from bot.grammar.mistake import UsageError, did_you_mean, quoted
from bot.grammar.usage import COMMON_OPTIONS, GROUPS, USAGES

TITLE = "mlops: the gate between a trained model and the people it will judge"
NOTES = {
    "MODEL": "MODEL is a registered model; with several projects, PROJECT/MODEL.",
    "VERSION": "VERSION is the registry's name of a version; v7 is read as 7.",
    "PROMOTION": "PROMOTION is P12, or R3 for a change of the rulebook; in its pull request it may be left out.",
    "CODE": "CODE is what link gave you in the chat, or with your forge account; it works once, for ten minutes.",
    "TEXT": "TEXT needs quotes in a shell; in a chat it runs to the end of the line.",
}
EXIT_CODES = "0 done or passing, 1 refused or failing, 2 wrong usage or bad input, 3 waiting for people, 4 unavailable"

INTRODUCTION = """# Commands

The same words work in a terminal (`mlops ...`), in the console, and as a comment line `/mlops ...` in a pull request.
This page is written from the program's own table: `pytest tests/bot --accept` renews it.
"""


def help_text(about: str | None = None, *, terminal: bool = True) -> str:
    """Explain all commands, or those that begin with the words `about`; `UsageError` when there are none."""
    return _overview(terminal=terminal) if about is None else _one(about, terminal=terminal)


def _overview(*, terminal: bool) -> str:
    groups = [_group(group) for group in GROUPS if terminal or not _for_terminals(group)]
    closing = ["Words in CAPITALS stand for values, [brackets] may be left out.", *NOTES.values()]
    parts = [TITLE, *groups, "\n".join(closing)]
    if terminal:
        parts.append(_options())
    parts.append("More on one command: help COMMAND")
    return "\n\n".join(parts)


def _for_terminals(group: Group) -> bool:
    return all(usage.terminal_only for usage in group.usages)


def _group(group: Group) -> str:
    return "\n".join([f"{group.title}:", *(f"  {usage.line}\n      {usage.says}" for usage in group.usages)])


def _options() -> str:
    lines = (f"  {option:<15} {says}" for option, says in COMMON_OPTIONS)
    return "\n".join(["Options with every command:", *lines, f"Exit codes: {EXIT_CODES}"])


def _one(about: str, *, terminal: bool) -> str:
    """Explain the command of exactly these words, else all that begin with them."""
    from bot.grammar.pattern import pattern_of  # noqa: PLC0415 - the overview does not need it, and has to be quick

    words = tuple(about.lower().split())
    offered = [usage for usage in USAGES if terminal or not usage.terminal_only]
    heads = [(pattern_of(usage.line).head, usage) for usage in offered]
    found = [usage for head, usage in heads if head == words] or [
        usage for head, usage in heads if head[: len(words)] == words
    ]
    if not found:
        raise UsageError(f"There is no command {quoted(about)}.{did_you_mean(about, [' '.join(h) for h, _ in heads])}")
    return "\n\n".join(_explained(usage) for usage in found)


def _explained(usage: Usage) -> str:
    notes = [note for word, note in NOTES.items() if word in usage.line]
    where = ["Works in a terminal only."] if usage.terminal_only else []
    return "\n".join([usage.line, f"  {usage.says}", f"  Example: {usage.example}", *(f"  {n}" for n in notes + where)])


def reference() -> str:
    """Return the guide's page of commands, in Markdown."""
    notes = "\n".join(f"- {note}" for note in NOTES.values())
    groups = "\n\n".join(f"## {group.title}\n\n{_table(group)}" for group in GROUPS)
    options = "\n".join(f"- `{option}`: {says}" for option, says in COMMON_OPTIONS)
    return (
        f"{INTRODUCTION}\n{notes}\n\n{groups}\n\n## Options of the terminal\n\n{options}\n\nExit codes: {EXIT_CODES}.\n"
    )


def _table(group: Group) -> str:
    rows = (f"| `{_cell(u.line)}` | {_cell(u.says)} | `{_cell(u.example)}` |" for u in group.usages)
    return "\n".join(["| command | what it does | example |", "|---|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
