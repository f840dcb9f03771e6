"""What is done about a comment or a button, and how does the person hear of it?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import Approve, ModelName, Promote, PromotionName, Recheck, Reject, Why, Withdraw
from bot.exchange import Notice, Request, Speaker
from bot.github.heard import Everything, Look, Main, Missed
from tests.github.deliveries import HEAD
from tests.github.listeners import CARD, P12, Room, pressed, said, small_room
from workflows.forge import Button

ALICE = Speaker(platform="github", account="alice", assurance="platform")
NO_ROLE = "mallory has no role that counts for &lt;P12>."
VAIN = "which was not carried out"
THIRTEEN = PromotionName(number=13, project="shop")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Ears on a real database."""
    with small_room(tmp_path) as made:
        yield made


def test_hints_only_say_where_to_look(room: Room) -> None:
    room.hear_and_act(Look(project="shop", number=12), Main(project="shop"), Everything(project="shop"))
    assert room.door.notices == [
        Notice(project="shop", pull_request=12),
        Notice(project="shop", main=True),
        Notice(project="shop"),
    ]
    assert (room.voice.answers, room.voice.reactions) == ({}, [])


def test_an_approval_in_a_comment_is_the_persons_own_and_gets_a_thumb(room: Room) -> None:
    room.hear_and_act(said("Looks right.\n/mlops approve --reason numbers hold"))
    assert room.door.requests == [
        Request(
            command=Approve(promotion=P12, reason="numbers hold"),
            speaker=ALICE,
            surface="github",
            message_id="github:comment:501",
        )
    ]
    assert (room.voice.reactions, room.voice.answers) == ([(501, "+1")], {})


def test_a_command_that_names_its_promotion_is_shown_there_just_the_same(room: Room) -> None:
    room.hear_and_act(said("/mlops withdraw P12"))
    assert room.door.commands == [Withdraw(promotion=PromotionName(number=12))]
    assert (room.voice.reactions, room.voice.answers) == ([(501, "+1")], {})


def test_what_becomes_of_something_else_is_told_in_words(room: Room) -> None:
    room.hear_and_act(said("/mlops promote churn 7 to staging"))
    assert room.door.commands == [Promote(model=ModelName(name="churn"), version="7", environment="staging")]
    assert room.voice.reactions == [(501, "+1")]
    assert room.voice.answers == {
        "comment:501": (
            12,
            "**alice**, on `/mlops promote churn 7 to staging`:\n\n```text\nPromote by alice is done.\n```",
        )
    }


def test_several_commands_get_one_answer_and_a_message_each(room: Room) -> None:
    room.hear_and_act(said("/mlops why\n/mlops approve\n/mlops recheck"))
    assert room.door.commands == [Why(promotion=P12), Approve(promotion=P12), Recheck(promotion=P12)]
    ids = [request.message_id for request in room.door.requests]
    assert ids == ["github:comment:501", "github:comment:501:2", "github:comment:501:3"]
    assert room.voice.texts == ["**alice**, on `/mlops why`:\n\n```text\nWhy by alice is done.\n```"]
    assert room.voice.reactions == [(501, "+1")]


def test_a_card_is_markdown_and_everything_else_stands_in_a_block(room: Room) -> None:
    room.hear_and_act(said("/mlops card churn\n/mlops status P12"))
    (text,) = room.voice.texts
    assert text == (
        f"**alice**, on `/mlops card churn`:\n\n{CARD}\n\n"
        "**alice**, on `/mlops status P12`:\n\n"
        "```text\nP12 waits for `two` people.\n  Next: mlops approve P12\n```"
    )
    assert room.voice.reactions == []


def test_a_refused_command_is_answered_once_and_its_text_cannot_act(room: Room) -> None:
    room.hear_and_act(said("/mlops approve", account="mallory"))
    assert room.voice.reactions == [(501, "confused")]
    assert room.voice.texts == [f"**mallory**, on `/mlops approve`:\n\n{NO_ROLE}"]


def test_a_bad_request_is_a_reply_that_mentions_nobody(room: Room) -> None:
    room.hear_and_act(said("/mlops status churn"))
    (text,) = room.voice.texts
    assert "Which project? There are @\N{WORD JOINER}bank, shop." in text
    assert room.voice.reactions == [(501, "confused")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/mlops aprove", "There is no command 'aprove'. Did you mean approve?"),
        ("/mlops reject", "reject needs a reason that others can read later"),
        ("/mlops demo", "works in a terminal only"),
        ("/mlops rulebook trust 4f2a9c1", "works in a terminal only"),
    ],
)
def test_a_line_that_is_no_command_is_answered_with_what_was_meant(room: Room, line: str, says: str) -> None:
    room.hear_and_act(said(line))
    assert room.door.requests == []
    assert room.voice.reactions == [(501, "confused")]
    assert says in room.voice.texts[0]


