"""Which column of scores does a model lack, by the name that its other columns have?"""

from collections.abc import Mapping, Sequence

from gates.measure.preparing.answers import Answered
from gates.wording import listed

EACH = "one column is needed for each class, which the star of a pattern stands for."


def no_score(model: Answered, positive: str) -> str:
    """Say that a binary task's model has no column of the positive class's probability."""
    if not model.scores:
        return _none(model)
    there = listed(_names(model))
    one = f"one column is needed, with the probability of {positive}."
    return f"the {model.called} gives no probability of {positive} (its columns of scores: {there}): {one}"


def no_scores(model: Answered, absent: Sequence[str]) -> str:
    """Say that a model has no columns of the probabilities of some classes."""
    if not model.answer.scores:
        return _none(model) if model.answer.score is None else _only_one(model, model.answer.score)
    pattern = _pattern(model)
    there = f"its columns of scores: {listed(_names(model))}"
    lacking = there if pattern is None else f"no column {absent[0].join(pattern)}"
    return f"the {model.called} gives no probability of {listed(tuple(absent))} ({lacking}): {EACH}"


def _none(model: Answered) -> str:
    return f"the {model.called} gives no probabilities (it has no column of scores)."


def _only_one(model: Answered, score: str) -> str:
    called = model.own(model.view.column(score))
    return f"the {model.called} gives no probabilities of all classes (its column of scores: {called}): {EACH}"


def _names(model: Answered) -> tuple[str, ...]:
    return tuple(map(model.own, model.scores.values()))


def _pattern(model: Answered) -> tuple[str, str] | None:
    """Return what columns have before and after their classes; None where that is not the same in all."""
    called = {of: model.own(model.view.column(column)) for of, column in model.answer.scores.items()}
    of, first = next(iter(called.items()))
    for at in range(len(first), -1, -1):
        if first.startswith(of, at) and _fits(called, first[:at], first[at + len(of) :]):
            return first[:at], first[at + len(of) :]
    return None


def _fits(called: Mapping[str, str], before: str, after: str) -> bool:
    return all(name == f"{before}{of}{after}" for of, name in called.items())
