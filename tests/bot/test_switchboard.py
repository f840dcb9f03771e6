"""The switchboard: a server answers where there is one; otherwise this process does, in its turn."""

import threading
from collections.abc import Sequence

import pytest

from bot.commands import ModelName, Promote, Status
from bot.exchange import ExitCode, Progress, Reply, Request, Speaker
from bot.settings import Settings
from bot.terminal import wire
from bot.terminal.lock import InstallationLock
from bot.terminal.socket_server import Answers, listening
from bot.terminal.switchboard import Switchboard
from gates.refusal import Unavailable
from tests.bot.small_house import SmallHouse

PROMOTE = Promote(model=ModelName(name="churn"), version="7", environment="staging")
WORDS = ("promote", "churn", "7", "to", "staging", "--reason", "a secret")


def request(command: Promote | Status) -> Request:
    speaker = Speaker(platform="embedded", account="bob", assurance="asserted")
    return Request(command=command, speaker=speaker, surface="terminal", message_id="message-1")


def silent(_line: str) -> None:
    return


def of_server(question: wire.Ask, _progress: Progress) -> Reply:
    return Reply(text=f"server: {' '.join(question.words)} as {question.login}", code=ExitCode.DONE)


def server_names(kind: str) -> Sequence[str]:
    return (f"{kind} of the server",)


SERVER = Answers(ask=of_server, names=server_names, write_down=str)


def test_without_a_server_the_house_is_opened_for_one_command(settings: Settings, house: SmallHouse) -> None:
    board = Switchboard(settings=settings, open_house=house.open)
    assert board.answer(WORDS, request(PROMOTE), silent).text == "waiting: P1 promotes churn 7 to staging for bob."
    assert (house.opened, house.closed) == (1, 1)


def test_an_acting_command_holds_the_installation_meanwhile(settings: Settings, house: SmallHouse) -> None:
    seen: list[str] = []
    house.on_handle = lambda _: seen.append(str(InstallationLock(settings.workspace).holder()))
    board = Switchboard(settings=settings, open_house=house.open)
    board.answer(WORDS, request(PROMOTE), silent)
    board.answer(("status",), request(Status()), silent)
    assert "(mlops promote churn 7 to staging)" in seen[0]
    assert seen[1] == "None"


def test_acting_waits_for_its_turn_and_then_says_who_has_it(settings: Settings, house: SmallHouse) -> None:
    board = Switchboard(settings=settings, open_house=house.open, patience=0.01)
    with InstallationLock(settings.workspace).hold("mlops sync"):
        with pytest.raises(Unavailable, match=r"held by process \d+ \(mlops sync\)"):
            board.answer(WORDS, request(PROMOTE), silent)
        assert house.opened == 0
        assert board.answer(("status",), request(Status()), silent).text == "Nothing is open."


def test_a_command_that_had_to_wait_goes_on_when_it_may(settings: Settings, house: SmallHouse) -> None:
    board = Switchboard(settings=settings, open_house=house.open)
    replies: list[Reply] = []
    with InstallationLock(settings.workspace).hold("mlops sync"):
        thread = threading.Thread(target=lambda: replies.append(board.answer(WORDS, request(PROMOTE), silent)))
        thread.start()
    thread.join(20)
    assert [reply.code for reply in replies] == [ExitCode.WAITING]


def test_a_server_answers_everything_when_it_holds_the_installation(settings: Settings, house: SmallHouse) -> None:
    board = Switchboard(settings=settings, open_house=house.open)
    lock = InstallationLock(settings.workspace)
    with lock.hold("mlops serve") as hold, listening(settings.workspace, SERVER) as path:
        hold.announce(path)
        assert board.answer(("status",), request(Status()), silent).text == "server: status as bob"
        assert board.answer(WORDS, request(PROMOTE), silent).text.startswith("server: promote churn 7")
        assert board.names("MODEL") == ("MODEL of the server",)
    assert house.opened == 0
    assert board.names("MODEL") == ("churn", "loan-approval")


def test_a_server_that_holds_but_does_not_listen_is_unavailable(settings: Settings, house: SmallHouse) -> None:
    board = Switchboard(settings=settings, open_house=house.open)
    with InstallationLock(settings.workspace).hold("mlops serve") as hold:
        hold.announce(str(settings.workspace / "mlops.sock"))
        with pytest.raises(Unavailable, match="does not answer"):
            board.answer(WORDS, request(PROMOTE), silent)
    assert house.opened == 0
