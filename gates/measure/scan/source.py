"""Where do rows lie?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Parquet files, all of the same columns, in the order given; `*` in a path is part of its name here."""

    paths: tuple[Path, ...]
    partitioned: bool = False
    """Whether folders such as `year=2026` hold a column of their files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Csv:
    """CSV files with a header line and UTF-8, in the order given."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A Delta table's folder, as its newest version has it or an earlier one."""

    path: Path
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A table of a database: `sqlite:///file.db`, `postgresql://...` or `duckdb:///file.db`.

    The table may be written with its schema (`risk.scored`).
    """

    url: str
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A pandas DataFrame, or an Arrow Table, Dataset, RecordBatch or RecordBatchReader; a reader is read once."""

    name: str
    rows: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several sources that are joined row by row."""

    said: str
    """What messages call it, such as `the challenger's answers`."""
    prefix: str
    """What its columns' names begin with in the joined rows; may be empty."""
    source: Files | Csv | Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Sources of equally many rows, whose first rows belong together, then the second ones, and so on."""

    parts: tuple[Part, ...]
    """At least one."""


Source = Files | Csv | Delta | Database | Held | Beside
