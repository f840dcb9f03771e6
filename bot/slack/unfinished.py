"""Do these words lack something that a modal could ask for?

`/mlops` alone and `promote churn` are questions to be asked back in a modal, and `reject P12` lacks its reason. What is
wrong in another way is left for the grammar to name.
"""

from dataclasses import dataclass

from bot.commands import PromotionName
from bot.grammar.mistake import UsageError
from bot.grammar.parse import HELP
from bot.grammar.pattern import Keyword, Slot, pattern_of
from bot.grammar.usage import USAGES
from bot.grammar.values import read_promotion
from bot.grammar.words import words_of

REASON = "--reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A promotion that somebody began to ask for: what they said already, else empty."""

    model: str = ""
    version: str = ""
    environment: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreasoned:
    """A rejection without a reason."""

    promotion: PromotionName


def unfinished(text: str) -> Begun | Unreasoned | None:
    """Return what a modal should ask about; None when there is nothing to ask, or nothing of these is meant."""
    words = words_of(text)
    if not words:
        return Begun()
    if HELP & set(words):
        return None
    head, *rest = words
    if head.lower() == "promote":
        return _begun(rest)
    return _unreasoned(rest) if head.lower() == "reject" else None


def _begun(rest: list[str]) -> Begun | None:
    values, reason = _split(rest)
    shape = _promote_shape()
    if reason is None or len(values) >= len(shape):
        return None
    found: dict[str, str] = {}
    for part, word in zip(shape, values, strict=False):
        if isinstance(part, Slot):
            found[part.field] = word
        elif part.text != word.lower():
            return None
    return Begun(**found, reason=reason)


def _split(rest: list[str]) -> tuple[list[str], str | None]:
    """Return the values and the reason's text; None for options that `promote` does not have."""
    values, options = rest, list[str]()
    if REASON in rest:
        at = rest.index(REASON)
        values, options = rest[:at], rest[at + 1 :]
    if any(word.startswith("-") for word in values) or len(options) > 1:
        return values, None
    return values, "".join(options)


def _promote_shape() -> tuple[Keyword | Slot, ...]:
    line = next(usage.line for usage in USAGES if usage.command == "Promote")
    return pattern_of(line).shapes[0]


def _unreasoned(rest: list[str]) -> Unreasoned | None:
    if len(rest) != 1:
        return None
    try:
        return Unreasoned(promotion=read_promotion(rest[0]))
    except UsageError:
        return None
