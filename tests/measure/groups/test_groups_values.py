"""Are the values of groups those that fairlearn and scikit-learn compute from all rows?"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from fairlearn import metrics as fair
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sklearn import metrics

from gates.evidence import GroupMetric
from gates.measure.groups.checking import checked
from gates.measure.groups.fairness import fairness
from gates.measure.groups.measuring import group_metrics
from gates.measure.groups.naming import crowded
from tests.measure.groups.conftest import Columns, Open, people

FUNCTIONS = {
    "selection_rate": fair.selection_rate,
    "true_positive_rate": fair.true_positive_rate,
    "false_positive_rate": fair.false_positive_rate,
    "true_negative_rate": fair.true_negative_rate,
    "false_negative_rate": fair.false_negative_rate,
    "accuracy": metrics.accuracy_score,
    "recall": metrics.recall_score,
    "specificity": lambda truth, said: metrics.recall_score(truth, said, pos_label=0),
    "precision": metrics.precision_score,
    "jaccard": metrics.jaccard_score,
    "f1": metrics.f1_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
}
RATES = tuple(FUNCTIONS)
ODDS = ("selection_rate", "true_positive_rate", "false_positive_rate")


def by_group(columns: Columns, who: str, features: list[str]) -> Mapping[str, Mapping[Any, float]]:
    """Let fairlearn measure: by metric and group, or tuple of groups."""
    named = {f: [("(missing)" if value is None else str(value)) for value in columns[f]] for f in features}
    whole = fair.MetricFrame(metrics=FUNCTIONS, y_true=columns["y"], y_pred=columns[who], sensitive_features=named)
    found: Mapping[str, Mapping[Any, float]] = whole.by_group
    return found


@pytest.mark.full
def test_values_of_intersections_equal_fairlearns(opening: Open) -> None:
    columns, feature = people(rows=400), "race,sex"
    with opening(columns, ("race", "sex")) as prepared:
        facts = group_metrics(prepared, (feature,), RATES)
    for who, model in (("a", "challenger"), ("b", "champion")):
        values = by_group(columns, who, feature.split(","))
        assert len(facts) == len(values["accuracy"]) * len(RATES)
        for fact in facts:
            place = tuple(fact.group.split(","))
            value = values[fact.metric][place if place[1:] else place[0]]
            assert getattr(fact, model) == pytest.approx(value, rel=1e-9)


def test_differences_and_ratios_to_the_largest_group_are_those_of_the_values(opening: Open) -> None:
    with opening(people(), ("race",)) as prepared:
        facts = group_metrics(prepared, ("race",), ("accuracy",))
    known = {fact.group: fact for fact in facts}
    assert [fact.group for fact in facts if fact.reference] == ["white"]
    for group in ("black", "asian", "(missing)"):
        ours, base = known[group].challenger, known["white"].challenger
        assert ours is not None
        assert base is not None
        assert known[group].difference == pytest.approx(ours - base)
        assert known[group].change == pytest.approx(ours - (known[group].champion or 0.0))
    assert (known["white"].difference, known["white"].confidence) == (None, None)


def test_criteria_equal_fairlearns(opening: Open) -> None:
    columns = people(seed=8)
    with opening(columns, ("sex",)) as prepared:
        found = fairness(prepared, ("sex",), (*ODDS, "accuracy")).criteria
    assert len(found) == 2 * 5
    for one in found:
        value = _fairlearns(one.criterion, columns["y"], columns["b"], {"sex": columns["sex"]})
        assert one.champion == pytest.approx(value, rel=1e-9, abs=1e-12)


def _fairlearns(criterion: str, truth: object, said: object, groups: dict[str, Any]) -> float:
    if hasattr(fair, criterion):
        return float(getattr(fair, criterion)(truth, said, sensitive_features=groups))
    metric, _, kind = criterion.rpartition("_")
    whole = fair.MetricFrame(metrics=FUNCTIONS[metric], y_true=truth, y_pred=said, sensitive_features=groups)
    return float(getattr(whole, kind)())


def test_sizes_are_told_with_the_share_of_all_rows_and_of_positives(opening: Open) -> None:
    columns = {"y": [0, 1, 1, 0, 1], "a": [0, 1, 0, 0, 1], "sex": ["f", "f", "m", "f", None]}
    with opening(columns, ("sex",)) as prepared:
        sizes = fairness(prepared, ("sex",), ("accuracy",)).sizes
    assert [(size.group, size.rows, size.share, size.positives, size.reference) for size in sizes] == [
        ("(missing)", 1, 0.2, 1.0, False),
        ("f", 3, 0.6, pytest.approx(1 / 3), True),
        ("m", 1, 0.2, 1.0, False),
    ]


def tables() -> st.SearchStrategy[dict[str, list[Any]]]:
    names = st.sampled_from(["a", "é,\\", "", None])
    row = st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1), names, st.booleans())
    rows = st.lists(row, min_size=2, max_size=30).filter(lambda found: {one[0] for one in found} == {0, 1})
    return rows.map(
        lambda found: dict(zip(("y", "a", "b", "race", "old"), map(list, zip(*found, strict=True)), strict=True))
    )


def agrees(opening: Open, columns: dict[str, list[Any]], names: tuple[str, ...]) -> None:
    with opening(columns, ("race", "old")) as prepared:
        found = fairness(prepared, ("race,old",), names)
        again = checked(prepared, found.groups, found.criteria)
    assert again.differing == ()
    assert again.values >= 2 * len(found.groups)


QUICK = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)


@QUICK
@given(columns=tables(), name=st.sampled_from(RATES))
def test_fairlearn_agrees_on_every_value_of_any_table(opening: Open, columns: dict[str, list[Any]], name: str) -> None:
    agrees(opening, columns, (name,))


@pytest.mark.full
@settings(QUICK, max_examples=40)
@given(columns=tables())
def test_fairlearn_agrees_on_every_rate_of_any_table(opening: Open, columns: dict[str, list[Any]]) -> None:
    agrees(opening, columns, RATES)


def test_fairlearn_is_heard_when_it_disagrees(opening: Open) -> None:
    with opening(people(rows=200), ("sex",)) as prepared:
        facts = group_metrics(prepared, ("sex",), ("accuracy",))
        wrong = [facts[0].model_copy(update={"challenger": 0.5}), *facts[1:]]
        said = checked(prepared, wrong).differing
    assert len(said) == 1
    assert said[0].startswith("challenger's accuracy of sex=f is 0.5, and by fairlearn 0.8")


def test_a_group_without_rows_that_count_has_no_value_and_is_named(opening: Open) -> None:
    columns = {"y": [0, 1, 0, 1, 0, 0], "a": [0, 1, 1, 1, 0, 0], "race": ["a", "a", "a", "a", "b", "b"]}
    with opening(columns, ("race",)) as prepared:
        found = fairness(prepared, ("race",), ("true_positive_rate", "false_positive_rate"))
    fact = next(fact for fact in found.groups if (fact.group, fact.metric) == ("b", "true_positive_rate"))
    assert (fact.rows, fact.challenger, fact.low, fact.difference, fact.problem) == (0, None, None, None, "")
    assert fact.too_few == "0 rows that true_positive_rate counts; its intervals hold from 30 on."
    opportunity = next(one for one in found.criteria if one.criterion == "equal_opportunity_difference")
    assert (opportunity.challenger, opportunity.left_out) == (None, ("b",))
    assert opportunity.problem == "b has no positives, so true_positive_rate cannot be compared."
    odds = {one.criterion: one.problem for one in found.criteria if one.criterion.startswith("equalized_odds")}
    assert odds == {
        f"equalized_odds_{apart}": f"{opportunity.problem} The {apart} of false_positive_rate is {value}."
        for apart, value in (("difference", "0.500"), ("ratio", "0.000"))
    }
    apart = next(one for one in found.criteria if one.criterion == "false_positive_rate_difference")
    assert apart.challenger == fair.demographic_parity_difference(
        [0] * 4, [0, 1, 0, 0], sensitive_features=["a", "a", "b", "b"]
    )


def test_one_group_alone_is_said_to_be_alone(opening: Open) -> None:
    with opening({"y": [0, 1, 0, 1], "a": [0, 1, 1, 1], "race": ["a"] * 4}, ("race",)) as prepared:
        found = fairness(prepared, ("race",), ("true_positive_rate",)).criteria
    assert {one.problem for one in found} == {"race has fewer than two groups to compare."}


def test_rates_of_one_class_of_several_and_accuracy_of_all(opening: Open) -> None:
    random = np.random.default_rng(3)
    truth = random.choice(["cat", "dog", "owl"], 500)
    said = np.where(random.random(500) < 0.7, truth, random.choice(["cat", "dog", "owl"], 500))
    columns = {"y": truth, "a": said, "b": np.roll(said, 1), "zoo": random.choice(["x", "z"], 500)}
    names = ("accuracy", "selection_rate:cat", "recall:dog", "precision:owl", "f1:owl")
    with opening(columns, ("zoo",), task="multiclass-classification") as prepared:
        facts = group_metrics(prepared, ("zoo",), names)
        assert checked(prepared, facts).differing == ()
    for fact in facts:
        base, _, one = fact.metric.partition(":")
        here = columns["zoo"] == fact.group
        kind = (truth == one, said == one) if one else (truth, said)
        assert fact.challenger == pytest.approx(FUNCTIONS[base](*(column[here] for column in kind)), rel=1e-9)


def told(facts: tuple[GroupMetric, ...]) -> list[str]:
    assert all((fact.group, fact.rows, fact.challenger) == ("", 0, None) for fact in facts)
    return [fact.problem for fact in facts]


@pytest.mark.parametrize(
    ("feature", "metric", "problem"),
    [
        ("gender", "accuracy", "the data have no column 'gender'."),
        ("rcae", "accuracy", "the data have no column 'rcae'. Did you mean race?"),
        ("race,gender", "accuracy", "the data have no column 'gender'."),
        ("id", "accuracy", crowded("id", 900)),
        ("id,sex", "accuracy", crowded("id", 900)),
        ("race", "acuracy", "There is no metric 'acuracy'; did you mean accuracy"),
        ("race", "mean_absolute_error", "mean_absolute_error is no metric of binary-classification"),
        ("race", "recall:cat", "'cat' is no class of the label; there are 0, 1."),
    ],
)
def test_what_cannot_be_had_is_one_line_and_the_rest_goes_on(
    opening: Open, feature: str, metric: str, problem: str
) -> None:
    with opening({**people(), "id": list(range(900))}, ("race", "sex", "id")) as prepared:
        facts = group_metrics(prepared, (feature, "sex"), (metric, "selection_rate"))
    wrong = [fact for fact in facts if fact.problem]
    assert problem in told(tuple(wrong))[0]
    assert {fact.metric for fact in facts if fact.feature == "sex" and not fact.problem} >= {"selection_rate"}


def test_an_intersection_of_more_groups_than_can_be_judged_is_refused_by_itself(opening: Open) -> None:
    random = np.random.default_rng(1)
    columns = {**people(), "age": random.integers(0, 60, 900), "zip": random.integers(0, 60, 900)}
    with opening(columns, ("age", "zip")) as prepared:
        facts = group_metrics(prepared, ("age", "zip", "age,zip"), ("accuracy",))
    problems = [fact.problem for fact in facts if fact.problem]
    assert len(problems) == 1
    assert problems[0].startswith("age,zip has 799 different values")
    assert len(facts) == 121


def test_groups_that_are_written_alike_stay_apart(opening: Open) -> None:
    columns = {"y": [0, 1, 0, 1], "a": [0, 1, 1, 1], "p": ["x,y", "x", "x", "x,y"], "q": ["z", "y,z", "y", "z"]}
    with opening(columns, ("p", "q")) as prepared:
        names = [fact.group for fact in group_metrics(prepared, ("p,q",), ("accuracy",))]
    assert names == ["x,y", r"x,y\,z", r"x\,y,z"]


def test_the_same_rows_in_any_order_and_on_any_number_of_threads_give_the_same_bytes(opening: Open) -> None:
    columns = people(rows=3000)
    order = np.random.default_rng(9).permutation(3000)
    mixed = {name: [values[place] for place in order] for name, values in columns.items()}
    found = []
    for rows, threads in ((columns, 1), (mixed, 4)):
        with opening(rows, ("race", "sex"), threads=threads) as prepared:
            names = ("accuracy", "precision", "balanced_accuracy")
            found.append(fairness(prepared, ("race,sex",), names, 0.1).model_dump_json())
    assert found[0] == found[1]
