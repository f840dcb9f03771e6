"""Do the columns of a CSV file get the types that its values have, and lose nothing by it?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gates.measure.scan.engine import Engine
from gates.measure.scan.source import Csv


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        (["1", "", "2"], "BIGINT", [1, None, 2]),
        (["1", "2.5"], "DOUBLE", [1.0, 2.5]),
        (["true", "FALSE", "NA"], "BOOLEAN", [True, False, None]),
        (["yes", "no"], "VARCHAR", ["yes", "no"]),
        (["t", "f"], "VARCHAR", ["t", "f"]),
        (["true", "maybe"], "VARCHAR", ["true", "maybe"]),
        (["007", "12"], "VARCHAR", ["007", "12"]),
        (["12:30", "13:40"], "VARCHAR", ["12:30", "13:40"]),
        (["NA", "", "null"], "VARCHAR", [None, None, None]),
        (["18446744073709551615", "-1"], "DECIMAL(38,0)", [Decimal(2**64 - 1), Decimal(-1)]),
        (["18446744073709551615", "0.5"], "DOUBLE", [2.0**64, 0.5]),
        (["1e300", "2"], "DOUBLE", [1e300, 2.0]),
        (["9" * 45, "1"], "DOUBLE", [1e45, 1.0]),
    ],
)
def test_values_decide_on_the_type(
    tmp_path: Path, engine: Engine, values: list[str], type_: str, read: list[Any]
) -> None:
    path = tmp_path / "v.csv"
    path.write_text("row,v\n" + "".join(f"{row},{value}\n" for row, value in enumerate(values)))
    view = engine.view("v", Csv(paths=(path,)))
    assert view.column("v").type == type_
    assert engine.reduce(f"SELECT * FROM {view.name}").column("v").to_pylist() == read
