"""Which columns hold one model's answers, and what numbers stand in them?"""

from collections.abc import Mapping
from dataclasses import dataclass

from gates.measure.classes import key
from gates.measure.preparing.asked import Answer
from gates.measure.preparing.columns import NUMBERS, floating
from gates.measure.preparing.profile import Counted, Range
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, View
from gates.measure.unusable import UnusableError
from gates.wording import count

ANSWER_THEM = ": answer them, or take them out of the data."
"""What to try where a model left rows out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One model's columns in the rows that count."""

    engine: Engine
    view: View
    rows: Counted
    who: str
    """`challenger` or `champion`."""
    called: str
    """What messages call it."""
    answer: Answer
    ranges: Mapping[str, Range]
    """By column, of those that hold numbers."""

    @property
    def prediction(self) -> Column | None:
        """The column of answers."""
        return None if self.answer.prediction is None else self.view.column(self.answer.prediction)

    @property
    def scores(self) -> dict[str, Column]:
        """Class, and the column of its probability."""
        return {str(key(of)): self.view.column(called) for of, called in self.answer.scores.items()}

    @property
    def is_probability(self) -> bool:
        """Does the prediction hold fractions between 0 and 1?"""
        if self.prediction is None or not floating(self.prediction):
            return False
        found = self.range(self.prediction)
        return found.probable and found.fractions > 0

    def score(self, positive: str) -> Column | None:
        """Return the column of the positive class's probability."""
        if self.answer.score is not None:
            return self.view.column(self.answer.score)
        return self.scores.get(positive) or (self.prediction if self.is_probability else None)

    def range(self, column: Column) -> Range:
        """Return what numbers stand in a column of numbers."""
        return self.ranges[column.name]

    def part(self, column: Column) -> str:
        """Say which of the model's columns it is."""
        roles = {called: f"score_{of}" for of, called in self.answer.scores.items()}
        roles |= {str(self.answer.score): "score", str(self.answer.prediction): "prediction"}
        role = roles[column.name]
        return f"the {self.called}'s {role}" + ("" if self.own(column) == role else f" ({column.name})")

    def own(self, column: Column) -> str:
        """Return a column's name as it was given; beside the data of a promotion the model's stands before it."""
        return column.name.removeprefix(f"{self.who}'s ")

    def all_answered(self, missing: int, column: Column) -> None:
        """Raise `UnusableError` unless the model answered for every row: whoever skips hard rows looks better."""
        if missing == self.rows.rows:
            raise UnusableError(f"no row has both a label and an answer of the {self.called}.")
        if missing:
            where = "" if self.prediction == column else f" in {self.own(column)}"
            rows = count(missing, "labelled row")
            raise UnusableError(f"the {self.called} gave no answer{where} for {rows}{ANSWER_THEM}")


def named(view: View, answer: Answer) -> list[Column]:
    """Return all columns of an answer; `UserError` for one that is not there."""
    called = (answer.prediction, answer.score, *answer.scores.values())
    return [view.column(some) for some in called if some is not None]


def with_numbers(columns: list[Column]) -> list[Column]:
    """Return those that hold numbers or truth values."""
    return [column for column in columns if column.kind in NUMBERS]
