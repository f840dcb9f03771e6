"""What stands in the way of a promotion, and who can do what about it?"""

from collections.abc import Iterable

from storage.promotions import BlockedBy
from workflows.reasons import Reason


class BlockedError(Exception):
    """A promotion cannot go on until somebody acts; carries the reason as data."""

    def __init__(self, blocked: BlockedBy) -> None:
        """Keep the reason; its summary is the text."""
        super().__init__(blocked.summary)
        self.blocked = blocked


def blocked(reason: Reason, summary: str, *, what_next: str, who: Iterable[str] = ()) -> BlockedError:
    """Return the error to raise: the code, one sentence, who can act, and what they type."""
    return BlockedError(BlockedBy(reason_code=reason.value, summary=summary, who=tuple(who), next=what_next))
