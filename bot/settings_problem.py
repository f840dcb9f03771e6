"""Where in app.yaml is the mistake, and what was probably meant?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel

from bot.grammar.mistake import did_you_mean
from gates.refusal import UserError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]


class SettingsError(UserError):
    """Settings that cannot be used: file, line, mistake, one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML file's value, and the line of each of its parts."""

    value: object
    lines: Mapping[Location, int]
    where: str

    def problem(self, detail: "ErrorDetails", model: type[BaseModel]) -> str:
        """Say one mistake against `model`: file, line, path, and a near match for an unknown key."""
        location = detail["loc"]
        named = ".".join(str(part) for part in location if part != "[key]") or "the file"
        return f"{self.where}:{self._line(location)}: {named}: {_sentence(detail, model)}"

    def _line(self, location: Location) -> int:
        """Return the line of the innermost part that exists."""
        lines = (self.lines[location[:end]] for end in range(len(location), -1, -1) if location[:end] in self.lines)
        return next(lines, 1)


def read_yaml(text: str, *, where: str) -> Document:
    """Read one YAML document, with its lines; `SettingsError` for what is no YAML, or says a key twice."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise SettingsError(f"{where}:{line}: this is no YAML: {getattr(error, 'problem', None) or error}") from error
    lines: dict[Location, int] = {}
    if node is not None:
        _collect(node, (), lines, where)
    return Document(value={} if value is None else value, lines=lines, where=where)


def _collect(node: yaml.Node, at: Location, lines: dict[Location, int], where: str) -> None:
    """Note the line of a node and of all below it."""
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _collect(item, (*at, index), lines, where)
    if isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            place = (*at, str(key.value))
            if place in lines:
                raise SettingsError(f"{where}:{key.start_mark.line + 1}: {key.value} stands twice; keep one.")
            lines[place] = key.start_mark.line + 1
            _collect(item, place, lines, where)


def _sentence(detail: "ErrorDetails", model: type[BaseModel]) -> str:
    """Say what is wrong with one value."""
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"there is no such setting.{did_you_mean(key, _fields_beside(detail['loc'], model))}"
    if detail["type"] == "missing":
        return "this setting is missing."
    if isinstance(detail["input"], dict | list):
        return f"{detail['msg']}."
    given = repr(detail["input"])
    return f"{detail['msg']}; it is {given if len(given) <= 60 else given[:60] + '...'}"  # noqa: PLR2004 - one line


def _fields_beside(location: Location, model: type[BaseModel]) -> set[str]:
    """Return the settings that exist where an unknown one stands."""
    section: type[BaseModel] | None = model
    for part in location[:-1]:
        if isinstance(part, str) and section is not None and part in section.model_fields:
            section = _section(section.model_fields[part].annotation)
    return set(section.model_fields) if section else set()


def _section(annotation: object) -> type[BaseModel] | None:
    """Return the section that a field holds: itself, or in a list or a table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_section(argument) for argument in getattr(annotation, "__args__", ()))
    return next((section for section in inner if section), None)
