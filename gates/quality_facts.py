"""What do the columns of a table hold, and what about it should make us doubt?

A `QualityFinding` is an observation with a number, higher is worse; `RULES` say from which number on it matters, and a
policy may say otherwise (`gates.data_quality`).
"""

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from gates.outcome import Outcome
from gates.values import Value

Check = Literal[
    "no_rows",
    "missing_column",
    "extra_column",
    "wrong_type",
    "integer_nulls",
    "column_absent",
    "column_new",
    "type_changed",
    "range_left",
    "new_categories",
    "null_growth",
    "nulls",
    "infinite",
    "far_dates",
    "constant",
    "nearly_constant",
    "blank_texts",
    "mixed_types",
    "lookalikes",
    "duplicate_rows",
    "duplicate_ids",
    "null_ids",
    "equals_label",
    "predicts_label",
    "shared_ids",
    "shared_rows",
    "earlier_than_reference",
    "null_labels",
    "unknown_labels",
    "class_shares",
]
"""What is looked for; the guide explains each."""

CHECKS: tuple[Check, ...] = get_args(Check)

Kind = Literal["number", "truth", "text", "time", "other"]


class Rule(Value):
    """What an observation means when its number is above a limit."""

    outcome: Literal["pass", "warn", "fail"]
    above: float = Field(default=0.0, ge=0)

    def judge(self, value: float) -> Outcome:
        """Return what it means."""
        return Outcome(self.outcome) if value > self.above else Outcome.PASS


RULES: Mapping[Check, Rule] = {
    "no_rows": Rule(outcome="fail"),
    "missing_column": Rule(outcome="fail"),
    "extra_column": Rule(outcome="pass"),
    "wrong_type": Rule(outcome="fail"),
    "integer_nulls": Rule(outcome="warn"),
    "column_absent": Rule(outcome="warn"),
    "column_new": Rule(outcome="pass"),
    "type_changed": Rule(outcome="fail"),
    "range_left": Rule(outcome="warn", above=0.01),
    "new_categories": Rule(outcome="warn"),
    "null_growth": Rule(outcome="warn", above=0.05),
    "nulls": Rule(outcome="warn", above=0.2),
    "infinite": Rule(outcome="fail"),
    "far_dates": Rule(outcome="warn"),
    "constant": Rule(outcome="warn"),
    "nearly_constant": Rule(outcome="warn", above=0.99),
    "blank_texts": Rule(outcome="warn"),
    "mixed_types": Rule(outcome="warn"),
    "lookalikes": Rule(outcome="warn"),
    "duplicate_rows": Rule(outcome="warn", above=0.01),
    "duplicate_ids": Rule(outcome="fail"),
    "null_ids": Rule(outcome="warn"),
    "equals_label": Rule(outcome="fail"),
    "predicts_label": Rule(outcome="warn", above=0.99),
    "shared_ids": Rule(outcome="fail"),
    "shared_rows": Rule(outcome="warn", above=0.01),
    "earlier_than_reference": Rule(outcome="warn"),
    "null_labels": Rule(outcome="warn"),
    "unknown_labels": Rule(outcome="fail"),
    "class_shares": Rule(outcome="warn", above=0.99),
}
"""What each check means where no policy says otherwise."""


class ColumnProfile(Value):
    """One column, over all rows; shares are of the rows that have a value (neither null nor NaN)."""

    column: str
    type: str
    """As the engine that read it calls it."""
    kind: Kind
    rows: int
    nulls: int
    nan: int = 0
    infinite: int = 0
    distinct: int | None = None
    """Different values, null and NaN not counted; None for lists and structures."""
    distinct_at_least: bool = False
    """Is `distinct` a lower bound, because there are more than anyone counts?"""
    minimum: float | str | None = None
    maximum: float | str | None = None
    """Of the finite numbers; times as ISO 8601."""
    mean: float | None = None
    """Of the finite numbers."""
    most_frequent: float | bool | str | None = None
    """None where no value has one row in a hundred, of a column with more different values than anyone counts."""
    most_frequent_share: float | None = None
    zero_share: float | None = None
    negative_share: float | None = None
    shortest: int | None = None
    longest: int | None = None
    """Characters of a text."""
    blank: int | None = None
    """Texts of nothing but spaces, or of nothing."""

    @property
    def valued(self) -> int:
        """How many rows have a value."""
        return self.rows - self.nulls - self.nan


class QualityFinding(Value):
    """One observation: what it means by `RULES`, where, how much, and what to try."""

    check: Check
    outcome: Outcome
    column: str | None = None
    """None for what concerns rows, or several columns."""
    value: float
    """What limits are held against; higher is worse: a share of rows where `rows` is one, 1 for what is so or not."""
    rows: int | None = None
    """How many rows it concerns."""
    numbers: dict[str, float] = Field(default_factory=dict)
    sentence: str


class Quality(Value):
    """What was found about a table, and which checks were made."""

    rows: int
    reference_rows: int | None = None
    columns: tuple[ColumnProfile, ...] = ()
    findings: tuple[QualityFinding, ...] = ()
    """By check, then by column; those whose outcome is `pass` too: a policy may be stricter."""
    checked: tuple[Check, ...] = ()
    not_checked: dict[Check, str] = Field(default_factory=dict)
    """Why a check was not made; what is in neither did not apply."""

    @property
    def outcome(self) -> Outcome:
        """The worst of the findings by `RULES`; an error when nothing was checked."""
        if not self.checked:
            return Outcome.ERROR
        return max((finding.outcome for finding in self.findings), default=Outcome.PASS)
