"""A finding is one line, in which no word stands twice."""

from gates.evidence import Evidence
from gates.fairness import Fairness
from reports.finding_line import cause, gate_of, worst_first
from tests.reports.cases import CASES
from tests.reports.loan_evidence import BLACK, ENTRY, FACTS, WHITE, subject


def test_a_metric_that_the_gate_names_is_not_said_twice() -> None:
    """Held against the gate itself, so that a change of its wording is noticed here."""
    facts = FACTS.model_copy(update={"groups": (BLACK, WHITE)})
    about = subject(entry={**ENTRY, "sensitive_features": ["race"]})
    for features, told in ((None, "fairness"), (("race",), "fairness (race)")):
        gate = Fairness(metric="true_positive_rate", limit=0.15, features=features)
        finding = gate.check(Evidence(subject=about, facts=facts))
        assert finding.summary.startswith("true_positive_rate of race=black 0.938 against 0.979")
        assert gate_of(finding) == told
        assert cause(f"{finding.gate}: {finding.summary}", [finding]) == f"{told}: {finding.summary}"


def test_a_gate_whose_sentence_does_not_name_the_metric_keeps_its_whole_name() -> None:
    finding = CASES["blocked"].findings[1].model_copy(update={"summary": "The groups were not measured."})
    assert gate_of(finding) == "fairness: true_positive_rate"


def test_a_cause_that_no_finding_names_stays_as_it_is() -> None:
    assert cause("It was changed.", CASES["passed"].findings) == "It was changed."


def test_what_stops_a_promotion_is_said_before_what_does_not() -> None:
    told = worst_first(CASES["blocked"].findings)
    assert [finding.gate for finding in told] == ["fairness: true_positive_rate", "lineage", "comparison", "format"]
