"""Which comments did no delivery tell us of?

GitHub does not deliver again by itself what failed. A comment that was never edited is its author's word, however late
we find it. One that was edited may be anybody's with write access: it is never carried out, and says so.
"""

from bot.github.conversation import SURFACE
from bot.github.heard import Heard, Missed, Said, to_json
from bot.github.spoken import commands_in
from bot.github.voice import Comment, Voice
from storage.database import Database

OVERLAP = 300
"""Seconds that two sweeps overlap: clocks differ, and GitHub's listing may lag."""
TOO_OLD = 86_400
"""Seconds after which a command is not carried out any more: what it was about has passed."""


def sweep_comments(project: str, voice: Voice, database: Database, now: int) -> int:
    """Keep the comments with commands that are not known yet; return how many. The first sweep only begins.

    Raises Unavailable; then the next sweep asks for the same time again.
    """
    with database.reading() as work:
        until = work.inbox.swept_until(SURFACE, project)
    comments = () if until is None else voice.since(until - OVERLAP)
    commanding = [comment for comment in comments if _commands(comment)]
    with database.transaction() as work:
        new = [
            work.inbox.put(SURFACE, f"comment:{comment.id}", to_json(_heard(project, comment, now)), now)
            for comment in commanding
        ]
        work.inbox.set_swept_until(SURFACE, project, now)
    return sum(new)


def _commands(comment: Comment) -> bool:
    return comment.on_pull_request and not comment.is_bot and bool(commands_in(comment.text))


def _heard(project: str, comment: Comment, now: int) -> Heard:
    if comment.edited or now - comment.at > TOO_OLD:
        return Missed(project=project, number=comment.number, comment=comment.id, edited=comment.edited)
    return Said(
        project=project,
        number=comment.number,
        comment=comment.id,
        account=comment.account,
        text=comment.text,
        at=comment.at,
    )
