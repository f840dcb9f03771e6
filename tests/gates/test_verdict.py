"""Do all findings together say what the worst of them says, and the same every time?"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gates.comparison import Comparison
from gates.conclusion import Conclusion, finding
from gates.digest import bytes_digest, file_digest, tree_digest
from gates.evidence import Evidence
from gates.fairness import Fairness
from gates.gate import Gate
from gates.lineage import Lineage
from gates.measure.rounding import rounded
from gates.metric import METRICS, metric_problem, metrics_of
from gates.metric_rule import MetricRule
from gates.model_format import ModelFormat
from gates.outcome import Finding, Outcome, Verdict
from gates.serving import Serving
from gates.verdict import evaluate
from gates.wording import count, interval, listed, number, percent, signed

Build = Callable[..., Evidence]
OUTCOMES = st.lists(st.sampled_from(list(Outcome)), max_size=5)
WRITTEN = [
    {"gate": "comparison", "metrics": {"roc_auc": {"margin": 0.01, "minimum": 0.7}}},
    {"gate": "fairness", "metric": "selection_rate", "limit": 0.15},
    {"gate": "format"},
    {"gate": "evaluation_data", "minimum_rows": 200},
    {"gate": "lineage", "missing_commit": "error"},
    {"gate": "serving"},
    {"gate": "digest"},
]


def verdict(outcomes: list[Outcome]) -> Verdict:
    return Verdict(findings=tuple(Finding(gate=str(n), outcome=o, summary="") for n, o in enumerate(outcomes)))


@given(OUTCOMES, OUTCOMES)
def test_more_findings_never_improve_the_outcome(some: list[Outcome], more: list[Outcome]) -> None:
    assert not some or verdict(some + more).outcome >= verdict(some).outcome


def test_no_findings_are_an_error_and_the_first_of_the_worst_is_named() -> None:
    assert (verdict([]).outcome, verdict([]).worst) == (Outcome.ERROR, None)
    worst = verdict([Outcome.PASS, Outcome.FAIL, Outcome.FAIL]).worst
    assert worst is not None
    assert worst.gate == "1"
    assert finding("x", []).outcome is Outcome.ERROR


def test_an_outcome_is_compared_with_outcomes_only() -> None:
    with pytest.raises(TypeError):
        assert Outcome.PASS < "warn"


def test_what_a_policy_writes_is_read_and_written_back() -> None:
    adapter: TypeAdapter[tuple[Gate, ...]] = TypeAdapter(tuple[Gate, ...])
    gates = adapter.validate_python(WRITTEN)
    assert adapter.validate_json(adapter.dump_json(gates)) == gates
    assert [gate.name for gate in gates] == [
        "comparison",
        "fairness: selection_rate",
        "format",
        "evaluation_data",
        "lineage",
        "serving",
        "digest",
    ]
    with pytest.raises(ValidationError):
        adapter.validate_python([{"gate": "vibes"}])
    with pytest.raises(ValidationError):
        adapter.validate_python([{"gate": "format", "alow": []}])


def test_the_same_evidence_gives_the_same_verdict_and_each_gate_a_check_of_its_own(evidence_of: Build) -> None:
    gates: list[Gate] = [
        ModelFormat(),
        Fairness(metric="accuracy", limit=0.1),
        Fairness(metric="accuracy", limit=0.2),
        ModelFormat(),
        Lineage(),
        Serving(),
        Comparison(metrics={"r2": MetricRule(margin=0.0)}),
    ]
    first, again = evaluate(gates, evidence_of()), evaluate(gates, evidence_of())
    assert first == again
    assert [found.gate for found in first.findings] == [
        "format",
        "fairness: accuracy",
        "fairness: accuracy (2)",
        "lineage",
        "serving",
        "comparison",
    ]
    assert first.outcome is Outcome.ERROR


def test_no_gates_are_an_error(evidence_of: Build) -> None:
    assert evaluate([], evidence_of()).outcome is Outcome.ERROR


def test_what_passed_is_not_said_beside_what_did_not() -> None:
    parts = [
        Conclusion(outcome=Outcome.PASS, sentence="Good."),
        Conclusion(outcome=Outcome.WARN, sentence="Hm."),
        Conclusion(outcome=Outcome.FAIL, sentence="Bad."),
    ]
    assert finding("x", parts).summary == "Bad. Hm."


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (number(0.12345), "0.123"),
        (number(-0.0), "0.000"),
        (number(0.00012), "0.00012"),
        (number(123456.78), "123,456.8"),
        (signed(-0.004), "-0.004"),
        (signed(0.0), "+0.000"),
        (interval(-0.1, 0.2), "95 % interval [-0.100, +0.200]"),
        (percent(0.724), "72 %"),
        (percent(0.9999), "over 99 %"),
        (percent(1.0), "100 %"),
        (percent(0.001), "under 1 %"),
        (percent(0.0), "0 %"),
        (count(1, "row"), "1 row"),
        (count(1200, "row"), "1,200 rows"),
        (listed(("a", "b")), "a, b"),
        (listed(("a", "b"), most=1), "a and 1 more"),
        (metric_problem("accuracy", METRICS, "regression").partition(";")[0], "accuracy is no metric of regression"),
        (metric_problem("zzz", METRICS, "regression").partition("; ")[2].partition(" ")[0], "there"),
        (metric_problem("r2", METRICS), ""),
        (", ".join(metrics_of("regression")[:3]), "mean_absolute_error, root_mean_squared_error, r2"),
    ],
)
def test_numbers_are_said_alike_everywhere(said: str, expected: str) -> None:
    assert said == expected


def test_a_rounded_number_is_finite_or_unknown() -> None:
    assert [rounded(value) for value in (None, float("nan"), float("inf"), 1 / 3)] == [None, None, None, 0.333333333333]


def test_the_digest_of_a_tree_depends_on_names_and_contents_only(tmp_path: object) -> None:
    from pathlib import Path  # noqa: PLC0415 - only here

    path = Path(str(tmp_path)) / "file"
    path.write_bytes(b"content")
    assert file_digest(path) == bytes_digest(b"content")
    assert tree_digest({"b": "2", "a": "1"}) == tree_digest({"a": "1", "b": "2"}) == bytes_digest(b"a\x001\nb\x002\n")
