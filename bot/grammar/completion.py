"""What may come next on the line that a person is typing?"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.grammar.parse import Context
from bot.grammar.pattern import Keyword, Pattern, pattern_of
from bot.grammar.usage import USAGES

Names = Callable[[str], Sequence[str]]
"""Names of a kind, such as the models for `MODEL`; empty where nobody knows."""


def complete(text: str, *, names: Names, context: Context) -> list[str]:
    """Return what the last word of `text` may become, sorted; after a space, every next word."""
    *before, last = text.split(" ")
    typed = [word for word in before if word]
    if "--reason" in typed:
        return []
    offered = (pattern_of(usage.line) for usage in USAGES if context.offers(usage))
    found = {word for pattern in offered for word in _next(pattern, typed, last, names)}
    return sorted(word for word in found if word.lower().startswith(last.lower()))


def _next(pattern: Pattern, typed: list[str], last: str, names: Names) -> Iterator[str]:
    """Yield the words that may follow those typed, if this is the command meant."""
    head = pattern.head
    lowered = tuple(word.lower() for word in typed)
    if len(typed) < len(head):
        if head[: len(typed)] == lowered:
            yield head[len(typed)]
        return
    if lowered[: len(head)] != head:
        return
    values = [word for word in typed[len(head) :] if not word.startswith("--")]
    yield from _after_values(pattern, values, names)
    if last.startswith("-") or any(len(shape) == len(values) for shape in pattern.shapes):
        yield from (option.name for option in pattern.options if option.name not in lowered)


def _after_values(pattern: Pattern, values: Sequence[str], names: Names) -> Iterator[str]:
    for shape in pattern.shapes:
        fits = all(not isinstance(p, Keyword) or p.text == v.lower() for p, v in zip(shape, values, strict=False))
        if len(shape) > len(values) and fits:
            part = shape[len(values)]
            yield from (part.text,) if isinstance(part, Keyword) else _names(part.kinds, names)


def _names(kinds: Iterable[str], names: Names) -> Iterator[str]:
    for kind in kinds:
        if kind == "COMMAND":
            yield from (pattern_of(usage.line).head[0] for usage in USAGES)
        else:
            yield from names(kind)
