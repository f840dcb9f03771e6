"""How far do a column's values reach, and how many are missing?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.kinds import WHOLE
from gates.measure.scan.view import Column, View

FLOATS = frozenset({"FLOAT", "DOUBLE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The least and the greatest value, None where there is none; NaN is left out, infinities are not."""

    minimum: Any
    maximum: Any
    missing: int
    """Rows without a value; NaN is not among them."""


def extents(engine: Engine, view: View, columns: Sequence[str]) -> dict[str, Extent]:
    """Return the extent of some columns: from the footers of Parquet files where they say it, else by one scan.

    Raises `UserError` for a column that is not there, or holds lists or the like.
    """
    wanted = [view.plain(column) for column in columns]
    known = _from_footers(view, [column for column in wanted if column.type in WHOLE | FLOATS])
    scanned = _scanned(engine, view, [column for column in wanted if column.name not in known])
    return {column.name: known.get(column.name) or scanned[column.name] for column in wanted}


def _scanned(engine: Engine, view: View, columns: Sequence[Column]) -> Mapping[str, Extent]:
    if not columns:
        return {}
    asked = ", ".join(
        f"min({value}) AS low_{place}, max({value}) AS high_{place}, count({name(column.name)}) AS there_{place}"
        for place, column in enumerate(columns)
        for value in [_value(column)]
    )
    row = engine.reduce(f"SELECT {asked} FROM {view.name}").to_pylist()[0]  # noqa: S608 - quoted
    return {
        column.name: Extent(
            minimum=row[f"low_{place}"], maximum=row[f"high_{place}"], missing=view.rows - row[f"there_{place}"]
        )
        for place, column in enumerate(columns)
    }


def _value(column: Column) -> str:
    """Return a column without NaN, and with one zero: which of 0.0 and -0.0 is met first hangs on the order of rows."""
    if column.type not in FLOATS:
        return name(column.name)
    return f"CASE WHEN NOT isnan({name(column.name)}) THEN {name(column.name)} + 0 END"


def _from_footers(view: View, columns: Sequence[Column]) -> Mapping[str, Extent]:
    """Return what the footers say of numbers. Texts may be cut there, so that they are no minima and maxima."""
    from pyarrow import parquet  # noqa: PLC0415 - heavy

    if not view.files or not columns:
        return {}
    footers = [parquet.read_metadata(path) for path in view.files]
    found = {column.name: _joined([_groups(footer, column.name) for footer in footers]) for column in columns}
    return {column: extent for column, extent in found.items() if extent is not None}


def _groups(footer: Any, column: str) -> list[Any]:  # noqa: ANN401 - a pyarrow FileMetaData, and its Statistics
    """Return what is said of a column in each group of rows; nothing of one that the engine had to name itself."""
    place = next((at for at in range(footer.num_columns) if footer.schema.column(at).path == column), None)
    if place is None:
        return [None]
    return [footer.row_group(group).column(place).statistics for group in range(footer.num_row_groups)]


def _joined(files: Sequence[Sequence[Any]]) -> Extent | None:
    """Return the extent over all groups, or None where one is silent, or says NaN."""
    groups = [statistics for file in files for statistics in file]
    if any(some is None or not some.has_null_count for some in groups):
        return None
    filled = [some for some in groups if some.num_values]
    if any(not some.has_min_max or some.min != some.min or some.max != some.max for some in filled):
        return None
    return Extent(
        minimum=min((some.min for some in filled), default=None),
        maximum=max((some.max for some in filled), default=None),
        missing=sum(some.null_count for some in groups),
    )
