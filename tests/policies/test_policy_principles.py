"""Principles are read, or each mistake in them is named; they decide nothing."""

from collections.abc import Callable

import pytest

from gates.evidence import Evidence, Kind
from gates.principle_facts import Principle
from policies.check import check
from policies.effective import as_json, effective_policy
from policies.explain import explain_model
from policies.principles import GATES
from policies.rulebook import Rulebook, RulebookError, load_rulebook

Write = Callable[..., dict[str, bytes]]
PATH = "policies/principles.yaml"
PRINCIPLES = """\
principles:
  - principle: fairness
    text: People in the same situation are treated alike.
    gates: [fairness, data_quality]
  - principle: reliability and safety
    gates: [serving]
  - {principle: transparency}
"""


def with_principles(files: dict[str, bytes], *changes: tuple[str, str]) -> dict[str, bytes]:
    text = PRINCIPLES
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return {**files, PATH: text.encode()}


def test_principles_are_read_in_their_order(write: Write) -> None:
    assert load_rulebook(with_principles(write())).principles == (
        Principle(
            principle="fairness",
            text="People in the same situation are treated alike.",
            gates=("fairness", "data_quality"),
        ),
        Principle(principle="reliability and safety", gates=("serving",)),
        Principle(principle="transparency"),
    )


def test_a_rulebook_without_principles_has_none(rulebook: Rulebook) -> None:
    assert rulebook.principles == ()


MISTAKES = [
    (("[serving]", "[servin]"), 6, "there is no gate `servin`; perhaps `serving` is meant."),
    (("[serving]", "[7]"), 6, "item 1 of `gates` must be text, not 7."),
    (("[serving]", "serving"), 6, "`gates` must be a list, not 'serving'."),
    (("[serving]", "[serving, serving]"), 6, "the gate `serving` stands twice in one principle."),
    (("principle: transparency", "principle: Fairness"), 7, "the principle `Fairness` stands there twice."),
    (("principle: transparency", "principl: transparency"), 7, "`principle` is missing."),
    (("principle: transparency", "principl: x"), 7, "`principl` is not a field here; perhaps `principle` is meant."),
    (("{principle: transparency}", "transparency"), 7, "item 3 of `principles` must be a mapping, not 'transparency'."),
    (("principle: transparency", "principle: ''"), 7, "`principle` must be text of at least 1 character, not ''."),
]


@pytest.mark.parametrize(("change", "line", "text"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_named_with_its_line(write: Write, change: tuple[str, str], line: int, text: str) -> None:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(with_principles(write(), change))
    assert f"{PATH}, line {line}: {text}" in map(str, refused.value.problems)


def test_a_file_that_names_none_is_a_mistake(write: Write) -> None:
    told = [str(problem) for problem in check({**write(), PATH: b"principles: []\n"})]
    assert told == [f"{PATH}, line 1: `principles` must be a list of at least 1 item, not an empty list."]


def test_a_gap_is_no_mistake_and_no_warning(write: Write) -> None:
    assert check(with_principles(write())) == ()


def test_every_gate_can_be_named(write: Write) -> None:
    assert {"fairness", "comparison", "data_quality", "retirement", "digest"} <= set(GATES)
    everything = with_principles(write(), ("[serving]", f"[{', '.join(GATES)}]"))
    assert load_rulebook(everything).principles[1].gates == GATES


def test_explaining_names_each_principle_with_the_gates_that_run(write: Write) -> None:
    rulebook = load_rulebook(with_principles(write()))
    last = explain_model(rulebook, model="loan-approval", environment="production").splitlines()[-1]
    assert last == (
        "Principles of the team: fairness (checked by fairness), reliability and safety (gap: no gate checks it), "
        "transparency (gap: no gate checks it)."
    )
    assert "Principles" not in explain_model(load_rulebook(write()), model="loan-approval", environment="production")


def test_principles_are_no_part_of_what_is_decided_about(write: Write, rulebook: Rulebook) -> None:
    promised = load_rulebook(with_principles(write()))
    assert promised.digest != rulebook.digest
    asked = [
        effective_policy(book, model="loan-approval", environment="production", kind=Kind.PROMOTE)
        for book in (rulebook, promised)
    ]
    assert as_json(asked[0]) == as_json(asked[1])
    assert promised.entries["loan-approval"].as_json() == rulebook.entries["loan-approval"].as_json()


def test_evidence_from_before_there_were_principles_still_reads(evidence: Callable[[float], Evidence]) -> None:
    old = evidence(0.1).model_dump(mode="json", exclude={"facts": {"principles"}})
    assert Evidence.model_validate(old) == evidence(0.1)
