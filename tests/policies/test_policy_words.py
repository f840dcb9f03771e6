"""`policy explain` and `policy simulate` say it in words."""

from collections.abc import Callable

import pytest

from gates.evidence import Evidence, Kind
from gates.lineage import Lineage
from gates.receipted import Receipted
from policies.effective import effective_policy
from policies.explain import explain, explain_model, gate_sentence
from policies.rulebook import Rulebook, load_rulebook
from policies.simulate import simulate
from policies.texts import span

Write = Callable[..., dict[str, bytes]]
Collected = Callable[[float], Evidence]

EXPLAINED = """\
loan-approval in production: risk high, by the policy lending.
Checked by every one of these gates; the worst outcome decides:
  - comparison: compares challenger and champion, metric by metric, on the same rows (metrics (roc_auc (margin 0.02; \
minimum 0.6; superior no)); minimum_rows 30).
  - fairness: holds each group's shortfall in one metric against a limit (metric true_positive_rate; limit 0.15; \
minimum_rows 30).
  - format: every file of the version must be in a format that is on the list (allow skops).
The same evaluation data may be looked at 10 times, the first at 2.75 %, the last at 0.05 %; after that there is not \
enough data to tell, until fresh data are pinned.
Approved by, each person on one seat only:
  - 1 ml-engineer (carol)
  - 1 validator (bob)
Never counted: the requester, the pull request's author, everyone who committed or pushed to its branch, whoever \
trained the version, whoever registered it, the author of its source commit.
A rejection by anyone with one of these roles is final; it needs a reason.
With too little data to tell, it also takes 1 risk-officer (dan).
It expires after waiting for people for 3d; once authorised, nothing expires.
A rollback takes 1 ml-engineer (carol); the requester counts; its gates are digest, format, serving.
Retiring the model here takes 1 ml-engineer (carol) and 1 validator (bob).
What someone changed by hand may be put back (sync --restore) by carol.
In a chat, those who can decide are mentioned once and reminded once, after 1d.
Guests of a chat may not even look at it."""


def test_the_rules_of_a_model_are_explained_whole(rulebook: Rulebook) -> None:
    assert explain_model(rulebook, model="loan-approval", environment="production") == EXPLAINED


def test_what_is_not_asked_is_said_too(write: Write) -> None:
    files = write() | {"policies/lab.yaml": b"policy: lab\nenvironments: {lab: {approvals: []}}\n"}
    changed = {path: content.replace(b"[ml-engineer]", b"[]") for path, content in files.items()}
    told = explain_model(load_rulebook(changed), model="loan-approval", environment="lab").splitlines()
    assert told[1:4] == [
        "No gate checks it.",
        "Nobody has to approve it.",
        "With too little data to tell, it is blocked.",
    ]
    assert told[5:] == [
        "A rollback takes 1 ml-engineer (held by nobody); the requester counts; its gates are digest, format, serving.",
        "Retiring the model here takes nobody's approval.",
        "What someone changed by hand may be put back (sync --restore) by nobody.",
        "In a chat, those who can decide are mentioned once and reminded once, after 1d.",
        "Guests of a chat may not even look at it.",
    ]


def test_a_rollback_is_explained_on_its_own(write: Write) -> None:
    files = write(lending=("floors:", "rollback: {requester_counts: false}\nfloors:"))
    files["policies/more.yaml"] = b"policy: more\nenvironments: {staging: {approvals: []}}\n"
    book = load_rulebook(files)
    policy = effective_policy(book, model="loan-approval", environment="staging", kind=Kind.ROLLBACK)
    told = explain(policy, model="loan-approval", environment="staging", people=book.people, rollback=policy)
    assert "by the policies lending, more." in told
    assert "the requester does not count" in told
    counting = policy.model_copy(update={"requester_counts": True})
    assert "Never counted: everyone who committed" in explain(counting, model="m", environment="e", people=book.people)


def test_every_gate_explains_itself_in_one_sentence() -> None:
    assert gate_sentence(Receipted()).startswith(
        "digest: for a rollback: the version has a receipt in this environment"
    )
    told = gate_sentence(Lineage())
    assert told.endswith("(missing_commit warn; missing_inputs warn).")


@pytest.mark.parametrize(("seconds", "text"), [(1, "1s"), (90, "90s"), (7_200, "2h"), (604_800, "7d"), (120, "2m")])
def test_a_span_is_told_in_the_unit_people_would_use(seconds: int, text: str) -> None:
    assert span(seconds) == text


def test_a_change_of_the_rulebook_is_tried_on_what_was_measured(
    write: Write, rulebook: Rulebook, evidence: Collected
) -> None:
    past = [("P7", evidence(0.05)), ("P9", evidence(0.01)), ("P12", evidence(-0.5))]
    stricter = load_rulebook(write(lending=("margin: 0.02, minimum: 0.60", "margin: 0.02, minimum: 0.77")))
    change = simulate(rulebook, stricter, past)
    assert [one.name for one in change.newly_blocked] == ["P9"]
    assert str(change).startswith(
        "This change would have blocked 1 of the last 3: P9\n"
        "  P9: comparison: roc_auc 0.760 is below the minimum of 0.770."
    )
    back = simulate(stricter, rulebook, past)
    assert [one.name for one in back.newly_let_through] == ["P9"]
    assert str(back).startswith(
        "This change would have let through to people 1 of the last 3: P9\n  P9: no longer stopped by comparison: "
    )


def test_a_change_of_people_asked_is_told(write: Write, rulebook: Rulebook, evidence: Collected) -> None:
    more = load_rulebook(write(lending=("[{role: validator}]\n", "[{role: validator, count: 2}]\n")))
    nobody = load_rulebook(write(lending=("[{role: validator}]\n", "[]\n")))
    past = [("P7", evidence(0.05)), ("P12", evidence(-0.5))]
    assert str(simulate(rulebook, more, past)) == (
        "This change would have asked other approvals for 1 of the last 2: P7\n  P7: 2 validator instead of 1 validator"
    )
    assert str(simulate(nobody, more, past)).endswith("  P7: 2 validator instead of nobody")


def test_a_change_that_changes_nothing_says_so(rulebook: Rulebook, evidence: Collected) -> None:
    assert str(simulate(rulebook, rulebook, [("P7", evidence(0.05))])) == (
        "This change would have changed none of the last 1."
    )
    assert str(simulate(rulebook, rulebook, [])) == "There is no evidence yet that this change could be tried on."


def test_what_has_no_rules_any_more_is_blocked(write: Write, rulebook: Rulebook, evidence: Collected) -> None:
    gone = load_rulebook(write(lending=("loan-*", "churn-*")))
    assert "  P7: No policy has rules for loan-approval" in str(simulate(rulebook, gone, [("P7", evidence(0.05))]))
    ungated = load_rulebook(
        write(lending=("loan-*", "churn-*"))
        | {"policies/s.yaml": b"policy: s\nenvironments: {staging: {approvals: []}}\n"}
    )
    assert "  P7: no gate checks it" in str(simulate(rulebook, ungated, [("P7", evidence(0.05))]))
