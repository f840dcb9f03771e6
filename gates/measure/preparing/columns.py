"""Does a column hold what its part needs, and in which rows?"""

from gates.measure.scan.dialect import name
from gates.measure.scan.view import Column, Kind
from gates.measure.unusable import UnusableError

CLASSES = (Kind.TRUTH, Kind.NUMBER, Kind.TEXT)
NUMBERS = (Kind.TRUTH, Kind.NUMBER)
FLOATING = ("FLOAT", "DOUBLE", "REAL")
LARGEST = "1.7976931348623157e308"


def numeric(column: Column, part: str) -> Column:
    """Return the column if it holds numbers; raises `UnusableError`."""
    if column.kind not in NUMBERS:
        raise UnusableError(f"{part} holds {held(column)}, not numbers.")
    return column


def categorical(column: Column, part: str) -> Column:
    """Return the column if its values can be classes; raises `UnusableError`."""
    if column.kind not in CLASSES:
        raise UnusableError(f"{part} holds {held(column)}; a class is a truth value, a number or a text.")
    return column


def held(column: Column) -> str:
    """Say what a column holds."""
    words = {Kind.TEXT: "text", Kind.TIME: "times", Kind.TRUTH: "truth values", Kind.NUMBER: "numbers"}
    other = "lists" if column.type.endswith("]") or column.type.lower().startswith(("list", "array")) else "structures"
    return words.get(column.kind, f"{other} ({column.type})")


def floating(column: Column) -> bool:
    """Can the column hold NaN?"""
    return column.type.upper() in FLOATING


def present(column: Column) -> str:
    """Return SQL that is true where there is a value, and NaN is none."""
    said = name(column.name)
    return f"({said} IS NOT NULL AND NOT isnan({said}))" if floating(column) else f"({said} IS NOT NULL)"


def number(column: Column) -> str:
    """Return a column of numbers or truth values as DOUBLE."""
    said = name(column.name)
    return said if column.type.upper() == "DOUBLE" else f"CAST({said} AS DOUBLE)"


def finite(column: Column) -> str:
    """Return SQL that is true where there is a finite number; never null."""
    return f"coalesce({number(column)} BETWEEN -{LARGEST} AND {LARGEST}, FALSE)"
