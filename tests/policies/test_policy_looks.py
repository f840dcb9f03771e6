"""How many looks a policy allows is read, joined, explained and simulated like every other rule."""

from collections.abc import Callable

import pytest

from gates.evidence import Evidence, Kind, Looks
from policies.effective import EffectivePolicy, as_json, effective_policy
from policies.explain import explain_model
from policies.rulebook import Rulebook, examine, load_rulebook
from policies.simulate import simulate

Write = Callable[..., dict[str, bytes]]
Collected = Callable[[float], Evidence]
STAGING = "    approvals: [{role: validator}]\n"


def allowing(write: Write, looks: object) -> dict[str, bytes]:
    return write(lending=(STAGING, f"{STAGING}    evaluation: {{max_looks: {looks}}}\n"))


def staging(rulebook: Rulebook) -> EffectivePolicy:
    return effective_policy(rulebook, model="loan-approval", environment="staging", kind=Kind.PROMOTE)


def test_a_policy_says_how_often_data_may_be_looked_at_and_the_strictest_one_holds(write: Write) -> None:
    assert staging(load_rulebook(write())).evaluation.max_looks == 10
    files = allowing(write, 5)
    assert staging(load_rulebook(files)).evaluation.max_looks == 5
    for name, looks in (("more", 20), ("few", 3)):
        text = f"policy: {name}\nenvironments: {{staging: {{approvals: [], evaluation: {{max_looks: {looks}}}}}}}\n"
        files[f"policies/{name}.yaml"] = text.encode()
    assert staging(load_rulebook(files)).evaluation.max_looks == 3


@pytest.mark.parametrize("looks", [0, 51, "many"])
def test_a_number_of_looks_that_cannot_be_meant_is_named_with_its_line(write: Write, looks: object) -> None:
    (problem,) = examine(allowing(write, looks)).problems
    assert (problem.path, "max_looks" in str(problem)) == ("policies/lending.yaml", True)


def test_a_policy_from_before_looks_were_counted_can_still_be_read(rulebook: Rulebook) -> None:
    old = as_json(staging(rulebook))
    del old["evaluation"]
    assert EffectivePolicy.model_validate(old).evaluation.max_looks == 10


def test_one_look_is_explained_as_one(write: Write) -> None:
    told = explain_model(load_rulebook(allowing(write, 1)), model="loan-approval", environment="staging")
    assert "The same evaluation data may be looked at 1 time, at 5 %; after that" in told


def test_fewer_looks_are_tried_on_the_past_and_evidence_without_a_count_is_judged_as_before(
    write: Write, rulebook: Rulebook, evidence: Collected
) -> None:
    uncounted = evidence(0.05)
    fifth = uncounted.model_copy(
        update={"facts": uncounted.facts.model_copy(update={"looks": Looks(number=5, challengers=5)})}
    )
    change = simulate(rulebook, load_rulebook(allowing(write, 4)), [("P7", uncounted), ("P8", fifth)])
    assert [one.name for one in change.newly_blocked] == ["P8"]
    assert "this is look 5 at these evaluation data, and the policy's max_looks is 4" in str(change)
