"""What does each chat show of each promotion, and what is it still to be told?

A row is written before the message it is about, so that a process that dies in between knows to look for the message
before it sends another.
"""

from dataclasses import dataclass, fields

from sqlmodel import Session, col, func, select

from storage.tables import PostTable


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """One promotion on one platform."""

    platform: str
    promotion: str
    """"P12"."""
    project: str
    channel: str
    """Where its message is, or is about to be."""
    message: str | None = None
    """The platform's name for the message; None: perhaps sent, and not known yet."""
    digest: str = ""
    """Of what the message shows; empty when that is not known."""
    told_seq: int = 0
    """The last entry of the ledger that its thread tells."""
    asked_about: str = ""
    """The evidence that `mentioned` and `reminded` are about; people are asked anew about other evidence."""
    mentioned: tuple[str, ...] = ()
    """Logins of those who were asked where everybody sees it."""
    reminded: tuple[str, ...] = ()
    """Logins of those who were reminded."""
    due_at: int | None = None
    """When it is to be looked at again; None: when something happens."""
    attempts: int = 0
    """How often it failed in a row."""
    problem: str = ""
    """Why it failed the last time."""


class Posts:
    """What the chats show, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def get(self, platform: str, promotion: str) -> PostRow | None:
        """Return what a platform shows of a promotion; None when it was never told."""
        row = self._session.get(PostTable, (platform, promotion))
        return None if row is None else _post_row(row)

    def save(self, post: PostRow) -> PostRow:
        """Write a row, new or not, and return it."""
        columns = {field.name: getattr(post, field.name) for field in fields(post)}
        columns |= {"mentioned": list(post.mentioned), "reminded": list(post.reminded)}
        self._session.merge(PostTable(**columns))
        self._session.flush()
        return post

    def due(self, platform: str, now: int) -> tuple[PostRow, ...]:
        """Return what is to be looked at again by now, the longest overdue first."""
        query = (
            select(PostTable)
            .where(PostTable.platform == platform, col(PostTable.due_at) <= now)
            .order_by(col(PostTable.due_at), col(PostTable.promotion))
        )
        return tuple(_post_row(row) for row in self._session.exec(query))

    def next_due(self, platform: str) -> int | None:
        """Return when the next row is to be looked at, or None."""
        query = select(func.min(PostTable.due_at)).where(PostTable.platform == platform)
        return self._session.exec(query).one()

    def of_message(self, platform: str, message: str) -> PostRow | None:
        """Return the row whose message this is; None when there is none, or more than one."""
        query = select(PostTable).where(PostTable.platform == platform, PostTable.message == message)
        rows = self._session.exec(query).all()
        return _post_row(rows[0]) if len(rows) == 1 else None


def _post_row(row: PostTable) -> PostRow:
    columns = {field.name: getattr(row, field.name) for field in fields(PostRow)}
    return PostRow(**columns | {"mentioned": tuple(row.mentioned), "reminded": tuple(row.reminded)})
