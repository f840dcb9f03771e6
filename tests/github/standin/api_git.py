"""The endpoints of Git's own objects: refs, commits, trees and blobs."""

import base64
import binascii
from datetime import datetime

from tests.github.standin.answers import Answer, ApiError, Json, invalid, not_found, unprocessable
from tests.github.standin.branches import move
from tests.github.standin.calls import Call, as_json
from tests.github.standin.commits import SEAL, git_commit_json
from tests.github.standin.links import node_id
from tests.github.standin.objects import Commit, Entry, Signature
from tests.github.standin.repository import Repository
from tests.github.standin.routing import Endpoints

GIT = Endpoints()
REPO = "/repos/{owner}/{repo}"
LARGEST_BLOB = 40 * 1024 * 1024


def ref_json(repository: Repository, name: str, sha: str) -> Json:
    """Describe a ref."""
    target = {"sha": sha, "type": "commit", "url": f"{repository.api}/git/commits/{sha}"}
    number = int(sha[:8], 16)
    return {"ref": name, "node_id": node_id(name, number), "url": f"{repository.api}/git/{name}", "object": target}


@GIT.on("GET", f"{REPO}/git/ref/{{ref}}", "contents:read")
def get_ref(call: Call) -> Answer:
    """One ref by its exact name."""
    name = f"refs/{call.path_text('ref')}"
    sha = call.repository.ref(name)
    if sha is None:
        raise not_found()
    return Answer(body=ref_json(call.repository, name, sha))


@GIT.on("GET", f"{REPO}/git/matching-refs/{{ref}}", "contents:read")
def matching_refs(call: Call) -> Answer:
    """All refs that begin so."""
    found = call.repository.refs(f"refs/{call.path_text('ref')}")
    return call.page([ref_json(call.repository, name, sha) for name, sha in found.items()])


@GIT.on("POST", f"{REPO}/git/refs", "contents:write")
def create_ref(call: Call) -> Answer:
    """Make a branch or a tag."""
    name, sha = call.text("ref"), call.text("sha")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise unprocessable("Reference name must start with 'refs/' and have at least two slashes.")
    if call.repository.objects.commit(sha) is None:
        raise unprocessable("Object does not exist")
    if call.repository.ref(name):
        raise unprocessable("Reference already exists")
    move(call.repository, call.actor, name, sha)
    return Answer(body=ref_json(call.repository, name, sha), status=201)


@GIT.on("PATCH", f"{REPO}/git/refs/{{ref}}", "contents:write")
def update_ref(call: Call) -> Answer:
    """Move a branch."""
    name, sha = f"refs/{call.path_text('ref')}", call.text("sha")
    if call.repository.ref(name) is None:
        raise unprocessable("Reference does not exist")
    if call.repository.objects.commit(sha) is None:
        raise unprocessable("Object does not exist")
    move(call.repository, call.actor, name, sha, force=call.flag("force", default=False))
    return Answer(body=ref_json(call.repository, name, sha))


@GIT.on("DELETE", f"{REPO}/git/refs/{{ref}}", "contents:write")
def delete_ref(call: Call) -> Answer:
    """Remove a branch."""
    name = f"refs/{call.path_text('ref')}"
    if call.repository.ref(name) is None:
        raise unprocessable("Reference does not exist")
    move(call.repository, call.actor, name, None)
    return Answer(status=204)


def _commit(call: Call, sha: str) -> Commit:
    found = call.repository.objects.commit(sha) if len(sha) == 40 else None
    if found is None:
        raise not_found()
    return found


@GIT.on("GET", f"{REPO}/git/commits/{{commit_sha}}", "contents:read")
def get_git_commit(call: Call) -> Answer:
    """One commit object."""
    return Answer(body=git_commit_json(call.repository, _commit(call, call.values["commit_sha"])))


@GIT.on("POST", f"{REPO}/git/commits", "contents:write")
def create_git_commit(call: Call) -> Answer:
    """Write a commit. One that an App writes in nobody's name is signed by GitHub."""
    objects, tree, parents = call.repository.objects, call.text("tree"), tuple(call.texts("parents"))
    if objects.commit(tree) is not None or objects.tree(tree) is None:
        raise unprocessable("Tree SHA does not exist")
    if any(objects.commit(parent) is None for parent in parents):
        raise unprocessable("Parent SHA does not exist or is not a commit object")
    author = _who(call, "author") or Signature(name=call.actor.login, email=call.actor.email, at=call.hub.clock())
    ours = call.app is not None and not call.has("author") and not call.has("committer")
    github = Signature(name="GitHub", email="noreply@github.com", at=call.hub.clock())
    committer = github if ours else _who(call, "committer") or author
    sha = objects.write_commit(tree, parents, author, committer, call.text("message"), seal=SEAL if ours else "")
    if ours:
        call.hub.signed.add(sha)
    return Answer(body=git_commit_json(call.repository, _commit(call, sha)), status=201)


