"""When does a pull request begin to be a rulebook change, R1, that governors decide?"""

from storage.database import Work
from storage.rulebook_changes import RulebookChange
from workflows.forge import PullRequest
from workflows.outbox import ask_for_change


def begin_change(work: Work, project: str, pull_request: PullRequest, *, author: str, at: int) -> RulebookChange:
    """Write a change down and ask for a look at it; `author` is an account of the forge, and barred from approving.

    A pull request that is known already keeps its change.
    """
    created = work.rulebook_changes.create(
        project=project,
        pull_request=pull_request.number,
        url=pull_request.url,
        head=pull_request.head,
        digest="",
        author=author,
        at=at,
    )
    if created.repeated:
        return created.change
    work.ledger.append(
        kind="rulebook_proposed",
        project=project,
        subject=created.change.name,
        body={"pull_request": pull_request.number, "author": author, "title": pull_request.title},
        at=at,
    )
    ask_for_change(work, created.change, cause="proposed", at=at)
    return created.change
