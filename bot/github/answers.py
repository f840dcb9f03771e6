"""What does an answer look like in a pull request?

What the house says is plain text of short lines for a terminal, or Markdown that `reports` made. Either way it quotes
people, so nothing in it may act: plain text stands in a code block, a refusal is escaped. Where it is written it is cut
to what GitHub takes.
"""

import re
from dataclasses import dataclass

from pydantic import JsonValue

from bot.commands import Card, Command, Compare, PromotionName
from bot.exchange import ExitCode, Reply
from bot.grammar.usage import acts
from reports.escaping import code, markdown, prose

LONGEST_LINE = 200
"""Characters of a command that are repeated in its answer."""
MOST = 5
"""Commands that one comment may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one command."""

    text: str
    """Markdown of the answer; empty when the pull request shows the outcome anyway."""
    taken: bool
    """It acts, and was carried out."""
    refused: bool

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as it is remembered."""
        return {"text": self.text, "taken": self.taken, "refused": self.refused}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Outcome":
        """Return what was remembered."""
        return cls(text=str(document["text"]), taken=bool(document["taken"]), refused=bool(document["refused"]))


def outcome_of(command: Command, reply: Reply, here: PromotionName | None) -> Outcome:
    """Return what to tell of a reply; `here` is what the pull request is, which shows its own state."""
    if reply.code is ExitCode.WRONG_USAGE or (reply.code is ExitCode.REFUSED and "error" in reply.data):
        return refusal(reply.text)
    acting = acts(command)
    shown = acting and here is not None and str(getattr(command, "promotion", "")) == str(here)
    text = "" if shown else reply.text if isinstance(command, Card | Compare) else _block(reply.text)
    return Outcome(text=text, taken=acting, refused=False)


def refusal(text: str) -> Outcome:
    """Return what to tell of a command that was not understood, or not granted."""
    return Outcome(text=prose(text), taken=False, refused=True)


def answer(account: str, told: list[tuple[str, Outcome]]) -> str:
    """Return one answer to a comment: each command that needs words, and the words."""
    parts = [f"{_name(account)}, on {code(line[:LONGEST_LINE])}:\n\n{outcome.text}" for line, outcome in told]
    return "\n\n".join(parts)


def too_many(account: str, count: int) -> str:
    """Return the answer to a comment with more commands than one may hold."""
    return f"{_name(account)}: one comment holds at most {MOST} commands, this one has {count}. None was carried out."


def written_again(*, edited: bool) -> str:
    """Return the answer to a comment that is not taken at its word."""
    if edited:
        why = "This comment was edited before it was heard, perhaps by somebody else"
    else:
        why = "This comment was written while nobody listened, more than a day ago"
    return f"{why}, so it was not carried out. Write the command again, in a new comment."


def press_answer(account: str, button: str, text: str) -> str:
    """Return what is said about a button that a person pressed in vain; `text` is Markdown."""
    return f"{_name(account)} pressed **{button}**, which was not carried out:\n\n{text}"


def _block(text: str) -> str:
    """Show lines as a terminal does, in a fence longer than any in them."""
    lines = "\n".join("".join(c for c in line if c.isprintable()) for line in text.split("\n"))
    longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{lines}\n{fence}"


def _name(account: str) -> str:
    return f"**{markdown(account)}**"