def _who(call: Call, role: str) -> Signature | None:
    given = call.mapping(role)
    if not given:
        return None
    name, email, date = given.get("name"), given.get("email"), given.get("date")
    if not isinstance(name, str) or not isinstance(email, str):
        raise invalid("", resource="Commit", field_=role, code="missing_field")
    at = int(datetime.fromisoformat(str(date)).timestamp()) if date else call.hub.clock()
    return Signature(name=name, email=email, at=at)


@GIT.on("GET", f"{REPO}/git/trees/{{tree_sha}}", "contents:read")
def get_tree(call: Call) -> Answer:
    """One tree, or everything below it; a long one is cut."""
    objects, name = call.repository.objects, call.path_text("tree_sha")
    sha = name if len(name) == 40 and objects.tree(name) is not None else call.repository.resolve(name)
    root = sha and (((commit := objects.commit(sha)) and commit.tree) or sha)
    if not root:
        raise not_found()
    whole = list(objects.walk(root)) if "recursive" in call.request.query else list((objects.tree(root) or {}).items())
    shown = whole[: call.hub.truncate_trees_at]
    lines = [_line(call.repository, path, entry) for path, entry in shown]
    return Answer(body=_tree_json(call.repository, root, lines, truncated=len(shown) < len(whole)))


def _tree_json(repository: Repository, sha: str, lines: list[Json], *, truncated: bool) -> Json:
    return {"sha": sha, "url": f"{repository.api}/git/trees/{sha}", "tree": lines, "truncated": truncated}


def _line(repository: Repository, path: str, entry: Entry) -> Json:
    line: Json = {"path": path, "mode": entry.mode.zfill(6), "type": entry.kind, "sha": entry.sha}
    if entry.kind == "blob":
        line["size"] = len(repository.objects.blob(entry.sha) or b"")
    if entry.kind != "commit":
        line["url"] = f"{repository.api}/git/{entry.kind}s/{entry.sha}"
    return line


@GIT.on("POST", f"{REPO}/git/trees", "contents:write")
def create_tree(call: Call) -> Answer:
    """Write a tree over another one; an entry whose sha is null removes its path."""
    objects = call.repository.objects
    base = call.optional("base_tree")
    if base is not None and objects.tree(base) is None:
        raise unprocessable("base_tree is not a valid tree oid")
    if not call.listed("tree"):
        raise ApiError(422, "Invalid tree info")
    changes = dict(_change(call.repository, as_json(line)) for line in call.listed("tree"))
    before = {path for path, _ in objects.walk(_root(call, base))} if base else set()
    for path, change in changes.items():
        if change is None and path not in before:
            raise ApiError(422, "GitRPC::BadObjectState")
    sha = objects.overlay(_root(call, base) if base else None, changes)
    lines = [_line(call.repository, path, entry) for path, entry in (objects.tree(sha) or {}).items()]
    return Answer(body=_tree_json(call.repository, sha, lines, truncated=False), status=201)


def _root(call: Call, base: str) -> str:
    commit = call.repository.objects.commit(base)
    return commit.tree if commit else base


def _change(repository: Repository, line: Json) -> tuple[str, Entry | None]:
    path, mode = str(line.get("path") or ""), str(line.get("mode") or "").lstrip("0")
    if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise unprocessable("tree.path contains a malformed path component")
    if mode not in ("100644", "100755", "120000", "40000", "160000"):
        raise unprocessable("Must supply a valid tree.mode")
    if "content" in line:
        if "sha" in line:
            raise unprocessable("Must supply either tree.sha or tree.content, not both.")
        return path, Entry(mode, repository.objects.write("blob", str(line["content"]).encode()))
    sha = line.get("sha")
    if sha is None:
        return path, None
    if repository.objects.read(str(sha)) is None:
        raise unprocessable(f"tree.sha {sha} is not a valid blob")
    return path, Entry(mode, str(sha))


@GIT.on("GET", f"{REPO}/git/blobs/{{file_sha}}", "contents:read")
def get_blob(call: Call) -> Answer:
    """One file's bytes."""
    sha = call.values["file_sha"]
    content = call.repository.objects.blob(sha) if len(sha) == 40 else None
    if content is None:
        raise not_found()
    return Answer(
        body={
            "sha": sha, "node_id": node_id("Blob", int(sha[:8], 16)), "size": len(content),
            "url": f"{call.repository.api}/git/blobs/{sha}", "encoding": "base64",
            "content": base64.encodebytes(content).decode(),
        }
    )  # fmt: skip


@GIT.on("POST", f"{REPO}/git/blobs", "contents:write")
def create_blob(call: Call) -> Answer:
    """Write one file's bytes."""
    text, encoding = call.text("content"), call.text("encoding", default="utf-8")
    try:
        content = base64.b64decode(text.replace("\n", ""), validate=True) if encoding == "base64" else text.encode()
    except binascii.Error as broken:
        raise unprocessable("Content is not valid Base64") from broken
    if len(content) > LARGEST_BLOB:
        raise ApiError(422, "Sorry, your input was too large to process. Consider creating the blob in a local clone.")
    sha = call.repository.objects.write("blob", content)
    return Answer(body={"sha": sha, "url": f"{call.repository.api}/git/blobs/{sha}"}, status=201)
