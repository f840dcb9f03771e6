"""Is this exchange, or this event, what GitHub's own description says?"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

from jsonschema.validators import extend  # type: ignore[import-untyped] # jsonschema comes without types
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource, Specification

from tests.github.contract.description import ROOT, Description, Node, Operation, listed, node

BASIC_ERROR: Node = {"$ref": f"{ROOT}#/components/schemas/basic-error"}
EVERYWHERE = frozenset({"301", "304", "400", "401", "403", "404", "422", "429"})
"""Answers that any operation may give, also where the description forgets them."""


Rule = Callable[[object, object, object, Node], Iterator["SchemaError"]]


class SchemaError(Protocol):
    """What a validator tells."""

    message: str
    json_path: str
    context: "Sequence[SchemaError]"
    schema_path: "deque[str | int]"


def _or_null(keyword: Rule) -> Rule:
    """Let null pass where `nullable` stands beside a keyword: GitHub means it so, also where no type is named."""

    def rule(validator: object, wanted: object, instance: object, schema: Node) -> Iterator[SchemaError]:
        if instance is not None or schema.get("nullable") is not True:
            yield from keyword(validator, wanted, instance, schema)

    return rule


NULLABLE = ("allOf", "anyOf", "oneOf", "enum")
GitHubValidator = extend(OAS30Validator, {name: _or_null(OAS30Validator.VALIDATORS[name]) for name in NULLABLE})


class Validator:
    """Compares exchanges with the description."""

    def __init__(self, description: Description) -> None:
        """Follow references into the description, and nowhere else."""
        self._description = description

    @cached_property
    def _registry(self) -> "Registry[object]":
        resource: Resource[object] = Specification.OPAQUE.create_resource(self._description.document)
        empty: Registry[object] = Registry()
        filled: Registry[object] = empty.with_resource(ROOT, resource)
        return filled

    def exchange(
        self, *, method: str, path: str, query: dict[str, str], sent: object, status: int, received: object
    ) -> list[str]:
        """Return what is wrong with a request and its answer. A request that was refused may be wrong."""
        operation = self._description.operation(method, path)
        if operation is None:
            return [] if status in (404, 401) else [f"{method} {path} is not described"]
        found = [] if status >= 400 else [*self._query(operation, query), *self._sent(operation, sent)]
        return [f"{method} {path} -> {status}: {one}" for one in (*found, *self._received(operation, status, received))]

    def event(self, name: str, action: str | None, payload: object) -> list[str]:
        """Return what is wrong with an event."""
        schema = self._description.event(name, action)
        if schema is None:
            return [f"the event {name} {action or ''} is not described"]
        return [f"event {name} {action or ''}: {one}" for one in self._errors(schema, payload)]

    def _query(self, operation: Operation, query: dict[str, str]) -> Iterator[str]:
        given = [*listed(operation.definition.get("parameters")), *operation.shared]
        followed = [self._description.follow(node(one)) for one in given]
        known = {one["name"] for one in followed if one.get("in") == "query"}
        for name in query:
            if name not in known:
                yield f"the query {name} is not described"

    def _sent(self, operation: Operation, sent: object) -> Iterator[str]:
        holder = operation.definition.get("requestBody")
        if holder is None:
            if sent not in (None, {}):
                yield f"a body is sent, and none is described: {sent!r:.200}"
            return
        wanted = self._description.follow(node(holder))
        schema = self._description.schema_of(wanted)
        if sent is None or schema is None:
            if wanted.get("required") and schema is not None:
                yield "no body is sent, and one is required"
            return
        yield from (f"sent {one}" for one in self._errors(schema, sent))
        yield from self._unknown(schema, sent)

    def _unknown(self, schema: Node, sent: object) -> Iterator[str]:
        """Yield fields that GitHub would silently ignore."""
        known = self._fields(schema)
        if isinstance(sent, dict) and known:
            for name in sent:
                if name not in known:
                    yield f"sent the field {name}, which is not described"

    def _fields(self, schema: Node) -> set[str]:
        whole = self._description.follow(schema)
        own = set(node(whole.get("properties") or {}))
        parts = [one for key in ("oneOf", "anyOf", "allOf") for one in listed(whole.get(key))]
        return own.union(*(self._fields(node(one)) for one in parts))

    def _received(self, operation: Operation, status: int, received: object) -> Iterator[str]:
        answers = node(operation.definition["responses"])
        if str(status) not in answers:
            if str(status) not in EVERYWHERE and status < 500:
                yield "this status is not described"
            elif received is not None:
                yield from (f"answered {one}" for one in self._errors(BASIC_ERROR, received))
            return
        schema = self._description.schema_of(node(answers[str(status)]))
        if schema is None and status >= 400 and received is not None:
            schema = BASIC_ERROR
        if schema is None and received is not None:
            yield f"a body is answered, and none is described: {received!r:.200}"
        if schema is not None:
            yield from (f"answered {one}" for one in self._errors(schema, received))

    def _errors(self, schema: Node, value: object) -> list[str]:
        validator = GitHubValidator(schema, registry=self._registry, format_checker=oas30_format_checker)
        return [_told(error) for error in validator.iter_errors(value)]


def _told(error: SchemaError) -> str:
    """Say what is wrong; where one of several forms would do, with the form that comes nearest."""
    forms: dict[str | int, list[SchemaError]] = {}
    for inner in error.context:
        forms.setdefault(inner.schema_path[0], []).append(inner)
    if forms:
        return " and ".join(_told(inner) for inner in min(forms.values(), key=len))
    return f"{error.json_path}: {error.message[:300]}"
