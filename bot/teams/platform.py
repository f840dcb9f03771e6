"""How does a promotion appear in Teams? As one card, edited in place, with its history as replies below it.

A message is named as Teams names its thread: `19:...@thread.tacv2;messageid=...`. A bot cannot read a channel's history
there, so nothing can be looked for before it is sent again: a crash in the wrong moment may repeat one message.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import JsonValue

from bot.chat.lookout import Lookout
from bot.chat.platform import Answer, Line, MessageGoneError, Post
from bot.teams import faces
from bot.teams.address import Address
from bot.teams.directory import PLATFORM, Directory
from bot.teams.origin import Origin
from bot.teams.sdk.connector import Connector, Message
from gates.refusal import Unavailable, UserError
from reports.chat_teams_card import MOST_REFRESHED

NAME: Final = PLATFORM
FOR_YOU_ALONE = (
    "The answer is for you alone, and I cannot write to you yet: add this app for yourself in Teams (Apps, then Add),"
    " and ask again."
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsPlatform:
    """Teams, as `bot.chat.platform.Platform` wants it; safe to use from several threads."""

    connector: Connector
    directory: Directory
    lookout: Lookout
    """Through which it is seen by which accounts people are known."""
    name: str = field(default=NAME, init=False)

    def post(self, channel: str, post: Post) -> str:
        """Post a promotion's card, which begins a thread."""
        address = self._near(channel)
        thread, _ = self.connector.begin(address, channel, self._card(post, address))
        return thread

    def edit(self, channel: str, message: str, post: Post) -> None:
        """Show this instead, in place."""
        address = self._at(channel, message)
        number = message.partition(";messageid=")[2]
        if not number:
            raise MessageGoneError(f"{message} names no message in Teams.")
        self.connector.change(address, number, self._card(post, address))

    def find(self, channel: str, promotion: str, digest: str | None) -> str | None:
        """Return None: Teams cannot be asked."""
        del channel, promotion, digest
        return None

    def add(self, channel: str, message: str, line: Line) -> None:
        """Reply below a message."""
        said = Message(card=faces.line(line), summary=faces.summary(line.text))
        self.connector.say(self._at(channel, message), said)

    def direct(self, account: str, key: str, text: str) -> None:
        """Write to one person."""
        del key  # Teams cannot be asked whether it was said already
        self.connector.say(self._chat(account), Message(card=faces.plain_text(text), summary=faces.summary(text)))

    def answer(self, origin: dict[str, JsonValue], answer: Answer) -> None:
        """Answer whoever asked: where they asked, or in the chat with them when it is for them alone."""
        asked = Origin.from_json(origin)
        said = Message(card=faces.answer(answer), summary=faces.summary(answer.text))
        if asked.personal or not answer.private:
            self.connector.say(asked.address, said)
            return
        try:
            self.connector.say(self._chat(asked.account), said)
        except UserError as unreachable:
            logger.warning("%s cannot be answered in private: %s", asked.account, unreachable)
            self.connector.say(asked.address, Message(card=faces.plain_text(_aloud(answer)), summary="An answer"))

    def _card(self, post: Post, address: Address) -> Message:
        refreshed = tuple(self._deciders(post, address))[:MOST_REFRESHED]
        card = faces.shared(post, refreshed=refreshed)
        return Message(card=card, summary=faces.summary(post.report.headline))

    def _deciders(self, post: Post, address: Address) -> Iterator[str]:
        """Yield the ids that Teams knows those by who can decide; whoever it does not know asks for their view."""
        for mention in post.mentions:
            accounts = self.lookout.window().accounts(post.report.project, mention.person)
            yield from filter(None, (self._id_of(account, address) for account in accounts.get(NAME, ())))

    def _id_of(self, account: str, address: Address) -> str:
        seen = self.directory.seen(account)
        if seen is not None:
            return seen.user
        try:
            person = self.connector.member(address, faces.object_id(account)).id
        except (UserError, Unavailable) as unknown:
            logger.info("Teams does not know %s in %s: %s", account, address.channel, unknown)
            return ""
        self.directory.note_seen(account, replace(address, user=person))
        return person

    def _near(self, channel: str) -> Address:
        address = self.directory.near(channel)
        if address is None:
            raise UserError(
                f"Teams never told us of {channel}: add the app to the team of that channel in Teams, and write"
                " `@Gatehouse help` there once."
            )
        return replace(address, conversation=channel, user="")

    def _at(self, channel: str, message: str) -> Address:
        return replace(self._near(channel), conversation=message)

    def _chat(self, account: str) -> Address:
        """Return the chat with one person, opened if there was none."""
        known = self.directory.chat_with(account)
        if known is not None:
            return known
        near = self.directory.seen(account) or self.directory.near("")
        if near is None:
            raise UserError(
                "Teams never told us of anybody: add the app to a team or for yourself, and write to it once."
            )
        person = near.user if self.directory.seen(account) else faces.object_id(account)
        try:
            chat = self.connector.meet(near, person)
        except UserError as refused:
            raise UserError(
                f"{account} cannot be written to in Teams: they add the app for themselves there (Apps, then Add)."
            ) from refused
        address = replace(near, conversation=chat, user=person)
        self.directory.note_chat(account, address)
        return address


def _aloud(answer: Answer) -> str:
    """Return what everybody may read of an answer for one person: why something was refused, and no more."""
    return answer.text if "error" in answer.data else FOR_YOU_ALONE
