"""Does unusable input become a line that says why, never a traceback?"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gates.measure.measure import Measured, Question, measure

Ask = Callable[..., Measured]
YES = {"prediction": [0, 1, 0, 1]}
DATA = {"y": [0, 1, 1, 0]}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"task": "ranking"}, "there is no task 'ranking'"),
        ({"data": {"z": [1, 2, 3, 4]}}, "the evaluation data has no column 'y'; it has z, challenger's prediction."),
        ({"data": {"y": [None, None, None, None]}}, "no row has a value in the label y."),
        ({"data": {"y": [1, 1, 1, 1]}}, "the label y has one class only (1)"),
        ({"data": {"y": [0, 1, 2, 10]}}, "the label y has 4 classes, not two: 0, 1, 2, 10."),
        ({"data": {"y": ["n", "y", "n", "y"]}}, "which class of y is positive, n or y?"),
        ({"positive": "maybe"}, "the positive class 'maybe' is no value of y, which has 0, 1."),
        ({"data": {"y": [[1], [2], [1], [2]]}}, "the label y holds list"),
        ({"challenger": {"answer": [1] * 4}}, "the challenger's answers have no column prediction or score."),
        (
            {"challenger": {"prediction": [1, 0]}},
            "the evaluation data has 4 rows and the challenger's answers has 2 rows: ",
        ),
        (
            {"challenger": {"prediction": [1, 0, None, 1]}},
            "the challenger gave no answer for 1 labelled row: answer them, or take them out of the data.",
        ),
        ({"champion": {"prediction": [1, 0, 7, 1]}}, "the champion answers 7, which the label never is (it is 0, 1)."),
        ({"challenger": {"prediction": ["a", "b", "a", "b"]}}, "the challenger answers a, b, which the label never is"),
        ({"challenger": {"score": [0.1, 3.0, 0.2, 0.3]}}, "some are outside 0 to 1, and it gave no classes: "),
        ({"challenger": {"score": ["a", "b", "c", "d"]}}, "the challenger's score holds text, not numbers."),
        (
            {"challenger": {"score": [0.1, None, 0.2, 0.3]}},
            "the challenger gave no answer in score for 1 labelled row: answer them, or take them out of the data.",
        ),
        (
            {"challenger": {"score_7": [0.1, 0.2, 0.2, 0.3]}},
            "no probability of 1 (its columns of scores: score_7): one ",
        ),
        ({"task": "multi", "challenger": {"score": [0.1, 0.2, 0.2, 0.3]}}, "(its column of scores: score): one column"),
        ({"task": "multi", "challenger": {"prediction": list("abcd")}}, "answers a, b, c, d, which the label never is"),
        ({"task": "regression", "data": {"y": list("abcd")}}, "the label y holds text, not numbers."),
        ({"task": "regression", "data": {"y": [1.0, float("inf"), 2.0, 3.0]}}, "infinite in some rows"),
        ({"task": "regression", "challenger": {"score": [1.0] * 4}}, "have no column prediction."),
        ({"task": "regression", "challenger": {"prediction": [1.0, None, 2.0, 1.0]}}, "gave no number for 1 labelled"),
    ],
)
def test_an_unusable_table_is_one_problem_and_no_numbers(measured: Ask, asked: dict[str, object], said: str) -> None:
    result = measured(**{"data": DATA, "challenger": YES, "metrics": ["accuracy"], **asked})
    assert (result.metrics, result.groups, result.rows) == ((), (), 0)
    assert len(result.problems) == 1
    assert said in result.problems[0]


def test_too_many_classes_look_like_a_regression(measured: Ask) -> None:
    result = measured(data={"y": list(range(600))}, challenger={"prediction": list(range(600))}, task="multi")
    assert result.problems == ("the label y has 600 classes; is this a regression?",)


def test_a_file_that_is_no_table_is_a_problem(tmp_path: Path, write: Callable[..., Path]) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and no more")
    result = measure(
        Question(
            data=write("data", y=[0, 1]),
            challenger=broken,
            champion=None,
            task="binary-classification",
            label="y",
            positive=1,
            metrics=("accuracy",),
            sensitive_features=(),
            group_metrics=(),
            power_against=0.1,
            seed=0,
        )
    )
    assert "cannot be read as Parquet" in result.problems[0]


@pytest.mark.parametrize(
    ("asked", "metric", "said"),
    [
        ({}, "roc_acu", "There is no metric 'roc_acu'; did you mean roc_auc?"),
        ({}, "r2", "r2 is no metric of binary-classification; there are accuracy"),
        ({}, "roc_auc", "the challenger gives no probabilities (it has no column of scores)."),
        ({}, "average_precision", "the challenger gives no probabilities (it has no column of scores)."),
        ({}, "log_loss", "the challenger gives no probabilities (it has no column of scores)."),
        ({"challenger": {"prediction": [0, 0, 0, 0]}}, "precision", "the challenger never predicts 1"),
        (
            {"challenger": {**YES, "score": [0.1, None, 0.2, 0.3]}},
            "roc_auc",
            "no probability in score for 1 labelled row: answer them, or take them out of the data.",
        ),
        ({"challenger": {**YES, "score": list("abcd")}}, "roc_auc", "score holds text, not numbers."),
        (
            {"challenger": {**YES, "score": [0.1, 7.0, 0.2, 0.3]}},
            "brier_score",
            "no probabilities: some of score are outside",
        ),
        (
            {"task": "multi", "challenger": {**YES, "score_0": [0.1] * 4}},
            "log_loss",
            "the challenger gives no probability of 1 (no column score_1): one column is needed for each class",
        ),
        ({"task": "multi"}, "log_loss", "the challenger gives no probabilities"),
        (
            {"task": "multi", "challenger": {**YES, "score_0": [0.1] * 4, "score_1": [0.1] * 4}},
            "log_loss",
            "some rows of score_0, score_1 do not sum to 1",
        ),
        (
            {"task": "multi", "challenger": {**YES, "score_0": [0.1] * 4, "score_1": [0.1, None, 0.2, 0.4]}},
            "log_loss",
            "gave no probability in score_1 for 1 labelled row: answer them, or take them out of the data.",
        ),
        ({"task": "regression", "data": {"y": [2.0] * 4}}, "r2", "the label is the same in all rows"),
    ],
)
def test_a_metric_that_cannot_be_had_says_why_and_the_others_are_measured(
    measured: Ask, asked: dict[str, object], metric: str, said: str
) -> None:
    result = measured(**{"data": DATA, "challenger": YES, "metrics": [metric], **asked})
    assert result.problems == ()
    assert result.metrics[0].challenger is None
    assert said in result.metrics[0].problem


def test_rows_without_a_label_are_left_out_and_counted(measured: Ask) -> None:
    result = measured(
        data={"y": [0.0, 1.0, None, 1.0, float("nan")]},
        challenger={"prediction": [0, 1, 9, 0, None]},
        metrics=["accuracy"],
    )
    assert (result.rows, result.rows_left_out) == (3, 2)
    assert result.metrics[0].challenger == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "challenger",
    [
        {"score": [0.1, 0.9, 0.5, 0.2]},
        {"prediction": [0.1, 0.9, 0.5, 0.2]},
        {"score_1": [0.1, 0.9, 0.5, 0.2], "score_0": [0.9, 0.1, 0.5, 0.8]},
    ],
)
def test_probabilities_alone_are_thresholded_at_one_half(measured: Ask, challenger: dict[str, list[float]]) -> None:
    result = measured(data=DATA, challenger=challenger, metrics=["accuracy", "brier_score"])
    assert [metric.challenger for metric in result.metrics] == [1.0, pytest.approx(0.0775)]


def test_texts_that_are_no_numbers_are_compared_as_they_stand(measured: Ask) -> None:
    result = measured(
        data={"y": ["01", "1", "01", "1"]}, challenger={"prediction": ["01", "1", "1", "1"]}, positive="01",
        metrics=["accuracy"],
    )  # fmt: skip
    assert result.metrics[0].challenger == 0.75


def test_numbers_of_any_size_are_classes(measured: Ask) -> None:
    values = [Decimal("1.5"), Decimal(2), Decimal("1.5"), Decimal(2)]
    texts = ["1.5", "2.00", "1.50", "2"]
    result = measured(data={"y": values}, challenger={"prediction": texts}, positive=2, metrics=["accuracy"])
    assert result.metrics[0].challenger == 1.0
    long = measured(data={"y": [10**17, 10**17 + 1] * 2}, challenger={"prediction": [str(10**17), str(10**17 + 1)] * 2},
                    positive=10**17, metrics=["accuracy"])  # fmt: skip
    assert long.metrics[0].challenger == 1.0
