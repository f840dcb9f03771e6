"""How can a chat be spoken to unasked? By the reference that it gave us when somebody spoke there."""

from pydantic import JsonValue
from sqlmodel import Session, col, delete, select

from storage.tables import ConversationTable


class Conversations:
    """The references that chats gave us, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def get(self, platform: str, key: str) -> dict[str, JsonValue] | None:
        """Return the reference kept under a key, such as `user:TENANT/OBJECT` or `channel:19:...`; None if none is."""
        row = self._session.get(ConversationTable, (platform, key))
        return None if row is None else row.reference

    def put(self, platform: str, key: str, reference: dict[str, JsonValue], at: int) -> bool:
        """Keep a reference, in place of an older one; False when it is the same."""
        if self.get(platform, key) == reference:
            return False
        self._session.merge(ConversationTable(platform=platform, key=key, reference=reference, at=at))
        self._session.flush()
        return True

    def keys(self, platform: str, prefix: str = "") -> tuple[str, ...]:
        """Return the keys that begin so, sorted."""
        query = select(ConversationTable.key).where(
            ConversationTable.platform == platform, col(ConversationTable.key).startswith(prefix, autoescape=True)
        )
        return tuple(self._session.exec(query.order_by(col(ConversationTable.key))))

    def forget(self, platform: str, key: str) -> None:
        """Drop a reference, such as that of a chat that we were removed from."""
        gone = delete(ConversationTable).where(
            col(ConversationTable.platform) == platform, col(ConversationTable.key) == key
        )
        self._session.exec(gone)
