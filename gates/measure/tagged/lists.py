"""How are lists of texts written in an engine's SQL?

DuckDB has them as `VARCHAR[]`. Spark knows the same functions by other names, so they stand here and nowhere else.
"""

from collections.abc import Iterable

from gates.measure.scan.dialect import text

BETWEEN = "\x1f"
"""Separates the type of an entity from its place; stands in no tag."""


def is_list(type_: str) -> bool:
    """Tell whether a column of this type holds lists."""
    return type_.endswith("]") or type_.lower().startswith("array")


def texts(column: str) -> str:
    """Return a list's elements as texts."""
    return f"CAST({column} AS VARCHAR[])"


def split(column: str, separator: str) -> str:
    """Return the parts of a text, without spaces around them and without empty ones."""
    parts = f"list_transform(string_split({column}, {text(separator)}), lambda part: trim(part))"
    return f"list_filter({parts}, lambda part: part <> '')"


def distinct(items: str) -> str:
    """Return each element once, in order."""
    return f"list_sort(list_distinct({items}))"


def shared(first: str, second: str) -> str:
    """Return the elements that are in both of two lists without doubles."""
    return f"list_intersect({first}, {second})"


def size(items: str) -> str:
    """Return how many elements there are."""
    return f"len({items})"


def holds_null(items: str) -> str:
    """Tell whether an element is missing."""
    return f"(len(list_filter({items}, lambda item: item IS NULL)) > 0)"


def each(items: str) -> str:
    """Return a row for each element."""
    return f"unnest({items})"


def of_type(items: str, type_: str) -> str:
    """Return the entities of a type."""
    return f"list_filter({items}, lambda item: starts_with(item, {text(type_ + BETWEEN)}))"


def summed(items: str, weights: dict[str, int]) -> str:
    """Return the sum of the elements' weights, which are whole numbers; elements without one weigh nothing."""
    known, weighed = _listed(text(tag) for tag in weights), _listed(str(weight) for weight in weights.values())
    found = f"list_transform({items}, lambda item: {weighed}[list_position({known}, item)])"
    return f"CAST(coalesce(list_sum({found}), 0) AS DOUBLE)"


def wrong_tags(tags: str) -> str:
    """Return the tags that are not of the scheme IOB2: `O`, `B-` and a type, `I-` and a type."""
    return f"list_filter({tags}, lambda tag: NOT (tag = 'O' OR (len(tag) > 2 AND tag[1:2] IN ('B-', 'I-'))))"


def entities(tags: str) -> str:
    """Return the entities of tags in the scheme IOB2: type, first place and length.

    An entity begins with `B-` and goes on with `I-` of the same type; an `I-` without a beginning belongs to none.
    """
    goes_on = f"list_transform({tags}[spot + 1:], lambda tag: tag = concat('I-', {tags}[spot][3:]))"
    length = f"coalesce(nullif(list_position({goes_on}, FALSE), 0), len({tags}) - spot + 1)"
    begins = f"list_filter(range(1, len({tags}) + 1), lambda spot: {tags}[spot][1:2] = 'B-')"
    said = f"concat({tags}[spot][3:], {text(BETWEEN)}, spot, {text(BETWEEN)}, {length})"
    return f"list_transform({begins}, lambda spot: {said})"


def _listed(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"
