"""Do labels and answers of any types meet as the same classes?"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gates.measure.classes import key
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer
from gates.measure.unusable import UnusableError

Prepare = Callable[..., Prepared]
Read = Callable[..., list[dict[str, Any]]]
KINDS: tuple[Sequence[object], ...] = (
    [0, 1],
    [0.0, 1.0],
    [False, True],
    ["0", "1"],
    ["0.0", "1.0"],
    ["False", "true"],
    [Decimal("0.0"), Decimal("1.0")],
)


@pytest.mark.parametrize(("truth", "said"), list(zip(KINDS, KINDS[3:] + KINDS[:3], strict=True)))
def test_labels_and_answers_meet_whatever_their_types(
    prepared: Prepare, rows_of: Read, truth: Sequence[object], said: Sequence[object]
) -> None:
    found = prepared({"y": truth, "said": said})
    assert (found.task, found.classes) == ("binary-classification", ("0", "1"))
    assert rows_of(found) == [{"label": 0, "challenger": 0}, {"label": 1, "challenger": 1}]


def test_single_precision_and_dictionaries_are_read_as_what_they_hold(prepared: Prepare, rows_of: Read) -> None:
    found = prepared(
        {
            "y": pa.array([0.5, 1.5, 0.5], pa.float32()),
            "said": pa.array(["0.5", "1.5", "1.5"]).dictionary_encode(),
        },
        task="binary-classification",
        positive=1.5,
    )
    assert rows_of(found) == [
        {"label": 0, "challenger": 0},
        {"label": 0, "challenger": 1},
        {"label": 1, "challenger": 1},
    ]


def test_huge_numbers_are_classes_of_their_own(prepared: Prepare, rows_of: Read) -> None:
    found = prepared({"y": [10**17, 10**17 + 1], "said": [str(10**17 + 1)] * 2}, positive=10**17)
    assert found.classes == (str(10**17 + 1), str(10**17))
    assert rows_of(found) == [{"label": 0, "challenger": 0}, {"label": 1, "challenger": 0}]


@pytest.mark.parametrize("positive", ["no", "yes"])
def test_the_positive_class_stands_last(prepared: Prepare, rows_of: Read, positive: str) -> None:
    found = prepared({"y": ["yes", "no"], "said": ["yes", "yes"]}, positive=positive)
    assert found.classes[1] == positive
    yes = found.classes.index("yes")
    assert rows_of(found) == [{"label": place, "challenger": yes} for place in (0, 1)]


def test_many_classes_of_strange_texts_find_their_places(prepared: Prepare, rows_of: Read) -> None:
    names = [*"abcdefghij", "O'Hara", "naïve", "日本", " ", "", "1e400", "nan", 'say "hi"', "value", "-"]
    found = prepared({"y": names, "said": names[::-1], "value": range(len(names)), "place": range(len(names))})
    rows = rows_of(found)
    assert sorted(found.classes) == sorted(names)
    told = {(found.classes[row["label"]], found.classes[row["challenger"]]) for row in rows}
    assert told == set(zip(names, names[::-1], strict=True))


def test_a_class_that_only_one_model_says_is_a_class_of_several(prepared: Prepare) -> None:
    found = prepared(
        {"y": ["a", "b", "c"], "said": ["a", "z", "c"], "other": ["q", "b", "c"]}, champion=Answer(prediction="other")
    )
    assert (found.task, found.classes) == ("multiclass-classification", ("a", "b", "c", "q", "z"))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(score="p"),
        Answer(prediction="p"),
        Answer(scores={"1": "p", "0": "rest"}),
        Answer(prediction="p", score="rest"),
    ],
)
def test_probabilities_alone_are_thresholded_at_one_half(prepared: Prepare, rows_of: Read, answer: Answer) -> None:
    found = prepared({"y": [0, 1, 1, 0], "p": [0.1, 0.9, 0.5, 0.2], "rest": [0.9, 0.1, 0.5, 0.8]}, challenger=answer)
    assert all(row["label"] == row["challenger"] for row in rows_of(found))
    assert found.scored == ("challenger",)


def test_whole_numbers_said_are_classes_and_no_probabilities(prepared: Prepare) -> None:
    found = prepared({"y": [0.0, 1.0], "said": [1.0, 1.0]})
    assert (found.task, found.scored) == ("binary-classification", ())


def test_the_largest_probability_decides_and_the_first_of_equals(prepared: Prepare, rows_of: Read) -> None:
    found = prepared(
        {"y": ["a", "b", "c"], "A": [0.4, 0.1, 0.3], "B": [0.4, 0.8, 0.3], "C": [0.2, 0.1, 0.4]},
        challenger=Answer(scores={"a": "A", "b": "B", "c": "C"}),
    )
    assert [row["challenger"] for row in rows_of(found)] == [0, 1, 2]
    assert found.score_problems == {"challenger": ""}


VALUES = st.one_of(
    st.sampled_from(["a", "b", "1", "1.0", "true", "", "'", "nan", "0.50"]),
    st.none(),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(VALUES, VALUES.filter(lambda value: value is not None)), min_size=1, max_size=30))
def test_places_are_those_of_the_keys(prepared: Prepare, rows_of: Read, rows: list[tuple[str | None, str]]) -> None:
    columns = {"y": pa.array([row[0] for row in rows], pa.string()), "said": [row[1] for row in rows]}
    kept = [(str(key(truth)), str(key(said))) for truth, said in rows if truth is not None]
    try:
        found = prepared(columns, task="multiclass-classification")
    except UnusableError:
        labels = {truth for truth, _ in kept}
        if len(labels) > 1 and labels & {said for _, said in kept}:
            raise
        return
    told = [(found.classes[row["label"]], found.classes[row["challenger"]]) for row in rows_of(found)]
    assert sorted(told) == sorted(kept)
    assert found.count == len(kept)
