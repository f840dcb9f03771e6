"""How is the house's answer shown in a chat? Its lines are kept: as sentences, or lined up as a terminal has them.

What tells of promotions and rulebook changes is sentences: an outcome at the beginning of a line gets its mark. What
lines things up, such as a history, is shown as it stands.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from gates.outcome import Outcome
from reports.chat_content import Link
from reports.chat_text import lined, shortened, web_address
from reports.escaping import NOTHING, Inert
from reports.marks import MARKS

MOST_SENTENCES = 4
"""Lines of an answer without a document that are still sentences; a longer one is a page, such as help."""
MOST_LINES = 60
LONGEST_LINE = 600
LONGEST_TEXT = 9_000
MOST_VERBATIM = 200
LONGEST_VERBATIM = 300
_WORDS = "|".join(outcome.value for outcome in Outcome)
_OUTCOME = re.compile(rf"(?P<outcome>{_WORDS}) (?P<gate>[^:]+(?:: \w+)?): (?P<rest>.+)")
_LABEL = re.compile(r"(?P<label>Next(?:, for [^:]+)?|who|next|Who|FROZEN): ?(?P<rest>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One line: a mark, what is stressed, and the rest; any of them may be empty, and not all."""

    mark: str = ""
    strong: Inert = NOTHING
    text: Inert = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer: sentences with links, or aligned lines; `more` says how many are left out."""

    lines: tuple[AnswerLine, ...] = ()
    more: int = 0
    links: tuple[Link, ...] = ()
    verbatim: tuple[Inert, ...] = ()


def told(text: str, data: Mapping[str, JsonValue]) -> Told:
    """Return what to show of an answer."""
    lines = [line for line in text.splitlines() if line.strip()]
    document = _tells_of_promotions(data)
    if not document and (data.keys() - {"error"} or len(lines) > MOST_SENTENCES):
        verbatim = lined(text, most=MOST_VERBATIM, longest=LONGEST_VERBATIM)
        return Told(verbatim=verbatim, more=max(0, len(text.splitlines()) - len(verbatim)))
    shown = _within(tuple(_line(line, heading=document and not line.startswith(" ")) for line in lines[:MOST_LINES]))
    return Told(lines=shown, more=len(lines) - len(shown), links=_links(data))


def first_line(text: str) -> Inert:
    """Return an answer in one line."""
    return shortened(next((line for line in text.splitlines() if line.strip()), "Done."), LONGEST_LINE // 2)


def _tells_of_promotions(data: Mapping[str, JsonValue]) -> bool:
    return "lanes" in data or ("id" in data and "state" in data)


def _line(line: str, *, heading: bool) -> AnswerLine:
    line = line.strip()
    if heading:
        return AnswerLine(strong=_told(line))
    if found := _OUTCOME.fullmatch(line):
        outcome = Outcome(found["outcome"])
        return AnswerLine(
            mark=f"{MARKS[outcome]} {outcome.value}", strong=shortened(found["gate"], 80), text=_told(found["rest"])
        )
    if found := _LABEL.fullmatch(line):
        return AnswerLine(strong=shortened(f"{found['label']}:", 120), text=_told(found["rest"]))
    return AnswerLine(text=_told(line))


def _told(line: str) -> Inert:
    return shortened(line, LONGEST_LINE) or Inert("—")


def _within(lines: Sequence[AnswerLine]) -> tuple[AnswerLine, ...]:
    """Return as many lines as a message has room for."""
    room, kept = LONGEST_TEXT, []
    for line in lines:
        room -= len(line.strong) + len(line.text)
        if room < 0:
            break
        kept.append(line)
    return tuple(kept)


def _links(data: Mapping[str, JsonValue]) -> tuple[Link, ...]:
    """Return the pull request's address: in the text it is broken, as every address is."""
    found = data.get("pull_request")
    if not isinstance(found, dict) or not isinstance(found.get("url"), str):
        return ()
    url = web_address(str(found["url"]))
    return () if url is None else (Link(label=Inert(f"Pull request {found.get('number')}"), url=url),)
