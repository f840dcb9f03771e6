"""Does a reader see first what decides, and all harm that is proven?"""

from gates.conclusion import Conclusion
from gates.evidence import GroupMetric
from gates.fairness_facts import GroupSize
from gates.outcome import Outcome
from gates.weighing import Weighed
from reports.measured_groups import Groups, groups_of
from reports.measured_said import said_of_comparison, said_of_groups

NONE = groups_of((), (), {})


def concluded(**outcomes: Outcome) -> dict[str, Conclusion]:
    return {name: Conclusion(outcome=outcome, sentence=f"{name}.") for name, outcome in outcomes.items()}


def weighed(**outcomes: Outcome) -> Weighed:
    return Weighed(metrics=concluded(**outcomes), groups={}, required=("first", "second"))


def of_groups(*, few: int = 0, **outcomes: Outcome) -> Groups:
    names = [*outcomes, *(f"few{place}" for place in range(few))]
    found = [
        GroupMetric(
            feature="g", group=name, metric="f1", rows=9, challenger=0.5, too_few="9 rows." * (name[:3] == "few")
        )
        for name in names
    ]
    answers = concluded(**outcomes) | concluded(**dict.fromkeys(names[len(outcomes) :], Outcome.INCONCLUSIVE))
    sizes = [GroupSize(feature="g", group=name, rows=9, share=0.1) for name in names]
    return groups_of(sizes, found, {("g", name, "f1"): one for name, one in answers.items()})


def told(weighed: Weighed, groups: Groups = NONE) -> list[str]:
    return [f"{one.outcome.value}: {one.sentence}" for one in said_of_comparison(weighed, groups)]


def test_what_a_warning_rests_on_comes_first_and_in_full() -> None:
    found = weighed(first=Outcome.PASS, second=Outcome.PASS, calibration=Outcome.FAIL)
    assert told(found) == [
        "warn: calibration. It does not decide; harm proven is a warning.",
        "pass: first.",
        "pass: second.",
    ]


def test_what_decides_comes_first_and_other_harm_is_named_next() -> None:
    found = weighed(first=Outcome.INCONCLUSIVE, second=Outcome.FAIL, specificity=Outcome.FAIL, recall=Outcome.FAIL)
    assert told(found) == [
        "fail: second.",
        "warn: proven worse beside what decides: specificity, recall.",
        "inconclusive: first.",
    ]


def test_harm_is_not_buried_below_what_could_not_be_told() -> None:
    found = weighed(first=Outcome.INCONCLUSIVE, second=Outcome.INCONCLUSIVE, specificity=Outcome.FAIL)
    assert told(found)[0] == "warn: proven worse beside what decides: specificity."
    assert told(weighed(first=Outcome.ERROR, second=Outcome.FAIL))[0] == "error: first."


def test_groups_that_all_pass_are_counted_and_those_that_fail_come_before_metrics_that_pass() -> None:
    passed = weighed(first=Outcome.PASS, second=Outcome.PASS)
    assert told(passed, of_groups(a=Outcome.PASS, b=Outcome.PASS))[-1] == (
        "pass: 2 comparisons of groups with the champion, none worse by more than the margin."
    )
    groups = of_groups(a=Outcome.PASS, b=Outcome.FAIL)
    failed = Weighed(metrics=passed.metrics, groups=groups.conclusions, required=passed.required)
    assert told(failed, groups) == ["fail: b.", "pass: first.", "pass: second."]


def test_many_groups_are_cut_and_small_ones_are_named_in_one_line() -> None:
    many = said_of_groups(Outcome.FAIL, of_groups(few=2, **{f"g{place}": Outcome.FAIL for place in range(7)}))
    assert [one.outcome.value for one in many] == ["fail"] * 6 + ["inconclusive"]
    assert many[5].sentence == "and 2 conclusions more on groups that did not pass, in the tables below."
    assert many[6].sentence == "too few rows to tell of 2 groups: g=few0, g=few1. For instance, f1 of g=few0: 9 rows."


def test_a_feature_without_groups_is_said_once_for_all_metrics_and_intersections() -> None:
    found = [
        GroupMetric(feature=feature, group="", metric=metric, rows=0, challenger=None, problem="too many values.")
        for feature in ("town", "town,sex")
        for metric in ("f1", "recall", "asked for nothing")
    ]
    broken = Conclusion(outcome=Outcome.ERROR, sentence="for each metric anew.")
    groups = groups_of((), found, {(one.feature, "", one.metric): broken for one in found if " " not in one.metric})
    assert [one.sentence for one in said_of_groups(Outcome.ERROR, groups)] == [
        "groups of town, of town,sex could not be measured: too many values."
    ]
