"""Are Shapley values those of the closed form, for any type of column, with the model asked once?"""

import datetime as dt
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gates.measure.explain import ExplanationAsked, explain_row
from gates.measure.unusable import UnusableError
from gates.refusal import UserError

Ask = Callable[[Any], Any]
WEIGHTS = {"a": 2.0, "b": -1.0, "c": 0.25}


def linear(table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
    return 1.0 + sum(weight * np.asarray(table.column(name)) for name, weight in WEIGHTS.items())


def others(count: int, names: tuple[str, ...] = ("a", "b", "c")) -> pa.Table:
    random = np.random.default_rng(2)
    return pa.table({name: random.normal(size=count) for name in names})


def asked(*features: str, **change: Any) -> ExplanationAsked:  # noqa: ANN401 - any field
    return ExplanationAsked(features=features, of="the number", **change)


def once(ask: Ask, calls: list[int]) -> Ask:
    def counted(table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        calls.append(table.num_rows)
        return ask(table)

    return counted


@pytest.mark.full
def test_a_linear_model_is_explained_by_weight_times_distance_from_the_background() -> None:
    row, background, calls = pa.table({"a": [1.0], "b": [3.0], "c": [-2.0]}), others(40), list[int]()
    found = explain_row(row, background, asked(*WEIGHTS), once(linear, calls))
    expected = {
        name: weight * (row.column(name)[0].as_py() - float(np.mean(np.asarray(background.column(name)))))
        for name, weight in WEIGHTS.items()
    }
    assert {one.feature: one.contribution for one in found.contributions} == pytest.approx(expected, rel=1e-9)
    assert [one.feature for one in found.contributions] == sorted(expected, key=lambda name: -abs(expected[name]))
    assert (found.prediction, found.gap, found.explainer) == (linear(row)[0], 0.0, "exact")
    assert found.base == pytest.approx(float(linear(background).mean()), rel=1e-11)
    assert calls == [found.scored]


def shapley(row: dict[str, Any], background: list[dict[str, Any]], value: Callable[[dict[str, Any]], float]) -> Any:  # noqa: ANN401 - numbers by name
    """Return Shapley values by their definition (Shapley 1953)."""
    names = list(row)

    def worth(known: tuple[str, ...]) -> float:
        return float(np.mean([value(other | {name: row[name] for name in known}) for other in background]))

    def of(name: str) -> float:
        rest, total = [other for other in names if other != name], 0.0
        for size in range(len(names)):
            weight = math.factorial(size) * math.factorial(len(names) - size - 1) / math.factorial(len(names))
            for known in itertools.combinations(rest, size):
                total += weight * (worth((*known, name)) - worth(known))
        return float(total)

    return {name: of(name) for name in names}


def test_texts_dates_nulls_and_lists_are_explained_by_the_definition() -> None:
    def value(one: dict[str, Any]) -> float:
        early = one["when"] is not None and one["when"] < dt.date(2020, 1, 1)
        worth = 2.0 if early else 1.0
        return float((one["city"] == "Oslo") * worth + len(one["tags"] or ()) * early)

    columns = {
        "city": ["Oslo", "Rome", None, "Oslo", "r\u00f4me"],
        "when": [dt.date(2019, 5, 1), dt.date(2021, 1, 1), None, dt.date(2018, 1, 1), dt.date(2019, 5, 1)],
        "tags": [[1, 2], [], None, [3], [1, 2]],
    }
    table = pa.table(columns)
    rows = table.to_pylist()

    def model(some: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        assert some.schema.equals(table.schema)
        return np.array([value(one) for one in some.to_pylist()])

    found = explain_row(table.slice(0, 1), table.slice(1), asked(*columns), model)
    assert {one.feature: one.contribution for one in found.contributions} == pytest.approx(
        shapley(rows[0], rows[1:], value), rel=1e-9
    )
    assert {one.feature: one.value for one in found.contributions}["when"] == "2019-05-01"


def test_many_features_are_explained_by_orders_drawn_with_a_standard_error_and_in_the_budget() -> None:
    names = tuple(f"f{place}" for place in range(14))
    row, background = pa.table({name: [float(place)] for place, name in enumerate(names)}), others(10, names)

    def model(table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        columns = [np.asarray(table.column(name)) for name in names]
        return columns[0] + columns[13] * columns[12] * columns[11]

    state = repr(np.random.get_state())  # noqa: NPY002 - the state that shap draws from
    found = explain_row(row, background, asked(*names, most_rows=2000, seed=4), model)
    assert repr(np.random.get_state()) == state  # noqa: NPY002 - as above
    assert (found.explainer, found.gap, found.scored <= 2000) == ("permutation", 0.0, True)
    assert "orders of the features were drawn" in found.warnings[0]
    largest = found.contributions[0]
    assert largest.feature in {"f11", "f12", "f13"}
    assert largest.error is not None
    assert largest.error > 0
    assert found == explain_row(row, background, asked(*names, most_rows=2000, seed=4), model)


def test_a_row_like_its_background_has_nothing_to_explain() -> None:
    row = pa.table({"a": [1.0], "b": [1.0], "c": [1.0]})
    found = explain_row(row, pa.concat_tables([row, row]), asked(*WEIGHTS), linear)
    assert {one.contribution for one in found.contributions} == {0.0}
    assert (found.base, found.prediction, found.scored) == (2.25, 2.25, 1)


def test_what_cannot_be_explained_says_why() -> None:
    row = others(1)
    with pytest.raises(UserError, match="There is no column 'd' to explain"):
        explain_row(row, others(5), asked("a", "d"), linear)
    with pytest.raises(UserError, match="One row is explained against others; there are 2 and 5"):
        explain_row(others(2), others(5), asked("a"), linear)
    many = tuple(f"f{place}" for place in range(12))
    twelve = pa.table({name: [9.0] for name in many})
    with pytest.raises(UserError, match="need 250 rows scored, more than 100: take a smaller background"):
        explain_row(twelve, others(10, many), asked(*many, most_rows=100), linear)
    with pytest.raises(UnusableError, match="answers for 1 rows are no 1 finite numbers"):
        explain_row(row, row, asked("a"), lambda _table: np.array([np.nan]))
