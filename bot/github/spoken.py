"""Which lines of a comment are commands?

Those that GitHub shows as a line of plain text that begins with `/mlops`. A code block, a quote, a table or an HTML
comment only talks about commands. The Markdown is read by a parser, as GitHub does, and not by rules of thumb.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LINE = re.compile(r"^ {0,3}(/mlops(?:[ \t].*)?)$", re.IGNORECASE)
START = re.compile(r"/mlops(?=[ \t\n]|$)", re.IGNORECASE)
TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>pre|code|samp|kbd|tt|blockquote|q|del|s|strike|details|template)\b", re.IGNORECASE
)
"""HTML that quotes, strikes out or hides what stands in it."""
SHOWN = {"paragraph_open", "heading_open"}
"""Blocks of plain text; a line of dashes below a command, as in a signature, makes a heading of it."""


def commands_in(text: str) -> tuple[str, ...]:
    """Return the lines of a comment that are commands, in order."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = normal.split("\n")
    if not any(map(LINE.match, lines)):
        return ()
    said = (LINE.match(lines[at]) for at in _plain_lines(_parser().parse(normal)))
    return tuple(found[1].rstrip() for found in said if found)


def _plain_lines(tokens: "list[Token]") -> list[int]:
    """Return the numbers of the lines that begin with a command, outside of what quotes, strikes out or hides."""
    found: list[int] = []
    quotes, tags = 0, 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        tags = _tags(tags, token)
        if token.type != "inline" or token.map is None:
            continue
        shown = before is not None and before.type in SHOWN and not quotes
        for child in token.children or ():
            tags = _tags(tags, child)
            if child.type == COMMAND and shown and not tags:
                found.append(token.map[0] + token.content.count("\n", 0, child.meta["at"]))
    return found


def _tags(depth: int, token: "Token") -> int:
    """Follow how deep in such HTML a token leaves us."""
    if token.type in {"html_block", "html_inline"} and not token.content.lstrip().startswith("<!--"):
        for tag in TAG.finditer(token.content):
            depth = max(0, depth - 1) if tag["closes"] else depth + 1
    return depth


COMMAND = "command"


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only a comment that may hold a command needs it

    parser = MarkdownIt("commonmark").enable("table")
    parser.inline.ruler.before("text", COMMAND, _mark)
    parser.inline.ruler.enableOnly(["text", "newline", "escape", "backticks", "html_inline", COMMAND])
    parser.inline.ruler2.enableOnly(["fragments_join"])
    return parser


def _mark(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - markdown-it's rules are called so
    """Mark the beginning of a line that a command may stand in; code and HTML that began before were read already."""
    at = state.pos
    if not START.match(state.src, at) or state.src[:at].rstrip(" \t")[-1:] not in {"", "\n"}:
        return False
    if not silent:
        state.push(COMMAND, "", 0).meta = {"at": at}
    state.pos += len("/mlops")
    return True
