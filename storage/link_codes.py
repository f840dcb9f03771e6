"""Which codes may tie two accounts together, and how often did an account guess wrong?

Only a code's hash is kept. It works once, and until it expires. A wrong guess names no code, so guesses are counted for
the account that makes them.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, delete

from storage.tables import LinkCodeTable, LinkTryTable


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCode:
    """A code that was given to an account, and works for whoever types it on the other side."""

    platform: str
    account: str
    project: str
    expires_at: int


class LinkCodes:
    """Codes and guesses, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def make(self, code_hash: str, code: LinkCode) -> None:
        """Keep a new code; an older one of the same account works no more."""
        older = delete(LinkCodeTable).where(
            col(LinkCodeTable.platform) == code.platform, col(LinkCodeTable.account) == code.account
        )
        self._session.exec(older)
        self._session.add(
            LinkCodeTable(
                code_hash=code_hash,
                platform=code.platform,
                account=code.account,
                project=code.project,
                expires_at=code.expires_at,
            )
        )
        self._session.flush()

    def find(self, code_hash: str, now: int) -> LinkCode | None:
        """Return a code that works now, and let it work on; None when there is none such."""
        row = self._session.get(LinkCodeTable, code_hash)
        return None if row is None or row.expires_at <= now else _link_code(row)

    def take(self, code_hash: str, now: int) -> LinkCode | None:
        """Use a code up and return it; None when there is none such, or it has expired."""
        row = self._session.get(LinkCodeTable, code_hash)
        if row is None:
            return None
        self._session.delete(row)
        self._session.flush()
        return None if row.expires_at <= now else _link_code(row)

    def tries(self, platform: str, account: str, now: int) -> int:
        """Return how many wrong guesses of an account are remembered."""
        row = self._session.get(LinkTryTable, (platform, account))
        return 0 if row is None or row.forgotten_at <= now else row.count

    def missed(self, platform: str, account: str, *, now: int, forgotten_at: int) -> int:
        """Count a wrong guess, remember all of the account's until then, and return how many that are."""
        count = self.tries(platform, account, now) + 1
        row = LinkTryTable(platform=platform, account=account, count=count, forgotten_at=forgotten_at)
        self._session.merge(row)
        self._session.flush()
        return count

    def forget(self, now: int) -> None:
        """Drop what has expired."""
        self._session.exec(delete(LinkCodeTable).where(col(LinkCodeTable.expires_at) <= now))
        self._session.exec(delete(LinkTryTable).where(col(LinkTryTable.forgotten_at) <= now))


def _link_code(row: LinkCodeTable) -> LinkCode:
    return LinkCode(platform=row.platform, account=row.account, project=row.project, expires_at=row.expires_at)
