"""Do the columns that were named play parts that go together?"""

from collections.abc import Iterator

from bot.grammar.mistake import UsageError
from gates.measure.preparing.asked import Answer, Asked
from gates.metric import ITEMS
from gates.wording import listed


def checked_roles(asked: Asked) -> Asked:
    """Return what was asked; `UsageError` where one column is given two parts, so that nothing could be learnt."""
    _check_labelled(asked)
    answers = dict(_answers(asked))
    if asked.label in answers:
        told = f"The label {asked.label} cannot be the answer of {answers[asked.label]}, too"
        raise UsageError(f"{told}: name the column of its answers.")
    if asked.champion == asked.challenger:
        named = ", ".join(columns_of(asked.challenger))
        told = f"Champion and challenger are the same column ({named}), so they cannot differ"
        raise UsageError(f"{told}: name the columns of two models.")
    for name in dict.fromkeys(name for some in asked.by for name in some):
        if name == asked.label or name in answers:
            part = "the label" if name == asked.label else f"the answer of {answers[name]}"
            raise UsageError(f"--by {name} is {part}: name a column that says which group a row belongs to.")
    return asked


def _check_labelled(asked: Asked) -> None:
    """Refuse scores of a label that nobody named; item scores may be named as one column of scores for each model."""
    scores = [name for _, model in asked.models for name in (model.score, *model.scores.values()) if name is not None]
    two = any(model.scores or (model.score and model.prediction) for _, model in asked.models)
    items = "item scores need none, and one column for each model: --challenger, --champion"
    if asked.label is None and scores and (two or asked.task != ITEMS):
        named = listed(tuple(dict.fromkeys(scores)))
        raise UsageError(f"A label is missing that the scores {named} are of: name its column with --label; {items}.")
    if asked.task == ITEMS and two:
        raise UsageError(f"The label {asked.label} and several columns of a model are named, but {items}.")


def columns_of(answer: Answer) -> tuple[str, ...]:
    """Return the columns of one model's answers."""
    named = (answer.prediction, answer.score, *answer.scores.values())
    return tuple(dict.fromkeys(name for name in named if name is not None))


def _answers(asked: Asked) -> Iterator[tuple[str, str]]:
    """Return every column of answers, and whose they are."""
    one = "the model" if asked.champion is None else "the challenger"
    yield from ((name, one) for name in columns_of(asked.challenger))
    if asked.champion is not None:
        yield from ((name, "the champion") for name in columns_of(asked.champion))
