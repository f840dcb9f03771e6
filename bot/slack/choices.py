"""What can be chosen in a select, while somebody types into it?

Slack shows at most 100 options, and takes texts and values of at most 75 characters.
"""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from bot.grammar.mistake import UsageError
from bot.grammar.values import read_model
from bot.house.window import Window
from bot.slack.payload import View
from gates.refusal import Unavailable, UserError

MOST = 100
LONGEST = 75

Option = dict[str, JsonValue]


def choices(window: Window, field: str, typed: str, view: View) -> list[Option]:
    """Return the options of a field of the promote modal; none where the house does not say."""
    try:
        return options(_names(window, field, view.entered("model")), typed)
    except (UserError, Unavailable):
        return []


def _names(window: Window, field: str, model: str) -> Sequence[str]:
    match field:
        case "model":
            return _models(window)
        case "version":
            project, name = _split(model)
            return window.names("VERSION", model=name, project=project) if name else ()
        case "environment":
            project, _ = _split(model)
            return window.names("ENVIRONMENT", project=project or _only(window))
        case _:
            return ()


def _models(window: Window) -> Sequence[str]:
    """Return the models as they are typed: with the project where there are several."""
    if len(window.projects) == 1:
        return window.names("MODEL")
    return [f"{project}/{model}" for project in window.projects for model in window.names("MODEL", project=project)]


def _split(model: str) -> tuple[str | None, str]:
    """Return project and name of a model as it is typed."""
    if not model:
        return None, ""
    try:
        read = read_model(model)
    except UsageError:
        return None, ""
    return read.project, read.name


def _only(window: Window) -> str | None:
    """Return the only project, whose environments then come in promotion order."""
    return window.projects[0] if len(window.projects) == 1 else None


def options(names: Iterable[str], typed: str) -> list[Option]:
    """Return what was typed the beginning of, then what it occurs in."""
    wanted = typed.strip().lower()
    fitting = [name for name in names if wanted in name.lower() and len(name) <= LONGEST]
    fitting.sort(key=lambda name: not name.lower().startswith(wanted))
    return [{"text": {"type": "plain_text", "text": name, "emoji": False}, "value": name} for name in fitting[:MOST]]
