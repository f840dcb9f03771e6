"""How is a table read that is evaluation data of a promotion?"""

import shutil
from pathlib import Path
from typing import Any

from gates.measure.scan.csv_files import copied_csv
from gates.measure.scan.duck import connected
from gates.measure.scan.failures import first_lines, said_as
from gates.measure.scan.file_kinds import is_parquet
from gates.measure.scan.parquet_files import schema_of
from gates.refusal import UserError


def as_parquet(source: Path, into: Path) -> None:
    """Write `source`, a Parquet or CSV file, to `into` as Parquet with its rows in the same order.

    CSV needs a header line and UTF-8; types are inferred from all rows, so a column is of one type throughout.
    Raises `UserError` for what cannot be read.
    """
    if is_parquet(source):
        columns(source)
        shutil.copyfile(source, into)
        return
    with connected(threads=1, memory="512MB") as session, said_as(str(source)):
        shutil.move(copied_csv(source, session), into)


def columns(path: Path) -> tuple[str, ...]:
    """Return the names of a Parquet file's columns, in order; `UserError` when it is no table with distinct names."""
    return tuple(schema_of(path).names)


def labelled(path: Path, label: str) -> tuple[int, int]:
    """Return how many rows have a label, and how many have none; `UserError` when there is no such column."""
    if label not in columns(path):
        raise UserError(f"{path.name} has no column {label!r}, which is to be the label.")
    column = read(path, (label,)).column(label)
    return len(column) - column.null_count, column.null_count


def read(path: Path, wanted: tuple[str, ...]) -> Any:  # noqa: ANN401 - a pyarrow Table; pyarrow has no types
    """Return some columns of a Parquet file as an Arrow table, rows in the file's order."""
    import pyarrow as pa  # noqa: PLC0415 - heavy
    from pyarrow import parquet  # noqa: PLC0415 - heavy

    try:
        return parquet.read_table(path, columns=list(wanted))
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{path} cannot be read as Parquet: {first_lines(error)}") from error
