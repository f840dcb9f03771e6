"""How long did the models take to answer?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds for all rows at once, as they were measured when the evidence was collected; no part of the evidence."""

    rows: int
    challenger: float
    champion: float | None
    """None without a champion, and where its time was not kept."""

    @property
    def times(self) -> str:
        """Say how many times as long the challenger took; empty where that says nothing."""
        return f"{self.challenger / self.champion:.2g} times" if self.champion else ""
