"""What can be said of a model's answers: its performance, with labels or without, and the kind of shift?"""

from dataclasses import dataclass, replace

from gates.drift_facts import Explanation, LabelFree, LabelShift, Performance, Shift
from gates.label_facts import Labels
from gates.measure.classes import key
from gates.measure.drift import arrived, errors, matches, performance, usable
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.keyed import keyed, keys
from gates.measure.drift.label_free import label_free
from gates.measure.drift.label_shift import label_shift
from gates.measure.drift.measured import Measured
from gates.measure.drift.scored import Scored, scored
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine, Kind, View
from gates.measure.unusable import UnusableError
from gates.wording import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Facts of a model's answers; None for what was not asked, or cannot be asked."""

    performance: Performance | None = None
    problem: str = ""
    """Why metrics are not compared, though labels were asked for; one line."""
    shift: Shift | None = None
    """What the problem makes of the whole; None for one that is no fault, such as labels that are awaited."""
    label_free: LabelFree | None = None
    label_shift: LabelShift | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    engine: Engine
    view: View
    asked: DriftAsked
    until: int | None

    @property
    def has_labels(self) -> bool:
        return self.asked.label in self.view.columns

    @property
    def mature(self) -> str:
        return arrived.matured(self.view, self.asked, self.until)

    def counts(self, label: str) -> str:
        """Return a label's SQL where its row is old enough, NULL elsewhere."""
        return label if self.mature == "TRUE" else f"CASE WHEN {self.mature} THEN {label} END"


def answers(engine: Engine, reference: View, current: View, asked: DriftAsked) -> Answers:
    """Measure what columns allow; the reference needs labels for any of it."""
    if asked.label is None:
        return Answers()
    if not (asked.score or asked.prediction):
        said = f"There are labels ({asked.label}) but no answers to hold against them: name a prediction or a score."
        return Answers(problem=said)
    try:
        usable.check(asked, reference, current)
        until = arrived.newest(engine, current, asked)
        sides = tuple(_Side(engine=engine, view=view, asked=asked, until=until) for view in (reference, current))
        if _is_quantity(sides[0]):
            usable.numbers(asked, reference, current)
            return _answered(sides, [_numbers(side) for side in sides], raw=True)
        return _of_classes(sides)
    except UnusableError as problem:
        return _unusable(str(problem), asked)


def _unusable(problem: str, asked: DriftAsked) -> Answers:
    free = LabelFree(calibration_limit=asked.limits.calibration, problem=problem)
    shift = LabelShift(explanation=Explanation.UNKNOWN, problem=problem, sentence=problem)
    return Answers(
        problem=problem,
        shift=Shift.UNUSABLE,
        label_free=free if asked.score else None,
        label_shift=shift if asked.score else None,
    )


def _is_quantity(side: _Side) -> bool:
    """Are labels, or what is predicted of them, numbers with fractions?"""
    asked = side.asked
    if side.view.columns[asked.label or ""].kind is not Kind.NUMBER:
        return False
    return any(_has_fractions(side, column) for column in (asked.label, asked.prediction) if column)


def _has_fractions(side: _Side, called: str) -> bool:
    column = side.view.columns[called]
    if column.kind is not Kind.NUMBER or column.integer:
        return False
    value = f"CAST({name(called)} AS DOUBLE)"
    row = side.engine.reduce(
        f"SELECT count(CASE WHEN {value} <> floor({value}) AND NOT isnan({value}) THEN 1 END) AS parts "  # noqa: S608 - quoted
        f"FROM {side.view.name}"
    ).to_pylist()[0]
    return bool(row["parts"])


def _numbers(side: _Side) -> dict[str, Measured]:
    if not side.has_labels:
        return {name: Measured(value=None) for name in errors.NAMES}
    columns = side.asked.label or "", side.asked.prediction or side.asked.score or ""
    label, said = (f"CAST({name(column)} AS DOUBLE)" for column in columns)
    return errors.of_numbers(side.engine, side.view, (side.counts(label), said))


