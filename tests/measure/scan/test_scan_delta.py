"""Is a Delta table read as its log has it: versions, columns of folders, rows deleted, columns added?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import base64
import json
import struct
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from gates.measure.scan.engine import Engine
from gates.measure.scan.source import Delta
from gates.refusal import UserError

PLAIN = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
Z85 = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def _rows(engine: Engine, delta: Delta) -> list[dict[str, object]]:
    view = engine.view("delta", delta)
    rows: list[dict[str, object]] = engine.reduce(f"SELECT * FROM {view.name}").to_pylist()
    return rows


def test_an_earlier_version_is_read_as_it_was(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path, pa.table({"a": [1]}))
    write_deltalake(tmp_path, pa.table({"a": [2]}), mode="overwrite")
    assert _rows(engine, Delta(path=tmp_path)) == [{"a": 2}]


def test_version_nought_is_one_too(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path, pa.table({"a": [1]}))
    write_deltalake(tmp_path, pa.table({"a": [2]}), mode="overwrite")
    assert _rows(engine, Delta(path=tmp_path, version=0)) == [{"a": 1}]


def test_columns_of_folders_keep_their_types_gaps_and_odd_letters(tmp_path: Path, engine: Engine) -> None:
    races = ["a b", "w/\N{SNOWMAN}=%", None]
    days = pa.array([18000, 18001, None], pa.date32())
    table = pa.table({"a": [1, 2, 3], "race": races, "day": days, "k": pa.array([1, None, 3], pa.int32())})
    write_deltalake(tmp_path, table, partition_by=["race", "day", "k"])
    view = engine.view("delta", Delta(path=tmp_path))
    assert {name: column.type for name, column in view.columns.items()} == {
        "a": "BIGINT",
        "race": "VARCHAR",
        "day": "DATE",
        "k": "INTEGER",
    }
    assert engine.reduce(f"SELECT * FROM {view.name}").to_pylist() == table.to_pylist()


def test_a_column_that_came_later_is_missing_in_earlier_files(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path, pa.table({"a": [1]}))
    write_deltalake(tmp_path, pa.table({"a": [2], "b": ["x"]}), mode="append", schema_mode="merge")
    assert _rows(engine, Delta(path=tmp_path)) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


def test_a_column_that_no_file_has_yet_is_missing_throughout(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path, pa.table({"a": [1]}))
    write_deltalake(
        tmp_path,
        pa.table({"a": pa.array([], pa.int64()), "b": pa.array([], pa.string())}),
        mode="append",
        schema_mode="merge",
    )
    assert _rows(engine, Delta(path=tmp_path)) == [{"a": 1, "b": None}]


def test_deleted_rows_are_not_read(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path, pa.table({"a": [10, 11, 12, 13]}))
    _delete(tmp_path, (1, 3))
    assert _rows(engine, Delta(path=tmp_path)) == [{"a": 10}, {"a": 12}]


def test_what_is_no_version_or_no_table_is_refused(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path / "table", pa.table({"a": [1]}))
    with pytest.raises(UserError, match="table cannot be read as a Delta table in version 9"):
        engine.view("delta", Delta(path=tmp_path / "table", version=9))
    with pytest.raises(UserError, match="none cannot be read as a Delta table"):
        engine.view("delta", Delta(path=tmp_path / "none"))


def test_a_table_without_rows_and_one_that_lost_a_file_are_refused(tmp_path: Path, engine: Engine) -> None:
    write_deltalake(tmp_path / "table", pa.table({"a": [1]}))
    DeltaTable(tmp_path / "table").delete()
    with pytest.raises(UserError, match=r"^table has no rows.$"):
        engine.view("none", Delta(path=tmp_path / "table"))
    for file in (tmp_path / "table").glob("*.parquet"):
        file.unlink()
    with pytest.raises(UserError, match="table cannot be read"):
        engine.view("lost", Delta(path=tmp_path / "table", version=0))


def _delete(folder: Path, rows: tuple[int, ...]) -> None:
    """Write the commit with which an engine deletes rows of the only file by an inline deletion vector.

    Delta transaction protocol, "Deletion Vectors": a RoaringBitmapArray, in Z85.
    """
    first = folder / "_delta_log" / f"{0:020}.json"
    actions = [json.loads(line) for line in first.read_text().splitlines()]
    add = next(action["add"] for action in actions if "add" in action)
    metadata = next(action for action in actions if "metaData" in action)
    metadata["metaData"]["configuration"]["delta.enableDeletionVectors"] = "true"
    features = {"minReaderVersion": 3, "minWriterVersion": 7}
    protocol = {"protocol": features | {name: ["deletionVectors"] for name in ("readerFeatures", "writerFeatures")}}
    bitmap = struct.pack("<IIHHI", 12346, 1, 0, len(rows) - 1, 16) + struct.pack(f"<{len(rows)}H", *rows)
    vector = struct.pack("<IQI", 1681511377, 1, 0) + bitmap
    encoded = base64.b85encode(vector, pad=True).translate(bytes.maketrans(PLAIN, Z85)).decode()
    deleted = {"storageType": "i", "pathOrInlineDv": encoded, "sizeInBytes": len(vector), "cardinality": len(rows)}
    removed = {"path": add["path"], "dataChange": True, "deletionTimestamp": 1}
    commit = [protocol, metadata, {"remove": removed}, {"add": add | {"deletionVector": deleted}}]
    (folder / "_delta_log" / f"{1:020}.json").write_text("\n".join(json.dumps(action) for action in commit))
