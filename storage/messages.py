"""Was this message answered already, and with what? So that a command heard twice is answered once."""

from pydantic import JsonValue
from sqlmodel import Session

from storage.tables import MessageTable


class Messages:
    """What messages were answered with, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def seen(self, surface: str, message_id: str) -> dict[str, JsonValue] | None:
        """Return the reply that a message got, as JSON; None when it is new."""
        row = self._session.get(MessageTable, (surface, message_id))
        return None if row is None else row.reply

    def remember(self, surface: str, message_id: str, reply: dict[str, JsonValue], at: int) -> dict[str, JsonValue]:
        """Keep a message's reply and return what stands: the first reply, if there was one."""
        first = self.seen(surface, message_id)
        if first is not None:
            return first
        self._session.add(MessageTable(surface=surface, message_id=message_id, reply=reply, at=at))
        self._session.flush()
        return reply
