"""How does an engine read the rows of a source?"""

import re
from typing import assert_never

from gates.measure.scan.besides import reading as reading_beside
from gates.measure.scan.csv_files import copied_csv
from gates.measure.scan.databases import reading as reading_database
from gates.measure.scan.delta_tables import reading as reading_delta
from gates.measure.scan.failures import said_as
from gates.measure.scan.file_kinds import is_parquet
from gates.measure.scan.held import reading as reading_held
from gates.measure.scan.parquet_files import reading as reading_parquet
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.source import Beside, Csv, Database, Delta, Files, Held, Source
from gates.refusal import UserError
from gates.wording import count


def reading(source: Source, session: Session) -> Reading:
    """Return how to read a source's rows; raises `UserError` for what cannot be read."""
    try:
        return _reading(source, session)
    except ModuleNotFoundError as error:
        raise UserError(f"{said_of(source)} is read by the package {error.name}, which is not installed.") from error


def _reading(source: Source, session: Session) -> Reading:
    match source:
        case Files():
            return _files(source, session)
        case Csv():
            with said_as(said_of(source)):
                copies = [copied_csv(path, session) for path in source.paths]
            return reading_parquet(copies, session, said=source.paths)
        case Delta():
            return reading_delta(source, session)
        case Database():
            return reading_database(source, session)
        case Held():
            return reading_held(source, session)
        case Beside():
            return reading_beside(source, session, reading)
        case _:
            assert_never(source)


def _files(files: Files, session: Session) -> Reading:
    for path in files.paths:
        if not is_parquet(path):
            raise UserError(f"{path} is no Parquet file.")
    return reading_parquet(files.paths, session, partitioned=files.partitioned)


def called(source: Source, said: str) -> str:
    """Return what messages call a source: as it was said, without a password, or by its own name."""
    return without_passwords(said) or said_of(source)


def without_passwords(said: str) -> str:
    """Return a text without who asks databases in it, and with which password."""
    return re.sub(r"password=[^&#\s]*", "password=...", re.sub(r"://\S*@", "://...@", said))


def said_of(source: Source) -> str:
    """Return what messages call a source."""
    match source:
        case Files(paths=paths) | Csv(paths=paths):
            return paths[0].name if len(paths) == 1 else f"{paths[0].name} and {count(len(paths) - 1, 'more file')}"
        case Delta():
            return source.path.name
        case Database():
            return source.table
        case Held():
            return source.name
        case Beside():
            return said_of(source.parts[0].source)
        case _:
            assert_never(source)
