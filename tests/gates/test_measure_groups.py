"""Are groups measured as fairlearn would, with intervals and power that fit?"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest
from fairlearn import metrics as fair
from scipy.stats import norm
from sklearn.metrics import accuracy_score, mean_absolute_error

from gates.evidence import GroupMetric
from gates.measure.groups import checking
from gates.measure.groups.naming import crowded
from gates.measure.measure import Measured

Ask = Callable[..., Measured]
RATES = ("selection_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "accuracy")


def people(rows: int = 600) -> dict[str, Mapping[str, Sequence[object]]]:
    random = np.random.default_rng(4)
    race = random.choice(["white", "black", "asian"], rows, p=[0.7, 0.2, 0.1])
    truth = random.integers(0, 2, rows)
    said = [np.where(random.random(rows) < 0.8, truth, 1 - truth) for _ in range(2)]
    return {
        "data": {"y": truth.tolist(), "race": race.tolist()},
        "challenger": {"prediction": said[0].tolist()},
        "champion": {"prediction": said[1].tolist()},
    }


def test_rates_equal_fairlearns_on_all_rows(measured: Ask) -> None:
    rows = people()
    found = measured(**rows, features=["race"], group_metrics=RATES).groups
    functions = {name: getattr(fair, name, accuracy_score) for name in RATES}
    for who in ("challenger", "champion"):
        frame = fair.MetricFrame(
            metrics=functions,
            y_true=rows["data"]["y"],
            y_pred=rows[who]["prediction"],
            sensitive_features=rows["data"]["race"],
        )
        for fact in found:
            assert getattr(fact, who) == pytest.approx(frame.by_group[fact.metric][fact.group], abs=1e-11)
    assert len(found) == 15
    assert {fact.group for fact in found if fact.reference} == {"white"}


def fact_of(result: Measured, group: str, metric: str) -> GroupMetric:
    return next(fact for fact in result.groups if (fact.group, fact.metric) == (group, metric))


def agresti_coull(hits: int, of: int) -> tuple[float, float]:
    score = float(norm.ppf(0.975))
    trials = of + score**2
    centre = (hits + score**2 / 2) / trials
    spread = score * math.sqrt(centre * (1 - centre) / trials)
    return centre - spread, centre + spread


def test_intervals_are_agresti_and_coulls_of_the_rows_that_count_and_meet_in_differences(measured: Ask) -> None:
    rows = people()
    result = measured(**rows, features=["race"], group_metrics=RATES)
    counts = {}
    for group in ("white", "black"):
        mask = (np.array(rows["data"]["race"]) == group) & (np.array(rows["data"]["y"]) == 1)
        counts[group] = int(np.array(rows["challenger"]["prediction"])[mask].sum()), int(mask.sum())
    fact = fact_of(result, "black", "true_positive_rate")
    assert fact.rows == counts["black"][1]
    (low, high), (other_low, other_high) = (agresti_coull(*counts[group]) for group in ("black", "white"))
    assert (fact.low, fact.high) == pytest.approx((low, high))
    rate, other = (counts[group][0] / counts[group][1] for group in ("black", "white"))
    gap = rate - other
    assert (fact.difference, fact.difference_low, fact.difference_high) == pytest.approx(
        (gap, gap - math.hypot(rate - low, other_high - other), gap + math.hypot(high - rate, other - other_low))
    )
    assert fact.confidence is not None
    assert fact.confidence.interval() == (fact.difference_low, fact.difference_high)
    assert fact.power is not None
    assert 0.5 < fact.power < 1
    assert fact.power_against == 0.15
    reference = fact_of(result, "white", "true_positive_rate")
    assert (reference.difference, reference.power, reference.power_against) == (None, None, None)


def test_a_group_without_rows_that_count_has_no_value_and_no_rows(measured: Ask) -> None:
    result = measured(
        data={"y": [0, 1, 0, 1, 0, 0], "race": ["a", "a", "a", "a", "b", None]},
        challenger={"prediction": [0, 1, 1, 1, 0, 0]},
        features=["race"],
        group_metrics=["true_positive_rate"],
    )
    for group in ("b", "(missing)"):
        fact = fact_of(result, group, "true_positive_rate")
        assert (fact.rows, fact.challenger, fact.low, fact.difference, fact.difference_low) == (0, *(None,) * 4)
        assert (fact.power, fact.problem) == (None, "")


def test_without_any_row_that_counts_there_are_no_values_at_all(measured: Ask) -> None:
    result = measured(
        data={"y": ["a", "b"], "race": ["x", "z"]},
        challenger={"prediction": ["b", "b"]},
        positive="b",
        features=["race"],
        group_metrics=["true_positive_rate", "false_positive_rate"],
    )
    assert [(fact.rows, fact.challenger, fact.power) for fact in result.groups] == [
        (0, None, None),
        (1, 1.0, None),
        (1, 1.0, None),
        (0, None, None),
    ]


def test_missing_values_are_a_group_but_not_the_one_to_compare_with(measured: Ask) -> None:
    result = measured(
        data={"y": [0, 1, 0, 1, 0], "age": [1.0, None, float("nan"), None, 2.5]},
        challenger={"prediction": [0, 1, 1, 1, 0]},
        features=["age"],
        group_metrics=["accuracy"],
    )
    assert [(fact.group, fact.rows, fact.reference) for fact in result.groups] == [
        ("(missing)", 3, False),
        ("1", 1, True),
        ("2.5", 1, False),
    ]


def test_groups_of_truth_values_and_of_categories_are_named(measured: Ask) -> None:
    kinds = pa.array(["x", "y", "x", None]).dictionary_encode()
    result = measured(
        data={"y": [0, 1, 0, 1], "male": [True, False, True, True], "kind": kinds},
        challenger={"prediction": [0, 1, 1, 1]},
        features=["male", "kind", "male"],
        group_metrics=["selection_rate"],
    )
    assert [fact.group for fact in result.groups] == ["False", "True", "(missing)", "x", "y"]


@pytest.mark.parametrize(
    ("feature", "metric", "said"),
    [
        ("gender", "accuracy", "has no column 'gender'"),
        ("age", "accuracy", crowded("age", 101)),
        ("tags", "accuracy", "tags holds list"),
        ("race", "mean_absolute_error", "mean_absolute_error is no metric of binary-classification"),
        ("race", "acuracy", "did you mean accuracy"),
    ],
)
def test_a_group_metric_that_cannot_be_had_is_one_fact_with_its_problem(
    measured: Ask, feature: str, metric: str, said: str
) -> None:
    rows = people(101)
    data = {**rows["data"], "age": list(range(101)), "tags": [[1]] * 101}
    result = measured(data=data, challenger=rows["challenger"], features=[feature], group_metrics=[metric])
    assert [(fact.group, fact.rows, fact.challenger) for fact in result.groups] == [("", 0, None)]
    assert said in result.groups[0].problem


def test_accuracy_of_groups_needs_no_positive_class(measured: Ask) -> None:
    result = measured(
        data={"y": ["a", "b", "c", "a"], "race": ["x", "x", "x", "z"]},
        challenger={"prediction": ["a", "b", "a", "a"]},
        task="multi",
        features=["race"],
        group_metrics=["accuracy"],
    )
    assert [fact.challenger for fact in result.groups] == [pytest.approx(2 / 3), 1.0]


def test_errors_of_groups_equal_fairlearns(measured: Ask) -> None:
    random = np.random.default_rng(5)
    sex = random.choice(["f", "m"], 400).tolist()
    truth = random.normal(size=401)
    said = truth + random.normal(size=401) * 0.5
    result = measured(
        data={"y": truth.tolist(), "sex": [*sex, "x"]},
        challenger={"prediction": said.tolist()},
        task="regression",
        features=["sex"],
        group_metrics=["mean_absolute_error"],
    )
    frame = fair.MetricFrame(metrics=mean_absolute_error, y_true=truth, y_pred=said, sensitive_features=[*sex, "x"])
    for fact in result.groups:
        assert fact.challenger == pytest.approx(frame.by_group[fact.group])
    compared = next(fact for fact in result.groups if not fact.reference and fact.group != "x")
    assert compared.difference is not None
    assert compared.difference_low is not None
    assert compared.difference_high is not None
    assert compared.difference_low < compared.difference < compared.difference_high
    assert compared.power is not None
    lone = fact_of(result, "x", "mean_absolute_error")
    assert (lone.rows, lone.low, lone.difference_low, lone.power) == (1, None, None, None)


@pytest.mark.full
def test_combined_groups_and_criteria_over_all_groups_are_measured_too(measured: Ask) -> None:
    rows = people()
    rows["data"] = {**rows["data"], "sex": ["f", "m", "m"] * 200}
    rates = ("true_positive_rate", "false_positive_rate")
    found = measured(**rows, features=["race", "sex"], group_metrics=rates, intersections=[("race", "sex")])
    assert found.problems == ()
    assert {fact.feature for fact in found.groups} == {"race", "sex", "race,sex"}
    here = (np.array(rows["data"]["race"]) == "black") & (np.array(rows["data"]["sex"]) == "f")
    assert fact_of(found, "black,f", "true_positive_rate").rows == int(np.array(rows["data"]["y"])[here].sum())
    odds = next(one for one in found.criteria if (one.feature, one.criterion) == ("race", "equalized_odds_difference"))
    assert odds.challenger == pytest.approx(
        fair.equalized_odds_difference(
            rows["data"]["y"], rows["challenger"]["prediction"], sensitive_features=rows["data"]["race"]
        )
    )


@pytest.mark.full
def test_rows_of_the_same_person_say_less_than_as_many_people(measured: Ask) -> None:
    rows = people(150)
    copies = {
        who: {column: [value for value in values for _ in range(4)] for column, values in table.items()}
        for who, table in rows.items()
    }
    copies["data"] = {**copies["data"], "person": [place // 4 for place in range(600)]}
    asked = {"features": ["race"], "group_metrics": ["accuracy"], "metrics": ["accuracy"]}
    each, together = measured(**copies, **asked), measured(**copies, **asked, cluster="person")
    once = measured(**rows, **asked)
    assert each.metrics[0].challenger == together.metrics[0].challenger
    assert (together.metrics[0].standard_error or 0) > 1.8 * (each.metrics[0].standard_error or 0)
    assert together.metrics[0].standard_error == pytest.approx(once.metrics[0].standard_error, rel=0.1)
    unknown = measured(**copies, **asked, cluster="persn")
    assert "persn" in unknown.problems[0]


def test_what_fairlearn_does_not_confirm_is_not_told(measured: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checking.WORST, "difference", lambda found: min(found) + 1)
    found = measured(**people(), features=["race"], group_metrics=["selection_rate"])
    assert (found.groups, found.metrics) == ((), ())
    assert found.problems[0].startswith(
        "fairlearn does not confirm what was measured of groups: challenger's demographic_parity_difference of race is"
    )
