"""What does a reader of Markdown make of a page? A real parser's tokens, and what platforms add to rendered text."""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

JOINER = "\N{WORD JOINER}"
ACTING = frozenset(
    {"html_block", "html_inline", "link_open", "image", "fence", "code_block", "blockquote_open", "s_open"}
)
"""Kinds of tokens that no face of ours has."""
FOLD = re.compile(r"<details>\n<summary>[A-Za-z ,]+</summary>\n|</details>\n?")
RENDERED = re.compile(
    r"""
    (?<![\w/])@[\w]              # a mention
    | \#\d | GH-\d | !\d       # a reference to an issue, a work item, a pull request
    | \w@\w                      # an address
    | :// | www\.              # a link without brackets
    | :[\w+-]+:                  # an emoji
    | (?<!\u2060)\$ | \$(?!\u2060)  # a formula
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What GitHub and Azure DevOps look for in the text that is left when Markdown is done."""


def tokens_of(page: str) -> tuple[Token, ...]:
    """Parse a page as CommonMark with GitHub's tables and strikethrough."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return tuple(_flat(reader.parse(page)))


def texts_of(tokens: Iterable[Token]) -> Iterator[str]:
    """Return the text a reader sees, one string for each stretch of it outside code."""
    for token in tokens:
        if token.type == "inline":
            inner = token.children or []
            yield "".join(" " if one.type == "softbreak" else one.content for one in inner if one.type != "code_inline")


def shape_of(tokens: Iterable[Token]) -> dict[str, int]:
    """Count the headings, tables, rows and cells."""
    kinds = [token.type for token in tokens]
    return {kind: kinds.count(kind) for kind in ("heading_open", "table_open", "tr_open", "td_open", "th_open", "hr")}


def acting_in(page: str, *, ours: str = "nothing") -> list[str]:
    """Return everything in a page that would do something: markup, mentions, links, commands to the bot.

    `ours` is how the addresses of links and pictures begin that are meant.
    """
    tokens = [token for token in tokens_of(page) if not _address(token).startswith(ours)]
    found = [f"{token.type}: {token.content}" for token in tokens if token.type in ACTING and not _folds(token)]
    found += [f"rendered: {text}" for text in texts_of(tokens) if RENDERED.search(text)]
    return found + [f"command: {line}" for line in page.splitlines() if re.match(r"[\s>*+-]*/mlops\b", line)]


def _address(token: Token) -> str:
    return str(token.attrGet("href") or token.attrGet("src") or "")


def _folds(token: Token) -> bool:
    """Is it a fold of our own, in words that nobody else chose?"""
    return token.type == "html_block" and FOLD.fullmatch(token.content) is not None


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])
