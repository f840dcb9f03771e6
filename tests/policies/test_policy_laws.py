"""Laws that hold for every rulebook, whatever it asks."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.evidence import Evidence, Kind
from gates.outcome import Outcome
from policies.approvals import seats_of
from policies.check import check
from policies.effective import effective_policy
from policies.explain import explain
from policies.problem import in_order
from policies.rulebook import Rulebook, load_rulebook
from policies.simulate import simulate
from policies.texts import SECONDS, span

Write = Callable[..., dict[str, bytes]]
Collected = Callable[[float], Evidence]

limits = st.floats(0, 1, allow_nan=False).map(lambda value: round(value, 3))
differences = st.lists(st.floats(-0.2, 0.2, allow_nan=False).map(lambda value: round(value, 3)), max_size=5)
damage = st.sampled_from(["limit: 0.15", "gate: format", "role: validator", "3d", "[high]", "margin: 0.02"])
roles = st.sampled_from(["validator", "ml-engineer", "governor", "chief"])


def stricter(write: Write, margin: float) -> Rulebook:
    return load_rulebook(write(lending=("margin: 0.02", f"margin: {margin}")))


@given(margin=limits, other=limits, past=differences)
def test_a_simulation_backwards_swaps_what_is_blocked_and_what_is_let_through(
    *, write: Write, evidence: Collected, margin: float, other: float, past: list[float]
) -> None:
    named = [(f"P{index}", evidence(difference)) for index, difference in enumerate(past)]
    one, two = stricter(write, margin), stricter(write, other)
    there, back = simulate(one, two, named), simulate(two, one, named)
    assert [item.name for item in there.newly_blocked] == [item.name for item in back.newly_let_through]
    assert [item.name for item in there.newly_let_through] == [item.name for item in back.newly_blocked]
    if other <= margin:
        assert not there.newly_let_through
    told = re.findall(r"blocked (\d+) of the last (\d+)", str(there))
    assert told == ([(str(len(there.newly_blocked)), str(len(past)))] if there.newly_blocked else [])


@given(margin=limits, past=differences)
def test_the_same_rulebook_changes_nothing(
    *, write: Write, evidence: Collected, margin: float, past: list[float]
) -> None:
    book = stricter(write, margin)
    change = simulate(book, book, [(f"P{index}", evidence(difference)) for index, difference in enumerate(past)])
    assert (change.newly_blocked, change.newly_let_through, change.asked_differently) == ((), (), ())
    assert all(one.before == one.after for one in change.rejudged)


@pytest.mark.full
@given(broken=st.lists(damage, unique=True, min_size=1, max_size=4))
def test_each_further_mistake_leaves_the_others_told(write: Write, broken: list[str]) -> None:
    files = write()
    told: set[str] = set()
    for text in broken:
        path = "policies/lending.yaml"
        files[path] = files[path].replace(text.encode(), b"zzz: zzz" if ":" in text else b"zzz", 1)
        found = check(files)
        assert found == in_order(found)
        assert not any(problem.warning for problem in found)
        lines = {str(problem) for problem in found}
        assert lines - told or lines == told
        told = lines
    assert told


@given(role=roles, count=st.integers(1, 4))
def test_what_is_explained_names_everyone_who_may_decide(write: Write, role: str, count: int) -> None:
    book = load_rulebook(write(lending=("[{role: validator}]\n", f"[{{role: {role}, count: {count}}}]\n")))
    policy = effective_policy(book, model="loan-approval", environment="staging", kind=Kind.PROMOTE)
    told = explain(policy, model="loan-approval", environment="staging", people=book.people)
    holders = ", ".join(person.login for person in book.people.with_role(role)) or "held by nobody"
    assert f"  - {count} {role} ({holders})" in told.splitlines()


@given(role=roles, count=st.integers(1, 4))
def test_a_seat_is_warned_of_exactly_if_too_few_people_hold_its_role(write: Write, role: str, count: int) -> None:
    files = write(lending=("[{role: validator}]\n", f"[{{role: {role}, count: {count}}}]\n"))
    holders = load_rulebook(files).people.with_role(role)
    told = [problem for problem in check(files) if problem.line == 13]
    assert bool(told) == (count > len(holders))
    assert all(problem.warning and f"{count - len(holders)} more must" in problem.text for problem in told)


@given(outcome=st.sampled_from(Outcome), environment=st.sampled_from(["staging", "production"]))
def test_a_worse_outcome_never_asks_fewer_people(*, rulebook: Rulebook, outcome: Outcome, environment: str) -> None:
    policy = effective_policy(rulebook, model="loan-approval", environment=environment, kind=Kind.PROMOTE)
    best, now = seats_of(policy, Outcome.PASS), seats_of(policy, outcome)
    assert best is not None
    if now is None:
        assert outcome > Outcome.WARN
    else:
        assert all(now[role] >= count for role, count in best.items())


@given(number=st.integers(1, 10_000), unit=st.sampled_from(sorted(SECONDS)))
def test_a_span_that_is_told_is_the_span_that_was_written(write: Write, number: int, unit: str) -> None:
    book = load_rulebook(write(lending=("expires_after: 3d", f"expires_after: {number}{unit}")))
    seconds = book.policies["lending"].environments["production"].expires_after
    assert seconds == number * SECONDS[unit]
    told = span(seconds)
    assert int(told[:-1]) * SECONDS[told[-1]] == seconds


def test_every_file_of_a_rulebook_is_in_its_digest_and_in_no_order(write: Write) -> None:
    files = write()
    backwards = dict(reversed(files.items()))
    assert load_rulebook(files).digest == load_rulebook(backwards).digest
    for path in files:
        changed = load_rulebook(files | {path: files[path] + b"# a word\n"})
        assert changed.digest != load_rulebook(files).digest
