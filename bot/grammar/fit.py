"""Which words fill which places of a command, and what is missing or too much?"""

from collections.abc import Sequence

from bot.commands import PromotionName
from bot.grammar.mistake import UsageError, quoted
from bot.grammar.pattern import Keyword, Pattern, Shape, Slot
from bot.grammar.values import READERS, names_promotion

PROMOTION_SLOT = Slot(("PROMOTION",), "promotion")


def read_values(pattern: Pattern, values: list[str], default: PromotionName | None) -> dict[str, object]:
    """Return the attributes that the words fill; `default` is the promotion of the pull request they stand in."""
    shape = _closest(_shapes(pattern, values, default), values)
    words = _joined(shape, values)
    _refuse_misfit(pattern, shape, words)
    filled = zip(shape, words, strict=True)
    fields = {part.field: READERS[part.kinds](word) for part, word in filled if isinstance(part, Slot)}
    return {**_defaults(pattern, default), **fields}


def _shapes(pattern: Pattern, values: list[str], default: PromotionName | None) -> list[Shape]:
    """Return the shapes to try; in a pull request PROMOTION may be left out, and words that are none are not taken."""
    shapes = list(pattern.shapes)
    if default is None or shapes[0][:1] != (PROMOTION_SLOT,):
        return shapes
    shorter = [shape[1:] for shape in shapes]
    return shapes + shorter if values and names_promotion(values[0]) else shorter


def _takes_promotion(part: Keyword | Slot) -> bool:
    return isinstance(part, Slot) and "PROMOTION" in part.kinds


def _defaults(pattern: Pattern, default: PromotionName | None) -> dict[str, object]:
    """Return the pull request's own promotion for the slot that may be left out there."""
    slots = {
        part.field for shape in pattern.shapes for part in shape if isinstance(part, Slot) and _takes_promotion(part)
    }
    return dict.fromkeys(slots, default) if default else {}


def _joined(shape: Shape, values: list[str]) -> list[str]:
    """Let COMMAND take several words, as in `help audit verify`."""
    last = shape[-1] if shape else None
    if isinstance(last, Slot) and last.kinds == ("COMMAND",):
        return [" ".join(values)] if values else []
    return values


def _closest(shapes: Sequence[Shape], values: list[str]) -> Shape:
    """Return the shape that the words fill, or else the one that they follow furthest."""
    fitting = [shape for shape in shapes if len(shape) == len(values) == _followed(shape, values)]
    return fitting[0] if fitting else max(shapes, key=lambda shape: (_followed(shape, values), -len(shape)))


def _followed(shape: Shape, values: list[str]) -> int:
    """Count the words that stand where the shape wants them."""
    for at, (part, word) in enumerate(zip(shape, values, strict=False)):
        if isinstance(part, Keyword) and part.text != word.lower():
            return at
    return min(len(shape), len(values))


def _refuse_misfit(pattern: Pattern, shape: Shape, words: list[str]) -> None:
    """Say what is missing, in the way, or too much."""
    head = " ".join(pattern.head)
    at = _followed(shape, words)
    if at < len(shape) and at < len(words):
        part = shape[at]
        raise UsageError(f"I expected '{part}' before {quoted(words[at])}.")
    if at < len(shape):
        end = next(place for place in range(at, len(shape)) if isinstance(shape[place], Slot))
        raise UsageError(f"{head} needs {' '.join(map(str, shape[at : end + 1]))}.")
    if at < len(words):
        raise UsageError(_too_much(pattern, words[at:]))


def _fields(pattern: Pattern) -> set[str]:
    """Return the attributes that words without an option fill."""
    return {part.field for shape in pattern.shapes for part in shape if isinstance(part, Slot)}


def _too_much(pattern: Pattern, extra: list[str]) -> str:
    """Guess that words too many are a reason, or that a shell replaced a pattern by files, where there can be such."""
    text = quoted(" ".join(extra))
    if "data" in _fields(pattern):
        return f"I did not expect {text}: there is one DATA. Put a pattern in quotes: 'scored/*.parquet'"
    if any(option.field == "reason" for option in pattern.options):
        return f'I did not expect {text}. If it is the reason, write: --reason "{" ".join(extra)[:60]}"'
    return f"I did not expect {text} there."
