"""Are the words of `mlops measure` read as a person means them?"""

import pytest

from bot.commands_measure import MeasureCompare, MeasureDrift
from bot.grammar.mistake import UsageError
from bot.grammar.parse import Context, parse
from bot.terminal.measuring.texts import answer, columns, features, number, task, whole
from gates.measure.scan.engine import Column, Kind, View


def view(*names: str) -> View:
    columns_ = {name: Column(name=name, type="DOUBLE", kind=Kind.NUMBER, integer=False) for name in names}
    return View(name="rows", said="rows.parquet", columns=columns_, rows=1)


def said(line: str) -> object:
    return parse(line.split(), context=Context(surface="terminal"))


def test_an_option_may_come_several_times_or_take_several_words() -> None:
    plain = said("measure compare d.csv --challenger new --metric f1 --metric roc_auc --by race sex")
    assert isinstance(plain, MeasureCompare)
    assert (plain.metric, plain.by, plain.data) == (("f1", "roc_auc"), ("race", "sex"), "d.csv")


def test_the_data_may_stand_behind_the_options() -> None:
    behind = said("measure compare --challenger new --metric f1 d.csv")
    assert isinstance(behind, MeasureCompare)
    assert (behind.metric, behind.data) == (("f1",), "d.csv")


def test_drift_has_options_only() -> None:
    asked = said("measure drift --reference a.csv --current=b.csv --columns x,y z")
    assert isinstance(asked, MeasureDrift)
    assert (asked.reference, asked.current, asked.columns) == ("a.csv", "b.csv", ("x,y", "z"))


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        (
            "measure compare a.csv b.csv",
            "I did not expect 'b.csv': there is one DATA. Put a pattern in quotes: 'scored/*.parquet'",
        ),
        ("measure fairness d.csv --label y", "measure fairness needs --by COLUMNS"),
        ("measure compare d.csv --challenger", "--challenger needs a value: --challenger COLUMN"),
        ("measure compare d.csv --challenger --by race", "--challenger needs a value: --challenger COLUMN"),
        ("measure compare d.csv --challenger a --challenger b", "--challenger is given twice."),
        ("measure comapre d.csv", "There is no measure 'comapre'. Did you mean compare?"),
    ],
)
def test_a_mistake_is_answered_with_what_is_missing(line: str, answered: str) -> None:
    with pytest.raises(UsageError) as mistake:
        said(line)
    assert mistake.value.problem == answered


@pytest.mark.parametrize("text", ["-1", "x", "nan", "inf", "1e999", ""])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--margin needs a number, such as 0\.01"):
        number("margin", text)


def test_numbers_are_read_within_their_range() -> None:
    assert (number("margin", "0.02"), number("margin", None), whole("seed", "7"), whole("seed", None, 1)) == (
        0.02,
        None,
        7,
        1,
    )
    with pytest.raises(UsageError, match="--quantile needs a number from 0 to 1"):
        number("quantile", "1.5", most=1.0)
    with pytest.raises(UsageError, match="--seed needs a whole number"):
        whole("seed", "-7")


def test_columns_are_separated_by_commas_unless_a_column_is_called_so() -> None:
    assert columns(["a, b", "c"]) == ("a", "b", "c")
    assert columns(["a,b"], view("a,b")) == ("a,b",)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["race"], (("race",),)),
        (["race,sex"], (("race",), ("sex",), ("race", "sex"))),
        (["race", "sex"], (("race",), ("sex",), ("race", "sex"))),
        (["race,sex", "age"], (("race",), ("sex",), ("age",), ("race", "sex"))),
    ],
)
def test_features_named_together_are_looked_at_together(texts: list[str], found: tuple[tuple[str, ...], ...]) -> None:
    assert features(texts, view("race", "sex", "age")) == found


def test_a_task_has_a_short_name() -> None:
    assert (task("binary"), task("regression"), task(None)) == ("binary-classification", "regression", None)
    with pytest.raises(UsageError, match=r"no task 'regresion'\. Did you mean regression\?"):
        task("regresion")
    with pytest.raises(UsageError, match=r"no task 'items'\. Did you mean item-scores\? There are .*, item-scores,"):
        task("items")


def test_scores_of_several_classes_are_named_by_a_pattern_or_one_by_one() -> None:
    rows = view("y", "p_cat", "p_dog", "score")
    starred, listed, single = (answer(rows, None, text) for text in ("p_*", "p_cat,p_dog", "score"))
    assert starred is not None
    assert listed is not None
    assert single is not None
    assert dict(starred.scores) == dict(listed.scores) == {"cat": "p_cat", "dog": "p_dog"}
    assert (single.score, dict(single.scores)) == ("score", {})
    assert answer(rows, None, None) is None
