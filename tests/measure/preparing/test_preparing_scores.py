"""Are scores probabilities, and is it told when they are not?"""

from collections.abc import Callable
from typing import Any

import pytest

from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer
from gates.measure.unusable import UnusableError

Prepare = Callable[..., Prepared]
Read = Callable[..., list[dict[str, Any]]]
INFINITE = float("inf")


@pytest.mark.parametrize(
    ("score", "problem", "scored"),
    [
        ([0.1, 0.9, 1.0, 0.0], "", True),
        ([False, True, True, False], "", True),
        (
            [0.1, None, 0.2, 0.3],
            "the challenger gave no probability in p for 1 labelled row: answer them, or take them out of the data.",
            False,
        ),
        (
            [0.1, float("nan"), 0.2, 0.3],
            "the challenger gave no probability in p for 1 labelled row: answer them, or take them out of the data.",
            False,
        ),
        (
            [0.1, 7.0, 0.2, 0.3],
            "the challenger's scores are no probabilities: some of p are outside 0 to 1, so they can only rank.",
            True,
        ),
        (
            [0.1, -INFINITE, INFINITE, 0.3],
            "the challenger gave no probability in p for 2 labelled rows: answer them, or take them out of the data.",
            False,
        ),
        (list("abcd"), "the challenger's score (p) holds text, not numbers.", False),
    ],
)
def test_a_binary_score_that_is_no_probability_is_a_problem_of_the_scores_alone(
    prepared: Prepare, rows_of: Read, score: list[object], problem: str, *, scored: bool
) -> None:
    found = prepared(
        {"y": [0, 1, 1, 0], "said": [0, 1, 0, 1], "p": score}, challenger=Answer(prediction="said", score="p")
    )
    assert found.score_problems == {"challenger": problem}
    assert found.scored == (("challenger",) if scored else ())
    columns = ("label", "challenger_score") if scored else ("label",)
    assert len(rows_of(found, columns)) == 4


def test_a_model_without_scores_is_told_beside_one_with(prepared: Prepare) -> None:
    found = prepared({"y": [0, 1], "said": [0, 1], "p": [0.2, 0.4]}, champion=Answer(prediction="said", score="p"))
    assert found.scored == ("champion",)
    assert found.score_problems["challenger"] == "the challenger gives no probabilities (it has no column of scores)."


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({}, ""),
        ({"B": [0.6, 0.1, 0.1]},
         ("the challenger's scores are no probabilities of all classes: "
         "some rows of A, B, C do not sum to 1, so they can only rank.")),
        ({"B": [-0.6, 0.8, 0.1]},
         "the challenger's scores are no probabilities: some of B are outside 0 to 1, so they can only rank."),
        ({"B": [None, 0.8, 0.1]},
         "the challenger gave no probability in B for 1 labelled row: answer them, or take them out of the data."),
        ({"B": [INFINITE, None, 0.1]},
         "the challenger gave no probability in B for 2 labelled rows: answer them, or take them out of the data."),
        ({"B": list("xyz")}, "the challenger's score_b (B) holds text, not numbers."),
    ],
)  # fmt: skip
def test_scores_of_all_classes_must_be_probabilities_of_all(
    prepared: Prepare, columns: dict[str, Any], problem: str
) -> None:
    rows = {"y": list("abc"), "said": list("abc"), "A": [0.7, 0.1, 0.1], "B": [0.2, 0.8, 0.1], "C": [0.1, 0.1, 0.8]}
    scores = Answer(prediction="said", scores={"a": "A", "b": "B", "c": "C"})
    assert prepared(rows | columns, challenger=scores).score_problems == {"challenger": problem}


def test_only_a_class_that_the_label_never_has_needs_no_probability(prepared: Prepare, rows_of: Read) -> None:
    rows = {"y": list("abc"), "said": list("abz"), "A": [0.5] * 3, "B": [0.25] * 3, "C": [0.25] * 3}
    whole = prepared(rows, challenger=Answer(prediction="said", scores={"a": "A", "b": "B", "c": "C"}))
    assert rows_of(whole, ("challenger_score_0", "challenger_score_3"))[0] == {
        "challenger_score_0": 0.5,
        "challenger_score_3": 0.0,
    }
    part = prepared(rows, challenger=Answer(prediction="said", scores={"a": "A", "b": "B"}))
    assert part.score_problems == {
        "challenger": "the challenger gives no probability of c (its columns of scores: A, B): "
        "one column is needed for each class, which the star of a pattern stands for."
    }


@pytest.mark.parametrize(
    ("names", "lacking"),
    [
        ({"a": "pn_a", "b": "pn_b"}, "pn_c"),
        ({"a": "a", "b": "b"}, "c"),
        ({"a": "a a", "b": "a b"}, "a c"),
        ({"b": "b 1", "a": "a 1"}, "c 1"),
    ],
)
def test_a_column_that_is_missing_is_called_as_the_others_are(
    prepared: Prepare, names: dict[str, str], lacking: str
) -> None:
    rows = {"y": list("abc"), "said": list("abc"), **{column: [0.5] * 3 for column in names.values()}}
    found = prepared(rows, challenger=Answer(prediction="said", scores=names)).score_problems["challenger"]
    assert f"gives no probability of c (no column {lacking}): one column is needed for each class" in found


@pytest.mark.parametrize("said", ["said", None])
def test_a_binary_task_wants_one_column_of_the_positive_class(prepared: Prepare, said: str | None) -> None:
    rows = {"y": [0, 1, 1], "said": [0, 1, 1], "new_score": [0.1, 0.9, 0.8]}
    told = "the challenger gives no probability of 1 (its columns of scores: new_score): one column is needed, with"
    asked = Answer(prediction=said, scores={"ore": "new_score"})
    try:
        found = prepared(rows, challenger=asked).score_problems["challenger"]
    except UnusableError as error:
        found = str(error)
    assert found == f"{told} the probability of 1."


@pytest.mark.parametrize("said", ["said", None])
def test_several_classes_want_a_column_for_each(prepared: Prepare, said: str | None) -> None:
    rows = {"y": list("abc"), "said": list("abc"), "p": [0.1, 0.9, 0.8]}
    try:
        found = prepared(rows, challenger=Answer(prediction=said, score="p")).score_problems["challenger"]
    except UnusableError as error:
        found = str(error)
    assert "the challenger gives no probabilities of all classes (its column of scores: p): one column is" in found
