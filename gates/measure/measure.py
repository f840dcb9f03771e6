"""What do the answers of challenger and champion say about them? Scored rows in, small numbers out."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from gates.answer_facts import Answers
from gates.evidence import GroupMetric, MetricComparison
from gates.fairness_facts import Criterion
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.scan.source import Beside, Files, Part, Source
from gates.measure.scan.view import View
from gates.measure.unusable import UnusableError
from gates.refusal import UserError
from gates.slice_facts import Slices
from gates.treatment_facts import Treatment


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
    """One of `gates.metric.TASKS`."""
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
    intersections: tuple[tuple[str, ...], ...] = ()
    """Combinations of sensitive features whose groups are measured too."""
    cluster: str | None = None
    """Column of what makes rows dependent, such as a person; None where each row stands for itself."""
    pictured: bool = False
    """Whether the answers are looked at case by case, slice by slice of the data's columns, and group by group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found; the same bytes for the same rows and seed, in whatever order the rows lie."""

    metrics: tuple[MetricComparison, ...]
    groups: tuple[GroupMetric, ...]
    criteria: tuple[Criterion, ...] = ()
    rows: int
    """Labelled rows, which all numbers rest on."""
    rows_left_out: int
    """Rows without a label."""
    answers: Answers | None = None
    slices: Slices | None = None
    treatment: Treatment | None = None
    problems: tuple[str, ...]
    """Why nothing could be measured at all, one line each; then there are no numbers."""


def measure(question: Question) -> Measured:
    """Measure what is asked; never raises for what is in the files: `problems` say what is wrong with them."""
    from gates.measure.comparing import compare  # noqa: PLC0415 - numpy loads with it
    from gates.measure.preparing.prepare import prepare  # noqa: PLC0415 - as above
    from gates.measure.scan.engine import opened  # noqa: PLC0415 - as above

    try:
        with opened() as engine:
            view = engine.view("rows", _rows(question), said="the evaluation data")
            prepared = _judgeable(prepare(engine, view, _asked(question, view)), question)
            groups, criteria = _groups(prepared, question)
            looked, slices = _pictured(prepared) if question.pictured else (None, None)
            return Measured(
                metrics=compare(prepared, question.metrics),
                groups=groups,
                criteria=criteria,
                rows=prepared.count,
                rows_left_out=sum(left.rows for left in prepared.left_out),
                answers=looked,
                slices=slices,
                treatment=_treatment(prepared, question) if question.pictured else None,
                problems=(),
            )
    except (UnusableError, UserError) as error:
        return Measured(metrics=(), groups=(), rows=0, rows_left_out=0, problems=(str(error),))


def _judgeable(prepared: Prepared, question: Question) -> Prepared:
    """Return rows that a promotion can be judged by; a label of one class is a mistake in the data until shown not."""
    if prepared.only is not None:
        told = f"the label {question.label} has one class only ({prepared.only})"
        raise UnusableError(f"{told}, so no model can be judged by it.")
    return prepared


def _groups(prepared: Prepared, question: Question) -> tuple[tuple[GroupMetric, ...], tuple[Criterion, ...]]:
    """Return what is known of groups, computed twice; raises `UnusableError` where the two do not agree."""
    from gates.measure.groups.checking import checked  # noqa: PLC0415 - numpy loads with it
    from gates.measure.groups.fairness import fairness  # noqa: PLC0415 - as above

    features = (*question.sensitive_features, *(",".join(several) for several in question.intersections))
    if not features or not question.group_metrics:
        return (), ()
    found = fairness(prepared, features, question.group_metrics, question.power_against)
    if differing := checked(prepared, found.groups, found.criteria).differing:
        raise UnusableError(f"fairlearn does not confirm what was measured of groups: {differing[0]}")
    return found.groups, found.criteria


def _pictured(prepared: Prepared) -> tuple[Answers, Slices | None]:
    from gates.measure.answers import answers  # noqa: PLC0415 - numpy loads with it
    from gates.measure.slices.looking import slices  # noqa: PLC0415 - as above

    return answers(prepared), slices(prepared)


def _treatment(prepared: Prepared, question: Question) -> Treatment | None:
    """Return how all groups fare, whether or not a policy asks; None where no feature is sensitive."""
    from gates.measure.groups.treatment import treatment  # noqa: PLC0415 - numpy loads with it

    if not question.sensitive_features:
        return None
    crossed = tuple(",".join(several) for several in question.intersections)
    try:
        return treatment(prepared, question.sensitive_features, crossed)
    except (UnusableError, UserError) as error:  # what is only told does not take away what is judged
        return Treatment(left_out=(f"Groups could not be told: {error}",))


def _files(question: Question) -> dict[str, Path]:
    """Return who answered, and where."""
    champion = {} if question.champion is None else {"champion": question.champion}
    return {"challenger": question.challenger, **champion}


def _rows(question: Question) -> Source:
    """Put the answers beside the data, row by row."""
    data = Part(said="the evaluation data", prefix="", source=Files(paths=(question.data,)))
    answers = (
        Part(said=f"the {who}'s answers", prefix=f"{who}'s ", source=Files(paths=(path,)))
        for who, path in _files(question).items()
    )
    return Beside(parts=(data, *answers))


def _asked(question: Question, view: View) -> Asked:
    answers = {who: _answer(who, view) for who in _files(question)}
    return Asked(
        task=question.task,
        label=question.label,
        challenger=answers["challenger"],
        champion=answers.get("champion"),
        positive=question.positive,
        by=(*((feature,) for feature in question.sensitive_features), *question.intersections),
        cluster=question.cluster,
        shown=_shown(question, view) if question.pictured else (),
        seed=question.seed,
    )


def _shown(question: Question, view: View) -> tuple[str, ...]:
    """Return the data's own columns, without those that say nothing of a row."""
    answers = tuple(f"{who}'s " for who in _files(question))
    others = {question.label, question.cluster}
    return tuple(name for name in view.columns if not name.startswith(answers) and name not in others)


def _answer(who: str, view: View) -> Answer:
    """Return the columns of one model's answers by the names that scoring gives them; others are not read."""
    prefix = f"{who}'s "
    named = {column.removeprefix(prefix): column for column in view.columns if column.startswith(prefix)}
    scores = {name.removeprefix("score_"): column for name, column in named.items() if name.startswith("score_")}
    if not scores and not {"prediction", "score"} & named.keys():
        raise UnusableError(f"the {who}'s answers have no column prediction or score.")
    return Answer(prediction=named.get("prediction"), score=named.get("score"), scores=scores)
