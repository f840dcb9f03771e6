"""Which rows does a person mean who names them in a terminal?"""

import glob
import re
from collections.abc import Iterable
from pathlib import Path

from gates.measure.scan.databases import SCHEMES
from gates.measure.scan.file_kinds import is_parquet
from gates.measure.scan.near import near
from gates.measure.scan.source import Csv, Database, Delta, Files, Source
from gates.refusal import UserError

DELTA_LOG = "_delta_log"
SUFFIXES = (".parquet", ".pq", ".csv", ".tsv", ".csv.gz", ".tsv.gz")
FORMS = (
    "a Parquet or CSV file, a pattern such as 'scored/*.parquet', a folder of such files, a Delta table's folder "
    "(table@7 for version 7), sqlite:///file.db#TABLE, duckdb:///file.db#TABLE or postgresql://...#TABLE"
)


def said_source(text: str) -> Source:
    """Return the source that a text names; `UserError` where there is none, with near matches.

    What exists is taken as it is called, so that `scored[1].csv` is a file before it is a pattern.
    """
    if text in ("", "-"):
        raise UserError(f"Rows cannot be read from {'an empty name' if not text else 'standard input'}: name {FORMS}.")
    scheme = re.match(r"([a-z][a-z0-9+.-]+)://", text, re.IGNORECASE)
    if scheme:
        return _database(text, scheme[1].lower())
    try:
        return _on_disk(text)
    except PermissionError as error:
        raise UserError(f"{error.filename or text} cannot be read: permission denied.") from error


def _on_disk(text: str) -> Source:
    path = Path(text).expanduser()
    if path.exists():
        return _folder(path) if path.is_dir() else _files([path])
    version = re.fullmatch(r"(.+)@(\d+)", text)
    if version and _is_delta(Path(version[1]).expanduser()):
        return Delta(path=Path(version[1]).expanduser(), version=int(version[2]))
    if glob.has_magic(text):
        return _matching(str(path))
    raise UserError(_no_file(path))


def _database(text: str, scheme: str) -> Database:
    """Return a table of a database; the text, which may hold a password, is repeated in no message."""
    if scheme not in SCHEMES:
        raise UserError(f"Rows cannot be read from {scheme}://: name {FORMS}.")
    url, _, table = text.rpartition("#")
    if not url or not table:
        raise UserError(f"Name the table behind the {scheme} database: {scheme}://...#TABLE.")
    return Database(url=url, table=table)


def _folder(path: Path) -> Source:
    if _is_delta(path):
        return Delta(path=path)
    found = sorted(some for some in path.rglob("*") if _is_table(some, path))
    if not found:
        raise UserError(f"The folder {path} has no Parquet or CSV files.")
    return _files(found, partitioned=any("=" in part for some in found for part in some.relative_to(path).parts[:-1]))


def _matching(pattern: str) -> Source:
    found = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207 - a pattern, maybe absolute
    tables = [path for path in found if path.is_file()]
    if not tables:
        raise UserError(f"No file matches {pattern}: name {FORMS}.")
    return _files(tables)


def _files(paths: Iterable[Path], *, partitioned: bool = False) -> Source:
    """Return the source of some files; `UserError` where some are Parquet and others CSV."""
    kinds = {path: is_parquet(path) for path in paths}
    if all(kinds.values()):
        return Files(paths=tuple(kinds), partitioned=partitioned)
    if not any(kinds.values()):
        return Csv(paths=tuple(kinds))
    one, other = (next(path for path, parquet in kinds.items() if parquet is wanted) for wanted in (True, False))
    raise UserError(f"{one} is Parquet and {other} is not: read files of one format.")


def _is_delta(path: Path) -> bool:
    return (path / DELTA_LOG).is_dir()


def _is_table(path: Path, folder: Path) -> bool:
    """Return whether a folder's file is one of its tables: engines hide theirs behind `_` and `.`."""
    hidden = any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    return not hidden and path.name.lower().endswith(SUFFIXES) and path.is_file()


def _no_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}, so no {path.name} in it."
    close = near(path.name, sorted(some.name for some in path.parent.iterdir()))
    if close:
        return f"There is no file {path}; did you mean {path.with_name(close[0])}?"
    return f"There is no file {path}: name {FORMS}."
