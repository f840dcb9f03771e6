"""Which types do the columns of a CSV file have, where DuckDB's guess would lose something?

It takes `yes` and `t` for truth values, where they are names of classes; and whole numbers beyond 64 bits, such as
hashes that serve as ids, for doubles, which makes one of two of them.
"""

from pathlib import Path

from gates.measure.scan.dialect import name, text
from gates.measure.scan.parquet_files import called
from gates.measure.scan.session import Session

GUESSED = "auto_type_candidates = ['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR'], sample_size = -1"
BEYOND = 2.0**63
DIGITS = 38
WHOLE = f"[+-]?[0-9]{{1,{DIGITS}}}"


def too_wide(copy: Path) -> tuple[str, ...]:
    """Return the columns of a copy that were made doubles, though they may have been whole numbers beyond 64 bits."""
    from pyarrow import parquet  # noqa: PLC0415 - heavy

    footer = parquet.read_metadata(copy)
    found = set()
    for group in (footer.row_group(place) for place in range(footer.num_row_groups)):
        for column in (group.column(place) for place in range(group.num_columns)):
            known = column.statistics
            if column.physical_type == "DOUBLE" and known is not None and known.has_min_max:
                found |= {column.path_in_schema} if max(-known.min, known.max) >= BEYOND else set()
    return tuple(sorted(found))


def as_texts(columns: tuple[str, ...]) -> str:
    """Return the option with which some columns are read as they stand."""
    types = ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns)
    return f"{GUESSED}, types = {{{types}}}"


def settled(copy: Path, wide: tuple[str, ...], session: Session) -> Path:
    """Return a copy in which texts that are all `true` and `false` are truth values, and wide numbers are numbers."""
    source = called([copy])
    described = session.connection.sql(f"DESCRIBE FROM {source}").fetchall()
    texts = [row[0] for row in described if row[1] == "VARCHAR"]
    if not texts:
        return copy
    asked = ", ".join(_asked(column, whole=column in wide) for column in texts)
    row = session.connection.sql(f"SELECT {asked} FROM {source}").fetchall()[0]  # noqa: S608 - quoted
    types = {column: _type(column, wide, fits=fits) for column, fits in zip(texts, row, strict=True)}
    casts = [f"CAST({name(column)} AS {type_}) AS {name(column)}" for column, type_ in types.items() if type_]
    if not casts:
        return copy
    return session.copied(f"SELECT * REPLACE ({', '.join(casts)}) FROM {source}")  # noqa: S608 - quoted


def _asked(column: str, *, whole: bool) -> str:
    """Return whether all values of a column, and at least one, are what it may be cast to."""
    quoted = name(column)
    test = f"regexp_full_match({quoted}, '{WHOLE}')" if whole else f"lower({quoted}) IN ('true', 'false')"
    return f"coalesce(bool_and({test}), FALSE)"


def _type(column: str, wide: tuple[str, ...], *, fits: bool) -> str:
    if column in wide:
        return f"DECIMAL({DIGITS},0)" if fits else "DOUBLE"
    return "BOOLEAN" if fits else ""
