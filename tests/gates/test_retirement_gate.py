"""Does the gate on retirements say what stops, and fail closed for anything else?"""

from collections.abc import Callable

import pytest

from gates.evidence import Evidence, Kind
from gates.outcome import Outcome
from gates.retirement import Retirement

Build = Callable[..., Evidence]


def test_a_champion_can_retire(evidence_of: Build) -> None:
    finding = Retirement().check(evidence_of(subject={"kind": Kind.RETIRE, "challenger": None}))
    assert (finding.gate, finding.outcome) == ("retirement", Outcome.PASS)
    assert finding.summary == "v1 stops serving in production; nothing answers afterwards."


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ({"kind": Kind.RETIRE, "challenger": None, "champion": None}, "Nothing serves in production"),
        ({"kind": Kind.PROMOTE}, "for retirements only"),
        ({"kind": Kind.RETIRE}, "for retirements only"),
    ],
)
def test_anything_else_is_an_error(evidence_of: Build, subject: dict[str, object], said: str) -> None:
    finding = Retirement().check(evidence_of(subject=subject))
    assert finding.outcome is Outcome.ERROR
    assert said in finding.summary
