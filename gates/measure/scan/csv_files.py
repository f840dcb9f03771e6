"""How is a CSV file read, so that what is broken in it is told and not mended?"""

import csv
import glob
import re
from dataclasses import dataclass
from pathlib import Path

from gates.measure.scan.csv_types import GUESSED, as_texts, settled, too_wide
from gates.measure.scan.dialect import name, text
from gates.measure.scan.distinct import distinct
from gates.measure.scan.failures import first_lines
from gates.measure.scan.file_kinds import opened_text
from gates.measure.scan.session import Session
from gates.refusal import UserError

DELIMITERS = ",;\t|"
LONGEST_HEADER = 1 << 20
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")
"""What a CSV file may write for a missing value; pandas, with which most models are trained, agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a CSV file's first line says."""

    delimiter: str
    names: tuple[str, ...]


def copied_csv(path: Path, session: Session) -> Path:
    """Return a Parquet file of a CSV file's rows, in their order; `UserError` says which line cannot be read.

    So it is parsed once, however many scans follow. Types are inferred from all rows: a column has one throughout.
    """
    import duckdb  # noqa: PLC0415 - heavy

    header = header_of(path)
    try:
        with session.ordered():
            return _typed(path, header, session)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException) as error:
        raise UserError(f"{path} cannot be read as CSV: {_broken(path, header, session, error)}") from error


def _typed(path: Path, header: Header, session: Session) -> Path:
    copy = session.copied(f"SELECT * FROM {_reading(path, header, GUESSED)}")  # noqa: S608 - quoted
    wide = too_wide(copy)
    if wide:
        copy = session.copied(f"SELECT * FROM {_reading(path, header, as_texts(wide))}")  # noqa: S608 - quoted
    return settled(copy, wide, session)


def header_of(path: Path) -> Header:
    """Read a file's first line; guessing from the rows would turn a broken file into one column."""
    line = _first_line(path)
    if not line.strip():
        raise UserError(f"{path} cannot be read as CSV: its first line is empty, where the columns' names should be.")
    delimiter = max(DELIMITERS, key=line.count)
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise UserError(f"{path} cannot be read as CSV: its header is broken ({error}).") from error
    return Header(delimiter=delimiter, names=distinct(path, names))


def _first_line(path: Path) -> str:
    try:
        with opened_text(path) as stream:
            line = stream.readline(LONGEST_HEADER).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} cannot be read as CSV: its header is not UTF-8.") from error
    except (OSError, EOFError) as error:
        raise UserError(f"{path} cannot be read: {error}.") from error
    if "\r" in line.rstrip("\r\n"):
        raise UserError(f"{path} cannot be read as CSV: its lines end with CR alone; save it with LF or CR LF.")
    return line


def _reading(path: Path, header: Header, types: str) -> str:
    """Return the call that reads a file; a path with `*` in it is a name, not a pattern."""
    missing = ", ".join(text(value) for value in MISSING)
    return (
        f"read_csv({text(glob.escape(str(path)))}, header = true, skip = 0, comment = '', quote = '\"', escape = '\"', "
        f"delim = {text(header.delimiter)}, nullstr = [{missing}], {types})"
    )


def _broken(path: Path, header: Header, session: Session, error: Exception) -> str:
    """Say which line is broken; where the guessing of types failed, a second reading that takes all for text knows."""
    import duckdb  # noqa: PLC0415 - heavy

    columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in header.names)
    reading = _reading(path, header, f"auto_detect = false, columns = {{{columns}}}")
    if "CSV Error on Line" in str(error):
        return _line(str(error))
    try:
        session.connection.execute(f"SELECT count(*), {_all_columns(header)} FROM {reading}")  # noqa: S608 - quoted
    except duckdb.Error as second:
        return _line(str(second))
    return first_lines(error)


def _all_columns(header: Header) -> str:
    return ", ".join(f"count({name(column)})" for column in header.names)


def _line(error: str) -> str:
    number = re.search(r"CSV Error on Line: (\d+)", error)
    if number is None:
        return " ".join(line.strip() for line in error.splitlines()[:2])
    columns = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error)
    if columns:
        return f"line {number[1]} has {columns[2]} values, the header has {columns[1]}."
    if "nicode" in error or "utf-8" in error:
        return f"line {number[1]} is not UTF-8."
    if "quote" in error:
        return f"line {number[1]} opens a quote that nothing closes, or has text after a closing one."
    return f"line {number[1]}: {' '.join(line.strip() for line in error.splitlines()[1:3])}"
