"""What becomes of a link that was proposed before the rulebook on main changed?

When a whole team links its accounts, each accepted one changes people.yaml under all the others. Nobody has to mend
those by hand: what a link says is one account of one person, so it is written once more, onto main as it is now. The
change keeps its name, R1; its proposal is another one, so what was decided before does not count for it.
"""

from dataclasses import replace

from gates.refusal import UserError
from policies.rulebook import Rulebook
from storage.ledger import Entry
from storage.rulebook_changes import RulebookChange
from workflows.effects import Intent, carry_out
from workflows.forge import PullRequest
from workflows.installation import Installation, Project
from workflows.linking import chat_of, forge_of, link_of, people_with, words_for
from workflows.rulebook_proposal import digest_at


class PointlessError(Exception):
    """A link that cannot be true any more; its text says why."""


def renewed(
    installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest, current: Rulebook
) -> tuple[RulebookChange, PullRequest]:
    """Return a change and its pull request, brought up to main where it is a link that main has overtaken.

    Raises `PointlessError` when main says something else by now: the person is gone, or the account is another's.
    """
    with installation.database.reading() as work:
        link = link_of(work, change)
    if link is None or digest_at(project, project.forge.merge_base(pull_request.head)) == current.digest:
        return change, pull_request
    try:
        newer = _proposed_anew(installation, project, change, pull_request, link)
    except UserError as contradicted:
        raise PointlessError(f"main has changed, and the link with it: {contradicted}") from contradicted
    moved = replace(change, pull_request=newer.number, url=newer.url, updated_at=installation.clock())
    with installation.database.transaction() as work:
        work.rulebook_changes.save(moved)
    project.forge.close(pull_request.number, comment=f"{change.name} goes on in pull request {newer.number}.")
    return moved, newer


def _proposed_anew(
    installation: Installation, project: Project, change: RulebookChange, older: PullRequest, link: Entry
) -> PullRequest:
    """Open a pull request from where main stands now; raises `UserError` when it cannot say the same any more."""
    person, main = str(link.body["person"]), project.forge.main_head()
    files = people_with(project, person, chat_of(link))
    branch = f"mlops/link-{change.name.lower()}-{main[:12]}"

    def act() -> str:
        project.forge.commit(branch, files, message=older.title, at=installation.clock())
        words = words_for(person, forge_of(link), chat_of(link))
        opened = project.forge.open_pull_request(branch, title=older.title, body=words, author=change.author)
        return str(opened.number)

    intent = Intent(
        project=project.name,
        subject=change.name,
        key=f"{project.name}:{change.name}:renew:{main}",
        what="renew a link",
        body={"main": main, "replaces": older.number},
    )
    return project.forge.pull_request(int(carry_out(installation, intent, act)))
