"""How is a table read, whatever it is stored as?"""

import csv
import glob
import shutil
from pathlib import Path
from typing import Any

from gates.refusal import UserError

PARQUET = b"PAR1"
DELIMITERS = ",;\t|"
LONGEST_HEADER = 1 << 20
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")
"""What a CSV file may write for a missing value; pandas, with which most models are trained, agrees."""


def as_parquet(source: Path, into: Path) -> None:
    """Write `source`, a Parquet or CSV file, to `into` as Parquet with its rows in the same order.

    CSV needs a header line and UTF-8; types are inferred from all rows, so a column is of one type throughout.
    Raises `UserError` for what cannot be read.
    """
    if not source.is_file():
        raise UserError(f"There is no file {source}: give the path of a Parquet or CSV file.")
    with source.open("rb") as stream:
        head = stream.read(len(PARQUET))
    if not head:
        raise UserError(f"{source} is empty: give a Parquet or CSV file with a header and rows.")
    if head == PARQUET:
        columns(source)
        shutil.copyfile(source, into)
    else:
        _convert(source, into)


def columns(path: Path) -> tuple[str, ...]:
    """Return the names of a Parquet file's columns, in order; `UserError` when it is no table with distinct names."""
    import pyarrow as pa  # noqa: PLC0415 - heavy
    from pyarrow import parquet  # noqa: PLC0415 - heavy

    try:
        names: list[str] = parquet.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{path} cannot be read as Parquet: {_first_line(error)}") from error
    _distinct(path, names)
    return tuple(names)


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
        raise UserError(f"{path} cannot be read as Parquet: {_first_line(error)}") from error


def _convert(source: Path, into: Path) -> None:
    """Let DuckDB read a CSV file; a path with `*` in it is a name, not a pattern."""
    import duckdb  # noqa: PLC0415 - heavy

    dialect = f"header=true, skip=0, comment='', quote='\"', escape='\"', delim='{_delimiter(source)}'"
    query = f"SELECT * FROM read_csv(?, {dialect}, sample_size=-1, nullstr=?)"  # noqa: S608 - one of four delimiters
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            connection.execute(
                f"COPY ({query}) TO '{_quoted(into)}' (FORMAT parquet)", [glob.escape(str(source)), list(MISSING)]
            )
        except duckdb.Error as error:
            into.unlink(missing_ok=True)
            raise UserError(f"{source} cannot be read as CSV: {_first_line(error)}") from error


def _delimiter(source: Path) -> str:
    """Return what separates the header's names; guessing from the rows would turn a broken file into one column."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            line = stream.readline(LONGEST_HEADER)
    except UnicodeDecodeError as error:
        raise UserError(f"{source} cannot be read as CSV: its header is not UTF-8.") from error
    delimiter = max(DELIMITERS, key=line.count)
    _distinct(source, next(csv.reader([line], delimiter=delimiter), []))
    return delimiter


def _distinct(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(f"{path} has more than one column named {', '.join(twice)}: rename them.")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2])
