"""What does this YAML file say, and on which line does it say it?

Read from PyYAML's safe event stream: no tags, no duplicate keys, one document, bounded depth and size (aliases count as
often as they are used, so that a few lines cannot grow into gigabytes).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from pydantic import JsonValue

from policies.problem import UnreadableError
from policies.yaml_values import Builder, Place

MAXIMUM_BYTES = 1 << 20
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A mapping read from YAML, and the line of everything in it."""

    path: str
    content: dict[str, JsonValue]
    lines: Mapping[Place, int]
    texts: Mapping[Place, str]
    """What plain words and numbers looked like before they became values."""

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def with_text(self, *places: Place) -> dict[str, JsonValue]:
        """Return the content with these values as they were written: version `1.10` is not the number 1.1."""
        content = self.content
        for place in places:
            if place in self.texts:
                content = _replaced(content, place, self.texts[place])
        return content


def read_document(path: str, content: bytes) -> Document:
    """Read one file; raises `UnreadableError` with the line."""
    text = _decoded(path, content)
    builder = Builder(path, yaml.parse(text, Loader=LOADER))
    try:
        values = builder.mapping()
    except yaml.YAMLError as error:
        raise _unreadable(path, text, error) from error
    return Document(path=path, content=values, lines=builder.lines, texts=builder.texts)


def _decoded(path: str, content: bytes) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise UnreadableError(path, None, f"has {len(content):,} bytes; at most {MAXIMUM_BYTES:,} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(path, line, "is not UTF-8 text; save it with that encoding") from error
    if found := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableError(path, line, f"has a control character (U+{ord(found[0]):04X}); remove it")
    return text


def _unreadable(path: str, text: str, error: yaml.YAMLError) -> UnreadableError:
    number = int(getattr(getattr(error, "problem_mark", None), "line", 0))
    line = [*text.splitlines(), *[""] * (number + 1)][number]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return UnreadableError(path, number + 1, "is indented with a tab; YAML wants spaces")
    parts = (getattr(error, "context", None), getattr(error, "problem", None))
    said = ", ".join(part for part in parts if part) or "it cannot be read"
    return UnreadableError(path, number + 1, f"is not YAML: {said}")


def _replaced(content: dict[str, JsonValue], place: Place, text: str) -> dict[str, JsonValue]:
    """Copy the mappings along the way; aliases may share them with other places."""
    key, *rest = place
    inner = content[str(key)]
    if rest and isinstance(inner, dict):
        return {**content, str(key): _replaced(inner, tuple(rest), text)}
    return {**content, str(key): text}


__all__ = ["Document", "Place", "read_document"]
