"""Which command do these words mean?"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot import commands
from bot.commands import Command, Help, PromotionName
from bot.grammar.fit import read_values
from bot.grammar.group import Usage
from bot.grammar.mistake import UsageError, did_you_mean, quoted
from bot.grammar.pattern import Option, Pattern, pattern_of
from bot.grammar.usage import USAGES
from bot.grammar.words import words_of

LONGEST_TEXT = 8_000
HELP = frozenset({"--help", "-h", "-?"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where the words were said."""

    surface: str = "terminal"
    promotion: PromotionName | None = None
    """In a pull request, the promotion that it is; PROMOTION may be left out there."""

    def offers(self, usage: Usage) -> bool:
        """Is this command for this surface?"""
        return not usage.terminal_only or self.surface == "terminal"


def parse(words: str | Sequence[str], *, context: Context) -> Command:
    """Turn a chat line, or an argument list, into a command; raise `UsageError` for what is none."""
    typed = _bounded(words)
    if not typed:
        return Help()
    wants_help = _asks_for_help(typed)
    named = [word for word in typed if word not in HELP]
    usage = _usage(named, context, help_only=wants_help) if named else None
    if wants_help:
        return Help(about=" ".join(pattern_of(usage.line).head) if usage else None)
    if usage is None:
        return Help()
    return _build(usage, typed[len(pattern_of(usage.line).head) :], context)


def _bounded(words: str | Sequence[str]) -> list[str]:
    """Return the words of a text of a sane size and encoding."""
    if sum(len(word) + 1 for word in words) > LONGEST_TEXT * (2 if isinstance(words, str) else 1):
        raise UsageError(f"That is too long for a command: more than {LONGEST_TEXT} characters.")
    typed = words_of(words) if isinstance(words, str) else list(words)
    try:
        "".join(typed).encode()
    except UnicodeEncodeError:
        raise UsageError("Those are no UTF-8 characters; write the command in UTF-8.") from None
    return typed


def _asks_for_help(typed: list[str]) -> bool:
    """Is there a `--help` that is not the text of another option?"""
    return any(word in HELP and (at == 0 or typed[at - 1] != "--reason") for at, word in enumerate(typed))


def _usage(typed: list[str], context: Context, *, help_only: bool) -> Usage | None:
    """Find the usage with the longest head that the words begin with."""
    lowered = tuple(word.lower() for word in typed[:2])
    known = [usage for usage in USAGES if pattern_of(usage.line).head[0] == lowered[0]]
    if not known:
        raise _no_such_command(typed[0], context)
    heads = {pattern_of(usage.line).head: usage for usage in known}
    usage = heads.get(lowered) or heads.get(lowered[:1])
    if usage is None and help_only:
        return known[0]
    if usage is None:
        raise _half_a_command(typed, heads)
    if not context.offers(usage):
        raise UsageError(f"{' '.join(pattern_of(usage.line).head)} works in a terminal only: mlops {usage.example}")
    return usage


def _no_such_command(word: str, context: Context) -> UsageError:
    known = {pattern_of(usage.line).head[0] for usage in USAGES if context.offers(usage)}
    return UsageError(f"There is no command {quoted(word)}.{did_you_mean(word, known) or ' Try: help'}")


def _half_a_command(typed: list[str], heads: dict[tuple[str, ...], Usage]) -> UsageError:
    """Say which second words there are after a first one that is no command alone."""
    seconds = [head[1] for head in heads]
    choice = " or ".join([", ".join(seconds[:-1]), seconds[-1]] if len(seconds) > 1 else seconds)
    lines = "\n       ".join(usage.line for usage in heads.values())
    if len(typed) == 1:
        return UsageError(f"{typed[0].lower()} needs one more word: {choice}.", lines)
    return UsageError(
        f"There is no {typed[0].lower()} {quoted(typed[1])}.{did_you_mean(typed[1], seconds)}".rstrip(), lines
    )


def _build(usage: Usage, rest: list[str], context: Context) -> Command:
    """Read the words after the command's name into its value."""
    pattern = pattern_of(usage.line)
    try:
        values, options = _split_options(pattern, rest)
        fields = {**read_values(pattern, values, context.promotion), **options}
    except UsageError as mistake:
        raise UsageError(mistake.problem, usage.line) from None
    return cast("Command", getattr(commands, usage.command)(**fields))


def _split_options(pattern: Pattern, rest: list[str]) -> tuple[list[str], dict[str, object]]:
    """Separate the options, wherever they stand, from the values.

    An option that may be given several times also takes several words, once the command has its values.
    """
    values: list[str] = []
    found: dict[str, object] = {}
    words = deque(rest)
    while words:
        word = words.popleft()
        if not _is_option(word):
            values.append(word)
            continue
        option, text = _option(pattern, word)
        if option.field in found and not option.again:
            raise UsageError(f"{option.name} is given twice.")
        value = _text(option, text if text is not None else words.popleft() if words else "") if option.value else True
        found[option.field] = (*cast("tuple[str, ...]", found.get(option.field, ())), value) if option.again else value
        while option.again and words and not _is_option(words[0]) and len(values) >= len(pattern.shapes[0]):
            found[option.field] = (*cast("tuple[str, ...]", found[option.field]), words.popleft())
    _refuse_missing(pattern, found)
    return values, found


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _refuse_missing(pattern: Pattern, found: Mapping[str, object]) -> None:
    for option in pattern.options:
        if option.required and option.field not in found:
            needs = "a reason that others can read later: " if option.value == "TEXT" else ""
            raise UsageError(f"{' '.join(pattern.head)} needs {needs}{option.name} {option.value}")


def _option(pattern: Pattern, word: str) -> tuple[Option, str | None]:
    """Return the option that a word names, and the text after its `=`."""
    name, equals, text = word.partition("=")
    for option in pattern.options:
        if option.name == name.lower() and equals and not option.value:
            raise UsageError(f"{option.name} takes no value.")
        if option.name == name.lower():
            return option, text if equals else None
    known = [option.name for option in pattern.options]
    head = " ".join(pattern.head)
    raise UsageError(f"{head} has no option {quoted(name)}.{did_you_mean(name, known)}")


def _text(option: Option, text: str) -> str:
    """Return a text for people as one line of printable characters; a name or a number as it was typed."""
    if option.value != "TEXT":
        if not text or text.startswith("--"):
            raise UsageError(f"{option.name} needs a value: {option.name} {option.value}")
        return text
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not line:
        raise UsageError(f"{option.name} needs a text.")
    return line
