"""Does every column that cannot be measured get one clear sentence?"""

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pytest

from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer
from gates.measure.unusable import UnusableError
from gates.refusal import UserError

Prepare = Callable[..., Prepared]
FOUR = {"y": [0, 1, 1, 0], "said": [0, 1, 0, 1]}
INFINITE = float("inf")


@pytest.mark.parametrize(
    ("columns", "asked", "said"),
    [
        ({}, {"task": "ranking"}, "there is no task 'ranking'; there are binary-classification, "),
        ({}, {"task": "regression", "label": None}, "there is no label; only item scores need none."),
        ({"y": pa.array([None] * 4, pa.int64())}, {}, "no row has a value in the label y."),
        ({"y": [float("nan")] * 4}, {}, "no row has a value in the label y."),
        ({"y": [0, 1, 2, 10]}, {"task": "binary-classification"}, "has 4 classes, not two: 0, 1, 2, 10."),
        ({"y": ["n", "y", "n", "y"]}, {}, "which class of y is positive, n or y? Say so: "),
        ({}, {"positive": "maybe"}, "the positive class 'maybe' is no value of y, which has 0, 1."),
        ({"y": [0.0, 1.0, INFINITE, 1.0]}, {}, "the label y is infinite in some rows."),
        ({}, {"challenger": Answer(), "alone": "model"}, "the model's answers have no column prediction, nor scores"),
        ({"y": [[1], [2], [1], [2]]}, {}, "the label y holds lists (BIGINT[]); a class is a truth value, "),
        ({"y": [{"a": 1}] * 4}, {}, "the label y holds structures (STRUCT"),
        ({"y": pa.array([1, 2, 3, 4], pa.timestamp("s"))}, {}, "the label y holds times; a class is "),
        ({"said": [0, 1, None, 1]}, {}, "the challenger gave no answer for 1 labelled row: answer"),
        ({"y": [0, None, 1, None], "said": [None, 1, None, 0]}, {}, "no row has both a label and an answer"),
        ({"said": [0, 1, 7, 1]}, {}, "the challenger answers 7, which the label never is (it is 0, 1)."),
        ({"said": list("abab")}, {"task": "multiclass-classification"}, "answers a, b, which the label never is"),
        ({"said": [0.1, 3.5, 0.2, 0.3]}, {"challenger": Answer(score="said"), "task": "binary-classification"},
         "the challenger's scores are no probabilities: some are outside 0 to 1, and it gave no classes: "),
        ({"said": list("abcd")}, {"challenger": Answer(score="said")},
         "the challenger's score (said) holds text, not numbers."),
        ({"said": [0.1, None, 0.2, 0.3]}, {"challenger": Answer(score="said")}, "no answer in said for 1 labelled row"),
        ({}, {"challenger": Answer()}, "no column prediction, nor scores that stand for one."),
        ({}, {"task": "multiclass-classification", "challenger": Answer(score="said")},
         "the challenger gives no probabilities of all classes (its column of scores: said): one column is needed"),
        ({"y": list("abcd")}, {"task": "regression"}, "the label y holds text, not numbers."),
        ({"y": [1.5, INFINITE, 2.0, 3.0]}, {}, "the label y is infinite in some rows."),
        ({}, {"task": "regression", "challenger": Answer(score="said")}, "the challenger's answers have no column"),
        ({"said": [1.0, None, INFINITE, 1.0]}, {"task": "regression"}, "the challenger gave no number for 2 labelled"),
        ({"said": [None, float("nan"), None, None]}, {"task": "regression"}, "no row has both a label and a number"),
        ({"said": [[1], [1], [1], [1]]}, {"task": "regression"}, "the challenger's prediction (said) holds lists"),
        ({"site": pa.array([None] * 4, pa.string())}, {"cluster": "site"}, "no row has a value in the cluster site."),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_told_in_one_line(
    prepared: Prepare, columns: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(UnusableError) as caught:
        prepared(FOUR | columns, **asked)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ({"label": "Y"}, "'Y'; did you mean y"),
        ({"challenger": Answer(prediction="siad")}, "'siad'; did you mean said"),
        ({"champion": Answer(score="scroe")}, "no column 'scroe'"),
        ({"champion": Answer(scores={"1": "p_1"})}, "no column 'p_1'"),
        ({"cluster": "patient"}, "no column 'patient'"),
    ],
)
def test_a_misspelt_column_is_a_bad_request_that_names_what_is_near(
    prepared: Prepare, asked: dict[str, Any], near: str
) -> None:
    with pytest.raises(UserError) as caught:
        prepared(FOUR, **asked)
    assert near in str(caught.value)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (range(600), "the label y has 600 classes; is this a regression?"),
        (range(20_000), "the label y has more than 500 classes; is this a regression?"),
        (map("id {}".format, range(600)), "has 600 classes; at most 500 are told apart: put rare ones together."),
        (map("id {}".format, range(20_000)), "has more than 500 classes; at most 500 are told apart"),
    ],
)
def test_too_many_classes_are_refused(prepared: Prepare, names: Iterable[object], told: str) -> None:
    values = list(names)
    with pytest.raises(UnusableError) as caught:
        prepared({"y": values, "said": values}, task="multiclass-classification")
    assert told in str(caught.value)
