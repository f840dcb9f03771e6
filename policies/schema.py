"""What may stand at this place of a file, in words?"""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, JsonValue

Location = Sequence[str | int]
Node = dict[str, JsonValue]


class Schema:
    """The JSON schema of a pydantic model, followed along the locations that pydantic reports."""

    def __init__(self, kind: type[BaseModel]) -> None:
        self._root: Node = kind.model_json_schema()

    def fields(self, location: Location) -> tuple[str, ...]:
        """Return the names of the fields that may stand in the mapping at a location."""
        return tuple(name for node in self._variants(self._at(location)) for name in _mapping(node, "properties"))

    def phrase(self, location: Location) -> str:
        """Return what a value must be, such as `a number of at least 0`; empty when the schema cannot tell."""
        phrases = (_phrase(node) for node in self._variants(self._at(location)))
        return " or ".join(dict.fromkeys(phrase for phrase in phrases if phrase))

    def choices(self, location: Location) -> tuple[str, ...]:
        """Return the words that may stand at a location, where only certain ones may."""
        return tuple(word for node in self._variants(self._at(location)) for word in _choices(node))

    def _at(self, location: Location) -> Node:
        node = self._root
        for part in location:
            node = self._step(node, part) or node
        return node

    def _step(self, node: Node, part: str | int) -> Node | None:
        for variant in self._variants(node):
            if part in (tags := _mapping(_mapping(variant, "discriminator"), "mapping")):
                return self._resolved({"$ref": tags[str(part)]})
            inner = _mapping(variant, "properties").get(str(part)) or variant.get(_inside(part))
            if isinstance(inner, dict):
                return inner
        return None

    def _variants(self, node: Node) -> Iterator[Node]:
        """Yield a node, or each of its alternatives."""
        resolved = self._resolved(node)
        members = resolved.get("anyOf") or resolved.get("oneOf")
        yield resolved
        if isinstance(members, list) and "discriminator" not in resolved:
            for member in [node for node in members if isinstance(node, dict)]:
                yield from self._variants(member)

    def _resolved(self, node: Node) -> Node:
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        return _mapping(_mapping(self._root, "$defs"), reference.removeprefix("#/$defs/"))


def _inside(part: str | int) -> str:
    return "items" if isinstance(part, int) else "additionalProperties"


def _mapping(node: Node, key: str) -> Node:
    inner = node.get(key)
    return inner if isinstance(inner, dict) else {}


def _choices(node: Node) -> list[str]:
    members = node.get("enum", [node["const"]] if "const" in node else [])
    return [str(member) for member in members] if isinstance(members, list) else []


def _phrase(node: Node) -> str:
    if choices := _choices(node):
        quoted = [f"`{choice}`" for choice in choices]
        return quoted[0] if len(quoted) == 1 else f"one of {', '.join(quoted)}"
    nouns = {
        "string": "text",
        "boolean": "true or false",
        "array": "a list",
        "object": "a mapping",
        "integer": "a whole number",
        "number": "a number",
    }
    noun = nouns.get("object" if "discriminator" in node else str(node.get("type")), "")
    return f"{noun}{_limits(node)}"


def _limits(node: Node) -> str:
    words = {
        "minimum": "of at least",
        "exclusiveMinimum": "above",
        "maximum": "of at most",
        "exclusiveMaximum": "below",
        "minLength": "of at least",
        "minItems": "of at least",
        "minProperties": "of at least",
        "maxLength": "of at most",
        "maxItems": "of at most",
    }
    return " and".join(f" {word} {node[key]}{_unit(key, node[key])}" for key, word in words.items() if key in node)


def _unit(key: str, limit: JsonValue) -> str:
    units = {"Length": "character", "Items": "item", "Properties": "field"}
    unit = next((unit for suffix, unit in units.items() if key.endswith(suffix)), "")
    return f" {unit}{'' if limit == 1 else 's'}" if unit else ""
