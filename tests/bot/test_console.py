"""The console: a conversation, line by line."""

import io
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.exchange import ExitCode
from bot.settings import Settings
from bot.terminal.completer import completer
from bot.terminal.console import CONTEXT, Conversation, talk
from bot.terminal.out import Out
from bot.terminal.place import Place
from tests.bot.small_house import SmallHouse
from tests.conversation import Golden


@pytest.fixture
def place(settings: Settings, house: SmallHouse) -> Place:
    return Place(settings=settings, out=Out(stdout=io.StringIO(), stderr=io.StringIO()), open_house=house.open)


def written(place: Place) -> str:
    assert isinstance(place.out.stdout, io.StringIO)
    return place.out.stdout.getvalue()


def test_a_conversation_goes_as_it_always_went(place: Place, golden: Golden) -> None:
    talked = Conversation(place=place, login=None)
    golden.conversation(Path(__file__).with_name("conversations") / "console.txt", lambda line: talked.say(line).text)


def test_lines_from_a_pipe_are_answered_without_prompts(place: Place) -> None:
    code = talk(place, io.StringIO("# who decides\nas bob\n\napprove P1 --reason fine\nexit\nstatus\n"))
    assert written(place) == "You speak as bob now.\napproved: P1 by bob, fine.\n"
    assert code is ExitCode.DONE


def test_a_script_hears_how_the_last_line_ended(place: Place) -> None:
    assert talk(place, io.StringIO("status\nas alice\napprove P1\n")) is ExitCode.REFUSED
    assert talk(place, io.StringIO("frobnicate\n")) is ExitCode.WRONG_USAGE
    assert talk(place, io.StringIO("as alice\npromote asleep 1 to staging\n")) is ExitCode.UNAVAILABLE


def test_a_bug_ends_one_answer_and_not_the_conversation(place: Place, house: SmallHouse) -> None:
    talk(place, io.StringIO("as bob\npromote broken 1 to staging\nstatus\n"))
    assert "bug-" in written(place)
    assert written(place).endswith("Nothing is open.\n")
    assert house.opened == house.closed


def test_each_line_is_a_message_of_its_own(place: Place, house: SmallHouse) -> None:
    talk(place, io.StringIO("status\nstatus\n"))
    assert len({request.message_id for request in house.heard}) == 2
    assert {request.surface for request in house.heard} == {"console"}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pro", ["promote"]),
        ("promote ", ["churn", "loan-approval"]),
        ("promote churn 7 ", ["to"]),
        ("promote churn 7 to staging ", ["--reason"]),
        ("promote churn 7 to s", ["staging"]),
        ("status ", ["P1", "churn", "loan-approval"]),
        ("sync churn ", ["in"]),
        ("sync ", ["--restore", "churn", "loan-approval"]),
        ("sync churn in staging --", ["--restore"]),
        ("approve P1 --reason ", []),
        ("audit ", ["P1"]),
        ("nonsense ", []),
    ],
)
def test_the_next_word_is_offered_from_the_grammar_and_the_names_there_are(
    place: Place, typed: str, offered: list[str]
) -> None:
    offers = completer(Conversation(place=place, login=None).known, CONTEXT)
    found = offers.get_completions(Document(typed, len(typed)), CompleteEvent())
    assert [completion.text for completion in found] == offered


def test_names_are_asked_for_once_between_two_commands(place: Place, house: SmallHouse) -> None:
    talked = Conversation(place=place, login=None)
    assert talked.known("MODEL") == talked.known("MODEL")
    assert house.opened == 1
    talked.say("status")
    talked.known("MODEL")
    assert house.opened == 3
