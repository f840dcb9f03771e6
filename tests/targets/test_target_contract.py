"""What may a workflow rely on, whichever target it is given?

Runs against the in-memory fake and against the local target, with real processes behind a real front.
"""

from collections.abc import Callable

import pytest

from gates.evidence import VersionRef
from gates.refusal import Unavailable
from tests.fakes.target import FakeTarget
from workflows.target import Placement, Slot, Target
from workflows.targets.mlflow_server import LocalTarget

Place = Callable[..., Placement]


class Subject:
    """A target under test, and how a version of it is made to fail."""

    def __init__(self, target: Target, placed: Place) -> None:
        self.target = target
        self._placed = placed

    def version(self, version: str, *, slot: Slot | None = None) -> Placement:
        return self._placed(version, **({"slot": slot} if slot else {}))

    def broken(self, version: str) -> Placement:
        if isinstance(self.target, FakeTarget):
            self.target.fail_prepare[version] = "ValueError: no weights"
        return self._placed(version, raises="no weights")


@pytest.fixture(params=["fake", "local"])
def subject(request: pytest.FixtureRequest, placed: Place, local_target: Callable[..., LocalTarget]) -> Subject:
    target: Target = FakeTarget() if request.param == "fake" else local_target()
    return Subject(target, placed)


class TestTarget:
    """The contract of `workflows.target.Target`."""

    def test_an_unknown_slot_serves_nothing(self, subject: Subject, slot: Slot) -> None:
        assert subject.target.serving(slot) is None

    def test_a_prepared_version_waits_beside_and_does_not_serve(self, subject: Subject, slot: Slot) -> None:
        assert subject.target.prepare(subject.version("1")).passed
        assert subject.target.serving(slot) is None

    def test_a_switch_makes_the_version_serve_and_says_where(self, subject: Subject, slot: Slot) -> None:
        first = subject.version("1")
        subject.target.prepare(first)
        serving = subject.target.switch(first)
        assert (serving.version, serving.healthy) == (first.version, True)
        assert subject.target.serving(slot) == serving

    def test_a_switch_prepares_first_if_it_must(self, subject: Subject, slot: Slot) -> None:
        first = subject.version("1")
        assert subject.target.switch(first) == subject.target.serving(slot)

    def test_the_address_outlives_the_versions(self, subject: Subject, slot: Slot) -> None:
        address = subject.target.switch(subject.version("1")).url
        assert subject.target.switch(subject.version("2")).url == address
        subject.target.stop(slot)
        assert subject.target.switch(subject.version("1")).url == address

    def test_preparing_and_switching_may_be_repeated(self, subject: Subject, slot: Slot) -> None:
        first = subject.version("1")
        assert subject.target.prepare(first) == subject.target.prepare(first)
        assert subject.target.switch(first) == subject.target.switch(first)
        assert subject.target.prepare(first).passed
        assert subject.target.serving(slot) == subject.target.switch(first)

    def test_a_version_that_fails_its_smoke_test_moves_nothing(self, subject: Subject, slot: Slot) -> None:
        subject.target.switch(subject.version("1"))
        before = subject.target.serving(slot)
        smoke = subject.target.prepare(subject.broken("2"))
        assert not smoke.passed
        assert "ValueError: no weights" in smoke.detail
        assert subject.target.serving(slot) == before

    def test_a_switch_to_a_version_that_fails_is_unavailable_and_moves_nothing(
        self, subject: Subject, slot: Slot
    ) -> None:
        subject.target.switch(subject.version("1"))
        before = subject.target.serving(slot)
        with pytest.raises(
            Unavailable, match=r"bank/loan-approval in production cannot switch to version 2: .*no weights"
        ):
            subject.target.switch(subject.broken("2"))
        assert subject.target.serving(slot) == before

    def test_discarding_leaves_the_serving_version_alone(self, subject: Subject, slot: Slot) -> None:
        first, second = subject.version("1"), subject.version("2")
        serving = subject.target.switch(first)
        subject.target.prepare(second)
        subject.target.discard(slot, second.version)
        subject.target.discard(slot, second.version)
        subject.target.discard(slot, first.version)
        subject.target.discard(slot, VersionRef(version="9", digest="never seen"))
        assert subject.target.serving(slot) == serving

    def test_a_stopped_slot_serves_nothing_until_the_next_switch(self, subject: Subject, slot: Slot) -> None:
        first = subject.version("1")
        subject.target.switch(first)
        subject.target.stop(slot)
        subject.target.stop(slot)
        assert subject.target.serving(slot) is None
        assert subject.target.switch(first).healthy

    def test_slots_do_not_disturb_each_other(self, subject: Subject, slot: Slot) -> None:
        staging = Slot(project="bank", model="loan-approval", environment="staging")
        production = subject.target.switch(subject.version("1"))
        beside = subject.target.switch(subject.version("1", slot=staging))
        assert production.url != beside.url
        subject.target.stop(staging)
        assert subject.target.serving(slot) == production
        assert subject.target.serving(staging) is None

    def test_a_closed_target_moves_nothing_and_is_not_healthy(self, subject: Subject, slot: Slot) -> None:
        first = subject.version("1")
        subject.target.switch(first)
        subject.target.close()
        subject.target.close()
        last = subject.target.serving(slot)
        assert last is not None
        assert (last.version, last.healthy) == (first.version, False)
        for refused in (subject.target.prepare, subject.target.switch):
            with pytest.raises(Unavailable, match="is closed"):
                refused(first)
