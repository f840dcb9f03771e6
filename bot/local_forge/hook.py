"""What does Git's hook do when somebody pushes? `python -m bot.local_forge.hook pre-receive|post-receive`.

Before: refuse what only Gatehouse may write. After: open or update the pull request of each pushed branch, and say so.
"""

import os
import sys
from pathlib import Path

from bot.local_forge.folder import Folder
from bot.local_forge.git import Git, require_git
from bot.local_forge.page import plain
from bot.local_forge.pull_requests import PullRequests
from bot.local_forge.pushes import Push, parse_pushes, pusher, refusal
from bot.local_forge.record import Opening, Record
from bot.local_forge.refs import branch_ref, read_refs
from gates.refusal import Unavailable, UserError

NO_LOGIN = "The account that this push claims is no login: use letters, digits and . _ - (git push -o as=LOGIN)."


def main(name: str) -> int:
    """Run one hook in the repository that Git started it in; anything but 0 refuses the push."""
    pulls = _pull_requests()
    pushes = parse_pushes(sys.stdin.buffer.read())
    try:
        require_git()
        lines, code = before(pulls, pushes) if name == "pre-receive" else (after(pulls, pushes), 0)
    except (UserError, Unavailable) as refused:
        lines, code = [str(refused)], 1
    for line in lines:
        sys.stderr.write(f"{line}\n")
    return code


def _pull_requests() -> PullRequests:
    directory = Path(os.environ.get("GIT_DIR", ".")).resolve()
    return PullRequests(Git(directory), Folder(directory / "pulls"))


def before(pulls: PullRequests, pushes: tuple[Push, ...]) -> tuple[list[str], int]:
    """Return why the push is refused, and the hook's exit code; one refused ref refuses all of them."""
    if pusher(os.environ) is None:
        return [NO_LOGIN], 1
    with pulls.folder.held():
        open_requests = {record.branch: record.number for record in pulls.all() if record.is_open}
    reasons = [reason for push in pushes if (reason := refusal(push, open_requests))]
    return [f"Gatehouse: {reason}" for reason in reasons], 1 if reasons else 0


def after(pulls: PullRequests, pushes: tuple[Push, ...]) -> list[str]:
    """Open or update the pull request of each branch; return what the pusher reads."""
    account = str(pusher(os.environ))
    with pulls.folder.held():
        return [line for push in pushes if push.branch for line in _settle(pulls, push.branch, account)]


def _settle(pulls: PullRequests, branch: str, account: str) -> list[str]:
    former = next((one for one in pulls.folder.records() if one.branch == branch and one.is_open), None)
    there = pulls.open_of(branch)
    if there is not None:
        return _told(pulls, pulls.keep(there.with_pusher(account), read_refs(pulls.git)), "updated", account)
    if former is not None and pulls.get(former.number).merge_commit is None:
        return [f"Pull request {former.number} is closed: {plain(branch)} holds nothing that main lacks."]
    return _opened(pulls, branch, account)


def _opened(pulls: PullRequests, branch: str, account: str) -> list[str]:
    head = read_refs(pulls.git).get(branch_ref(branch))
    if head is None:
        return []
    title = pulls.title_of(branch, head)
    try:
        opened = pulls.open(Opening(branch=branch, title=title, author=account, pushers=(account,)))
    except UserError as nothing:
        return [f"No pull request: {nothing}"]
    return _told(pulls, opened, "opened", account)


def _told(pulls: PullRequests, record: Record, verb: str, account: str) -> list[str]:
    return [
        f"Pull request {record.number} {verb} by {account}: {plain(record.title)}",
        f"  page: {pulls.folder.page(record.number)}",
        "  look at it with: mlops sync",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
