"""The endpoints of a repository: itself, its commits, contents, branches, and who may do what."""

import base64

from tests.github.standin.accounts import account_json, profile_json
from tests.github.standin.answers import Answer, ApiError, Json, not_found
from tests.github.standin.branches import movement_json
from tests.github.standin.callers import role_of
from tests.github.standin.calls import Call
from tests.github.standin.commits import MOST_FILES, commit_json, commit_with_files_json, file_json
from tests.github.standin.history import between, differences, merge_base
from tests.github.standin.objects import Commit, Entry
from tests.github.standin.protection import protection_json, rules_json
from tests.github.standin.repository import ROLES, Repository
from tests.github.standin.repository_view import full_repository_json
from tests.github.standin.routing import Endpoints

REPOSITORY = Endpoints()
REPO = "/repos/{owner}/{repo}"
MOST_COMMITS = 250
LARGEST_CONTENT = 1024 * 1024


@REPOSITORY.on("GET", REPO, "metadata:read")
def get_repository(call: Call) -> Answer:
    """The repository."""
    role = role_of(call.caller, call.repository)
    return Answer(body=full_repository_json(call.hub.links, call.repository, role))


@REPOSITORY.on("GET", f"{REPO}/commits", "contents:read")
def list_commits(call: Call) -> Answer:
    """The history of a branch or commit, newest first, of all parents."""
    query = call.request.query
    start = call.repository.resolve(query.get("sha") or call.repository.default_branch)
    if start is None:
        raise not_found()
    only = ["--", query["path"]] if "path" in query else []
    listed = call.repository.objects.git("rev-list", start, *only).stdout.decode().split()
    shown, headers = call.paged(listed)
    found = [commit for sha in shown if (commit := call.repository.objects.commit(sha))]
    return Answer(body=[commit_json(call.repository, commit) for commit in found], headers=headers)


def resolved(call: Call, name: str) -> Commit:
    """Return the commit that a path names, or refuse as GitHub does."""
    sha = call.repository.resolve(name)
    commit = call.repository.objects.commit(sha) if sha else None
    if commit is None:
        raise ApiError(422, f"No commit found for SHA: {name}")
    return commit


@REPOSITORY.on("GET", f"{REPO}/commits/{{ref}}", "contents:read")
def get_commit(call: Call) -> Answer:
    """One commit with its files."""
    return Answer(body=commit_with_files_json(call.repository, resolved(call, call.path_text("ref"))))


@REPOSITORY.on("GET", f"{REPO}/compare/{{basehead}}", "contents:read")
def compare(call: Call) -> Answer:
    """What the head adds to the base since they parted."""
    one, dots, other = call.path_text("basehead").partition("...")
    base, head = (_end(call, name) for name in (one, other)) if dots else (None, None)
    if base is None or head is None:
        raise not_found()
    fork = merge_base(call.repository.objects, base.sha, head.sha)
    if fork is None:
        raise ApiError(404, f"No common ancestor between {one} and {other}.")
    return _compared(call, base, head, fork)


def _end(call: Call, name: str) -> Commit | None:
    sha = call.repository.resolve(name.rpartition(":")[2])
    return call.repository.objects.commit(sha) if sha else None


