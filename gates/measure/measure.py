"""What do the answers of challenger and champion say about them? Scored rows in, small numbers out."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from gates.evidence import GroupMetric, MetricComparison
from gates.refusal import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be measured, and on which files.

    `data` is a Parquet file of the evaluation data. `challenger` and `champion` are Parquet files with a row for each
    of its rows, in its order, and the columns `prediction`, `score` (probability of the positive class) or
    `score_<class>`; other columns are not read.
    """

    data: Path
    challenger: Path
    champion: Path | None
    task: str
    """`binary-classification`, `multiclass-classification` or `regression`."""
    label: str
    positive: JsonValue
    """Positive class of a binary task; None means 1 of 0 and 1."""
    metrics: tuple[str, ...]
    sensitive_features: tuple[str, ...]
    group_metrics: tuple[str, ...]
    power_against: float
    """The shortfall of a group against which power is stated, in the group metric's own unit."""
    seed: int
    """At least 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found; the same bytes for the same rows and seed, in whatever order the rows lie."""

    metrics: tuple[MetricComparison, ...]
    groups: tuple[GroupMetric, ...]
    rows: int
    """Labelled rows, which all numbers rest on."""
    rows_left_out: int
    """Rows without a label."""
    problems: tuple[str, ...]
    """Why nothing could be measured at all, one line each; then there are no numbers."""


def measure(question: Question) -> Measured:
    """Measure what is asked; never raises for what is in the files: `problems` say what is wrong with them."""
    from gates.measure.comparison import compare  # noqa: PLC0415 - numpy and pyarrow load with it
    from gates.measure.groups import group_metrics  # noqa: PLC0415 - as above
    from gates.measure.loading import load_rows  # noqa: PLC0415 - as above
    from gates.measure.unusable import UnusableError  # noqa: PLC0415 - as above

    answers = [("challenger", question.challenger)]
    if question.champion is not None:
        answers.append(("champion", question.champion))
    try:
        rows = load_rows(
            data=question.data, answers=answers, task=question.task, label=question.label, positive=question.positive
        )
        return Measured(
            metrics=compare(rows, question.metrics, question.seed),
            groups=group_metrics(
                rows,
                data=question.data,
                features=question.sensitive_features,
                names=question.group_metrics,
                power_against=question.power_against,
            ),
            rows=rows.count,
            rows_left_out=rows.left_out,
            problems=(),
        )
    except (UnusableError, UserError) as error:
        return Measured(metrics=(), groups=(), rows=0, rows_left_out=0, problems=(str(error),))
