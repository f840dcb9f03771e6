"""What do all measurements of one or two models' answers read? A view of rows with names of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows that no number rests on, and why."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Labelled rows behind a view of one engine, as every measurement finds them.

    Its columns: `label`, `challenger` and, with a champion, `champion`: for a classification the place among `classes`
    (a small integer; in a binary task 1 is the positive class and 0 the other), for a regression the numbers.
    `challenger_score`, `champion_score`: in a binary task the probability of the positive class (DOUBLE);
    `challenger_score_0`, `challenger_score_1`, ...: in a multiclass task the probability of each class.
    `cluster` where rows are not independent; `group_0`, `group_1`, ...: the values of `groups`, as text, never null.
    `series`, `time`, `horizon`: of a forecast, as they are, where `carried` has them.
    Nothing in it is null or NaN. For item scores there is no label.
    """

    engine: Engine
    view: str
    """The view's name, or a query in parentheses: SQL to write after FROM, as it stands."""
    task: str
    count: int
    classes: tuple[str, ...] = ()
    """Keys of the classes, in order; empty for numbers. In a binary task, the positive class stands at place 1."""
    only: str | None = None
    """The label's class, where all rows have the same one."""
    champion: bool
    scored: tuple[str, ...] = ()
    """Which models have score columns in the view; scores that are no probabilities can still rank."""
    score_problems: Mapping[str, str]
    """For `challenger` and `champion`: why there are no scores, or why they are no probabilities; empty when fine."""
    clusters: int | None = None
    """How many clusters there are; None when rows are independent."""
    groups: Mapping[str, str]
    """Sensitive feature, and the view's column that holds it."""
    group_problems: Mapping[str, str] = field(default_factory=dict)
    """Sensitive feature, and why it has no groups."""
    carried: tuple[str, ...] = ()
    """Which of `series`, `time` and `horizon` the view has."""
    shown: Mapping[str, Column] = field(default_factory=dict)
    """Column that slices are cut from, and the view's column that holds it, as it is."""
    history: str = ""
    """Of a forecast: as `view`, with `label` and what is carried, of all rows with a label, answered or not."""
    season: int = 1
    """Of a forecast: rows of a series from one season to the next."""
    quantile: float | None = None
    """Of a quantile regression: which one was to be told."""
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    """What was concluded and not asked for, such as the task: sentences of the report."""
    seed: int = 0
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was read of the rows once for several measurements, by the query that read it."""

    @property
    def who(self) -> tuple[str, ...]:
        """The models that answered: names of columns."""
        return ("challenger", "champion") if self.champion else ("challenger",)
