"""Combined groups, dependent rows, and what answers rest on are asked for, demanded, and checked against each other."""

from collections.abc import Callable

from gates.data_quality import NOT_OF_PROMOTIONS, DataQuality
from gates.evidence import Kind
from gates.quality_facts import CHECKS
from policies.effective import effective_policy
from policies.explain import explain_model
from policies.rulebook import examine, load_rulebook

Write = Callable[..., dict[str, bytes]]
CROSSED = ("metrics: [roc_auc, a", "intersections: [[race, sex]]\ncluster: person\nmetrics: [roc_auc, a")
FLOOR = "  metrics: [roc_auc]\n"


def problems(files: dict[str, bytes]) -> list[str]:
    return [str(problem) for problem in examine(files).problems]


def with_gate(write: Write, gate: str, **changes: tuple[str, str]) -> dict[str, bytes]:
    before = "      - gate: format\n"
    return write(lending=(before, f"      - {gate}\n{before}"), **changes)


def test_a_model_names_combined_groups_and_what_its_rows_have_in_common(write: Write) -> None:
    entry = load_rulebook(write(model=CROSSED)).entries["loan-approval"]
    assert entry.grouped_by == ("race", "sex", "race,sex")
    assert entry.hidden == {"approve", "person"}
    assert entry.as_json()["intersections"] == [["race", "sex"]]
    plain = load_rulebook(write()).entries["loan-approval"]
    assert plain.grouped_by == ("race", "sex")
    assert plain.hidden == {"approve"}


def test_a_policy_demands_combined_groups_in_any_order(write: Write) -> None:
    demanding = (FLOOR, f"{FLOOR}  intersections: [[sex, race]]\n")
    assert problems(write(lending=demanding, model=CROSSED)) == []
    (problem,) = problems(write(lending=demanding))
    assert "`intersections` must have `[sex, race]` (floor of policies/lending.yaml)." in problem


def test_a_fairness_gate_may_ask_for_combined_groups_that_the_model_names(write: Write) -> None:
    gate = '{gate: fairness, metric: accuracy, limit: 0.1, features: ["race,sex"]}'
    assert problems(with_gate(write, gate, model=CROSSED)) == []
    (problem,) = problems(with_gate(write, gate))
    said = "the fairness gate asks for `race,sex`, which is none of the intersections of loan-approval"
    assert said in problem


def test_a_check_of_the_data_that_no_promotion_can_make_is_not_required(write: Write) -> None:
    assert problems(with_gate(write, "{gate: data_quality, required: [missing_column]}")) == []
    (problem,) = problems(with_gate(write, "{gate: data_quality, required: [nulls, shared_ids]}"))
    assert "the data_quality gate requires shared_ids, which no promotion of loan-approval" in problem
    assert set(CHECKS) >= NOT_OF_PROMOTIONS
    assert DataQuality(required=("nulls",)).required == ("nulls",)


def test_importance_is_measured_where_one_policy_asks(write: Write) -> None:
    def asked(files: dict[str, bytes]) -> bool:
        rules = effective_policy(load_rulebook(files), model="loan-approval", environment="staging", kind=Kind.PROMOTE)
        return rules.evaluation.importance

    files = write()
    assert not asked(files)
    text = "policy: curious\nenvironments: {staging: {approvals: [], evaluation: {importance: true}}}\n"
    files |= {"policies/curious.yaml": text.encode()}
    assert asked(files)
    told = explain_model(load_rulebook(files), model="loan-approval", environment="staging")
    assert "What the challenger's answers rest on is measured too" in told
