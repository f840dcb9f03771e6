"""How does a template become what a chat takes? It renders JSON, and whatever it inserts is escaped for that.

In these templates an item of a list may be followed by a comma even where it is the last one.
"""

import json
import re
from functools import cache

from jinja2 import Environment
from markupsafe import Markup
from pydantic import JsonValue

from reports.chat_text import shown
from reports.escaping import Inert, inert
from reports.rendering import environment

_COMMAND = re.compile(
    r"(?<![\w/-])mlops(?= (?:promote|approve|reject|withdraw|recheck|rollback|retire|sync|retrain|status|why|history|"
    r"compare|card|audit(?! verify| export)|drift|link|help)\b)"
)
_BLANKS = re.compile(r"^ +| {2,}")
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])')


def render_json(template: str, **values: object) -> JsonValue:
    """Render a `.json.j2` template of ours and read it back: what is no JSON is never sent."""
    text = _environment().get_template(template).render(**values)
    document: JsonValue = json.loads(_LAST_COMMA.sub(r"\1", text))
    return document


def render_object(template: str, **values: object) -> dict[str, JsonValue]:
    """Render a template whose outermost value is an object."""
    document = render_json(template, **values)
    if not isinstance(document, dict):
        raise TypeError(f"{template} is to render an object.")
    return document


def render_objects(template: str, **values: object) -> list[dict[str, JsonValue]]:
    """Render a template whose outermost value is a list of objects."""
    document = render_json(template, **values)
    if not isinstance(document, list):
        raise TypeError(f"{template} is to render a list.")
    return [item for item in document if isinstance(item, dict)]


def as_json(value: object) -> Markup:
    """Return a value as JSON; a string is made inert first, whoever wrote it."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, bool | int):
        return _json(value)
    if isinstance(value, str):
        return _json(_between_others(value))
    raise TypeError(f"A template inserts a {type(value).__name__}, which has no place in a message.")


def _between_others(text: str) -> str:
    """Make a run of text inert, and keep the blank between it and the next."""
    return f"{' ' * text.startswith(' ')}{inert(text)}{' ' * text.endswith(' ')}"


def exact(value: str) -> Markup:
    """Return what a program reads back, as JSON that holds no tag: never for what people see."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))  # noqa: S704 - JSON is what these templates are made of


def slashed(text: str) -> str:
    """Return a text with our commands as Slack wants them typed; those that only a terminal knows stay as they are."""
    typed = _COMMAND.sub("/mlops", text)
    return Inert(typed) if isinstance(text, Inert) else typed


def standing(line: str) -> Inert:
    """Return a line whose columns stay where they are: cards fold blanks, but not those that never break a line."""
    kept = _BLANKS.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), line)
    return Inert(kept or "\N{NO-BREAK SPACE}")


def tagged(text: str) -> Markup:
    """Return text that holds mentions of ours, made of cleaned names only."""
    return _json(text)


@cache
def _environment() -> Environment:
    """Return our templates' environment where what a macro made is not escaped again."""
    made = environment(as_json).overlay(autoescape=True)
    made.filters.update(shown=shown, exact=exact, slashed=slashed, standing=standing, tagged=tagged)
    return made


def _json(value: bool | int | str) -> Markup:  # noqa: FBT001 - any value that JSON knows
    return Markup(json.dumps(value, ensure_ascii=False))  # noqa: S704 - as above