def _of_classes(sides: tuple[_Side, ...]) -> Answers:
    asked = sides[0].asked
    classes = sorted({called for side in sides if side.has_labels for called in _keys(side).values()})
    said = [_predicted(side) for side in sides]
    for side, predicted in zip(sides, said, strict=True):
        usable.alike(asked, classes, predicted.values(), side.view)
    if asked.score is None:
        return _answered(sides, [_classes(side, predicted) for side, predicted in zip(sides, said, strict=True)])
    positive = _positive(asked, classes)
    tables = [_scored(side, positive, predicted) for side, predicted in zip(sides, said, strict=True)]
    free = label_free(tables[0], tables[1], asked.limits)
    return replace(
        _answered(sides, [performance.of_scores(table) for table in tables]),
        label_free=free.model_copy(update={"left_out": sides[1].view.rows - tables[1].rows}),
        label_shift=label_shift(tables[0], tables[1]),
    )


def _positive(asked: DriftAsked, classes: list[str]) -> str:
    """Return the class that scores are the probability of."""
    if len(classes) != 2:  # noqa: PLR2004 - binary
        raise UnusableError(f"A score is read for two classes; {asked.label} has {count(len(classes), 'value')}.")
    positive = str(key(asked.positive)) if asked.positive is not None else classes[1]
    if positive not in classes:
        raise UnusableError(f"{asked.label} is never {asked.positive}; it is {classes[0]} or {classes[1]}.")
    return positive


def _keys(side: _Side) -> dict[str, str]:
    return keys(side.engine, side.view, side.asked.label or "")


def _predicted(side: _Side) -> dict[str, str]:
    """Return the predicted classes; none where only scores were named."""
    return {} if side.asked.prediction is None else keys(side.engine, side.view, side.asked.prediction)


def _label(side: _Side) -> str:
    if not side.has_labels:
        return "CAST(NULL AS VARCHAR)"
    return keyed(side.asked.label or "", _keys(side))


def _classes(side: _Side, predicted: dict[str, str]) -> dict[str, Measured]:
    if not side.has_labels:
        return {called: Measured(value=None) for called in matches.NAMES}
    prediction = keyed(side.asked.prediction or "", predicted)
    return matches.of_classes(side.engine, side.view, (side.counts(_label(side)), prediction))


def _scored(side: _Side, positive: str, predicted: dict[str, str]) -> Scored:
    said = side.asked.prediction
    prediction = None if said is None else keyed(said, predicted)
    return scored(
        side.engine, side.view, (side.asked.score or "", prediction), positive, labels=side.counts(_label(side))
    )


def _answered(sides: tuple[_Side, ...], measured: list[dict[str, Measured]], *, raw: bool = False) -> Answers:
    """Compare what labels tell; say what is awaited where the current side has none that count."""
    before, current = sides
    if not current.has_labels:
        return Answers(
            problem=f"{current.view.said} has no labels yet (no column {current.asked.label}): "
            "performance waits for them."
        )
    asked = current.asked
    by = arrived.By(features=asked.by, prediction=None if raw else asked.prediction, time=asked.decision_time)
    known, labels = _labels(before, arrived.By(time=asked.decision_time), raw=raw), _labels(current, by, raw=raw)
    if not labels.labelled:
        waits = f"{current.view.said} has no labels that count yet: performance waits for them."
        return Answers(problem=waits, performance=Performance(labels=labels, reference_labels=known))
    reference, now = measured
    return Answers(
        performance=Performance(
            labels=labels,
            reference_labels=known,
            reference_left_out=known.labelled - _used(reference),
            left_out=labels.labelled - _used(now),
            metrics=performance.compared(reference, now, before.asked.limits),
        )
    )


def _labels(side: _Side, by: arrived.By, *, raw: bool) -> Labels:
    label = name(side.asked.label or "") if raw else _label(side)
    return arrived.labels(side.engine, side.view, by, (side.mature, label))


def _used(measured: dict[str, Measured]) -> int:
    return max(measure.used for measure in measured.values())
