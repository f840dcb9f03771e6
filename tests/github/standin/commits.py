"""How does GitHub describe a commit, and whose does it say it is?"""

from tests.github.standin.accounts import account_json
from tests.github.standin.answers import Json
from tests.github.standin.history import Difference, differences
from tests.github.standin.links import node_id, stamp
from tests.github.standin.objects import Commit, Signature
from tests.github.standin.repository import Repository

SEAL = "-----BEGIN PGP SIGNATURE-----\n\nwsFcBAABCAAQBQJkexample\n-----END PGP SIGNATURE-----"
MOST_FILES = 300


def verification_json(repository: Repository, commit: Commit) -> Json:
    """Say whether GitHub vouches for a commit; it does for those that it made itself."""
    signed = commit.sha in repository.hub.signed
    return {
        "verified": signed,
        "reason": "valid" if signed else "unsigned",
        "signature": SEAL if signed else None,
        "payload": f"tree {commit.tree}" if signed else None,
        "verified_at": stamp(commit.committer.at) if signed else None,
    }


def git_commit_json(repository: Repository, commit: Commit) -> Json:
    """Describe a commit as Git's own object."""
    api = f"{repository.api}/git"
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", int(commit.sha[:8], 16)),
        "url": f"{api}/commits/{commit.sha}",
        "html_url": f"{repository.html}/commit/{commit.sha}",
        "author": _signature(commit.author),
        "committer": _signature(commit.committer),
        "tree": {"sha": commit.tree, "url": f"{api}/trees/{commit.tree}"},
        "message": commit.message,
        "parents": [
            {"sha": parent, "url": f"{api}/commits/{parent}", "html_url": f"{repository.html}/commit/{parent}"}
            for parent in commit.parents
        ],
        "verification": verification_json(repository, commit),
    }


def commit_json(repository: Repository, commit: Commit) -> Json:
    """Describe a commit with the accounts behind its addresses."""
    links, accounts = repository.hub.links, repository.hub.accounts
    author, committer = accounts.behind(commit.author.email), accounts.behind(commit.committer.email)
    api = f"{repository.api}/commits/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", int(commit.sha[:8], 16)),
        "url": api,
        "html_url": f"{repository.html}/commit/{commit.sha}",
        "comments_url": f"{api}/comments",
        "commit": {
            "author": _signature(commit.author),
            "committer": _signature(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{repository.api}/git/trees/{commit.tree}"},
            "url": f"{repository.api}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": verification_json(repository, commit),
        },
        "author": account_json(links, author) if author else None,
        "committer": account_json(links, committer) if committer else None,
        "parents": [
            {
                "sha": parent,
                "url": f"{repository.api}/commits/{parent}",
                "html_url": f"{repository.html}/commit/{parent}",
            }
            for parent in commit.parents
        ],
    }


def commit_with_files_json(repository: Repository, commit: Commit) -> Json:
    """Describe a commit with what it changed."""
    changed = differences(repository.objects, commit.parents[0] if commit.parents else None, commit.sha)
    added, removed = sum(one.additions for one in changed), sum(one.deletions for one in changed)
    return {
        **commit_json(repository, commit),
        "stats": {"total": added + removed, "additions": added, "deletions": removed},
        "files": [file_json(repository, commit.sha, one) for one in changed[:MOST_FILES]],
    }


def file_json(repository: Repository, sha: str, changed: Difference) -> Json:
    """Describe one file that differs."""
    described: Json = {
        "sha": changed.sha,
        "filename": changed.path,
        "status": changed.status,
        "additions": changed.additions,
        "deletions": changed.deletions,
        "changes": changed.additions + changed.deletions,
        "blob_url": f"{repository.html}/blob/{sha}/{changed.path}",
        "raw_url": f"{repository.html}/raw/{sha}/{changed.path}",
        "contents_url": f"{repository.api}/contents/{changed.path}?ref={sha}",
    }
    if changed.patch:
        described["patch"] = changed.patch
    if changed.previous:
        described["previous_filename"] = changed.previous
    return described


def _signature(who: Signature) -> Json:
    return {"name": who.name, "email": who.email, "date": stamp(who.at)}
