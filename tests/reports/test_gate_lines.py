"""Each gate is one row: the number that is nearest to its limit, in units of how uncertain it is."""

import pytest

from gates.outcome import Finding, Measure, Outcome
from reports.gate_line import gate_lines
from reports.rendering import limit, margin

SURE = Measure(name="sure", value=0.9, low=0.89, high=0.91, limit=0.8, limit_is="least")
UNSURE = Measure(name="unsure", value=0.95, low=0.75, high=0.99, limit=0.8, limit_is="least")
BEYOND = Measure(name="beyond", value=0.3, low=0.2, high=0.4, limit=0.1, limit_is="most")
COUNTED = Measure(name="rows", value=983.0, limit=100.0, limit_is="least")
NONE = Measure(name="files not allowed", value=0.0, limit=0.0, limit_is="most")
TOLD = Measure(name="told", value=3.0)


def found(outcome: Outcome, *measures: Measure) -> Finding:
    return Finding(gate="g", outcome=outcome, summary="s", measures=measures)


@pytest.mark.parametrize(
    ("measures", "nearest", "more"),
    [
        ((), None, 0),
        ((TOLD,), None, 0),
        ((SURE, UNSURE), UNSURE, 1),
        ((SURE, UNSURE, BEYOND, TOLD), BEYOND, 2),
        ((COUNTED,), COUNTED, 0),
        ((NONE,), NONE, 0),
    ],
)
def test_the_number_nearest_to_its_limit_stands_for_the_gate(
    measures: tuple[Measure, ...], nearest: Measure | None, more: int
) -> None:
    (line,) = gate_lines([found(Outcome.PASS, *measures)])
    assert (line.measure, line.more) == (nearest, more)


def test_what_stops_a_promotion_stands_first() -> None:
    lines = gate_lines([found(Outcome.PASS), found(Outcome.FAIL), found(Outcome.WARN)])
    assert [line.outcome for line in lines] == [Outcome.FAIL, Outcome.WARN, Outcome.PASS]


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        (SURE, ("≥ 0.800", "0.100")),
        (BEYOND, ("≤ 0.100", "0.200 beyond")),
        (COUNTED, ("≥ 100", "883")),
        (TOLD, ("—", "—")),
        (Measure(name="unknown side", value=1.5, limit=1.2), ("1.200", "—")),
    ],
)
def test_a_limit_says_which_side_of_it_is_right_and_a_margin_what_is_left(
    measure: Measure, shown: tuple[str, str]
) -> None:
    assert (limit(measure), margin(measure)) == shown
