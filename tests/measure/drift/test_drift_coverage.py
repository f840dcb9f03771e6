"""Whose labels are seen? Are groups compared by more than chance, and too many of them refused?"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from gates.drift_facts import Drift
from gates.label_facts import Coverage, Labels
from gates.measure.drift.coverage import furthest
from gates.measure.intervals import wilson
from gates.refusal import UserError

Compare = Callable[..., Drift]


def covered(feature: str, *counts: tuple[int, int]) -> tuple[Coverage, ...]:
    parts = [(labelled, rows, *wilson(labelled, rows)) for labelled, rows in counts]
    return tuple(
        Coverage(feature=feature, group=str(at), rows=rows, labelled=seen, share=seen / rows, low=low, high=high)
        for at, (seen, rows, low, high) in enumerate(parts)
    )


def labels(compare: Compare, group: list[str], labelled: list[bool]) -> Labels:
    rows = len(group)
    answers = {"p": np.arange(rows) % 2, "y": np.arange(rows) % 2}
    now = {**answers, "g": group, "y": pa.array([at % 2 if seen else None for at, seen in enumerate(labelled)])}
    found = compare(answers, now, label="y", prediction="p", by=("g",), columns=()).performance
    assert found is not None
    return found.labels


def test_groups_that_are_covered_alike_are_not_selective() -> None:
    assert furthest([covered("g", (50, 100), (52, 100)), covered("h", (90, 100), (88, 100))]) is None
    assert furthest([(), covered("g", (5, 100))]) is None


def test_the_column_whose_groups_are_furthest_apart_is_named() -> None:
    near, far = covered("g", (500, 1_000), (700, 1_000)), covered("h", (100, 1_000), (900, 1_000))
    found = furthest([near, far])
    assert found is not None
    assert [part.feature for part in found] == ["h", "h"]
    assert [part.share for part in found] == [0.1, 0.9]


def test_many_small_groups_are_not_selective_by_chance() -> None:
    random = np.random.default_rng(3)
    alarms = 0
    for _ in range(100):
        counts = [(int(seen), 12) for seen in random.binomial(12, 0.5, 60)]
        alarms += furthest([covered("g", *counts)]) is not None
    assert alarms <= 10


def test_a_group_whose_labels_are_hardly_seen_is_named_with_both_shares(compare: Compare) -> None:
    group = ["a", "b"] * 500
    found = labels(compare, group, [one == "a" or at % 10 == 1 for at, one in enumerate(group)])
    assert found.selective
    assert "20 % where g is b, 100 % where g is a" in found.sentence
    assert {(one.group, one.labelled, one.rows) for one in found.by_group} == {("a", 500, 500), ("b", 100, 500)}


def test_a_column_of_too_many_groups_is_refused(compare: Compare) -> None:
    with pytest.raises(UserError, match="more than 100 values"):
        labels(compare, [str(at) for at in range(200)], [True] * 200)
