"""Which values do YAML events make, and on which line does each stand?

Plain words follow YAML 1.2: only `true` and `false` are booleans, and `no`, `1:30` and `2026-11-21` are text.
"""

import math
import re
from collections.abc import Iterator, Mapping

import yaml
from pydantic import JsonValue

from policies.problem import UnreadableError

Place = tuple[str | int, ...]
"""Keys and positions that lead from the top of a document to a value in it."""

MAXIMUM_DEPTH = 20
MAXIMUM_VALUES = 100_000

WORDS: Mapping[str, JsonValue] = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
LONGEST_NUMBER = 40


class Builder:
    """Builds values from events, and notes where each one stood."""

    def __init__(self, path: str, events: Iterator[yaml.Event]) -> None:
        self._path = path
        self._events = events
        self.lines: dict[Place, int] = {}
        self.texts: dict[Place, str] = {}
        self._anchors: dict[str, tuple[JsonValue, int]] = {}
        self._values = 0

    def mapping(self) -> dict[str, JsonValue]:
        """Read the whole stream: one document, a mapping."""
        next(self._events)  # the stream's own start
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise UnreadableError(self._path, None, "is empty; it must hold a mapping")
        top = next(self._events)
        content = self._value(top, ())
        if not isinstance(content, dict):
            raise self._refused(top, "must hold a mapping (`field: value` lines)")
        next(self._events)  # the document's own end
        if not isinstance(after := next(self._events), yaml.StreamEndEvent):
            raise self._refused(after, "starts a second document; keep one to a file")
        return content

    def _value(self, event: yaml.Event, place: Place) -> JsonValue:
        before = self._values
        self._count(event, 1, place)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place)
        self._refuse_tag(event)
        value: JsonValue
        if isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(place)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(place)
        else:
            value = self._scalar(event, place)
        if anchor := getattr(event, "anchor", None):
            self._anchors[anchor] = (value, self._values - before)
        return value

    def _alias(self, event: yaml.AliasEvent, place: Place) -> JsonValue:
        if event.anchor not in self._anchors:
            raise self._refused(event, f"`*{event.anchor}` names nothing that stands before it")
        value, weight = self._anchors[event.anchor]
        self._count(event, weight, place)
        return value

    def _mapping(self, place: Place) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            if key in found:
                first = self.lines[*place, key]
                raise self._refused(event, f"`{key}` stands here twice (first in line {first}); keep one")
            self.lines[*place, key] = _line(event)
            found[key] = self._value(next(self._events), (*place, key))
        return found

    def _sequence(self, place: Place) -> list[JsonValue]:
        found: list[JsonValue] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            here = (*place, len(found))
            self.lines[here] = _line(event)
            found.append(self._value(event, here))
        return found

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused(event, "a field's name must be plain text")
        self._refuse_tag(event)
        return event.value

    def _scalar(self, event: yaml.Event, place: Place) -> JsonValue:
        text: str = getattr(event, "value")  # noqa: B009 - the stubs know the attribute on one class only
        if getattr(event, "style", None):  # quoted, or a block: text, whatever it looks like
            return text
        value = _plain(text)
        if value is not None:
            self.texts[place] = text
        return value

    def _count(self, event: yaml.Event, values: int, place: Place) -> None:
        self._values += values
        if len(place) > MAXIMUM_DEPTH:
            raise self._refused(event, f"is nested deeper than {MAXIMUM_DEPTH} levels")
        if self._values > MAXIMUM_VALUES:
            raise self._refused(event, f"holds more than {MAXIMUM_VALUES:,} values, counting each use of an alias")

    def _refuse_tag(self, event: yaml.Event) -> None:
        if tag := getattr(event, "tag", None):
            raise self._refused(event, f"the tag `{tag}` is not read here; remove it")

    def _refused(self, event: yaml.Event, text: str) -> UnreadableError:
        return UnreadableError(self._path, _line(event), text)


def _line(event: yaml.Event) -> int:
    return int(getattr(event.start_mark, "line", 0)) + 1


def _plain(text: str) -> JsonValue:
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= LONGEST_NUMBER and NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
