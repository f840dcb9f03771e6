"""Is a table read as it stands, and refused in words when it cannot be?"""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.table import as_parquet, columns, read
from gates.refusal import UserError


def test_csv_keeps_its_rows_types_and_gaps(tmp_path: Path) -> None:
    source, into = tmp_path / "loans [v1]*.csv", tmp_path / "it's.parquet"
    source.write_text('amount,race,approve,note\n1,white,true,x\n,NA,false,"a,b"\n2.5,black,true,\n')
    as_parquet(source, into)
    assert columns(into) == ("amount", "race", "approve", "note")
    assert read(into, columns(into)).to_pylist() == [
        {"amount": 1.0, "race": "white", "approve": True, "note": "x"},
        {"amount": None, "race": None, "approve": False, "note": "a,b"},
        {"amount": 2.5, "race": "black", "approve": True, "note": None},
    ]


def test_long_csv_keeps_the_order_of_rows_and_infers_from_all_of_them(tmp_path: Path) -> None:
    source, into = tmp_path / "long.csv", tmp_path / "long.parquet"
    source.write_text("n,late\n" + "".join(f"{n},{n}\n" for n in range(50_000)) + "50000,word\n")
    as_parquet(source, into)
    table = read(into, ("n", "late"))
    assert table.column("n").to_pylist() == list(range(50_001))
    assert table.column("late")[50_000].as_py() == "word"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_says_what_separates_columns(tmp_path: Path, delimiter: str) -> None:
    source, into = tmp_path / "source", tmp_path / "into.parquet"
    source.write_text("\ufeff" + delimiter.join(["a", "b"]) + "\n" + delimiter.join(["1", "x y"]) + "\n")
    as_parquet(source, into)
    assert read(into, columns(into)).to_pylist() == [{"a": 1, "b": "x y"}]


def test_parquet_is_copied_byte_for_byte(tmp_path: Path, write: Callable[..., Path]) -> None:
    source, into = write("source", a=[1, 2]), tmp_path / "into.parquet"
    as_parquet(source, into)
    assert into.read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file"),
        (b"", "is empty"),
        (b"PAR1 and no more", "cannot be read as Parquet"),
        (b"a,b\n1,2\n3\n4,5,6\n", "cannot be read as CSV"),
        (b"a,b\n1,2,3\n", "cannot be read as CSV"),
        (b"a,b\n1,1\n" + b"2,2\n" * 9000 + b"\xff\xfe,1\n", "cannot be read as CSV"),
        (b"\xff\xfe,b\n1,1\n", "its header is not UTF-8"),
        (b"a,b,a\n1,2,3\n", "more than one column named a"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_left(tmp_path: Path, content: bytes | None, said: str) -> None:
    source, into = tmp_path / "source", tmp_path / "into.parquet"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(UserError, match=said):
        as_parquet(source, into)
    assert not into.exists()


def test_columns_with_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.parquet"
    parquet.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    with pytest.raises(UserError, match="more than one column named a"):
        columns(path)


def test_a_file_cut_short_is_refused_when_read(tmp_path: Path, write: Callable[..., Path]) -> None:
    whole = write("whole", a=list(range(1000))).read_bytes()
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(whole[:4] + b"\x00" * 60 + whole[64:])
    with pytest.raises(UserError, match="cannot be read as Parquet"):
        read(broken, ("a",))
