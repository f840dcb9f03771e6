"""One number for each item, computed elsewhere, is compared item by item."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from gates.measure.numbers.items import item_changes
from gates.measure.numbers.worst import worst_items
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.unusable import UnusableError
from tests.measure.numbers.number_rows import known, measured, prepared, roles, viewed

ITEMS: dict[str, Any] = {"task": "item-scores"}


def overlaps(count: int = 300) -> dict[str, NDArray[np.float64]]:
    """Return overlaps of two models, equal for a third of the items."""
    rng = np.random.default_rng(4)
    champion = rng.beta(8, 3, count)
    change = np.where(rng.random(count) < 1 / 3, 0.0, rng.normal(0.01, 0.05, count))
    return {"challenger": np.clip(champion + change, 0, 1), "champion": champion}


def test_the_mean_of_items_is_compared_pair_by_pair() -> None:
    table = overlaps()
    found = known(table, "mean", **ITEMS)
    assert (found.challenger, found.champion) == pytest.approx((table["challenger"].mean(), table["champion"].mean()))
    assert found.standard_error == pytest.approx(stats.sem(table["challenger"] - table["champion"]), rel=1e-9)
    assert measured(table, "r2", **ITEMS)["r2"] == "it is no metric of item-scores."


def test_changes_tell_how_many_items_got_worse_and_by_how_much() -> None:
    table = overlaps()
    change = table["challenger"] - table["champion"]
    with prepared(table, **ITEMS) as rows:
        found = item_changes(rows)
    assert (found.items, found.worse, found.better) == pytest.approx((300, (change < 0).mean(), (change > 0).mean()))
    assert found.worse_low is not None
    assert found.worse_high is not None
    assert found.worse_low < found.worse < found.worse_high
    tenths = np.quantile(change, np.arange(11) / 10, method="inverted_cdf")
    assert found.deciles == pytest.approx(tenths, rel=1e-9, abs=1e-15)


def test_without_a_champion_nothing_changed() -> None:
    with prepared({"challenger": np.ones(5)}, **ITEMS) as rows, pytest.raises(UnusableError, match="no champion"):
        item_changes(rows)


def test_the_worst_items_are_named_worst_first() -> None:
    table: dict[str, Any] = {
        "id": ["d", "b", "a", "c", "e"],
        "challenger": [0.1, 0.5, 0.5, 0.9, float("nan")],
        "champion": [0.9, 0.6, 0.6, 0.8, 1.0],
    }
    with viewed(table) as (engine, view):
        found = worst_items(engine, view, roles(table, **ITEMS), most=3)
    assert [(some.id, some.challenger, some.champion) for some in found] == [
        ("d", 0.1, 0.9),
        ("a", 0.5, 0.6),
        ("b", 0.5, 0.6),
    ]


@pytest.mark.parametrize(
    ("champion", "id_", "said"), [(None, "id", "no champion"), (Answer(score="champion"), None, "no column of ids")]
)
def test_worst_items_need_ids_and_a_champion(champion: Answer | None, id_: str | None, said: str) -> None:
    table = {"id": ["a"], "challenger": [1.0], "champion": [1.0]}
    asked = Asked(task="item-scores", label=None, challenger=Answer(score="challenger"), champion=champion, id=id_)
    with viewed(table) as (engine, view), pytest.raises(UnusableError, match=said):
        worst_items(engine, view, asked)
