"""How much can go wrong with this model?"""

from enum import Enum


class Risk(Enum):
    """The risk a model carries; a later one is higher."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Return the place among the risks, lowest first."""
        return list(Risk).index(self)
