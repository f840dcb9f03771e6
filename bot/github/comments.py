"""What did we and others say below a pull request?

Comments of ours are found by a hidden marker, edited in place and only if their text differs. An answer to a person's
comment names that comment in its marker, so that it is given once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from github.IssueComment import IssueComment
from github.PaginatedList import PaginatedList

from bot.github.bounded import Bounded
from bot.github.cutting import COMMENT_LIMIT, Whole, cut
from bot.github.pull_requests import GHOST
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository

NOT_FOUND, GONE = 404, 410
MISSING = frozenset({NOT_FOUND, GONE})
BOT = "Bot"
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment by anybody, as GitHub has it now."""

    id: int
    number: int
    """Of the issue or pull request."""
    account: str
    """Whoever wrote it first; "ghost" when the account is deleted."""
    is_bot: bool
    text: str
    at: int
    """Seconds since 1970 when it was written."""
    edited: bool
    """Was it changed since? Others with write access may change it too."""
    on_pull_request: bool


class Comments:
    """Comments in one repository; safe to use from several threads."""

    def __init__(self, repository: GitHubRepository) -> None:
        """Ask nothing yet."""
        self._repository = repository
        self._ids: Bounded[tuple[int, str], int] = Bounded(most=MOST_REMEMBERED)

    def put(self, number: int, marker: str, text: str, *, whole: Whole | None = None) -> None:
        """Write the one comment of ours that bears `marker`, or change it to `text`."""
        opening = f"<!-- {marker} -->\n"
        body = opening + cut(text, COMMENT_LIMIT - len(opening), whole)
        comment = self._remembered(number, marker) or self._found(number, marker)
        if comment is None:
            self._ids.keep((number, marker), self._write(number, body))
        elif _settled(comment.body) != _settled(body):
            comment.edit(body)

    def put_once(self, number: int, marker: str, text: str) -> None:
        """Write a comment unless one of ours bears `marker` already; it is never changed."""
        if self._remembered(number, marker) is None and self._found(number, marker) is None:
            opening = f"<!-- {marker} -->\n"
            body = opening + cut(text, COMMENT_LIMIT - len(opening), None)
            self._ids.keep((number, marker), self._write(number, body))

    def since(self, at: int) -> tuple[Comment, ...]:
        """Return every comment that was written or changed since then (seconds since 1970), oldest first."""
        about = self._repository.about()
        listed = about.get_issues_comments(sort="created", direction="asc", since=datetime.fromtimestamp(at, UTC))
        return tuple(_seen(comment) for comment in listed)

    def react(self, comment_id: int, name: str) -> None:
        """Put a reaction ("+1", "-1", "confused", "eyes") beside a comment; a comment that is gone needs none."""
        url = f"{self._repository.about().url}/issues/comments/{comment_id}/reactions"
        try:
            self._repository.requester.requestJsonAndCheck("POST", url, input={"content": name})
        except Declined as declined:
            if declined.status not in MISSING:
                raise

    def answer(self, number: int, to: str, text: str) -> None:
        """Answer below pull request `number`, once for each `to`: what is answered, such as "comment:5"."""
        self.put_once(number, f"gatehouse:answer:{to}", text)

    def _remembered(self, number: int, marker: str) -> IssueComment | None:
        known = self._ids.get((number, marker))
        if known is None:
            return None
        try:
            url = f"{self._repository.about().url}/issues/comments/{known}"
            return IssueComment(self._repository.requester, url=url)
        except Declined as declined:
            if declined.status not in MISSING:
                raise
            self._ids.forget((number, marker))  # somebody deleted it
            return None

    def _found(self, number: int, marker: str) -> IssueComment | None:
        """Find ours by its marker; a second one, of a process that died between two lines, goes."""
        bearing = f"<!-- {marker} -->"
        found = [comment for comment in self._below(number) if self._is_ours(comment) and bearing in comment.body]
        for doubled in found[1:]:
            doubled.delete()
        if found:
            self._ids.keep((number, marker), found[0].id)
        return found[0] if found else None

    def _below(self, number: int) -> PaginatedList[IssueComment]:
        url = f"{self._repository.about().url}/issues/{number}/comments"
        return PaginatedList(IssueComment, self._repository.requester, url)

    def _is_ours(self, comment: IssueComment) -> bool:
        return comment.user is not None and comment.user.login == self._repository.app.login

    def _write(self, number: int, body: str) -> int:
        url = f"{self._repository.about().url}/issues/{number}/comments"
        headers, document = self._repository.requester.requestJsonAndCheck("POST", url, input={"body": body})
        return IssueComment(self._repository.requester, headers, document, completed=True).id


def _settled(body: str) -> str:
    """Return a body apart from what GitHub's pages change in passing."""
    return body.replace("\r\n", "\n").strip()


def _seen(comment: IssueComment) -> Comment:
    return Comment(
        id=comment.id,
        number=int(comment.issue_url.rpartition("/")[2]),
        account=comment.user.login if comment.user else GHOST,
        is_bot=bool(comment.user and comment.user.type == BOT) or comment.performed_via_github_app is not None,
        text=comment.body or "",
        at=int(comment.created_at.timestamp()),
        edited=comment.updated_at > comment.created_at,
        on_pull_request="/pull/" in comment.html_url,
    )
