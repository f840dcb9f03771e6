"""What do the words behind an option stand for?"""

from collections.abc import Mapping, Sequence

from bot.grammar.mistake import UsageError, near, quoted
from gates.measure.preparing.asked import Answer
from gates.measure.scan.view import View
from gates.metric import MEASURED_TASKS
from gates.refusal import UserError
from gates.wording import listed

SHORT_TASKS = {name.split("-", maxsplit=1)[0]: name for name in MEASURED_TASKS}
CLASS = "*"
DIGITS = 18
"""So many digits fit into 64 bits."""
SEPARATORS = "_-.: /"


def whole(option: str, text: str | None, default: int = 0, *, least: int = 0) -> int:
    """Read a whole number that is not negative."""
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > DIGITS or int(text) < least:
        upto = f" from {least} on" if least else ""
        raise UsageError(f"--{option} needs a whole number{upto}, such as 7; {quoted(text)} is none.")
    return int(text)


def number(option: str, text: str | None, *, most: float | None = None) -> float | None:
    """Read a number that is not negative."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf") or (most is not None and value > most):
        upto = "" if most is None else f" from 0 to {most:g}"
        raise UsageError(f"--{option} needs a number{upto}, such as 0.01; {quoted(text)} is none.")
    return value


def columns(texts: Sequence[str], view: View | None = None) -> tuple[str, ...]:
    """Read names of columns separated by commas; a name with a comma in it is one where there is such a column."""
    known = {} if view is None else view.columns
    found = [name for text in texts for name in ([text] if text in known else text.split(","))]
    return tuple(dict.fromkeys(name.strip() if name not in known else name for name in found if name.strip()))


def features(texts: Sequence[str], view: View) -> tuple[tuple[str, ...], ...]:
    """Read sensitive features: each by itself, and those that are named together (`race,sex`) as groups of both.

    Raises `UserError` for a column that is not there, or holds lists or the like.
    """
    each = columns(texts, view)
    if texts and not each:
        raise UsageError("--by needs the name of a column.")
    for name in each:
        if view.column(name).type.strip('"') != "NULL":  # a column without values is a group of its own
            view.plain(name)
    together = [columns([text], view) for text in texts]
    if len(texts) > 1 and all(len(some) == 1 for some in together):
        together = [each]
    return tuple(dict.fromkeys([*((name,) for name in each), *(some for some in together if len(some) > 1)]))


def task(text: str | None) -> str | None:
    """Read a task, by its name or by the first word of it."""
    if text is None or text in MEASURED_TASKS:
        return text
    if text.lower() in SHORT_TASKS:
        return SHORT_TASKS[text.lower()]
    known = near(text, [*MEASURED_TASKS, *SHORT_TASKS])
    meant = "" if known is None else f" Did you mean {SHORT_TASKS.get(known, known)}?"
    raise UsageError(f"There is no task {quoted(text)}.{meant} There are {', '.join(MEASURED_TASKS)}.")


def answer(view: View, prediction: str | None, score: str | None) -> Answer | None:
    """Return which columns hold a model's answers; None when none is named.

    `p_*` names one column for each class: what stands at the star is the class. `p_a,p_b` does so too, if the names
    have the same beginning.
    """
    if prediction is None and score is None:
        return None
    by_class = _by_class(view, score) if score is not None else {}
    return Answer(prediction=prediction, score=None if by_class else score, scores=by_class)


def _by_class(view: View, score: str) -> Mapping[str, str]:
    if score in view.columns:
        return {}
    if CLASS in score:
        before, _, after = score.partition(CLASS)
        found = [name for name in view.columns if name.startswith(before) and name.endswith(after)]
        named = {name[len(before) : len(name) - len(after)]: name for name in found if len(name) > len(before + after)}
        if not named:
            known = listed(tuple(view.columns), most=20)
            raise UserError(f"{view.said} has no column that looks like {score}; it has {known}.")
        return named
    several = columns([score], view)
    if len(several) < 2:  # noqa: PLR2004 - one name is no list
        return {}
    shared = _shared(several)
    return {name.removeprefix(shared): name for name in several}


def _shared(names: Sequence[str]) -> str:
    shortest = min(names, key=len)
    length = next((at for at, letter in enumerate(shortest) if any(name[at] != letter for name in names)), 0)
    shared = shortest[:length]
    end = max((shared.rfind(mark) for mark in SEPARATORS), default=-1) + 1
    return shared[:end] if end else shared
