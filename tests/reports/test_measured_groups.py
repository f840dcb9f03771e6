"""Can a person see at a glance how each group fares, and which are too small to tell?"""

from gates.conclusion import Conclusion
from gates.confidence import Confidence
from gates.evidence import GroupMetric
from gates.fairness_facts import Criterion, Extremes, GroupSize
from gates.outcome import Outcome
from reports.measured_cells import (
    criterion_champion,
    criterion_extremes,
    criterion_value,
    group_change,
    group_distance,
    group_name,
    group_value,
)
from reports.measured_groups import Groups, apart, groups_of, too_small, unhappy

SIZES = (
    GroupSize(feature="race", group="white", rows=90, share=0.9, positives=0.5, reference=True),
    GroupSize(feature="race", group="a|b", rows=10, share=0.1, positives=0.2),
)
WHITE = GroupMetric(feature="race", group="white", metric="accuracy", rows=90, challenger=0.8, low=0.7, high=0.9)
BLACK = GroupMetric(
    feature="race",
    group="a|b",
    metric="accuracy",
    rows=10,
    challenger=0.5,
    difference=-0.3,
    difference_low=-0.4,
    difference_high=-0.2,
    change=0.1,
    change_confidence=Confidence.of_interval(0.1, 0.0, 0.2),
)
SMALL = GroupMetric(feature="race", group="a|b", metric="recall", rows=2, challenger=0.5, too_few="2 rows.")


def concluded(**outcomes: Outcome) -> dict[tuple[str, str, str], Conclusion]:
    return {
        ("race", "a|b", metric): Conclusion(outcome=outcome, sentence=metric) for metric, outcome in outcomes.items()
    }


def arranged(**outcomes: Outcome) -> Groups:
    return groups_of(SIZES, (WHITE, BLACK, SMALL), concluded(**outcomes))


def test_each_group_has_a_row_and_each_metric_a_column() -> None:
    table = arranged(recall=Outcome.INCONCLUSIVE)
    assert table.metrics == ("accuracy", "recall")
    assert [row.cells for row in table.rows] == [(WHITE, None), (BLACK, SMALL)]
    assert (table.judged, table.has_positives, table.without_interval, table.problems) == ((1,), True, True, ())


def test_what_could_not_be_measured_of_a_whole_feature_is_told_once() -> None:
    lost = GroupMetric(feature="city", group="", metric="accuracy", rows=0, challenger=None, problem="Too many.")
    also = lost.model_copy(update={"metric": "recall"})
    table = groups_of(SIZES, (WHITE, lost, also), {})
    assert table.problems == ("city: Too many.",)


def test_a_metric_that_a_feature_with_groups_does_not_have_is_named_with_the_feature() -> None:
    lost = GroupMetric(feature="race", group="", metric="roc_auc", rows=0, challenger=None, problem="No scores.")
    assert groups_of(SIZES, (WHITE, lost), {}).problems == ("roc_auc of race: No scores.",)


def test_small_groups_are_named_once_and_the_others_are_told_worst_first() -> None:
    table = arranged(recall=Outcome.INCONCLUSIVE, accuracy=Outcome.FAIL)
    assert too_small(table) == ("race=a|b",)
    assert [one.sentence for one in unhappy(table)] == ["accuracy"]
    assert unhappy(arranged(accuracy=Outcome.PASS)) == []


def test_cells_show_numbers_intervals_and_conclusions_and_escape_names() -> None:
    table = arranged(accuracy=Outcome.FAIL)
    assert [group_name(row) for row in table.rows] == ["race=white (reference)", "race=a\\|b"]
    assert (group_value(WHITE), group_value(SMALL), group_value(None)) == ("0.800 (0.700 to 0.900)", "0.500", "—")
    assert group_change(BLACK, table) == "❌ +0.100 (0.000 to +0.200)".replace("(0.000", "(+0.000")
    assert group_distance(BLACK, table) == "❌ -0.300 (-0.400 to -0.200)"
    assert group_change(SMALL, table) == group_distance(None, table) == "—"


def test_a_difference_and_its_ratio_stand_in_one_row_and_named_criteria_come_alone() -> None:
    pair = (Extremes(metric="selection_rate", highest="white", lowest="a|b"),) * 2
    difference, ratio, other = (
        Criterion(feature="race", criterion=name, groups=2, challenger=0.1, champion=champion, extremes=pair, low=0.0)
        for name, champion in (
            ("demographic_parity_difference", 0.2),
            ("demographic_parity_ratio", None),
            ("accuracy_difference", None),
        )
    )
    (named,) = apart((difference, ratio, other), named_only=True)
    assert (named.name, named.difference, named.ratio, named.problem, named.too_few) == (
        "demographic_parity",
        difference,
        ratio,
        "",
        "",
    )
    assert len(apart((difference, ratio, other), named_only=False)) == 2
    assert [one.name for one in apart((other,), named_only=True)] == ["accuracy"]
    assert (criterion_value(difference), criterion_champion(difference)) == ("0.100", "0.200")
    assert criterion_extremes(difference) == "white over a\\|b"
    assert criterion_value(None) == criterion_champion(ratio) == criterion_extremes(None) == "—"