def _compared(call: Call, base: Commit, head: Commit, fork: str) -> Answer:
    repository, objects = call.repository, call.repository.objects
    ahead, behind = between(objects, base.sha, head.sha), between(objects, head.sha, base.sha)
    words = {(False, False): "identical", (True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
    changed = differences(objects, fork, head.sha)[:MOST_FILES]
    origin = objects.commit(fork)
    shown, headers = call.paged(ahead, usual=MOST_COMMITS)
    first = call.request.query.get("page", "1") == "1"
    pages = f"{repository.html}/compare/{base.sha}...{head.sha}"
    body: Json = {
        "url": f"{repository.api}/compare/{base.sha}...{head.sha}", "html_url": pages, "permalink_url": pages,
        "diff_url": f"{pages}.diff", "patch_url": f"{pages}.patch", "base_commit": commit_json(repository, base),
        "merge_base_commit": commit_json(repository, origin) if origin else None,
        "status": words[bool(ahead), bool(behind)], "ahead_by": len(ahead), "behind_by": len(behind),
        "total_commits": len(ahead), "commits": [commit_json(repository, commit) for commit in shown],
        "files": [file_json(repository, head.sha, one) for one in changed] if first else [],
    }  # fmt: skip
    return Answer(body=body, headers=headers)


@REPOSITORY.on("GET", f"{REPO}/contents/{{path}}", "contents:read")
def get_contents(call: Call) -> Answer:
    """One file, or the names in one folder."""
    ref = call.request.query.get("ref") or call.repository.default_branch
    sha, path = call.repository.resolve(ref), call.path_text("path").strip("/")
    if sha is None:
        raise ApiError(404, f"No commit found for the ref {ref}")
    commit = call.repository.objects.commit(sha)
    entry = call.repository.objects.at_path(commit.tree, path) if commit else None
    if entry is None:
        raise not_found()
    if "raw" in call.request.headers.get("accept", ""):
        raise ApiError(415, "This stand-in gives no raw media type; ask for the blob.")
    return Answer(body=_content(call.repository, path, entry, ref))


def _content(repository: Repository, path: str, entry: Entry, ref: str) -> Json | list[Json]:
    if entry.kind != "tree":
        return _content_json(repository, path, entry, ref, whole=True)
    below = repository.objects.tree(entry.sha) or {}
    return [_content_json(repository, f"{path}/{name}".strip("/"), one, ref) for name, one in below.items()]


def _content_json(repository: Repository, path: str, entry: Entry, ref: str, *, whole: bool = False) -> Json:
    api, html = f"{repository.api}/contents/{path}?ref={ref}", f"{repository.html}/blob/{ref}/{path}"
    content = repository.objects.blob(entry.sha) or b""
    git = f"{repository.api}/git/{entry.kind}s/{entry.sha}"
    described: Json = {
        "name": path.rpartition("/")[2], "path": path, "sha": entry.sha, "size": len(content), "url": api,
        "html_url": html, "git_url": git, "download_url": f"https://raw.githubusercontent.com/{repository.full_name}/{ref}/{path}",
        "type": {"blob": "file", "tree": "dir", "commit": "submodule"}[entry.kind],
        "_links": {"self": api, "git": git, "html": html},
    }  # fmt: skip
    if whole:
        small = len(content) <= LARGEST_CONTENT
        described["encoding"] = "base64" if small else "none"
        described["content"] = base64.encodebytes(content).decode() if small else ""
    return described


@REPOSITORY.on("GET", f"{REPO}/branches/{{branch}}", "contents:read")
def get_branch(call: Call) -> Answer:
    """One branch with its head."""
    repository, name = call.repository, call.path_text("branch")
    sha = repository.branch(name)
    commit = repository.objects.commit(sha) if sha else None
    if commit is None:
        raise ApiError(404, "Branch not found")
    rule = repository.protections.get(name)
    api = f"{repository.api}/branches/{name}"
    contexts = list(rule.contexts) if rule else []
    brief: Json = {
        "enabled": rule is not None,
        "required_status_checks": {
            "enforcement_level": "everyone" if contexts else "off",
            "contexts": contexts,
            "checks": [{"context": one, "app_id": app} for one, app in (rule.contexts if rule else {}).items()],
        },
    }
    return Answer(
        body={
            "name": name, "commit": commit_json(repository, commit), "protected": rule is not None, "protection": brief,
            "protection_url": f"{api}/protection",
            "_links": {"self": api, "html": f"{repository.html}/tree/{name}"},
        }
    )  # fmt: skip


@REPOSITORY.on("GET", f"{REPO}/branches/{{branch}}/protection", "administration:read")
def get_protection(call: Call) -> Answer:
    """What the branch's protection asks for."""
    _require_plan(call.repository)
    name = call.path_text("branch")
    if call.repository.branch(name) is None:
        raise ApiError(404, "Branch not found")
    rule = call.repository.protections.get(name)
    if rule is None:
        raise ApiError(404, "Branch not protected")
    return Answer(body=protection_json(call.repository, name, rule))


@REPOSITORY.on("GET", f"{REPO}/rules/branches/{{branch}}", "metadata:read")
def get_rules(call: Call) -> Answer:
    """The rules of rulesets that apply to a branch."""
    _require_plan(call.repository)
    return call.page(rules_json(call.repository, call.path_text("branch")))


def _require_plan(repository: Repository) -> None:
    if not repository.is_protectable:
        raise ApiError(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.")


@REPOSITORY.on("GET", f"{REPO}/activity", "contents:read")
def list_activity(call: Call) -> Answer:
    """Who moved which branch, newest first, in pages that are named by where they begin."""
    query = call.request.query
    found = [
        movement
        for movement in reversed(call.repository.activity)
        if query.get("ref") in (None, movement.ref, movement.ref.removeprefix("refs/heads/"))
        and query.get("actor") in (None, movement.actor.login)
        and query.get("activity_type") in (None, movement.kind)
    ]
    shown, headers = call.onward(found, lambda movement: movement.id, "after")
    return Answer(body=[movement_json(call.hub.links, one) for one in shown], headers=headers)


@REPOSITORY.on("GET", f"{REPO}/collaborators/{{username}}/permission", "metadata:read")
def get_permission(call: Call) -> Answer:
    """What somebody is in the repository."""
    account = call.hub.accounts.find(call.path_text("username"))
    role = call.repository.role(account)
    coarse = {"maintain": "write", "triage": "read"}.get(role, role)
    levels = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    held = {name: ROLES.index(role) >= ROLES.index(level) for name, level in levels.items()}
    user = {**account_json(call.hub.links, account), "permissions": held, "role_name": role}
    return Answer(body={"permission": coarse, "role_name": role, "user": user})


@REPOSITORY.on("GET", f"{REPO}/collaborators/{{username}}", "metadata:read")
def is_collaborator(call: Call) -> Answer:
    """Is somebody one of the repository's people?"""
    account = call.hub.accounts.find(call.path_text("username"))
    if call.repository.role(account) == "none":
        raise not_found()
    return Answer(status=204)


@REPOSITORY.on("GET", "/users/{username}")
def get_user(call: Call) -> Answer:
    """Somebody's profile."""
    return Answer(body=profile_json(call.hub.links, call.hub.accounts.find(call.path_text("username"))))
