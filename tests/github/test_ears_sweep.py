"""Are the comments found that no delivery told of, and none of them carried out in somebody else's words?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import Approve
from bot.github.sweeping import OVERLAP, TOO_OLD
from gates.refusal import Unavailable
from tests.github.listeners import P12, Room, Written, said, small_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Ears that swept for the first time."""
    with small_room(tmp_path) as made:
        made.ears().sweep("shop")
        yield made


def swept(room: Room, *comments: Written) -> None:
    """Sweep a minute later, with these comments on GitHub, and work through what was found."""
    room.watch.now += 60
    room.voice.comments = list(comments)
    room.ears().sweep("shop")
    room.ears().take_up()


def test_the_first_sweep_begins_and_carries_out_nothing(tmp_path: Path) -> None:
    with small_room(tmp_path) as room:
        room.voice.comments = [Written()]
        room.ears().sweep("shop")
        assert (room.voice.asked, room.due()) == ([], [])


def test_a_comment_that_no_delivery_told_of_is_carried_out_once(room: Room) -> None:
    swept(room, Written())
    swept(room, Written())
    assert room.door.commands == [Approve(promotion=P12)]
    assert room.door.requests[0].message_id == "github:comment:501"
    assert room.voice.reactions == [(501, "+1")]
    assert room.voice.asked == [1_000 - OVERLAP, 1_060 - OVERLAP]


def test_a_delivery_after_the_sweep_and_a_sweep_after_the_delivery_change_nothing(room: Room) -> None:
    swept(room, Written())
    room.hear_and_act(said("/mlops approve"))
    room.hear_and_act(said("/mlops approve", comment=502), delivery="d-2")
    swept(room, Written(), Written(id=502))
    assert len(room.door.requests) == 2


def test_a_comment_that_was_carried_out_and_edited_later_is_left_alone(room: Room) -> None:
    room.hear_and_act(said("/mlops approve"))
    swept(room, Written(text="/mlops reject --reason no", edited=True))
    assert room.door.commands == [Approve(promotion=P12)]
    assert room.voice.answers == {}


def test_words_that_somebody_else_may_have_put_there_are_never_carried_out(room: Room) -> None:
    swept(room, Written(edited=True))
    assert room.door.requests == []
    assert room.voice.reactions == [(501, "confused")]
    assert "Write the command again, in a new comment." in room.voice.texts[0]
    swept(room, Written(edited=True))
    assert len(room.voice.answers) == 1


def test_a_command_from_days_ago_is_not_carried_out_any_more(room: Room) -> None:
    room.watch.now += TOO_OLD + 1
    swept(room, Written(at=1_000))
    assert room.door.requests == []
    assert "more than a day ago" in room.voice.texts[0]


@pytest.mark.parametrize(
    "comment",
    [
        Written(is_bot=True),
        Written(on_pull_request=False),
        Written(text="I typed `/mlops approve` and it worked"),
        Written(text="> /mlops approve"),
        Written(text="looks good", edited=True),
    ],
)
def test_programs_issues_and_talk_about_commands_are_passed_over(room: Room, comment: Written) -> None:
    swept(room, comment)
    assert (room.door.requests, room.voice.answers, room.voice.reactions) == ([], {}, [])


def test_a_sweep_that_failed_asks_for_the_same_time_again(room: Room) -> None:
    room.voice.troubles = [Unavailable("GitHub does not answer.")]
    with pytest.raises(Unavailable):
        swept(room, Written())
    swept(room, Written())
    assert room.voice.asked == [1_000 - OVERLAP]
    assert len(room.door.requests) == 1


def test_a_sweep_rings_for_whoever_works(room: Room) -> None:
    letterbox = room.letterbox
    room.voice.comments = [Written()]
    room.ears(letterbox).sweep("shop")
    assert letterbox.bell.is_set()
    assert room.due() == ["comment:501"]
