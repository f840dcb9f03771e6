"""How is what GitHub told named and kept, and how do we find what it did not tell?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import ears
from bot.ears import DAY, FORGOTTEN, LONGEST_PAUSE, Clock, Document
from bot.github.conversation import SURFACE, Conversation
from bot.github.heard import Heard, Said, from_json, to_json
from bot.github.sweeping import sweep_comments

HINTS = frozenset({"look", "main", "everything"})
"""Kinds of what only says where to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox(ears.Letterbox):
    """Keeps GitHub's deliveries."""

    surface: str = SURFACE

    def keep(self, delivery: str, told: Sequence[Heard]) -> bool:
        """Keep all that a delivery told, or nothing; False when all of it is known."""
        return self.put(dict(zip(_keys(delivery, told), map(to_json, told), strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears(ears.Ears[Heard]):
    """Works through the letterbox, and finds the comments that no delivery told of."""

    conversation: Conversation
    read: Callable[[Document], Heard] = from_json
    hints: frozenset[str] = HINTS

    def sweep(self, project: str) -> None:
        """Find the comments that no delivery told of; raises Unavailable."""
        box = self.letterbox
        found = sweep_comments(project, self.conversation.voices[project], box.database, box.clock())
        box.forget()
        if found:
            box.bell.set()


def _keys(delivery: str, told: Sequence[Heard]) -> list[str]:
    """Name each thing told: a comment by its own number, however we come to know of it."""
    keys = [delivery, *(f"{delivery}:{place}" for place in range(2, len(told) + 1))]
    return [
        f"comment:{heard.comment}" if isinstance(heard, Said) else key for key, heard in zip(keys, told, strict=True)
    ]


__all__ = ["DAY", "FORGOTTEN", "LONGEST_PAUSE", "Clock", "Ears", "Letterbox"]
