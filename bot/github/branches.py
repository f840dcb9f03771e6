"""Which names may a branch have that we write to, and how does it go away?"""

import re
from urllib.parse import quote

from github.GitRef import GitRef

from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import UserError

BOTS_FOLDER = "mlops"
"""Branches under this name are the bot's own."""
NOT_TAKEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(?:^|/)\.|\.(?:lock)?(?:/|$)|^/|/$|^-|^@$")
"""What Git takes in no branch's name (git-check-ref-format)."""
GONE = frozenset({404, 409, 422})
"""GitHub's answers when a branch is no longer there."""


def is_bots(branch: str) -> bool:
    """Tell the bot's branches."""
    return branch.casefold().split("/", 1)[0] == BOTS_FOLDER


def require_writable(repository: GitHubRepository, branch: str) -> None:
    """Raise `UserError` for a name that Git does not take, and for main by any spelling."""
    mains = {"main", repository.main.casefold()}
    if not branch or NOT_TAKEN.search(branch) or branch.casefold() in mains:
        raise UserError(f"{branch!r} cannot be written to: name a branch, and one other than main.")


def named_ref(repository: GitHubRepository, branch: str) -> GitRef:
    """Name a branch's ref without asking for it."""
    url = f"{repository.about().url}/git/refs/heads/{quote(branch)}"
    return GitRef(repository.requester, {}, {"url": url}, completed=True)


def delete_bots_branch(repository: GitHubRepository, branch: str) -> None:
    """Delete a branch of the bot's; one that is gone already is no mistake."""
    if not is_bots(branch):
        raise UserError(f"The branch {branch} is not the bot's: whoever pushed it deletes it.")
    require_writable(repository, branch)
    try:
        named_ref(repository, branch).delete()
    except Declined as declined:
        if declined.status not in GONE or "protected" in declined.words.lower():
            raise
