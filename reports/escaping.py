"""How does untrusted text appear without acting? Escaped for the face that shows it.

Names, reasons, tags, cells and the error texts that summaries quote come from outside. In Markdown a character is
escaped only where it could act, so that the source stays readable too. GitHub makes mentions, issue links and addresses
of the *rendered* text, where no escape is left: an invisible word joiner breaks those.
"""

import re
import unicodedata
from collections.abc import Callable

LONGEST = 2_000
"""Characters of one untrusted value that are shown; what is longer is cut and says so."""
LONGEST_NAME = 80
"""The same for a name in a table."""
LONGEST_PROSE = 20_000
"""The same for a text of several paragraphs."""

JOINER = "\N{WORD JOINER}"
_DROPPED = frozenset({"Cc", "Cf", "Cs"})
_KEPT = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
"""Format characters that words need: some scripts, and emoji of several parts."""


class Safe(str):
    """Text that a template of ours made, and that is not escaped a second time."""

    __slots__ = ()


class Inert(str):
    """Text in which a chat finds nothing to do; it still has to be put into JSON."""

    __slots__ = ()


NOTHING = Inert()


def plain(value: object, *, longest: int = LONGEST) -> str:
    """Return one line of text without control, invisible and bidirectional characters."""
    text = str(value)
    line = " ".join(_visible(text[:longest]).split())
    return line if len(text) <= longest else f"{line}… ({len(text):,} characters)"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(" " if letter.isspace() else letter for letter in text if _shown(letter))


def _shown(letter: str) -> bool:
    return letter.isspace() or letter in _KEPT or unicodedata.category(letter) not in _DROPPED


def terminal(value: object) -> str:
    """Return text as a terminal may show it."""
    if isinstance(value, Safe):
        return value
    return "" if value is None else plain(value)


def markdown(value: object) -> str:
    """Return text that Markdown shows as it stands: no HTML, link, mention, emphasis, block or cell comes of it."""
    if isinstance(value, Safe):
        return value
    return "" if value is None else _inert(plain(value))


def code(value: object) -> Safe:
    """Return a digest, path or address as a code span, or escaped text where a span could not hold it."""
    text = "" if value is None else plain(value)
    spannable = text and not set(text) & {"`", "|"}
    return Safe(f"`{text}`" if spannable else _inert(text))


def name(value: object) -> Safe:
    """Return a name for a table: escaped, and never too long to read the rest."""
    return Safe(_inert(plain(value, longest=LONGEST_NAME)))


def prose(value: object) -> Safe:
    """Return a text of several lines: its paragraphs and bullets stay, and nothing else in it acts."""
    text = str(value)
    lines = [_prose_line(line) for line in text[:LONGEST_PROSE].splitlines()]
    shown = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Safe(shown if len(text) <= LONGEST_PROSE else f"{shown}\n\n… ({len(text):,} characters)")


def _prose_line(line: str) -> str:
    found = _ITEM.match(line)
    text = _inert(plain(found["text"] if found else line, longest=LONGEST_PROSE))
    return f"{found['number'] or '-'} {text}" if found else text


def given(value: object) -> Safe:
    """Return escaped text, or say that nobody provided it."""
    return Safe(markdown(value) or "*not provided*")


def inert(value: object, *, longest: int = LONGEST) -> Inert:
    """Return one line for a chat's own literal text: no markup is read there, but clients look for addresses in it."""
    if isinstance(value, Inert):
        return value
    return Inert(_joined("" if value is None else plain(value, longest=longest)))


def inert_lines(value: object) -> Inert:
    """Return lines of a terminal for a block of code in a chat: as `inert`, with the spaces that line them up."""
    lines = [_joined(_visible(line.expandtabs()).rstrip()) for line in str(value).splitlines()]
    return Inert("\n".join(lines).strip("\n"))


def mrkdwn(value: object) -> str:
    """Return one line for what Slack reads as mrkdwn: no mention, link, emphasis, code, quote or emoji comes of it.

    mrkdwn has no escape for its marks: between two joiners a mark stands neither at a word's edge nor at a blank.
    https://docs.slack.dev/messaging/formatting-message-text
    """
    text = _MARKS.sub(rf"{JOINER}\g<0>{JOINER}", inert(value))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _joined(text: str) -> str:
    """Break what a chat would make a mention, link, emoji, date or tag of, by a joiner that nobody sees."""
    return _ACTING.sub(rf"\g<0>{JOINER}", text)


def _inert(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _each_escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{letter}" for letter in found[0])


_ACTING = re.compile(
    r"@|<(?=\S)|\{(?=\{)|\](?=\()|:(?=//|[\w+\-]+:)|(?i:www)(?=\.)|\b(?i:mailto|javascript|tel):(?=\S)"
)
_MARKS = re.compile(r"[*~`]|(?<![^\W_])_|_(?!\w)|^>")
_ITEM = re.compile(r"\s*(?:[-*•]|(?P<number>\d{1,3}[.)]))\s+(?P<text>\S.*)")
_Replacement = str | Callable[[re.Match[str]], str]
_RULES: tuple[tuple[re.Pattern[str], _Replacement], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # What always acts: escapes, code, emphasis, strikethrough, table cells.
        (r"[\\`*~|]", r"\\\g<0>"),
        # `_` acts at the edge of a word only: `true_positive_rate` stays as it is.
        (r"(?<!_)(?<![^\W_])_+|(?<!_)_+(?!\w)", _each_escaped),
        # HTML and entities.
        (r"&(?=#?\w*(?:;|$))", "&amp;"),
        (r"<", "&lt;"),
        # Links, images, footnotes and definitions; an interval's brackets stay as they are.
        (r"\](?=[(\[:]|$)|\[(?=\^)", r"\\\g<0>"),
        # Blocks, which begin a line: headings, quotes, lists, rules, tables, task boxes; and a command to the bot.
        (r"^(?:[>\[]|#{1,6}(?= |$)|[-+=](?![\d.])|:(?=-)|/(?=(?i:mlops)))|(?<= )#(?=#*$)", r"\\\g<0>"),
        (r"^(\d{1,9})([.)])(?= |$)", r"\1\\\2"),
        # What GitHub and Azure DevOps read in the rendered text: formulas, mentions, references, addresses, emoji.
        (r"\$", rf"{JOINER}\\${JOINER}"),
        (r"@|[#!](?=\d)|(?i:gh)-(?=\d)|:(?=//|[\w+\\-]+(?::|$))|(?i:www)(?=\.)", rf"\g<0>{JOINER}"),
    )
)
