"""The model card has every section of Mitchell et al. 2019, and says only what the evidence does."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given

from gates.evidence import Evidence, Lineage
from gates.outcome import Finding, Outcome, Verdict
from gates.principle_facts import Principle
from reports.card import render_card
from reports.card_principles import principle_rows
from tests.conversation import Golden
from tests.reports.anything import evidences
from tests.reports.card_evidence import CLASSES, ERRORS, SUPPLIED
from tests.reports.cases import CASES, verdict
from tests.reports.loan_evidence import BARE, CRASH, PROMOTE, RETIRE, ROLLBACK
from tests.reports.loan_findings import COMPARED, FAIR, FORMAT, LIMITED, RETIRED
from tests.reports.markdown_reader import acting_in, texts_of, tokens_of

GOLDEN = Path(__file__).parent / "golden" / "cards"
NOTHING = Verdict(findings=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Evidence, and what the gates say of it."""

    evidence: Evidence
    verdict: Verdict


CARDS = {
    "promote": Told(evidence=PROMOTE, verdict=verdict(CASES["passed"])),
    "supplied": Told(evidence=SUPPLIED, verdict=Verdict(findings=(COMPARED, FAIR))),
    "rollback": Told(evidence=ROLLBACK, verdict=verdict(CASES["rollback"])),
    "retire": Told(evidence=RETIRE, verdict=Verdict(findings=(RETIRED,))),
    "crash": Told(evidence=CRASH, verdict=verdict(CASES["error"])),
    "regression": Told(evidence=ERRORS, verdict=Verdict(findings=(LIMITED,))),
    "multiclass": Told(evidence=CLASSES, verdict=Verdict(findings=(FORMAT,))),
    "bare": Told(evidence=BARE, verdict=NOTHING),
}
SUB_ITEMS = {
    "Model details": ("Owner", "Contact", "Trained by", "Version", "Date", "Type", "Licence", "Citation"),
    "Intended use": ("Intended users", "Out of scope"),
    "Factors": ("Relevant factors", "Evaluation factors, whose groups are compared"),
    "Metrics": ("Performance measures, the primary one first", "Decision threshold", "Uncertainty"),
    "Evaluation data": ("Data", "Motivation", "Preprocessing"),
    "Training data": ("Inputs that the run logged",),
    "Quantitative analyses": ("Metrics", "Groups"),
    "Ethical considerations": ("Risk class", "Risks and harms", "Mitigations"),
    "Caveats and recommendations": (),
}
"""The nine sections of the paper's figure 1, and how the card words what belongs into each."""


@pytest.mark.parametrize("name", CARDS)
def test_each_kind_of_evidence_has_its_card(name: str, golden: Golden) -> None:
    told = CARDS[name]
    card = render_card(told.evidence, told.verdict, front_matter=True)
    golden.page(GOLDEN / f"{name}.MODEL_CARD.md", card)
    assert card.endswith(f"\n---\n\n{render_card(told.evidence, told.verdict)}")


@pytest.mark.parametrize("section", SUB_ITEMS)
def test_what_nobody_supplied_is_said_to_be_missing_in_every_section(section: str) -> None:
    card = render_card(BARE, NOTHING)
    found = card.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    assert "*not provided*" in found
    for item in SUB_ITEMS[section]:
        assert f"{item}: " in found


def test_what_people_supplied_leaves_nothing_of_theirs_missing() -> None:
    card = render_card(SUPPLIED, NOTHING)
    missing = [line.partition(":")[0] for line in card.splitlines() if "*not provided*" in line]
    assert missing == ["- Source commit", "- Registered by"]


def test_a_versions_own_tag_goes_before_what_holds_for_all_versions() -> None:
    assert "- Licence: MIT\n" in render_card(SUPPLIED, NOTHING)
    facts = SUPPLIED.facts.model_copy(update={"lineage": Lineage(tags={"decision_threshold": "0.7"})})
    assert "- Decision threshold: 0.7\n" in render_card(SUPPLIED.model_copy(update={"facts": facts}), NOTHING)
    untagged = SUPPLIED.model_copy(update={"facts": SUPPLIED.facts.model_copy(update={"lineage": None})})
    assert "- Licence: CC-BY-4.0\n" in render_card(untagged, NOTHING)


def test_a_text_of_several_lines_keeps_its_shape() -> None:
    card = render_card(SUPPLIED, NOTHING)
    assert "**Out of scope**\n\n- Refusing anybody without a person looking\n- Applications other" in card


def test_a_text_too_long_for_a_line_becomes_a_paragraph() -> None:
    entry = {"intended_users": "officers " * 100}
    long = BARE.model_copy(update={"subject": BARE.subject.model_copy(update={"entry": entry})})
    assert f"**Intended users**\n\n{('officers ' * 100).strip()}\n" in render_card(long, NOTHING)


