"""Of which kind is a column, by what DuckDB calls its type?"""

import re

from gates.measure.scan.view import Column, Kind

WHOLE = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)
KINDS = {
    **dict.fromkeys(WHOLE, Kind.NUMBER),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL", "BIGNUM"), Kind.NUMBER),
    "BOOLEAN": Kind.TRUTH,
    **dict.fromkeys(("VARCHAR", "ENUM", "UUID", "JSON"), Kind.TEXT),
    **dict.fromkeys(("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), Kind.TIME),
    **dict.fromkeys(("TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS WITH TIME ZONE", "TIMESTAMPTZ_NS"), Kind.TIME),
}


def column_of(name: str, type_: str) -> Column:
    """Return a column by its name and its type, such as `DECIMAL(12,2)` or `ENUM('a', 'b')`."""
    family = "" if type_.endswith("]") else re.split(r"\(", type_, maxsplit=1)[0].strip().upper()
    whole = family in WHOLE or re.fullmatch(r"DECIMAL\(\d+,0\)", type_) is not None
    return Column(name=name, type=type_, kind=KINDS.get(family, Kind.OTHER), integer=whole)
