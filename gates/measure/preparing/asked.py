"""Which column of a table plays which part?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One model's columns: names of the view's."""

    prediction: str | None = None
    score: str | None = None
    """Binary: probability of the positive class; item scores: the number."""
    scores: Mapping[str, str] = field(default_factory=dict)
    """Class, and the column of its probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be measured of which columns."""

    task: str | None
    """None: guessed from the columns, and told."""
    label: str | None
    """None for item scores only."""
    challenger: Answer
    champion: Answer | None
    positive: JsonValue = None
    """Positive class of a binary task; None means 1 of 0 and 1."""
    by: tuple[tuple[str, ...], ...] = ()
    """Features whose groups are looked at, and combinations of features."""
    shown: tuple[str, ...] = ()
    """Columns that slices of the rows are cut from."""
    cluster: str | None = None
    """Column of what rows have in common that makes them dependent, such as a person."""
    id: str | None = None
    time: str | None = None
    series: str | None = None
    horizon: str | None = None
    season: int = 1
    quantile: float | None = None
    seed: int = 0
    alone: str = "challenger"
    """What messages call a model that nothing is compared with."""

    def called(self, who: str) -> str:
        """Return what messages call the challenger or the champion."""
        return self.alone if who == "challenger" and self.champion is None else who

    @property
    def models(self) -> tuple[tuple[str, Answer], ...]:
        """The challenger and, where there is one, the champion, with their columns."""
        champion = () if self.champion is None else (("champion", self.champion),)
        return ("challenger", self.challenger), *champion

    @property
    def carried(self) -> dict[str, str]:
        """Columns of a forecast that the view carries: name there, and name here."""
        known = {"series": self.series, "time": self.time, "horizon": self.horizon}
        return {name: column for name, column in known.items() if column is not None}
