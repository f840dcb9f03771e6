"""How are Git's objects read and written fast enough for hundreds of tests?

Loose objects are files: they are written and read here without a process each. What takes thought (merging, merge
bases, differences, moving refs) is left to Git itself, on the same bare repository.
"""

import hashlib
import os
import subprocess
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TREE_MODE, FILE_MODE = "40000", "100644"


class GitError(Exception):
    """Git refused; the text is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who, by their own claim, and when."""

    name: str
    email: str
    at: int

    def line(self) -> str:
        """Write it as a commit object does."""
        return f"{self.name} <{self.email}> {self.at} +0000"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """Read it from a commit object."""
        name, _, rest = line.partition(" <")
        email, _, when = rest.rpartition("> ")
        return cls(name=name, email=email, at=int(when.split(" ")[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit object."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree."""

    mode: str
    sha: str

    @property
    def kind(self) -> str:
        """Return blob, tree or commit (a submodule)."""
        return {"40000": "tree", "160000": "commit"}.get(self.mode, "blob")


@dataclass(slots=True)
class Objects:
    """The objects of one bare repository."""

    directory: Path
    _commits: dict[str, Commit] = field(default_factory=dict)
    _trees: dict[str, dict[str, Entry]] = field(default_factory=dict)
    remembered: dict[tuple[str, ...], object] = field(default_factory=dict)
    """What Git said about commits; it says the same for ever."""

    def git(
        self, *arguments: str, stdin: bytes = b"", accept: tuple[int, ...] = (0,)
    ) -> subprocess.CompletedProcess[bytes]:
        """Run Git here, without anyone's settings."""
        ended = subprocess.run(
            ["git", "--git-dir", str(self.directory), "-c", "core.hooksPath=/dev/null", *arguments],
            input=stdin, capture_output=True, check=False, env=_environment(),
        )  # fmt: skip
        if ended.returncode not in accept:
            raise GitError(ended.stderr.decode("utf-8", "replace").strip())
        return ended

    def write(self, kind: str, content: bytes) -> str:
        """Write a loose object and return its id."""
        raw = b"%s %d\0%s" % (kind.encode(), len(content), content)
        sha = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        path = self._path(sha)
        if not path.exists():
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(zlib.compress(raw, 1))
        return sha

    def read(self, sha: str) -> tuple[str, bytes] | None:
        """Return kind and content of an object, or None."""
        path = self._path(sha)
        if path.exists():
            head, _, content = zlib.decompress(path.read_bytes()).partition(b"\0")
            return head.split(b" ")[0].decode(), content
        kind = self.git("cat-file", "-t", sha, accept=(0, 1, 128)).stdout.decode().strip()
        return (kind, self.git("cat-file", kind, sha).stdout) if kind else None

    def blob(self, sha: str) -> bytes | None:
        """Return a blob's bytes."""
        found = self.read(sha)
        return found[1] if found and found[0] == "blob" else None

    def commit(self, sha: str) -> Commit | None:
        """Return a commit."""
        if sha not in self._commits:
            found = self.read(sha)
            if found is None or found[0] != "commit":
                return None
            self._commits[sha] = _parse_commit(sha, found[1].decode("utf-8", "replace"))
        return self._commits[sha]

    def tree(self, sha: str) -> dict[str, Entry] | None:
        """Return name and entry of each line of one tree; a commit's id gives its tree."""
        commit = self.commit(sha)
        if commit is not None:
            return self.tree(commit.tree)
        if sha not in self._trees:
            found = self.read(sha)
            if found is None or found[0] != "tree":
                return None
            self._trees[sha] = dict(_parse_tree(found[1]))
        return self._trees[sha]

    def walk(self, tree: str, under: str = "") -> Iterator[tuple[str, Entry]]:
        """Yield path and entry of everything below a tree, trees included, in Git's order."""
        for name, entry in (self.tree(tree) or {}).items():
            yield f"{under}{name}", entry
            if entry.kind == "tree":
                yield from self.walk(entry.sha, f"{under}{name}/")

    def at_path(self, tree: str, path: str) -> Entry | None:
        """Return the entry at a path."""
        entry: Entry | None = Entry(TREE_MODE, tree)
        for part in (one for one in path.split("/") if one):
            entry = (self.tree(entry.sha) or {}).get(part) if entry and entry.kind == "tree" else None
        return entry

    def write_tree(self, files: Mapping[str, Entry]) -> str:
        """Write the trees that hold these paths and return the root."""
        folders: dict[str, dict[str, Entry]] = {}
        lines: dict[str, Entry] = {}
        for path, entry in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {})[rest] = entry
            else:
                lines[name] = entry
        for name, below in folders.items():
            lines[name] = Entry(TREE_MODE, self.write_tree(below))
        ordered = sorted(lines.items(), key=lambda line: line[0].encode() + (b"/" if line[1].kind == "tree" else b""))
        return self.write(
            "tree", b"".join(f"{entry.mode} {name}\0".encode() + bytes.fromhex(entry.sha) for name, entry in ordered)
        )

    def overlay(self, base: str | None, changes: Mapping[str, Entry | None]) -> str:
        """Return the tree of `base` with entries laid over it; None removes."""
        files = {path: entry for path, entry in self.walk(base) if entry.kind != "tree"} if base else {}
        for path, change in changes.items():
            files = {one: entry for one, entry in files.items() if one != path and not one.startswith(f"{path}/")}
            if change is not None and change.kind == "tree":
                files.update({f"{path}/{name}": entry for name, entry in self.walk(change.sha) if entry.kind != "tree"})
            elif change is not None:
                files[path] = change
        return self.write_tree(files)

    def write_commit(
        self,
        tree: str,
        parents: tuple[str, ...],
        author: Signature,
        committer: Signature,
        message: str,
        *,
        seal: str = "",
    ) -> str:
        """Write a commit; `seal` is an armoured signature."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author.line()}", f"committer {committer.line()}"]
        lines += ["gpgsig " + seal.replace("\n", "\n ")] if seal else []
        return self.write("commit", ("\n".join(lines) + "\n\n" + message).encode())

    def _path(self, sha: str) -> Path:
        return self.directory / "objects" / sha[:2] / sha[2:]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    nobody = {f"GIT_{role}_{part}": "github" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    return {**kept, **nobody, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C", "TZ": "UTC"}


def _parse_commit(sha: str, text: str) -> Commit:
    head, _, message = text.partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.split("\n"):
        if not line.startswith(" "):
            name, _, value = line.partition(" ")
            fields.setdefault(name, []).append(value)
    return Commit(
        sha=sha, tree=fields["tree"][0], parents=tuple(fields.get("parent", ())),
        author=Signature.parse(fields["author"][0]), committer=Signature.parse(fields["committer"][0]), message=message,
    )  # fmt: skip


def _parse_tree(content: bytes) -> Iterator[tuple[str, Entry]]:
    place = 0
    while place < len(content):
        end = content.index(b"\0", place)
        mode, _, name = content[place:end].partition(b" ")
        yield name.decode("utf-8", "surrogateescape"), Entry(mode.decode(), content[end + 1 : end + 21].hex())
        place = end + 21
