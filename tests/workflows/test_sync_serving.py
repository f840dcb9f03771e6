"""Does sync let the champion answer again, from our own store, whatever happened where it serves?"""

import shutil

import pytest

from bot.exchange import ExitCode
from gates.evidence import VersionRef
from gates.refusal import Unavailable
from tests.hands import entries
from tests.world import MODEL, World, reopened
from workflows.target import Placement, Serving


def serving(world: World, environment: str = "staging") -> Serving | None:
    return world.target.serving(world.project.slot(MODEL, environment))


def expect_serving(world: World, version: str) -> None:
    found = serving(world)
    assert found is not None
    assert (found.version.version, found.healthy) == (version, True)


def test_a_model_that_stopped_answering_is_started_again(served: World) -> None:
    served.target.stop(served.project.slot(MODEL, "staging"))
    assert served.say("carol", "sync").code is ExitCode.DONE
    expect_serving(served, "1")
    assert "default/churn/staging: starting v1 in staging" in served.told


def test_the_sweep_revives_it_too_and_after_a_restart(served: World) -> None:
    served.target.stop(served.project.slot(MODEL, "staging"))
    again = reopened(served)
    again.house.tick(again.clock())
    expect_serving(again, "1")
    again.installation.database.close()


def test_an_unhealthy_one_is_started_again(served: World) -> None:
    served.target.unhealthy.add("1")
    switches = served.target.calls["switch"]
    served.say("carol", "sync")
    assert served.target.calls["switch"] == switches + 1


def test_a_healthy_one_is_left_alone(served: World) -> None:
    switches = served.target.calls["switch"]
    served.say("carol", "sync")
    assert served.target.calls["switch"] == switches


def test_another_version_that_serves_is_switched_back(served: World) -> None:
    slot = served.project.slot(MODEL, "staging")
    strange = Placement(slot=slot, version=VersionRef(version="2", digest="0" * 64), files=served.folder, example=None)
    served.target.switch(strange)
    assert served.say("carol", "sync").code is ExitCode.DONE
    expect_serving(served, "1")


def test_it_is_revived_from_our_own_store_even_if_the_registry_lost_it(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.registry.delete(MODEL, "1")
    served.target.stop(served.project.slot(MODEL, "staging"))
    placed: list[Placement] = []
    switch = served.target.switch

    def watched(placement: Placement) -> Serving:
        placed.append(placement)
        return switch(placement)

    monkeypatch.setattr(served.target, "switch", watched)
    served.say("carol", "sync")
    expect_serving(served, "1")
    assert (placed[0].files / "answers.json").is_file()
    assert placed[0].files.is_relative_to(served.folder)


def test_it_serves_on_while_the_registry_sleeps(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def asleep(*_: object) -> None:
        raise Unavailable("The registry does not answer.")

    served.target.stop(served.project.slot(MODEL, "staging"))
    monkeypatch.setattr(served.registry, "version", asleep)
    with pytest.raises(Unavailable, match="The registry does not answer"):
        served.say("carol", "sync")
    expect_serving(served, "1")
    with served.installation.database.reading() as work:
        assert not any(state.frozen for state in work.lanes.all("default"))


def test_a_target_that_sleeps_is_unavailable_and_freezes_nothing(served: World) -> None:
    served.target.unavailable = "The target does not answer."
    with pytest.raises(Unavailable, match="The target does not answer"):
        served.say("carol", "sync")
    assert entries(served, "default/churn/staging") == ()
    assert "churn in staging: v1 (P1)" in served.say(None, "status").text

    served.target.unavailable = None
    assert served.say("carol", "sync").code is ExitCode.DONE


def test_a_version_that_does_not_start_is_unavailable_and_says_where(served: World) -> None:
    served.target.stop(served.project.slot(MODEL, "staging"))
    served.target.fail_switch = "no port is free"
    with pytest.raises(Unavailable, match="default/churn in staging could not be started: no port is free"):
        served.say("carol", "sync")


def test_a_sleeping_target_does_not_hide_an_alarm(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.target.unavailable = "The target does not answer."
    with pytest.raises(Unavailable):
        served.say("carol", "sync")
    assert [entry.kind for entry in entries(served, "default/churn/staging")] == ["alarm"]
    served.target.unavailable = None
    assert served.say("carol", "sync").code is ExitCode.REFUSED


def test_nothing_is_started_where_nothing_was_promoted(quiet: World) -> None:
    quiet.say("carol", "sync")
    assert quiet.target.calls["switch"] == 0
    assert serving(quiet) is None


def test_a_store_that_was_emptied_is_filled_from_the_registry(served: World) -> None:
    for folder in (served.folder / "files").rglob("*"):
        folder.chmod(0o755)
    shutil.rmtree(served.folder / "files")
    served.target.stop(served.project.slot(MODEL, "staging"))
    assert served.say("carol", "sync").code is ExitCode.DONE
    expect_serving(served, "1")
