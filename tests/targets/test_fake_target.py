"""Can a test make the fake fail as a real target does, and see what was asked of it?"""

from collections.abc import Callable

import pytest

from gates.refusal import Unavailable
from tests.fakes.target import FakeTarget
from workflows.target import Placement, Slot


def test_the_fake_fails_where_it_is_told_and_counts_its_calls(placed: Callable[..., Placement], slot: Slot) -> None:
    target, first = FakeTarget(), placed("1")
    target.fail_switch = "the endpoint is asleep"
    assert target.prepare(first).passed
    with pytest.raises(Unavailable, match="the endpoint is asleep"):
        target.switch(first)
    assert target.prepared(slot) == {first.version}
    target.fail_switch = None
    target.switch(first)
    target.unhealthy.add("1")
    serving = target.serving(slot)
    assert serving is not None
    assert not serving.healthy
    assert target.prepared(slot) == frozenset()
    assert target.calls == {"prepare": 1, "switch": 2, "serving": 1}


def test_the_fake_can_be_out_of_reach(placed: Callable[..., Placement], slot: Slot) -> None:
    target = FakeTarget()
    target.unavailable = "no route to the cluster"
    for call in (lambda: target.serving(slot), lambda: target.prepare(placed("1")), lambda: target.stop(slot)):
        with pytest.raises(Unavailable, match="no route to the cluster"):
            call()
