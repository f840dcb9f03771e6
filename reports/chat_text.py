"""How is a text kept within a chat's limits? Cut where a reader would pause, and never through a letter.

Chats count as JavaScript does, in UTF-16 units: most letters are one, emoji and rare scripts two.
"""

import re
import unicodedata
from collections.abc import Sequence

from reports.escaping import Inert, inert, inert_lines

ELLIPSIS = "…"
_PAUSE = re.compile(r"(?<=[.;:!?]) |, | (?=\()")
_TIED = frozenset("\N{ZERO WIDTH JOINER}\N{WORD JOINER}\N{VARIATION SELECTOR-16}")
_WEB = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(?:[/?#][!-;=?-_a-z~]*)?")
LONGEST_ADDRESS = 2_000


def units(text: str) -> int:
    """Return how long a chat takes a text to be."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def shortened(value: object, most: int) -> Inert:
    """Return inert text of at most `most` units; what is cut ends in an ellipsis, at a pause or a blank near it."""
    text = inert(value, longest=max(most, 1) * 4)
    if units(text) <= most:
        return text
    head = _whole_letters(text, most - 1)
    near = len(head) * 2 // 3
    pauses = [found.start() for found in _PAUSE.finditer(head) if found.start() >= near]
    place = pauses[-1] if pauses else head.rfind(" ", near)
    return Inert((head[:place] if place > 0 else head).rstrip(" ,;:(") + ELLIPSIS)


def shown(value: object, most: int) -> Inert:
    """Return the same, and a dash where nothing would be seen: no chat takes an empty text."""
    return shortened(value, most) or Inert("—")


def lined(value: object, *, most: int, longest: int) -> tuple[Inert, ...]:
    """Return the first lines of aligned text, each cut where it is too long; empty ones at the end are dropped."""
    lines = inert_lines(str(value)[: most * longest]).split("\n")[:most]
    return tuple(
        Inert(line if units(line) <= longest else f"{_whole_letters(line, longest - 1)}{ELLIPSIS}") for line in lines
    )


def paged(lines: Sequence[str], *, most: int, pages: int) -> tuple[tuple[Inert, ...], int]:
    """Put lines together to a few pages; return those, and how many lines are left."""
    told: list[str] = []
    for place, line in enumerate(lines):
        if told and units(told[-1]) + units(line) + 1 <= most:
            told[-1] = f"{told[-1]}\n{line}"
        elif len(told) < pages:
            told.append(line)
        else:
            return tuple(map(Inert, told)), len(lines) - place
    return tuple(Inert(page if page.strip() else "—") for page in told), 0


def web_address(value: str | None) -> Inert | None:
    """Return an address that a link may lead to; None for a path, and for whatever else is not plainly one."""
    if value is None or len(value) > LONGEST_ADDRESS or not _WEB.fullmatch(value):
        return None
    return Inert(value)


def _whole_letters(text: str, most: int) -> str:
    """Return as much of the beginning as fits, without half of a letter that is made of several."""
    place = min(len(text), most)
    while place and units(text[:place]) > most:
        place -= max(1, (units(text[:place]) - most) // 2)
    while 0 < place < len(text) and (_continues(text[place]) or text[place - 1] in _TIED):
        place -= 1
    return text[:place]


def _continues(letter: str) -> bool:
    """Does it belong to the letter before it?"""
    return letter in _TIED or bool(unicodedata.combining(letter)) or "\U0001f3fb" <= letter <= "\U0001f3ff"
