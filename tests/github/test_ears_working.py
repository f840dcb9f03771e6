"""Is everything that was told acted on in the end, once, whatever fails in between?"""

import logging
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import Approve, Recheck, Why
from bot.exchange import Notice
from bot.github.conversation import Conversation
from bot.github.ears import DAY, FORGOTTEN, LONGEST_PAUSE, Ears, Letterbox
from bot.github.heard import Everything, Heard, Look, Main
from gates.refusal import Unavailable, UserError
from tests.github.listeners import P12, Room, pressed, said, small_room
from workflows.forge import Button

LOOK = Look(project="shop", number=12)
ASLEEP = Unavailable("GitHub does not answer.")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Ears on a real database."""
    with small_room(tmp_path) as made:
        yield made


def test_a_delivery_told_twice_is_acted_on_once_even_after_it_was_settled(room: Room) -> None:
    assert room.hear(LOOK)
    assert not room.hear(LOOK)
    room.ears().take_up()
    assert not room.hear(LOOK)
    room.ears().take_up()
    assert len(room.door.notices) == 1


def test_a_comment_is_one_comment_whatever_delivery_tells_of_it(room: Room) -> None:
    assert room.hear(said("/mlops approve"), delivery="d-1")
    assert not room.hear(said("/mlops approve"), delivery="d-2")
    room.ears().take_up()
    assert len(room.door.requests) == 1


def test_a_delivery_about_several_projects_is_kept_whole(room: Room) -> None:
    room.hear(Everything(project="shop"), Main(project="shop"), LOOK)
    assert room.due() == ["d-1", "d-1:2", "d-1:3"]
    assert not room.hear(Everything(project="shop"), Main(project="shop"), LOOK)


def test_hints_that_say_the_same_are_one_look(room: Room) -> None:
    for number in range(20):
        room.hear(LOOK, delivery=f"d-{number}")
    room.hear(Look(project="shop", number=13), delivery="other")
    room.ears().take_up()
    assert room.door.notices == [Notice(project="shop", pull_request=12), Notice(project="shop", pull_request=13)]
    assert room.due() == []


def test_what_comes_while_we_look_is_looked_at_again(room: Room) -> None:
    room.door.meanwhile = lambda: room.hear(LOOK, delivery="d-2")
    room.hear_and_act(LOOK)
    assert len(room.door.notices) == 1
    room.ears().take_up()
    assert len(room.door.notices) == 2


def test_what_a_service_sleeps_through_is_tried_again_later_and_later(room: Room) -> None:
    room.door.troubles = [ASLEEP] * 12
    room.hear(LOOK)
    tries = []
    while (due := room.next_due()) is not None:
        room.watch.now = due - 1
        room.ears().take_up()  # too soon
        room.watch.now = due
        room.ears().take_up()
        tries.append(due)
    pauses = [later - sooner for sooner, later in pairwise(tries)]
    assert pauses[:7] == [10, 20, 40, 80, 160, 320, 640]
    assert set(pauses[7:]) == {LONGEST_PAUSE}
    assert room.door.notices == [Notice(project="shop", pull_request=12)]


def test_one_that_waits_keeps_nobody_else_waiting(room: Room) -> None:
    room.door.troubles = [ASLEEP]
    room.hear(LOOK, delivery="d-1")
    room.hear(Main(project="shop"), delivery="d-2")
    room.ears().take_up()
    assert room.door.notices == [Notice(project="shop", main=True)]
    assert room.due() == ["d-1"]


def test_after_a_day_it_is_given_up_and_the_person_is_told(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.door.troubles = [ASLEEP, ASLEEP]
    room.hear_and_act(said("/mlops approve"))
    room.watch.now += DAY
    with caplog.at_level(logging.WARNING):
        room.ears().take_up()
    assert "comment:501 is given up after a day: GitHub does not answer." in caplog.text
    assert room.voice.answers == {"regret of comment:501": (12, "A service did not answer for a day. Try again.")}
    assert room.due() == []


def test_a_try_that_failed_half_way_goes_on_where_it_stopped(room: Room) -> None:
    asleep: list[Exception] = [ASLEEP]
    room.door.meanwhile = lambda: room.door.troubles.extend(asleep and [asleep.pop()] if room.door.requests else [])
    room.hear_and_act(said("/mlops approve\n/mlops recheck\n/mlops why"))
    assert (room.door.commands, room.voice.reactions) == ([Approve(promotion=P12)], [])
    room.watch.now += 10
    room.ears().take_up()
    assert room.door.commands == [Approve(promotion=P12), Recheck(promotion=P12), Why(promotion=P12)]
    assert room.voice.reactions == [(501, "+1")]
    assert len(room.voice.answers) == 1


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_voice_that_fails_does_not_make_us_act_twice(room: Room, failures: int) -> None:
    room.voice.troubles = [ASLEEP] * failures
    room.hear(said("/mlops approve\n/mlops nonsense"))
    while room.due():
        room.ears().take_up()
        room.watch.now += 100
    assert room.door.commands == [Approve(promotion=P12)]
    assert room.voice.reactions == [(501, "+1"), (501, "confused")]
    assert len(room.voice.answers) == 1


def test_a_refused_hint_is_logged_and_done(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.door.troubles = [UserError("There is no pull request 12.")]
    with caplog.at_level(logging.WARNING):
        room.hear_and_act(LOOK)
    assert "There is no pull request 12." in caplog.text
    assert (room.due(), room.bugs) == ([], [])


def test_a_bug_is_written_down_put_aside_and_named_to_the_person_without_our_paths(room: Room) -> None:
    room.door.troubles = [ZeroDivisionError("a bug")]
    room.hear(LOOK, delivery="d-2")
    room.door.troubles += [KeyError("another")]
    room.hear(said("/mlops approve"))
    room.ears().take_up()
    assert [type(bug) for bug in room.bugs] == [ZeroDivisionError, KeyError]
    assert room.due() == []
    (text,) = room.voice.texts
    assert text == "Something went wrong inside Gatehouse: bug-00000002. It is written down there."


def test_a_bug_behind_a_button_is_named_below_its_pull_request(room: Room) -> None:
    room.door.troubles = [ZeroDivisionError("a bug")]
    room.hear_and_act(pressed(Button.APPROVE), delivery="guid")
    ((to, (number, text)),) = room.voice.answers.items()
    assert (to, number) == ("regret of guid", 12)
    assert text.startswith("**alice** pressed **Approve**, which was not carried out:")
    assert "bug-00000001" in text


def test_when_the_person_cannot_be_told_of_a_bug_it_is_put_aside_all_the_same(room: Room) -> None:
    room.door.troubles = [ZeroDivisionError("a bug")]
    room.voice.troubles = [ASLEEP]
    room.hear_and_act(said("/mlops approve"))
    assert (room.due(), room.voice.answers) == ([], {})


def test_what_another_release_kept_and_we_cannot_read_is_put_aside(room: Room) -> None:
    with room.database.transaction() as work:
        work.inbox.put("github", "d-0", {"kind": "sung", "project": "shop"}, 1)
        work.inbox.put("github", "d-1", {"kind": "look", "project": "shop"}, 1)
    room.hear_and_act(LOOK, delivery="d-2")
    assert room.door.notices == [Notice(project="shop", pull_request=12)]
    assert (len(room.bugs), room.due()) == (2, [])


def test_what_was_settled_long_ago_is_forgotten_by_a_sweep(room: Room) -> None:
    room.hear_and_act(LOOK)
    room.watch.now += FORGOTTEN
    room.ears().sweep("shop")
    assert not room.hear(LOOK)
    room.watch.now += 1
    room.ears().sweep("shop")
    assert room.hear(LOOK)


def test_a_thread_takes_up_what_was_left_and_what_comes_and_ends_when_told(room: Room) -> None:
    room.hear(LOOK)
    letterbox = room.letterbox
    seen = threading.Semaphore(0)
    room.door.meanwhile = seen.release
    before = threading.active_count()
    with room.ears(letterbox).listening():
        assert seen.acquire(timeout=20)
        letterbox.keep("d-2", [Main(project="shop")])
        assert seen.acquire(timeout=20)
    assert threading.active_count() == before
    assert room.door.notices == [Notice(project="shop", pull_request=12), Notice(project="shop", main=True)]
    assert room.due() == []


def test_a_thread_that_is_told_to_stop_finishes_what_it_began_and_leaves_the_rest(room: Room) -> None:
    room.hear(LOOK, delivery="d-1")
    room.hear(Main(project="shop"), delivery="d-2")
    ears = room.ears()
    room.door.meanwhile = ears.over.set
    with ears.listening():
        assert ears.over.wait(20)
    assert room.door.notices == [Notice(project="shop", pull_request=12)]
    assert room.due() == ["d-2"]


def test_a_thread_outlives_a_database_that_fails(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ears.BREATH", 0.01)
    room.hear(LOOK)
    failures: list[Exception] = [Unavailable("locked"), ZeroDivisionError("a bug")]
    seen = threading.Event()
    room.door.meanwhile = seen.set

    class Sleepy(Ears):
        """Fails twice before it works."""

        def take_up(self) -> None:
            if failures:
                raise failures.pop(0)
            Ears.take_up(self)

    ears = Sleepy(conversation=room.conversation, letterbox=room.letterbox, write_down=room.write_down)
    with ears.listening():
        assert seen.wait(20)
    assert [type(bug) for bug in room.bugs] == [ZeroDivisionError]
    assert room.due() == []


TOLD: list[Heard] = [LOOK, Main(project="shop"), said("/mlops approve"), pressed(Button.RECHECK)]


@pytest.mark.full
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(st.sampled_from(range(len(TOLD))), min_size=1, max_size=12),
    stumbles=st.lists(st.booleans(), max_size=6),
    rests=st.lists(st.booleans(), max_size=12),
)
def test_doubled_late_and_disordered_deliveries_end_alike(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], stumbles: list[bool], rests: list[bool]
) -> None:
    with small_room(tmp_path_factory.mktemp("room")) as room:
        room.door.troubles = [ASLEEP for stumble in stumbles if stumble]
        for place, index in enumerate(order):
            room.hear(TOLD[index], delivery=f"d-{index}")
            if place < len(rests) and rests[place]:
                room.ears().take_up()
        while room.due():
            room.ears().take_up()
            room.watch.now += LONGEST_PAUSE
        told = {TOLD[index].kind for index in order}
        assert sorted(type(command).__name__ for command in room.door.commands) == sorted(
            name for kind, name in (("said", "Approve"), ("pressed", "Recheck")) if kind in told
        )
        assert len(room.door.notices) == len(told & {"look", "main"})
        assert room.voice.reactions == ([(501, "+1")] if "said" in told else [])
        assert room.bugs == []


def test_the_ears_of_a_restarted_process_use_the_same_memory(room: Room) -> None:
    room.voice.troubles = [ASLEEP]
    room.hear_and_act(said("/mlops approve"))
    room.watch.now += 10
    letterbox = Letterbox(database=room.database, clock=room.watch)
    conversation = Conversation(door=room.door, voices={"shop": room.voice}, database=room.database, clock=room.watch)
    Ears(conversation=conversation, letterbox=letterbox, write_down=room.write_down).take_up()
    assert len(room.door.requests) == 1
    assert room.voice.reactions == [(501, "+1")]
