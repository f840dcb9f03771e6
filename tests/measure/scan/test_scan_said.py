"""Is what a person types in a terminal taken for the rows they mean?"""

import re
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.said import said_source
from gates.measure.scan.source import Csv, Database, Delta, Files
from gates.refusal import UserError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with tables of all kinds."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "scored.parquet",
        "parts/1.parquet",
        "parts/_tmp/2.parquet",
        "years/year=2025/1.parquet",
        "[1].parquet",
    ):
        path = Path(name)
        path.parent.mkdir(exist_ok=True, parents=True)
        parquet.write_table(pa.table({"a": [1]}), path)
    Path("loans.csv").write_text("a\n1\n")
    Path("parts/_SUCCESS").touch()
    Path("parts/notes.txt").write_text("notes")
    Path("table/_delta_log").mkdir(parents=True)
    Path("empty").mkdir()
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("scored.parquet", Files(paths=(Path("scored.parquet"),))),
        ("[1].parquet", Files(paths=(Path("[1].parquet"),))),
        ("loans.csv", Csv(paths=(Path("loans.csv"),))),
        ("parts", Files(paths=(Path("parts/1.parquet"),))),
        ("parts/*.parquet", Files(paths=(Path("parts/1.parquet"),))),
        ("years", Files(paths=(Path("years/year=2025/1.parquet"),), partitioned=True)),
        ("**/1.parquet", Files(paths=(Path("parts/1.parquet"), Path("years/year=2025/1.parquet")))),
        ("table", Delta(path=Path("table"))),
        ("table@7", Delta(path=Path("table"), version=7)),
        ("sqlite:///loans.db#scored", Database(url="sqlite:///loans.db", table="scored")),
        ("duckdb:////srv/f.db#risk.t", Database(url="duckdb:////srv/f.db", table="risk.t")),
        ("postgresql://me:pw@host/db#risk.t", Database(url="postgresql://me:pw@host/db", table="risk.t")),
    ],
)
def test_rows_are_named_as_people_name_them(text: str, source: object) -> None:
    assert said_source(text) == source


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scord.parquet", "There is no file scord.parquet; did you mean scored.parquet?"),
        ("parts/2.parquet", "There is no file parts/2.parquet; did you mean parts/1.parquet?"),
        ("parst/1.parquet", "There is no folder parst, so no 1.parquet in it."),
        ("table@x", "There is no file table@x; did you mean table?"),
        ("empty", "The folder empty has no Parquet or CSV files."),
        ("nothing*", "No file matches nothing*"),
        ("*.*", "is Parquet and loans.csv is not: read files of one format."),
        ("-", "Rows cannot be read from standard input"),
        ("", "Rows cannot be read from an empty name"),
        ("s3://bucket/scored.parquet", "Rows cannot be read from s3://"),
        ("sqlite:///loans.db", "Name the table behind the sqlite database"),
        ("quite-other", "There is no file quite-other: name a Parquet or CSV file"),
    ],
)
def test_what_is_not_there_is_answered_with_what_to_try(text: str, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        said_source(text)


def test_no_password_is_repeated() -> None:
    with pytest.raises(UserError) as refused:
        said_source("postgresql://me:s3cret@host/db")
    assert "s3cret" not in str(refused.value)