def test_a_mixed_comment_gets_both_signs(room: Room) -> None:
    room.hear_and_act(said("/mlops approve\n/mlops nonsense"))
    assert room.voice.reactions == [(501, "+1"), (501, "confused")]


def test_more_than_five_commands_are_not_begun(room: Room) -> None:
    room.hear_and_act(said("/mlops approve\n" * 6))
    assert room.door.requests == []
    assert room.voice.reactions == [(501, "confused")]
    assert room.voice.texts == [
        "**alice**: one comment holds at most 5 commands, this one has 6. None was carried out."
    ]


def test_a_comment_that_only_talks_about_commands_is_left_alone(room: Room) -> None:
    room.hear_and_act(said("Type `/mlops approve` when you are ready:\n\n```\n/mlops approve\n```"))
    assert (room.door.requests, room.voice.answers, room.voice.reactions) == ([], {}, [])


def test_in_a_pull_request_that_is_none_of_ours_a_promotion_has_to_be_named(room: Room) -> None:
    room.hear_and_act(said("/mlops approve\n/mlops approve P12", number=77))
    assert room.door.commands == [Approve(promotion=PromotionName(number=12))]
    assert room.voice.reactions == [(501, "+1"), (501, "confused")]
    ((number, text),) = room.voice.answers.values()
    assert number == 77
    assert "approve needs PROMOTION" in text
    assert "Approve by alice is done." in text


def test_a_backtick_in_an_answer_cannot_end_its_block(room: Room) -> None:
    room.door.known = {}
    room.hear_and_act(said("/mlops promote churn 7 to staging", account="a```b"))
    assert "````text\nPromote by a```b is done.\n````" in room.voice.texts[0]


@pytest.mark.parametrize(
    ("button", "command"),
    [
        (Button.APPROVE, Approve(promotion=P12)),
        (Button.REJECT, Reject(promotion=P12, reason="rejected with the button")),
        (Button.RECHECK, Recheck(promotion=P12)),
    ],
)
def test_a_button_is_a_command_about_the_commit_that_was_seen(
    room: Room, button: Button, command: Approve | Reject | Recheck
) -> None:
    room.hear_and_act(pressed(button), delivery="guid-1")
    assert room.door.requests == [
        Request(command=command, speaker=ALICE, surface="github", message_id="github:check_run:guid-1", commit=HEAD)
    ]
    assert (room.voice.answers, room.voice.reactions) == ({}, [])


def test_a_refused_button_names_the_person_and_says_why(room: Room) -> None:
    room.hear_and_act(pressed(Button.APPROVE, account="mallory"), delivery="guid-1")
    assert room.voice.answers == {
        "github:check_run:guid-1": (12, f"**mallory** pressed **Approve**, {VAIN}:\n\n{NO_ROLE}"),
    }


def test_a_button_on_a_commit_of_two_promotions_decides_neither(room: Room) -> None:
    room.door.known[13] = THIRTEEN
    room.hear_and_act(pressed(Button.APPROVE, numbers=(12, 13)))
    assert room.door.requests == []
    assert "This commit belongs to P12 and P13. Say which in a comment: /mlops approve P12" in room.voice.texts[0]


def test_a_button_where_nothing_is_open_says_so_and_one_without_a_pull_request_is_silent(room: Room) -> None:
    room.hear_and_act(pressed(Button.REJECT, numbers=(77,)))
    assert "There is no open promotion and no rulebook change in this pull request" in room.voice.texts[0]
    room.hear_and_act(pressed(Button.REJECT, numbers=()), delivery="d-2")
    assert len(room.voice.answers) == 1
    assert room.door.requests == []


def test_running_again_rechecks_what_is_ours_and_looks_at_what_is_not(room: Room) -> None:
    room.door.known[13] = THIRTEEN
    room.hear_and_act(pressed(Button.RECHECK, numbers=(77, 12, 13)), delivery="guid-1")
    assert room.door.notices == [Notice(project="shop", pull_request=77)]
    assert room.door.commands == [Recheck(promotion=P12), Recheck(promotion=THIRTEEN)]
    ids = [request.message_id for request in room.door.requests]
    assert ids == ["github:check_run:guid-1:2", "github:check_run:guid-1:3"]
    room.hear_and_act(pressed(Button.RECHECK, numbers=()), delivery="guid-2")
    assert room.door.notices[1:] == [Notice(project="shop")]


@pytest.mark.parametrize(("edited", "why"), [(True, "edited before it was heard"), (False, "more than a day ago")])
def test_a_missed_comment_is_to_be_written_again(room: Room, edited: bool, why: str) -> None:  # noqa: FBT001 - a case
    room.hear_and_act(Missed(project="shop", number=12, comment=501, edited=edited))
    assert room.voice.reactions == [(501, "confused")]
    ((number, text),) = room.voice.answers.values()
    assert number == 12
    assert why in text
    assert "Write the command again, in a new comment." in text
