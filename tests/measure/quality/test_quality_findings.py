"""Is each flaw of a table found where it is, with its number, and nothing else?"""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.quality import Field, QualityAsked, Signature, quality
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Files
from gates.outcome import Outcome
from gates.quality_facts import Quality, QualityFinding
from gates.refusal import UserError

Table = Mapping[str, Any]
Look = Callable[..., Quality]
DAY = dt.date(2024, 1, 1)


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Give a function that writes columns (and a reference's) to files and looks at their quality."""

    def measure(data: Table | pa.Table, reference: Table | None = None, **asked: Any) -> Quality:  # noqa: ANN401 - any field
        with opened(threads=2) as engine:
            views = []
            for name, columns in (("data", data), ("reference", reference)):
                if columns is not None:
                    path = tmp_path / f"{name}.parquet"
                    parquet.write_table(columns if isinstance(columns, pa.Table) else pa.table(dict(columns)), path)
                    views.append(engine.view(name, Files(paths=(path,)), said=name))
            return quality(engine, views[0], views[1] if views[1:] else None, QualityAsked(**asked))

    return measure


def numbers(count: int, seed: int = 0) -> Any:  # noqa: ANN401 - an array
    return np.random.default_rng(seed).normal(size=count)


def of(found: Quality, check: str) -> list[QualityFinding]:
    return [one for one in found.findings if one.check == check]


def only(found: Quality, check: str) -> QualityFinding:
    (one,) = of(found, check)
    return one


def test_a_sound_table_is_found_sound_and_what_was_not_checked_is_said(look: Look) -> None:
    found = look({"a": numbers(300), "b": ["x", "y", "z"] * 100, "y": [0, 1] * 150}, label="y")
    assert [(one.check, one.outcome) for one in found.findings] == [("class_shares", Outcome.PASS)]
    assert (found.outcome, found.rows, "duplicate_rows" in found.checked) == (Outcome.PASS, 300, True)
    assert found.not_checked["shared_ids"] == "No id was named."
    assert not set(found.checked) & set(found.not_checked)


@pytest.mark.parametrize(
    ("columns", "check", "value", "outcome", "said"),
    [
        ({"a": [1.0, None, 3.0, None]}, "nulls", 0.5, Outcome.WARN, "a lacks a value in 2 rows (50 %): find out why"),
        (
            {"a": [1.0, float("nan"), 3.0, 4.0]},
            "nulls",
            0.25,
            Outcome.WARN,
            "a lacks a value in 1 row (25 %, 1 of them NaN)",
        ),
        ({"a": pa.nulls(4)}, "nulls", 1, Outcome.WARN, "drop the column"),
        (
            {"a": [1.0, float("inf"), 2.0, -float("inf")]},
            "infinite",
            0.5,
            Outcome.FAIL,
            "a is infinite in 2 rows (50 %)",
        ),
        ({"a": [7, 7, 7, None]}, "constant", 1, Outcome.WARN, "a is 7 in all 3 rows that have a value"),
        ({"a": ["x", "x", "x", "x"]}, "constant", 1, Outcome.WARN, "a is 'x' in all 4 rows"),
        ({"a": [0.5, 0.5, 0.5, 1]}, "nearly_constant", 0.75, Outcome.PASS, "a is 0.5 in 75 % of the rows"),
        ({"a": [DAY, dt.date(9999, 12, 31), DAY, None]}, "far_dates", 1 / 3, Outcome.WARN, "the last is 9999-12-31"),
        ({"a": ["x", " ", "", "y"]}, "blank_texts", 0.5, Outcome.WARN, "a is blank in 2 rows (50 %)"),
        ({"a": ["12", "n/a", "-3.5e2", ".5"]}, "mixed_types", 0.25, Outcome.WARN, "but for 1 row (25 %) such as 'n/a'"),
        (
            {"a": ["Oslo", "oslo ", "Rome", "Rome"]},
            "lookalikes",
            0.25,
            Outcome.WARN,
            "a has 1 value written in several ways, such as 'Oslo' (1 row) and 'oslo ' (1 row)",
        ),
        (
            {"a": ["paris", "p\u0430ris", "\uff50aris", "rome"]},
            "lookalikes",
            0.5,
            Outcome.WARN,
            "'paris' (1 row) and 'p\\u0430ris' (1 row) and '\\uff50aris' (1 row)",
        ),
        ({"a": [1, 1, 2, 3], "b": [2, 2, 3, 4]}, "duplicate_rows", 0.25, Outcome.WARN, "1 row (25 %) repeat another:"),
        (
            {"income": [1, 2, 3, 4], "Income ": [1, 2, 3, 5]},
            "lookalikes",
            1,
            Outcome.WARN,
            "The columns 'Income ' and 'income' look alike",
        ),
    ],
)
def test_each_flaw_of_values_is_found(
    look: Look, columns: Table, check: str, *, value: float, outcome: Outcome, said: str
) -> None:
    found = only(look(columns), check)
    assert found.value == pytest.approx(value)
    assert (found.outcome, said in found.sentence) == (outcome, True), found


def test_rows_repeat_each_other_in_all_columns_but_the_id(look: Look) -> None:
    columns = {"id": list(range(6)), "a": [1, 1, 2, 2, 2, None], "b": [[1], [1], [2], [2], None, None]}
    assert only(look(columns, id="id"), "duplicate_rows").rows == 2
    assert not of(look(columns), "duplicate_rows")


def test_rows_with_many_numbers_are_compared_in_full(look: Look) -> None:
    three = {name: np.concatenate([numbers(3000, seed), numbers(3000, seed)[:40]]) for seed, name in enumerate("abc")}
    assert only(look(three), "duplicate_rows").rows == 40
    assert not of(look(three | {"d": np.arange(3040)}), "duplicate_rows")


def test_ids_are_unique_there_and_not_those_of_the_reference(look: Look) -> None:
    found = look({"id": [1, 2, 2, None, 9], "a": range(5)}, {"id": [9, 2, 50], "a": [9, 9, 9]}, id="id")
    assert (only(found, "duplicate_ids").rows, only(found, "null_ids").rows) == (1, 1)
    shared = only(found, "shared_ids")
    assert (shared.rows, shared.outcome, shared.column) == (3, Outcome.FAIL, "id")


@pytest.mark.parametrize(("before", "shared"), [([10, 11], 0), ([-3, 0], 0), ([3, 7], 1), (["3", "7"], 1)])
def test_ids_are_the_same_by_what_they_say_and_apart_where_their_ranges_are(
    look: Look, before: list[int | str], shared: int
) -> None:
    found = look({"id": [1, 2, 3], "a": range(3)}, {"id": before, "a": [9, 9]}, id="id")
    assert sum(one.rows or 0 for one in of(found, "shared_ids")) == shared


def test_rows_of_the_reference_are_found_whatever_their_ids_and_number_types(look: Look) -> None:
    data = {"id": [1, 2, 3, 4], "a": [1, 2, 3, None], "b": ["x", "y", "z", None]}
    found = look(data, {"id": [7, 8, 9], "a": [2.0, 3.5, None], "b": ["y", "z", None]}, id="id")
    assert (only(found, "shared_rows").rows, only(found, "shared_rows").value) == (2, 0.5)


BINARY = np.arange(400) % 2


@pytest.mark.parametrize(
    ("leak", "check", "said"),
    [
        (BINARY, "equals_label", "leak equals the label y in every row"),
        (np.where(BINARY, "paid", "late"), "equals_label", "under other names (late for 0, paid for 1)"),
        (BINARY + numbers(400) / 100, "predicts_label", "leak alone tells the label y (ROC AUC 1.000)"),
        (-BINARY + numbers(400) / 100, "predicts_label", "ROC AUC 1.000"),
        (np.where(BINARY, np.arange(400) % 7, 10 + np.arange(400) % 7), "predicts_label", "leak alone tells"),
        (
            np.where(BINARY, np.arange(400) % 3 - 1, 0) * 5.0,
            "predicts_label",
            None,
        ),
    ],
)
def test_a_column_that_tells_the_label_is_found(look: Look, leak: Any, check: str, said: str | None) -> None:  # noqa: ANN401 - an array
    found = look({"a": numbers(400), "many": [f"u{n}" for n in range(400)], "leak": leak, "y": BINARY}, label="y")
    leaks = [one for one in found.findings if one.check in {"equals_label", "predicts_label"}]
    if said is None:
        assert all(one.outcome is Outcome.PASS for one in leaks)
    else:
        assert [(one.check, one.column, said in one.sentence) for one in leaks] == [(check, "leak", True)], leaks


def test_answers_and_few_rows_are_no_leaks(look: Look) -> None:
    assert not of(look({"p": BINARY, "y": BINARY}, label="y", answers=("p",)), "equals_label")
    assert not of(look({"p": [0, 1, 0, 1], "y": [0, 1, 0, 1]}, label="y"), "equals_label")


def test_a_regression_leaks_through_equal_and_straight_columns(look: Look) -> None:
    y = numbers(500) * 1e6
    columns = {"y": y, "same": y, "line": 3 - y / 7, "half": y + numbers(500, 1) * 1e6, "text": ["x", "y"] * 250}
    found = look(columns, label="y")
    assert only(found, "equals_label").column == "same"
    line = only(found, "predicts_label")
    assert line.column == "line"
    assert line.value == pytest.approx(1, abs=1e-6)
    assert "equals_label" in found.checked
    unclear = look({"y": [f"u{n}" for n in range(500)], "a": y}, label="y")
    assert "too many different values" in unclear.not_checked["predicts_label"]


def test_labels_are_missing_unknown_and_one_sided(look: Look) -> None:
    found = look({"y": ["a"] * 96 + ["b", "c", None, None]}, label="y", classes=("a", "b"))
    assert (only(found, "null_labels").rows, only(found, "unknown_labels").rows) == (2, 1)
    assert "is 'c' in 1 row" in only(found, "unknown_labels").sentence
    shares = only(found, "class_shares")
    assert shares.value == pytest.approx(96 / 98)
    assert shares.numbers["share of b"] == pytest.approx(1 / 98)
    one_class = only(look({"y": [1, 1, 1]}, label="y"), "class_shares")
    assert (one_class.outcome, one_class.value) == (Outcome.WARN, 1)
    assert not of(look({"y": [True, False, True]}, label="y", classes=(1, 0)), "unknown_labels")


SIGNATURE = Signature(
    inputs=(
        Field(name="age", type="long"),
        Field(name="income", type="double"),
        Field(name="city", type="string"),
        Field(name="note", type="string", required=False),
        Field(name="rooms", type="integer"),
    )
)


def test_the_schema_is_held_against_the_signature(look: Look) -> None:
    data = {"age": [1.0, 2.5, None], "incme": [1, 2, 3], "city": [1, 2, 3], "rooms": [1, 2, 2**40], "y": [0, 1, 0]}
    found = look(data, label="y", signature=SIGNATURE)
    schema = {(one.check, one.column): one for one in found.findings if one.check in {
        "missing_column", "extra_column", "wrong_type", "integer_nulls"}}  # fmt: skip
    assert set(schema) == {
        ("missing_column", "income"),
        ("extra_column", "incme"),
        ("wrong_type", "age"),
        ("integer_nulls", "age"),
        ("wrong_type", "city"),
        ("wrong_type", "rooms"),
    }
    assert "(there is incme)" in schema["missing_column", "income"].sentence
    assert "city is BIGINT; the model declares string" in schema["wrong_type", "city"].sentence
    assert (schema["wrong_type", "rooms"].rows, schema["wrong_type", "age"].rows) == (1, 1)


def test_the_columns_are_held_against_the_reference(look: Look) -> None:
    data = {
        "a": [1, 2, 30, None],
        "city": ["x", "new", "x", "new"],
        "when": [DAY] * 3 + [dt.date(2030, 1, 1)],
        "t": ["1"] * 4,
        "extra": [1, 2, 3, 4],
    }
    reference = {"a": [0, 1, 2, 3], "city": ["x", "y", "x", "y"], "when": [DAY] * 4, "t": [1, 2, 3, 4], "gone": [1] * 4}
    found = look(data, reference)
    assert (only(found, "column_absent").column, only(found, "column_new").column) == ("gone", "extra")
    assert only(found, "type_changed").sentence.startswith("t is VARCHAR, and BIGINT in the reference")
    left = {one.column: one for one in of(found, "range_left")}
    assert left["a"].value == pytest.approx(1 / 3)
    assert "0 to 3" in left["a"].sentence
    assert (left["when"].rows, "2024-01-01 to 2024-01-01" in left["when"].sentence) == (1, True)
    assert (only(found, "new_categories").rows, "'new'" in only(found, "new_categories").sentence) == (2, True)
    assert only(found, "null_growth").value == 0.25


def test_later_rows_with_ids_of_their_own_are_no_other_range(look: Look) -> None:
    def made(first: int, seed: int) -> Table:
        days = [DAY + dt.timedelta(days=first + place // 10) for place in range(300)]
        return {"id": range(first, first + 300), "t": days, "a": np.clip(numbers(300, seed), -2, 2), "y": [0, 1] * 150}

    found = look(made(1_000, 1), made(0, 2), id="id", time="t", label="y")
    assert [one for one in found.findings if one.outcome is not Outcome.PASS] == []
    unnamed = look(made(1_000, 1), made(0, 2), label="y")
    assert {one.column for one in of(unnamed, "range_left")} == {"id", "t"}


def test_a_class_that_the_reference_does_not_have_is_named_whatever_its_type(look: Look) -> None:
    found = look({"y": ["0", "1", "7"] * 10}, {"y": ["0", "1"] * 10}, label="y")
    assert "y has 1 value that the reference does not have, in 10 rows (33 %): '7'." in found.findings[0].sentence
    numbered = look({"y": [0, 1, 7] * 10}, {"y": [0.0, 1.0] * 10}, label="y")
    assert [(one.column, one.rows) for one in of(numbered, "new_categories")] == [("y", 10)]
    assert of(numbered, "range_left") == []


def test_rows_earlier_than_the_training_are_counted(look: Look) -> None:
    days = [DAY + dt.timedelta(days=n) for n in range(4)]
    found = look({"t": days, "a": [1, 2, 3, 4]}, {"t": [days[2], None], "a": [0, 0]}, time="t")
    early = only(found, "earlier_than_reference")
    assert (early.rows, early.value, "2024-01-03" in early.sentence) == (2, 0.5, True)
    texts = look({"t": ["2024", "2025"]}, {"t": ["2024", "2025"]}, time="t")
    assert texts.not_checked["earlier_than_reference"] == "t is no date in both: store it as one."


def test_a_column_that_is_not_there_is_an_error_that_names_near_ones(look: Look) -> None:
    with pytest.raises(UserError, match=r"no column 'labl'.*label"):
        look({"label": [0, 1], "a": [1, 2]}, label="labl")


def test_findings_that_concern_nobody_change_no_outcome(look: Look) -> None:
    found = look(
        {"a": [1, 2, 3, 4], "extra": [0, 0, 0, 1]}, signature=Signature(inputs=(Field(name="a", type="long"),))
    )
    assert [one.check for one in found.findings] == ["extra_column", "nearly_constant"]
    assert found.outcome is Outcome.PASS
