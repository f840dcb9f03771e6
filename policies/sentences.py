"""What is wrong with this file, in our words and on which line?

pydantic finds the mistakes; its texts are for programmers. Here each becomes one sentence that says what a field must
be, derived from the schema's own limits, so that a new field or gate needs no new text.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from policies.document import Document, Place
from policies.near import near, or_near
from policies.problem import Problem
from policies.schema import Schema

Section = TypeVar("Section", bound=BaseModel)
SHOWN = 40
"""Characters of a wrong value that a sentence repeats."""


def validated(
    kind: type[Section], document: Document, content: Mapping[str, JsonValue] | None = None
) -> Section | tuple[Problem, ...]:
    """Return the document's content as a value of `kind`, or every mistake in it.

    Validated as JSON and strictly: `count: "1"` and `count: true` are mistakes, a list is welcome as a tuple.
    """
    text = json.dumps(document.content if content is None else content)
    found = _read(kind, text, strict=True)
    if isinstance(found, list) and not (found := [detail for detail in found if not _is_list_for_tuple(detail)]):
        found = _read(kind, text, strict=False)
    if not isinstance(found, list):
        return found
    schema = Schema(kind)
    return tuple(_problem(detail, schema, document) for detail in found)


def _read(kind: type[Section], text: str, *, strict: bool) -> Section | list[ErrorDetails]:
    try:
        return kind.model_validate_json(text, strict=strict)
    except ValidationError as error:
        return error.errors(include_url=False)


def _is_list_for_tuple(detail: ErrorDetails) -> bool:
    """A gate with a validator in front of its fields makes Python of JSON; there, strictly, a list is no tuple."""
    return detail["type"] == "tuple_type" and isinstance(detail["input"], list)


def _problem(detail: ErrorDetails, schema: Schema, document: Document) -> Problem:
    place = _place(detail["loc"], document.content)
    if detail["type"] == "extra_forbidden":
        text = _unknown_field(str(detail["loc"][-1]), schema.fields(detail["loc"][:-1]))
    elif detail["type"] == "missing":
        text = f"`{detail['loc'][-1]}` is missing"
    else:
        text = _said(detail) or _must_be(detail, place, schema)
    return Problem(path=document.path, line=document.line(place), text=text)


def _place(location: Sequence[str | int], content: JsonValue) -> Place:
    """Follow pydantic's location through the document; names of union members lead nowhere and are left out."""
    place: Place = ()
    for part in location:
        if isinstance(content, dict) and part in content:
            content = content[str(part)]
        elif isinstance(content, list) and isinstance(part, int):
            content = content[part]
        else:
            continue
        place = (*place, part)
    return place


def _unknown_field(name: str, known: Sequence[str]) -> str:
    return f"`{shortened(name)}` is not a field here; {or_near(name, known)}"


def _said(detail: ErrorDetails) -> str | None:
    """Return the sentence that the error brings along, if it does."""
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"]).rstrip(".")
    if detail["type"] == "union_tag_not_found":
        return f"{str(context['discriminator']).replace(chr(39), '`')} is missing; it names which one is meant"
    if detail["type"] == "union_tag_invalid":
        known = [name.strip().strip("'") for name in str(context["expected_tags"]).split(",")]
        field, tag = str(context["discriminator"]).strip("'"), str(context["tag"])
        return f"there is no {field} `{shortened(tag)}`; {or_near(tag, known)}"
    return None


def _must_be(detail: ErrorDetails, place: Place, schema: Schema) -> str:
    wanted = schema.phrase(detail["loc"]) or "something else"
    meant = near(shown(detail["input"]).strip("'"), schema.choices(detail["loc"]))
    hint = f"; perhaps `{meant}` is meant" if meant else ""
    return f"{named(place)} must be {wanted}, not {shown(detail['input'])}{hint}"


def named(place: Place) -> str:
    """Return a field or a list's item as a sentence names it."""
    *around, last = place or ("the file",)
    if isinstance(last, int):
        return f"item {last + 1} of {named(tuple(around))}"
    return f"`{shortened(last)}`"


def shown(value: object) -> str:
    """Return a wrong value as a sentence repeats it."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None:
        return "empty"
    if isinstance(value, str):
        return f"'{shortened(value)}'"
    return json.dumps(value)


def shortened(text: str) -> str:
    """Return the beginning of a text on one line; it comes from outside and may be anything."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}..."
