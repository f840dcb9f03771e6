"""Which classes does a classification have, and where does each row stand among them?"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from gates.measure.classes import joined, key
from gates.measure.preparing.answers import Answered
from gates.measure.preparing.columns import categorical
from gates.measure.preparing.places import Held, held_by, placed
from gates.measure.preparing.said import Said, said_by
from gates.measure.preparing.scores import Scored, binary_scores, class_scores
from gates.measure.preparing.selection import Selection
from gates.measure.unusable import UnusableError
from gates.metric import BINARY
from gates.wording import listed

TWO = 2
OPPOSITE = {"0": ["1"], "1": ["0"]}
"""What a truth value is where it is not the only one that there is."""


def classified(task: str, label: Held, models: Sequence[Answered], positive: JsonValue) -> Selection:
    """Place labels and answers among the classes; raises `UnusableError`."""
    names = every_class(label, models, positive)
    _check_classes(names, label.column.name, task)
    wanted = _positive(names, positive, label.column.name) if task == BINARY else None
    said = {model.who: said_by(model, names, wanted) for model in models}
    classes = _classes(names, said, models, wanted)
    if wanted is None:
        scores = {model.who: class_scores(model, classes, label.names) for model in models}
    else:
        scores = {model.who: binary_scores(model, wanted) for model in models}
    return _selection(classes, label, said, scores)


def every_class(label: Held, models: Sequence[Answered], positive: JsonValue) -> list[str]:
    """Return the label's classes; of a label that has one only, those that were answered or named with it too."""
    if len(label.names) > 1:
        return label.names
    scored = (list(model.scores) for model in models)
    found = joined(label.names, *map(_answered, models), *scored, [] if positive is None else [str(key(positive))])
    return found if len(found) > 1 else joined(found, OPPOSITE.get(found[0], [f"not {found[0]}"]))


def _answered(model: Answered) -> list[str]:
    """Return the classes that a model states; a probability is no class."""
    if model.prediction is None or model.is_probability:
        return []
    part = model.part(model.prediction)
    return held_by(model.engine, model.view, model.rows, categorical(model.prediction, part), part).names


def label_of(model: Answered, called: str) -> Held:
    """Return the label's classes; raises `UnusableError`."""
    part = f"the label {called}"
    return held_by(model.engine, model.view, model.rows, categorical(model.view.column(called), part), part)


def _selection(
    classes: tuple[str, ...], label: Held, said: Mapping[str, Said], scores: Mapping[str, Scored]
) -> Selection:
    places = {name: place for place, name in enumerate(classes)}
    found = {"label": placed(label, places, "gatehouse_label")}
    found |= {who: some.place(who, places) for who, some in said.items()}
    columns = {who: some.expression for who, some in found.items()}
    columns |= {f"{who}_{part}": sql for who, some in scores.items() for part, sql in some.columns.items()}
    return Selection(
        columns=columns,
        joins="".join(some.join for some in found.values()),
        classes=classes,
        scored=tuple(who for who, some in scores.items() if some.columns),
        score_problems={who: some.problem for who, some in scores.items()},
    )


def _check_classes(names: Sequence[str], called: str, task: str) -> None:
    if task == BINARY and len(names) > TWO:
        raise UnusableError(f"the label {called} has {len(names)} classes, not two: {listed(tuple(names))}.")


def _positive(names: Sequence[str], positive: JsonValue, label: str) -> str:
    """Return the key of the positive class: as given, or 1 of 0 and 1."""
    if positive is None:
        if list(names) == ["0", "1"]:
            return "1"
        where = "`positive` in model.yaml, `--positive` in a terminal"
        raise UnusableError(f"which class of {label} is positive, {' or '.join(names)}? Say so: {where}.")
    wanted = key(positive)
    if wanted not in names:
        raise UnusableError(
            f"the positive class {positive!r} is no value of {label}, which has {listed(tuple(names))}."
        )
    return str(wanted)


def _classes(
    names: Sequence[str], said: Mapping[str, Said], models: Sequence[Answered], wanted: str | None
) -> tuple[str, ...]:
    """Return the other class and the positive one; or every class of the label, the answers and the scores, sorted."""
    if wanted is not None:
        return tuple(sorted(names, key=lambda name: name == wanted))
    scored = (list(model.scores) for model in models)
    return tuple(joined(names, *(some.names for some in said.values()), *scored))
