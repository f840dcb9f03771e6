"""What does a commit's tree hold, how do two differ, and how is the next one written?"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from bot.local_forge.git import Git, GitFailedError, readable
from gates.refusal import UserError
from workflows.forge import Change

ABSENT = "000000"
PLAIN_FILE = "100644"
FULL_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a tree: its path and the id of its content."""

    path: str
    blob: str


def read_file(git: Git, commit: str, path: str) -> bytes | None:
    """Return a file's bytes, or None when the tree has no such file."""
    if not path:
        return None
    found = _entries(git, commit, path)
    return _contents(git, (found[0].blob,))[0] if [entry.path for entry in found] == [path] else None


def read_files(git: Git, commit: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return path and bytes of every file whose path is wanted."""
    chosen = [entry for entry in _entries(git, commit) if wanted(entry.path)]
    files = dict(
        zip((entry.path for entry in chosen), _contents(git, tuple(entry.blob for entry in chosen)), strict=True)
    )
    if len(files) != len(chosen):
        raise UserError(f"Commit {commit} holds two files that are both shown as one name: rename the odd one.")
    return files


def changed(git: Git, base: str, head: str) -> tuple[Change, ...]:
    """Return the paths that differ, sorted; a changed mode counts, with the same blob before and after."""
    fields = _asked(git, (base, head), "diff-tree", "-r", "-z", "--no-renames", base, head).split(b"\0")[:-1]
    pairs = zip(fields[::2], fields[1::2], strict=True)
    return tuple(sorted((_change(meta, path) for meta, path in pairs), key=lambda change: change.path))


def _change(meta: bytes, path: bytes) -> Change:
    old_mode, new_mode, before, after, _ = meta.decode().lstrip(":").split(" ")
    return Change(
        path=readable(path),
        before=None if old_mode == ABSENT else before,
        after=None if new_mode == ABSENT else after,
    )


def write_tree(git: Git, base: str | None, files: Mapping[str, bytes | None]) -> str:
    """Return the tree of `base` with `files` laid over it (None removes); what we write are plain files."""
    _require_paths(files)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        if base is not None:
            git.output("read-tree", base, index=index)
        blobs = _written(git, Path(folder), {path: content for path, content in files.items() if content is not None})
        lines = b"".join(_index_line(path, blobs.get(path)) for path in files)
        ended = git.run("update-index", "-z", "--index-info", stdin=lines, index=index)
        # Git skips names it holds for dangerous (.git, git~1) and still ends well: that would lose a file.
        if ended.returncode or ended.stderr:
            raise UserError(f"Git does not take these file names: {readable(ended.stderr).strip()}")
        return git.line("write-tree", index=index)


def _written(git: Git, folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Keep the contents in the repository, through one process; return the blob of each path."""
    copies = [folder / str(number) for number in range(len(files))]
    for copy, content in zip(copies, files.values(), strict=True):
        copy.write_bytes(content)
    named = "".join(f"{copy}\n" for copy in copies).encode()
    blobs = git.output("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=named).decode().split()
    return dict(zip(files, blobs, strict=True))


def _index_line(path: str, blob: str | None) -> bytes:
    """Return a line for `update-index`; without a blob it takes the path out."""
    return f"0 {'0' * 40}\t{path}\0".encode() if blob is None else f"{PLAIN_FILE} {blob}\t{path}\0".encode()


def _require_paths(files: Mapping[str, bytes | None]) -> None:
    kept = {path for path, content in files.items() if content is not None}
    for path in files:
        if not _is_path(path) or kept.intersection(str(parent) for parent in PurePosixPath(path).parents):
            raise UserError(f"{path!r} cannot be the path of a file in the repository.")


def _is_path(path: str) -> bool:
    parts = path.split("/")
    printable = path.encode("utf-8", "replace").decode() == path
    return printable and "\0" not in path and not any(part in ("", ".", "..") for part in parts)


def _entries(git: Git, commit: str, path: str | None = None) -> tuple[Entry, ...]:
    """Return the file at `path`, or all files of the tree; submodules are no files."""
    where = ("-r", commit) if path is None else (commit, "--", path)
    return tuple(_files(_asked(git, (commit,), "ls-tree", "-z", *where)))


def _files(listing: bytes) -> Iterator[Entry]:
    for line in listing.split(b"\0")[:-1]:
        meta, name = line.split(b"\t", 1)
        _, kind, blob = meta.decode().split(" ")
        if kind == "blob":
            yield Entry(readable(name), blob)


@lru_cache(maxsize=64)  # a rulebook is read at every step, and an evidence file has some hundred kilobytes
def _contents(git: Git, blobs: tuple[str, ...]) -> tuple[bytes, ...]:
    """Read all the contents through one process."""
    answer = git.output("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in blobs).encode())
    contents, place = [], 0
    for _ in blobs:
        start = answer.index(b"\n", place) + 1
        size = int(answer[place : start - 1].split(b" ")[2])
        contents.append(answer[start : start + size])
        place = start + size + 1
    return tuple(contents)


def _asked(git: Git, commits: tuple[str, ...], *arguments: str) -> bytes:
    """Run a question about what commits hold; one that the repository does not have is the asker's mistake.

    Asked anew each time: what a commit holds never changes, but somebody may prune the commit.
    """
    for commit in commits:
        require_sha(commit)
    try:
        return git.output(*arguments)
    except GitFailedError:
        for commit in commits:
            if git.run("cat-file", "-e", f"{commit}^{{commit}}").returncode:
                raise UserError(f"There is no commit {commit} in {git.directory}.") from None
        raise


def require_sha(commit: str) -> None:
    """Raise `UserError` unless `commit` is a full SHA: a name or an option would mean something else to Git."""
    if not FULL_SHA.fullmatch(commit):
        raise UserError(f"{commit!r} is no full commit SHA: copy all of its 40 hexadecimal digits from git log.")
