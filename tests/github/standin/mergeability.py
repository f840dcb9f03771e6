"""Could a pull request be merged now, and if not, why?"""

from typing import TYPE_CHECKING

from tests.github.standin.checks import latest_runs
from tests.github.standin.history import is_ancestor, merged_tree
from tests.github.standin.objects import Signature
from tests.github.standin.protection import missing_checks, rules_of
from tests.github.standin.repository import Repository
from tests.github.standin.statuses import latest_statuses

if TYPE_CHECKING:
    from tests.github.standin.pulls import Pull

DECISIVE = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")


def trial_merge(repository: Repository, pull: "Pull") -> str | None:
    """Return the commit that a merge with today's base would be, or None when it conflicts.

    GitHub shows it as `merge_commit_sha` while a pull request is open, although nothing was merged.
    """
    base = repository.branch(pull.base) or pull.base_sha
    key = (base, pull.head_sha)
    if key not in pull.tried:
        tree = merged_tree(repository.objects, base, pull.head_sha)
        github = Signature(name="GitHub", email="noreply@github.com", at=repository.hub.clock())
        message = f"Merge {pull.head_sha} into {base}"
        pull.tried[key] = tree and repository.objects.write_commit(tree, key, github, github, message)
    return pull.tried[key]


def merge_state(repository: Repository, pull: "Pull") -> str:
    """Return GitHub's word for how ready an open pull request is."""
    rules = rules_of(repository, pull.base)
    if trial_merge(repository, pull) is None:
        return "dirty"
    if pull.draft:
        return "draft"
    if is_behind(repository, pull):
        return "behind"
    if missing_checks(repository, rules, pull.head_sha) or lacks_approvals(repository, pull):
        return "blocked"
    return "unstable" if _something_fails(repository, pull.head_sha) else "clean"


def is_behind(repository: Repository, pull: "Pull") -> bool:
    """Do the rules ask for the newest base, and the head lacks it?"""
    base = repository.branch(pull.base) or pull.base_sha
    strict = any(rule.strict for rule in rules_of(repository, pull.base))
    return strict and not is_ancestor(repository.objects, base, pull.head_sha)


def lacks_approvals(repository: Repository, pull: "Pull") -> bool:
    """Do the rules ask for more approvals than people with write access gave?"""
    wanted = max((rule.reviews for rule in rules_of(repository, pull.base)), default=0)
    newest = {one.author.login: one.state for one in pull.reviews.values()
              if one.state in DECISIVE and repository.may(one.author, "write")}  # fmt: skip
    given = list(newest.values())
    return wanted > 0 and (given.count("APPROVED") < wanted or "CHANGES_REQUESTED" in given)


def _something_fails(repository: Repository, sha: str) -> bool:
    runs = any(not run.passes for run in latest_runs(repository, sha))
    return runs or any(status.state != "success" for status in latest_statuses(repository, sha))