def test_groups_and_their_intersections_stand_apart() -> None:
    results = render_card(SUPPLIED, NOTHING).partition("### Unitary results")[2]
    alone, _, combined = results.partition("### Intersectional results")
    assert "race=black " in alone
    assert "race,sex" not in alone
    assert "| race,sex=black,female |" in combined
    assert "| race,sex " in combined.partition("equal opportunity ratio")[0]


def test_a_column_whose_name_holds_a_comma_is_no_intersection() -> None:
    results = render_card(CLASSES, NOTHING).partition("### Unitary results")[2]
    alone, _, combined = results.partition("### Intersectional results")
    assert "region, as told=north" in alone
    assert combined.strip().startswith("Groups: *not provided*")


def test_words_fit_the_task() -> None:
    errors, classes = render_card(ERRORS, NOTHING), render_card(CLASSES, NOTHING)
    assert "The trivial model always gives the mean." in errors
    assert "- Decision threshold: none, its answers are numbers" in errors
    assert "trivial model always" not in classes  # nothing was measured of one
    assert "- Decision threshold: *not provided*" in classes
    assert "most frequent answer.\n" in render_card(PROMOTE, NOTHING)


def test_intervals_are_named_only_where_there_are_some() -> None:
    assert "- Uncertainty: *not provided*" in render_card(CLASSES, NOTHING)
    assert "dash" not in render_card(CLASSES, NOTHING)
    assert "- Uncertainty: two-sided 95 % intervals" in render_card(PROMOTE, NOTHING)


def test_training_on_the_evaluation_data_is_said() -> None:
    lineage = PROMOTE.facts.lineage
    assert lineage is not None
    said = {}
    for saw in (True, False, None):
        facts = PROMOTE.facts.model_copy(update={"lineage": lineage.model_copy(update={"saw_evaluation_data": saw})})
        card = render_card(PROMOTE.model_copy(update={"facts": facts}), NOTHING)
        said[saw] = next(line for line in card.splitlines() if line.startswith("Logged as inputs of the run"))
    assert said == {
        True: "Logged as inputs of the run, the evaluation data among them:",
        False: "Logged as inputs of the run, the evaluation data not among them:",
        None: "Logged as inputs of the run:",
    }


def test_data_that_could_not_be_used_are_said_to_be() -> None:
    problem = "evaluation/loanapp.parquet has changed."
    data = CRASH.facts.data
    assert data is not None
    facts = CRASH.facts.model_copy(update={"data": data.model_copy(update={"problem": problem})})
    card = render_card(CRASH.model_copy(update={"facts": facts}), NOTHING)
    assert f"- Not used: {problem}\n" in card
    assert "Not measured:\n\n- v2 did not answer, so nothing was measured.\n" in card


def finding(gate: str, outcome: Outcome) -> Finding:
    return Finding(gate=gate, outcome=outcome, summary="so it is")


def test_a_principle_is_as_good_as_the_worst_of_its_gates() -> None:
    found = Verdict(
        findings=(
            finding("fairness: recall", Outcome.PASS),
            finding("fairness: selection_rate (sex)", Outcome.INCONCLUSIVE),
            finding("format (2)", Outcome.WARN),
            finding("???", Outcome.ERROR),
        )
    )
    rows = principle_rows(
        (
            Principle(principle="a", gates=("fairness", "format")),
            Principle(principle="b", gates=("format", "serving")),
            Principle(principle="c", gates=("serving",)),
            Principle(principle="d"),
        ),
        found,
    )
    assert [(row.ran, row.not_run, row.worst) for row in rows] == [
        (("fairness", "format"), (), Outcome.INCONCLUSIVE),
        (("format",), ("serving",), Outcome.WARN),
        ((), ("serving",), None),
        ((), (), None),
    ]


def test_a_principle_that_no_gate_checks_is_a_gap() -> None:
    card = render_card(SUPPLIED, Verdict(findings=(COMPARED, FAIR)))
    rows = [line for line in card.partition("## Principles")[2].splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]
    assert [(cell[0], *cell[2:]) for cell in cells] == [
        ("Fairness", "fairness, data_quality (not run)", "✅ pass"),
        ("Reliability and safety", "comparison", "✅ pass"),
        ("Privacy and security", "format (not run)", "*gap: no gate checks it*"),
        ("Transparency", "—", "*gap: no gate checks it*"),
    ]


def test_a_team_without_principles_is_said_to_have_given_none() -> None:
    assert "## Principles\n\n*not provided*\n" in render_card(PROMOTE, NOTHING)


@pytest.mark.full
@given(evidence=evidences)
def test_the_same_evidence_makes_the_same_bytes(evidence: Evidence) -> None:
    again = Evidence.model_validate_json(evidence.model_dump_json())
    card = render_card(evidence, NOTHING, front_matter=True)
    assert card == render_card(again, NOTHING, front_matter=True)
    card.encode()
    body = render_card(evidence, NOTHING)
    assert acting_in(body) == []
    assert "## Caveats and recommendations" in body
    assert list(texts_of(tokens_of(body)))
