"""Whoever is linked hears of it on both sides."""

from dataclasses import dataclass, field

import pytest

from bot.chat.linked import tell_linked
from gates.refusal import Unavailable, UserError
from tests.linking.talk import BOB, CODES, Talk


@dataclass
class Messages:
    """A chat that keeps what it is to deliver, and fails as it is told to."""

    name: str = "slack"
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    trouble: Exception | None = None

    def direct(self, account: str, key: str, text: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.sent.append((account, key, text))


def test_the_chat_account_is_told_once_of_what_was_typed_at_the_forge(linked: Talk) -> None:
    slack = Messages()
    for _ in range(3):
        tell_linked(slack, linked.world.installation)
    ((account, key, text),) = slack.sent
    assert account == BOB
    assert key.endswith(":told")
    assert text == (
        "A code that was given to you here was typed by embedded bob: embedded bob and slack T01ABC/U02BOB are both "
        "bob once a governor accepts R1. If that was not you, tell a governor to reject R1."
    )


def test_what_was_typed_in_the_chat_was_answered_there(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.slack(BOB, f"link {CODES[0]}")
    slack = Messages()
    tell_linked(slack, talk.world.installation)
    assert slack.sent == []


def test_another_platform_tells_nobody(linked: Talk) -> None:
    teams = Messages(name="teams")
    tell_linked(teams, linked.world.installation)
    assert teams.sent == []


def test_a_chat_that_sleeps_is_tried_again(linked: Talk) -> None:
    slack = Messages(trouble=Unavailable("Slack sleeps."))
    with pytest.raises(Unavailable):
        tell_linked(slack, linked.world.installation)
    slack.trouble = None
    tell_linked(slack, linked.world.installation)
    assert len(slack.sent) == 1


def test_who_cannot_be_written_to_is_left_in_peace_and_the_ledger_says_why(linked: Talk) -> None:
    slack = Messages(trouble=UserError("They do not want to be written to."))
    tell_linked(slack, linked.world.installation)
    slack.trouble = None
    tell_linked(slack, linked.world.installation)
    assert slack.sent == []
    observed = [entry for entry in linked.entries("R1") if entry.kind == "observed"]
    assert [entry.body["result"] for entry in observed] == ["not told: They do not want to be written to."]


def test_after_a_day_it_is_no_news(linked: Talk) -> None:
    linked.world.clock.now += 86_401
    slack = Messages()
    tell_linked(slack, linked.world.installation)
    assert slack.sent == []
