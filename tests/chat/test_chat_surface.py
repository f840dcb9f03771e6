"""Does a server hear and show by itself, and end when it is told to?"""

import threading
from collections.abc import Callable

import pytest

from bot.chat.surface import chat_surface
from bot.ears import FORGOTTEN
from bot.settings import default_text, settings_of
from gates.refusal import Unavailable
from tests.chat.chat_world import ChatWorld
from tests.chat.platform_standin import PlatformStandin

PATIENCE = 30


def until(event: threading.Event) -> None:
    """Wait for an event that has to come."""
    assert event.wait(PATIENCE)


def seen(platform: PlatformStandin, holds: Callable[[str], bool]) -> threading.Event:
    """Return an event that is set when a platform is asked for a call."""
    event = threading.Event()

    def note(call: str) -> None:
        if holds(call):
            event.set()

    platform.meanwhile = note
    return event


def test_what_is_heard_is_answered_and_shown_by_threads_that_end(two: ChatWorld) -> None:
    surface = two.surface()
    before = threading.active_count()
    shown = {one.name: seen(one, lambda call: call == "edit") for one in two.platforms}
    with surface.working(two.door):
        surface.letterboxes["slack"].keep("click-1", two.decided("bob", "P2"))
        for event in shown.values():
            until(event)
    assert threading.active_count() == before
    assert len(two.slack.answers) == 1
    assert two.slack.the("P2").post.report.decisions[0].person == "bob"


def test_what_is_done_in_a_terminal_is_shown_without_a_bell(two: ChatWorld) -> None:
    posted = seen(two.slack, lambda call: call == "add")
    with two.surface().working(two.door):
        until(posted)
        edited = seen(two.slack, lambda call: call == "edit")
        two.world.say("bob", "approve P2")
        until(edited)


def test_what_an_earlier_process_left_is_taken_up(two: ChatWorld) -> None:
    two.letterbox().keep("click-1", two.decided("bob", "P2"))
    answered = seen(two.slack, lambda call: call == "answer")
    with two.restarted().surface().working(two.door):
        until(answered)


def test_a_slow_platform_keeps_the_other_one_not_waiting(two: ChatWorld) -> None:
    gate = threading.Event()
    two.slack.meanwhile = lambda _call: gate.wait(PATIENCE)
    posted = seen(two.teams, lambda call: call == "add")
    with two.surface().working(two.door):
        try:
            until(posted)
            assert two.slack.messages == []
        finally:
            gate.set()


def test_whoever_looks_is_answered_while_somebody_acts(two: ChatWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, looked = threading.Event(), threading.Event()
    real = type(two.world.house).handle

    def slow(house: object, request: object, progress: object) -> object:
        if "Approve" in str(request):
            gate.wait(PATIENCE)
        return real(house, request, progress)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(type(two.world.house), "handle", slow)
    two.slack.meanwhile = lambda call: looked.set() if call == "answer" else None
    surface = two.surface()
    with surface.working(two.door):
        try:
            surface.letterboxes["slack"].keep("click-1", two.decided("bob", "P2"))
            surface.letterboxes["slack"].keep("words-1", two.typed("carol", "status"))
            until(looked)
        finally:
            gate.set()
    assert [origin for origin, _ in two.slack.answers] == [{"to": "carol"}, {"to": "bob"}]


def test_a_board_outlives_a_database_and_bugs(two: ChatWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.board.BREATH", 0.01)
    failures: list[Exception] = [Unavailable("locked"), ZeroDivisionError("a bug")]
    window = two.world.house.window()
    real = type(window).stirred

    def stumbling(self: object, since: int) -> object:
        if failures:
            raise failures.pop(0)
        return real(self, since)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(type(window), "stirred", stumbling)
    posted = seen(two.slack, lambda call: call == "post")
    with two.board().watching():
        until(posted)
    assert [type(bug) for bug in two.bugs] == [ZeroDivisionError]
    two.bugs.clear()


def test_a_sweep_forgets_what_was_settled_long_ago(waiting: ChatWorld) -> None:
    surface = waiting.surface()
    box = surface.letterboxes["slack"]
    box.keep("look-1", waiting.typed("bob", "status"))
    waiting.act()
    waiting.world.clock.now += FORGOTTEN + 1
    assert not box.keep("look-1", waiting.typed("bob", "status"))
    surface.sweep()
    assert box.keep("look-1", waiting.typed("bob", "status"))


def test_a_surface_is_made_from_settings(waiting: ChatWorld) -> None:
    text = default_text().replace("channels: {}", "channels: {default: {slack: C0GENERAL}}")
    settings = settings_of(text, where="here", folder=waiting.world.folder)
    made = chat_surface(
        settings,
        [waiting.slack],
        waiting.world.installation.database,
        clock=waiting.world.clock,
        write_down=waiting.write_down,
    )
    report = waiting.board().window.report(next(iter(waiting.board().window.stirred(0))))
    assert made.routing.channel("slack", report, "") == "C0GENERAL"
    assert list(made.letterboxes) == ["slack"]
