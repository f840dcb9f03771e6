"""How does main get back to what was authorised? By pull requests, merged on somebody's authority."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from gates.refusal import UserError
from storage.promotions import Promotion
from workflows.effects import Intent, carry_out
from workflows.forge import Check, CheckState, MergeRefusedError, PullRequest, PullRequestState
from workflows.installation import Installation, Project
from workflows.main_line import MERGE_OF_OURS
from workflows.main_should import at, main_should, wrong_on_main
from workflows.merging import authorised_change, landed_as, merged_key
from workflows.overwriting import put_checks
from workflows.rulebook import main_subject

Files = Mapping[str, bytes | None]
"""Content by path; None removes the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revert:
    """A pull request that undoes one commit on main."""

    commit: str
    number: int
    url: str


def open_revert(
    installation: Installation, project: Project, commit: str, files: Files, *, why: str, subject: str
) -> Revert:
    """Open the pull request that puts `files` back as they were before `commit`; repeatable."""
    branch = f"mlops/revert-{commit[:12]}"
    message = f"Revert {commit[:12]}: {why}"

    def act() -> str:
        project.forge.commit(branch, files, message=message, at=installation.clock())
        opened = project.forge.open_pull_request(branch, title=message, body=why, author="gatehouse")
        return str(opened.number)

    intent = Intent(
        project=project.name,
        subject=subject,
        key=f"{project.name}:revert:{commit}",
        what="open a revert",
        body={"commit": commit, "why": why},
    )
    pull_request = project.forge.pull_request(int(carry_out(installation, intent, act)))
    if pull_request.state is PullRequestState.OPEN:
        waits = "It takes back what nobody authorised; mlops sync MODEL in ENVIRONMENT --restore merges it."
        _show(installation, project, pull_request, CheckState.WAITING, waits)
    return Revert(commit=commit, number=pull_request.number, url=pull_request.url)


def merge_revert(installation: Installation, project: Project, revert: Revert, *, authorised_by: str) -> str:
    """Authorise and merge a revert; return the commit on main. Raises `MergeRefusedError`."""
    pull_request = project.forge.pull_request(revert.number)
    head = pull_request.head
    key = f"{project.name}:merge-revert:{revert.number}:{head}"
    with installation.database.reading() as work:
        begun = work.ledger.find(kind="intended", key=key)
    body: Mapping[str, JsonValue] = {
        "authorised_by": authorised_by,
        "reverts": revert.commit,
        "pull_request": revert.number,
        "head": head,
        "change": dict(authorised_change(project, head)),
    }
    if begun is not None:  # once merged, the branch and main no longer differ: what was meant stands in the ledger
        body = {name: value for name, value in begun.body.items() if name != "what"}
    intent = Intent(project=project.name, subject=main_subject(project.name), key=key, what=MERGE_OF_OURS, body=body)

    def act() -> str:
        _show(installation, project, pull_request, CheckState.SUCCESS, f"Authorised by {authorised_by}; merging.")
        return project.forge.merge(
            revert.number, expected_head=head, message=f"Revert {revert.commit[:12]}", at=installation.clock()
        )

    commit = carry_out(installation, intent, act)
    answer_for(installation, project, "merged", commit, authorised_by=authorised_by)
    project.forge.delete_branch(pull_request.branch)
    return commit


def _show(
    installation: Installation, project: Project, pull_request: PullRequest, state: CheckState, summary: str
) -> None:
    check = Check(name="mlops/promotion", state=state, summary=summary)
    put_checks(installation, project, main_subject(project.name), pull_request.head, [check])


def answer_for(installation: Installation, project: Project, kind: str, commit: str, *, authorised_by: str) -> None:
    """Write down that a commit is no alarm (any more): `merged`, `reverted`, or `reapplied` when main lost it."""
    key = merged_key(project.name, commit)
    with installation.database.transaction() as work:
        if work.ledger.find(kind=kind, key=key) is None:
            work.ledger.append(
                kind=kind,
                project=project.name,
                subject=main_subject(project.name),
                key=key,
                body={"commit": commit, "authorised_by": authorised_by},
                at=installation.clock(),
            )


def revert_promotion(installation: Installation, project: Project, promotion: Promotion) -> None:
    """Take a promotion's merge out of main again, because its version never came to serve."""
    commit = str(promotion.merge_commit)
    landed = landed_as(installation, project, promotion, commit)
    parent = project.forge.parent_of(landed[-1]) if landed else None
    if parent is None:
        return  # somebody set main back behind it: there is nothing to take out, and sync raises the alarm
    files = {change.path: at(project, parent, change.path) for change in project.forge.changes(parent, commit)}
    why = f"{promotion.name} was merged and could not be switched on"
    authority = f"the authorisation of {promotion.name}"
    try:
        revert = open_revert(installation, project, commit, files, why=why, subject=promotion.name)
        merge_revert(installation, project, revert, authorised_by=authority)
    except (MergeRefusedError, UserError):  # main moved on under the same files, or has them back already
        put_right(installation, project, files, authorised_by=authority)
    answer_for(installation, project, "reverted", commit, authorised_by=authority)


def merge_or_close(
    installation: Installation, project: Project, revert: Revert, paths: tuple[str, ...], *, authorised_by: str
) -> None:
    """Merge a revert that still mends something, brought up to what main should hold now; close any other."""
    pull_request = project.forge.pull_request(revert.number)
    if pull_request.state is PullRequestState.MERGED:  # by us, and we died; or by somebody else, and now it is granted
        merge_revert(installation, project, revert, authorised_by=authorised_by)
    if pull_request.state is not PullRequestState.OPEN:
        return
    if not wrong_on_main(installation, project, paths):
        project.forge.close(revert.number, comment="Main holds what it should already.")
        return
    files = {path: main_should(installation, project, path) for path in paths}
    message = f"Bring the revert of {revert.commit[:12]} up to date"
    project.forge.commit(pull_request.branch, files, message=message, at=installation.clock())
    try:
        merge_revert(installation, project, revert, authorised_by=authorised_by)
    except MergeRefusedError as refused:
        project.forge.close(revert.number, comment=f"It cannot be merged any more: {refused}")


def put_right(installation: Installation, project: Project, files: Files, *, authorised_by: str) -> None:
    """Let main hold these files, through a pull request from where main stands now; repeatable."""
    head = project.forge.main_head()
    wrong = {path: content for path, content in files.items() if at(project, head, path) != content}
    if not wrong:
        return
    branch, message = _fresh_branch(installation, project, head), "Restore what was authorised"
    project.forge.commit(branch, wrong, message=message, at=installation.clock())
    opened = project.forge.open_pull_request(branch, title=message, body=message, author="gatehouse")
    revert = Revert(commit=head, number=opened.number, url=opened.url)
    merge_revert(installation, project, revert, authorised_by=authorised_by)


def _fresh_branch(installation: Installation, project: Project, head: str) -> str:
    """Return a branch of its own for each time that main is put right, though main may stand where it stood before."""
    with installation.database.reading() as work:
        merged = [entry for entry in work.ledger.of(main_subject(project.name)) if entry.kind == "merged"]
    return f"mlops/restore-{len(merged) + 1}-{head[:12]}"
