"""How does a text that GitHub would not take in full end at a sensible place, and where is the rest?

The cut falls between paragraphs, table rows or lines; what is open there (a code fence, a fold, a comment) is closed,
or the rest of the page would disappear in it.
"""

import re
from dataclasses import dataclass

CHECK_LIMIT = 65_535
"""Characters of a check's summary or text (docs.github.com/rest/checks/runs)."""
COMMENT_LIMIT = 65_536
"""Characters of a comment's body."""
FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
HALF_A_TAG = re.compile(r"</?[A-Za-z][^<>]*$")
LEAST_KEPT = 0.5
"""A paragraph that ends before this share of the room is no good place: a line is taken then."""
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Where all of a text can be read."""

    path: str
    url: str


def cut(text: str, limit: int, whole: Whole | None) -> str:
    """Return the text, or its beginning and a sentence that says where the rest is; never longer than `limit`."""
    if len(text) <= limit:
        return text
    note = _note(whole)
    room = limit - len(note)
    while room > 0:
        kept = _beginning(text, room)
        ending = _closing(kept)
        if len(kept) + len(ending) + len(note) <= limit:
            return f"{kept}{ending}{note}"
        room = len(kept) - len(ending)
    return note.strip()[:limit]


def first_words(text: str, limit: int) -> str:
    """Return the text, or its first whole words and an ellipsis."""
    if len(text) <= limit:
        return text
    room = text[: limit - len(ELLIPSIS) + 1]
    words = room.rsplit(" ", 1)[0] if " " in room else room[:-1]
    return words.rstrip(" ,;:") + ELLIPSIS


def _note(whole: Whole | None) -> str:
    if whole is None:
        return "\n\n*This is cut here: it is longer than GitHub shows.*"
    return f"\n\n*This is cut here: it is longer than GitHub shows. [All of it is in the branch]({whole.url}).*"


def _beginning(text: str, room: int) -> str:
    """Return the longest good beginning: whole paragraphs or rows, else whole lines, else whole words."""
    kept = text[:room]
    for end in (_end_of_block(kept), kept.rfind("\n"), kept.rfind(" ")):
        if end >= room * LEAST_KEPT:
            kept = kept[:end]
            break
    opened = kept.rfind("<!--")
    kept = kept[:opened] if opened > kept.rfind("-->") else kept
    return HALF_A_TAG.sub("", kept).rstrip()


def _end_of_block(kept: str) -> int:
    """Return where the last paragraph or table row ends."""
    row = max((found.end() for found in re.finditer(r"^\|.*\|[ \t]*(?=\n)", kept, re.MULTILINE)), default=-1)
    return max(kept.rfind("\n\n"), row)


def _closing(kept: str) -> str:
    """Return what closes the code fence and the folds that are open at the end."""
    fence, folds = _open_at_end(kept)
    return (f"\n{fence}" if fence else "") + "\n\n</details>" * folds


def _open_at_end(kept: str) -> tuple[str, int]:
    fence, folds = "", 0
    for line in kept.split("\n"):
        found = FENCE.match(line)
        if fence:
            closes = found and found["fence"].startswith(fence) and not found["info"].strip()
            fence = "" if closes else fence
        elif found:
            fence = found["fence"]
        else:
            folds = max(0, folds + line.count("<details") - line.count("</details>"))
    return fence, folds
