"""Are the slices that are told those where the rows say the losses are?"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.tree import DecisionTreeRegressor

from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Held
from gates.measure.slices.looking import LEAST, slices
from gates.slice_facts import Slices

SEEDS = some.integers(0, 2**32 - 1)
ROWS = 4_000


def found(frame: pd.DataFrame, *shown: str, threads: int = 2, **asked: Any) -> Slices:  # noqa: ANN401 - fields of Asked
    given_: dict[str, Any] = {
        "task": None,
        "label": "y",
        "challenger": Answer(prediction="new"),
        "champion": Answer(prediction="old"),
        "shown": shown,
    }
    with opened(threads=threads) as engine:
        view = engine.view("rows", Held(name="rows", rows=pa.Table.from_pandas(frame, preserve_index=False)))
        looked = slices(prepare(engine, view, Asked(**{**given_, **asked})))
    assert looked is not None
    return looked


def planted(seed: int, *, strength: float = 0.5) -> pd.DataFrame:
    """Make rows whose challenger errs more where the colour is red and the size is large."""
    random = np.random.default_rng(seed)
    colour = random.choice(["red", "green", "blue"], ROWS, p=[0.2, 0.5, 0.3])
    size, dull = random.normal(size=ROWS), random.integers(0, 4, ROWS)
    label = random.integers(0, 2, ROWS)
    often = 0.1 + strength * ((colour == "red") & (size > 0.9))
    new = np.where(random.random(ROWS) < often, 1 - label, label)
    old = np.where(random.random(ROWS) < 0.1, 1 - label, label)
    frame = pd.DataFrame({"y": label, "new": new, "old": old, "colour": colour, "size": size, "dull": dull})
    frame.loc[random.random(ROWS) < 0.05, "size"] = np.nan
    return frame


def test_errors_are_found_where_they_were_put() -> None:
    frame = planted(1)
    looked = found(frame, "colour", "size", "dull")
    assert looked.loss == "error rate"
    worst = looked.errors[0]
    assert {where.feature for where in worst.where} == {"colour", "size"}
    at = {where.feature: where for where in worst.where}
    assert at["colour"].among == ("red",)
    assert at["size"].above is not None
    here = (frame["colour"] == "red") & (frame["size"] > at["size"].above)
    assert worst.rows == here.sum()
    assert worst.challenger == pytest.approx((frame["new"] != frame["y"])[here].mean(), rel=1e-9)
    assert sum(leaf.rows for leaf in looked.errors) == ROWS


def test_losses_against_the_champion_are_those_of_the_rows() -> None:
    frame = planted(2)
    looked = found(frame, "colour", "dull")
    (worst, *_) = looked.worst
    assert worst.where[0].among == ("red",)
    here = frame[frame["colour"] == "red"]
    assert worst.challenger == pytest.approx((here["new"] != here["y"]).mean(), rel=1e-9)
    assert worst.champion == pytest.approx((here["old"] != here["y"]).mean(), rel=1e-9)
    assert worst.low is not None
    assert worst.difference is not None
    assert worst.champion is not None
    assert worst.low < worst.difference == pytest.approx(worst.challenger - worst.champion, rel=1e-9)
    assert worst.low > 0
    assert all(one.difference is not None and one.difference > 0 for one in looked.worst)


def test_without_a_champion_only_errors_are_told() -> None:
    looked = found(planted(3), "colour", "size", champion=None)
    assert looked.worst == ()
    assert looked.errors[0].champion is None


@pytest.mark.full
def test_where_nothing_is_to_be_found_nothing_is_told() -> None:
    told = [bool(found(planted(seed, strength=0.0), "colour", "size", "dull").errors) for seed in range(20)]
    assert sum(told) <= 4


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_the_first_split_explains_as_much_as_scikit_learn_s(seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = random.integers(0, 5, ROWS), random.integers(0, 4, ROWS)
    amount = random.normal(0, 1 + first * 0.5 + second * random.random(), ROWS)
    frame = pd.DataFrame({"y": np.zeros(ROWS), "new": amount, "first": first, "second": second})
    looked = found(frame, "first", "second", task="regression", champion=None)
    loss = np.abs(amount)
    codes = frame[["first", "second"]].to_numpy()
    tree = DecisionTreeRegressor(max_depth=2, min_samples_leaf=LEAST, random_state=0).fit(codes, loss)
    theirs = ((loss - tree.predict(codes)) ** 2).sum()
    ours = sum(leaf.rows * leaf.challenger**2 for leaf in looked.errors)
    best = (loss**2).sum() - theirs
    assert ours == pytest.approx(best, rel=1e-6) or len(looked.errors) < tree.get_n_leaves()


def test_the_order_of_rows_and_the_number_of_threads_change_nothing() -> None:
    frame = planted(5)
    assert found(frame, "colour", "size", threads=1) == found(frame.iloc[::-1], "colour", "size", threads=2)


def test_columns_that_cannot_be_cut_are_named() -> None:
    frame = planted(6).assign(id=[f"n{place}" for place in range(ROWS)], same=1.5, lists=pd.Series([[1]] * ROWS))
    looked = found(frame, "colour", "id", "same", "lists")
    assert looked.left_out == (
        "id has too many different values for parts that mean something.",
        "same is the same in nearly all rows.",
        "lists holds BIGINT[], which has no parts.",
    )
