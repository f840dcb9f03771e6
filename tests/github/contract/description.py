"""What does GitHub's own description of its API say about a method and a path, or about an event?

The file is `api.github.com.json` of the npm package @octokit/openapi, which GitHub generates from its own source. It
is 13 MB: it is parsed once, its paths are put into a tree, and references are followed only when an exchange needs
them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.github.contract.corrections import correct

Node = dict[str, object]

SPANNING = frozenset({"{ref}", "{path}", "{basehead}", "{branch}"})
"""Parts of a path that may hold slashes."""
ROOT = "urn:github"
NAMED = re.compile(r"\{\w+\}")
"""What stands in a template for something; alone in a part of a path, or mixed with other text: "{base}...{head}"."""
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One described method of one path."""

    template: str
    definition: Node
    shared: tuple[Node, ...] = ()
    """Parameters that all methods of the path have."""


@dataclass(slots=True)
class Step:
    """One place in the tree of paths."""

    below: "dict[str, Step]" = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)


class Description:
    """The parsed description."""

    def __init__(self, document: Node) -> None:
        """Put the paths into a tree."""
        self.document = document
        self._root = Step()
        for template, item in node(document["paths"]).items():
            self._plant(template, node(item))

    def _plant(self, template: str, item: Node) -> None:
        step = self._root
        for part in template.strip("/").split("/"):
            step = step.below.setdefault(part, Step())
        shared = tuple(node(one) for one in listed(item.get("parameters")))
        for method in METHODS:
            if method in item:
                step.operations[method] = Operation(template=template, definition=node(item[method]), shared=shared)

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request is for; literal parts of a path win over named ones."""
        return next(_found(self._root, path.strip("/").split("/"), method.lower()), None)

    def event(self, name: str, action: str | None) -> Node | None:
        """Return the schema of an event's payload."""
        words = "_".join(one for one in (name, action) if one).replace("_", "-")
        hooks = node(self.document["x-webhooks"])
        item = hooks.get(words)
        return None if item is None else self.schema_of(node(node(node(item)["post"])["requestBody"]))

    def schema_of(self, holder: Node) -> Node | None:
        """Return the JSON schema of a body; None when the body is no JSON, or is not described."""
        content = node(self.follow(holder).get("content") or {})
        media = content.get("application/json")
        return node(node(media)["schema"]) if media is not None and "schema" in node(media) else None

    def follow(self, place: Node) -> Node:
        """Return what a reference refers to, or the thing itself."""
        while "$ref" in place:
            target: object = self.document
            for part in str(place["$ref"]).removeprefix(f"{ROOT}#/").split("/"):
                target = node(target)[part]
            place = node(target)
        return place


def _found(step: Step, parts: list[str], method: str) -> Iterator[Operation]:
    if not parts:
        if method in step.operations:
            yield step.operations[method]
        return
    if parts[0] in step.below:
        yield from _found(step.below[parts[0]], parts[1:], method)
    for name, below in step.below.items():
        if NAMED.fullmatch(name):
            longest = len(parts) if name in SPANNING else 1
            for taken in range(1, longest + 1):
                yield from _found(below, parts[taken:], method)
        elif "{" in name and _mixed(name).fullmatch(parts[0]):
            yield from _found(below, parts[1:], method)


@cache
def _mixed(template: str) -> re.Pattern[str]:
    return re.compile(".+".join(re.escape(literal) for literal in NAMED.split(template)))


def node(value: object) -> Node:
    """Return an object of the description."""
    if not isinstance(value, dict):
        raise TypeError(f"GitHub's description holds {value!r} where an object was expected")
    return value


def listed(value: object) -> list[object]:
    """Return a list of the description; empty when there is none."""
    return value if isinstance(value, list) else []


@cache
def load(path: Path) -> Description:
    """Parse a description, once in a process; references are made absolute, to be good from anywhere in it."""
    document = node(json.loads(path.read_text().replace('"#/components/', f'"{ROOT}#/components/')))
    correct(document)
    return Description(document)
