"""What happens when a branch moves?"""

from tests.github.standin.accounts import Account, account_json
from tests.github.standin.answers import Json, unprocessable
from tests.github.standin.checks import open_suites
from tests.github.standin.events import announce
from tests.github.standin.history import between, differences, is_ancestor
from tests.github.standin.links import Links, stamp
from tests.github.standin.objects import Commit, GitError
from tests.github.standin.protection import refuse_move
from tests.github.standin.pulls import branch_moved
from tests.github.standin.repository import ZERO, Movement, Repository

HEADS = "refs/heads/"


def move(
    repository: Repository,
    actor: Account,
    ref: str,
    new: str | None,
    *,
    force: bool = False,
    kind: str = "",
    past_protection: bool = False,
) -> None:
    """Move, make or remove (new None) a ref as somebody, and let everybody know."""
    old = repository.ref(ref)
    if old == new:
        return
    if not past_protection:
        refuse_move(repository, actor, ref.removeprefix(HEADS), old, new)
    forced = bool(old and new and not is_ancestor(repository.objects, old, new))
    if forced and not force:
        raise unprocessable("Update is not a fast forward")
    try:
        repository.write_ref(ref, new, old)
    except GitError as refused:
        raise unprocessable("Reference cannot be updated") from refused
    if ref.startswith(HEADS):
        _record(repository, actor, ref, old=old, new=new, kind=kind or _kind(old, new, forced=forced))
        _tell(repository, actor, ref, old, new, forced=forced)


def _kind(old: str | None, new: str | None, *, forced: bool) -> str:
    if old is None:
        return "branch_creation"
    if new is None:
        return "branch_deletion"
    return "force_push" if forced else "push"


def _record(repository: Repository, actor: Account, ref: str, *, old: str | None, new: str | None, kind: str) -> None:
    repository.activity.append(
        Movement(
            id=repository.hub.next_id(),
            ref=ref,
            before=old or ZERO,
            after=new or ZERO,
            kind=kind,
            actor=actor,
            at=repository.hub.clock(),
        )
    )


def _tell(repository: Repository, actor: Account, ref: str, old: str | None, new: str | None, *, forced: bool) -> None:
    announce(repository, "push", actor, _push(repository, actor, ref, old, new, forced=forced))
    if new:
        open_suites(repository, ref.removeprefix(HEADS), old, new, actor)
    branch_moved(repository, actor, ref.removeprefix(HEADS), old, new)


def _push(repository: Repository, actor: Account, ref: str, old: str | None, new: str | None, *, forced: bool) -> Json:
    start = old or repository.branch(repository.default_branch) or ZERO
    added = between(repository.objects, start, new) if new and start != ZERO else []
    commits = [_commit(repository, commit) for commit in added]
    head = repository.objects.commit(new) if new else None
    return {
        "ref": ref,
        "before": old or ZERO,
        "after": new or ZERO,
        "created": old is None,
        "deleted": new is None,
        "forced": forced,
        "base_ref": None,
        "compare": f"{repository.html}/compare/{old or ZERO}...{new or ZERO}",
        "commits": commits,
        "head_commit": _commit(repository, head) if head else None,
        "pusher": {"name": actor.login, "email": actor.email},
    }


def _commit(repository: Repository, commit: Commit) -> Json:
    changed = differences(repository.objects, commit.parents[0] if commit.parents else None, commit.sha)
    kinds = {"added": ("added", "copied"), "removed": ("removed",), "modified": ("modified", "renamed", "changed")}
    people = {"author": commit.author, "committer": commit.committer}
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": stamp(commit.committer.at),
        "url": f"{repository.html}/commit/{commit.sha}",
        **{part: _signed_by(repository, who.name, who.email) for part, who in people.items()},
        **{part: [one.path for one in changed if one.status in statuses] for part, statuses in kinds.items()},
    }


def _signed_by(repository: Repository, name: str, email: str) -> Json:
    account = repository.hub.accounts.behind(email)
    known: Json = {"username": account.login} if account else {}
    return {"name": name, "email": email, **known}


def movement_json(links: Links, movement: Movement) -> Json:
    """Describe one line of the activity."""
    return {
        "id": movement.id,
        "node_id": f"PU_{movement.id}",
        "before": movement.before,
        "after": movement.after,
        "ref": movement.ref,
        "timestamp": stamp(movement.at),
        "activity_type": movement.kind,
        "actor": account_json(links, movement.actor),
    }
