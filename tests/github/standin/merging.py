"""How does a pull request get into its base?"""

from tests.github.standin.accounts import Account
from tests.github.standin.answers import ApiError
from tests.github.standin.branches import HEADS, move
from tests.github.standin.commits import SEAL
from tests.github.standin.history import between, merged_tree, replayed
from tests.github.standin.mergeability import is_behind, lacks_approvals
from tests.github.standin.objects import Signature
from tests.github.standin.protection import missing_checks, rules_of
from tests.github.standin.pulls import Pull, merged
from tests.github.standin.repository import Repository

NAMES = {"merge": "Merge commits", "squash": "Squash merges", "rebase": "Rebase merges"}


def merge(
    repository: Repository, pull: Pull, actor: Account, *, method: str = "merge", expected: str | None = None,
    title: str | None = None, message: str | None = None,
) -> str:  # fmt: skip
    """Merge as somebody and return the commit that the base is at then."""
    _refuse(repository, pull, actor, method, expected)
    base = repository.branch(pull.base)
    if base is None:
        raise ApiError(405, "Pull Request is not mergeable")
    commit = _write(repository, pull, actor, base, method=method, title=title, message=message)
    if commit is None:
        raise ApiError(405, "Pull Request is not mergeable")
    merged(repository, pull, actor, commit)
    move(repository, actor, HEADS + pull.base, commit, kind="pr_merge", past_protection=True)
    if repository.delete_branch_on_merge and pull.head_repository is repository:
        move(repository, actor, HEADS + pull.head_branch, None)
    return commit


def _refuse(repository: Repository, pull: Pull, actor: Account, method: str, expected: str | None) -> None:
    if pull.state != "open" or pull.draft:
        raise ApiError(405, "Pull Request is still a draft" if pull.draft else "Pull Request is not mergeable")
    if expected not in (None, pull.head_sha):
        raise ApiError(409, "Head branch was modified. Review and try the merge again.")
    if method not in repository.allowed_merges:
        raise ApiError(405, f"{NAMES[method]} are not allowed on this repository.")
    rules = [
        rule for rule in rules_of(repository, pull.base) if rule.enforce_admins or not repository.may(actor, "admin")
    ]
    if not rules:
        return
    missing = missing_checks(repository, rules, pull.head_sha)
    if is_behind(repository, pull):
        missing.append("The head branch is not up to date with the base branch.")
    if lacks_approvals(repository, pull):
        missing.append("At least 1 approving review is required by reviewers with write access.")
    if missing:
        raise ApiError(405, " ".join(missing))


def _write(
    repository: Repository,
    pull: Pull,
    actor: Account,
    base: str,
    *,
    method: str,
    title: str | None,
    message: str | None,
) -> str | None:
    if method == "rebase":
        return _rebase(repository, pull, actor, base)
    tree = merged_tree(repository.objects, base, pull.head_sha)
    if tree is None:
        return None
    owner = pull.head_repository.owner.login if pull.head_repository else "unknown"
    parents = (base, pull.head_sha) if method == "merge" else (base,)
    merging = f"Merge pull request #{pull.number} from {owner}/{pull.head_branch}"
    first = title or (merging if method == "merge" else f"{pull.title} (#{pull.number})")
    rest = message if message is not None else pull.title if method == "merge" else ""
    words = f"{first}\n\n{rest}" if rest else first
    now = repository.hub.clock()
    who = pull.author if method == "squash" else actor
    author = Signature(name=who.login, email=who.email, at=now)
    github = Signature(name="GitHub", email="noreply@github.com", at=now)
    commit = repository.objects.write_commit(tree, parents, author, github, words, seal=SEAL)
    repository.hub.signed.add(commit)
    return commit


def _rebase(repository: Repository, pull: Pull, actor: Account, base: str) -> str | None:
    top = base
    me = Signature(name=actor.login, email=actor.email, at=repository.hub.clock())
    for commit in between(repository.objects, base, pull.head_sha):
        if len(commit.parents) > 1:
            continue
        tree = replayed(repository.objects, commit, top)
        if tree is None:
            return None
        top = repository.objects.write_commit(tree, (top,), commit.author, me, commit.message)
    return top
