"""Do some Parquet files make one table?"""

import glob
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gates.measure.scan.dialect import name, text
from gates.measure.scan.distinct import distinct
from gates.measure.scan.failures import first_lines, said_as
from gates.measure.scan.kinds import column_of
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.view import Kind
from gates.refusal import UserError

Types = Mapping[str, str | None]
UNTYPED = '"NULL"'


def reading(
    paths: Sequence[Path], session: Session, *, said: Sequence[Path] = (), partitioned: bool = False
) -> Reading:
    """Return how the rows of some Parquet files are read, in the files' order.

    `said` are the files that messages name, where those read are copies of them. All files have the same columns;
    a number may be wider in one than in another, and a column without values in a file takes the others' type.
    Anything else is a `UserError`: an engine would cast 1.7 to 1 to fit the first file's type.
    """
    called = said or paths
    schemas = [schema_of(path, said=who) for path, who in zip(paths, called, strict=True)]
    if all(schema.equals(schemas[0]) for schema in schemas):
        query = _together(paths, partitioned=partitioned)
        return Reading(query=query, files=() if partitioned else tuple(paths))
    types = [_types(path, session) for path in paths]
    wanted = unified(dict(zip(called, types, strict=True)), session)
    each = (
        f"SELECT * REPLACE ({_casts(wanted)}) FROM ({_together([path], partitioned=partitioned)})"  # noqa: S608 - quoted
        for path in paths
    )
    return Reading(query=" UNION ALL BY NAME ".join(each))


def schema_of(path: Path, *, said: Path | None = None) -> Any:  # noqa: ANN401 - a pyarrow Schema; pyarrow has no types
    """Return a Parquet file's Arrow schema; `UserError` when it is no table with distinct names."""
    import pyarrow as pa  # noqa: PLC0415 - heavy
    from pyarrow import parquet  # noqa: PLC0415 - heavy

    try:
        schema = parquet.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{said or path} cannot be read as Parquet: {first_lines(error)}") from error
    distinct(said or path, schema.names)
    return schema


def unified(types: Mapping[Path, Types], session: Session) -> dict[str, str]:
    """Return one type for each column of some files; `UserError` where they have no type, or no column, in common."""
    first, *others = types
    for other in others:
        lacking = sorted(types[first].keys() ^ types[other].keys())
        if lacking:
            has, lacks = (first, other) if lacking[0] in types[first] else (other, first)
            raise UserError(f"{lacks} has no column {lacking[0]!r}, which {has} has: read files of the same columns.")
    return {column: _common(column, types, session) for column in types[first]}


def _common(column: str, types: Mapping[Path, Types], session: Session) -> str:
    found = {some[column]: path for path, some in types.items() if some[column] is not None}
    kinds = {column_of(column, type_).kind for type_ in found if type_}
    if len(found) > 1 and (len(kinds) > 1 or Kind.OTHER in kinds):
        said = " and ".join(f"{type_} in {path}" for type_, path in sorted(found.items(), key=str))
        raise UserError(f"Column {column!r} is {said}: read files of the same types.")
    nulls = " UNION ALL ".join(f"SELECT CAST(NULL AS {type_}) AS x" for type_ in sorted(map(str, found)))
    return str(session.connection.sql(nulls or "SELECT NULL").types[0])


def _types(path: Path, session: Session) -> Types:
    """Return the types of a file's columns; None for a column without values, which fits any."""
    with said_as(str(path)):
        rows = session.connection.sql(f"DESCRIBE {_together([path], partitioned=False)}").fetchall()
    empty = without_values(path)
    return {row[0]: None if row[0] in empty or row[1] == UNTYPED else row[1] for row in rows}


def without_values(path: Path) -> frozenset[str]:
    """Return the columns of which a Parquet file's footer says that every value is missing."""
    from pyarrow import parquet  # noqa: PLC0415 - heavy

    footer = parquet.read_metadata(path)
    groups = [footer.row_group(place) for place in range(footer.num_row_groups)]
    return frozenset(
        column for place, column in enumerate(footer.schema.names) if all(_no_values(group, place) for group in groups)
    )


def _no_values(group: Any, place: int) -> bool:  # noqa: ANN401 - pyarrow has no types
    statistics = group.column(place).statistics
    return statistics is not None and statistics.has_null_count and statistics.null_count == group.num_rows


def _together(paths: Sequence[Path], *, partitioned: bool) -> str:
    return f"SELECT * FROM {called(paths, hive_partitioning=partitioned)}"  # noqa: S608 - quoted


def called(paths: Sequence[Path], **options: bool | str) -> str:
    """Return the call that reads Parquet files; a path with `*` in it is a name, not a pattern.

    Footers leave NaN out of their minima and maxima. Unless told that there may be some, DuckDB 2.0 concludes that
    there is none, and `CASE WHEN isnan(x)`, `x > 1` and `max(x)` come out wrong (its issue 25521).
    """
    listed = ", ".join(text(glob.escape(str(path))) for path in paths)
    given = {"can_have_nan": True, **options}.items()
    said = ", ".join(f"{key} = {text(value) if isinstance(value, str) else str(value).lower()}" for key, value in given)
    return f"read_parquet([{listed}], {said})"


def _casts(types: Mapping[str, str]) -> str:
    return ", ".join(f"CAST({name(column)} AS {type_}) AS {name(column)}" for column, type_ in types.items())
