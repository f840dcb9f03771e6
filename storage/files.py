"""Which bytes does a version consist of? Fetched from the registry into a folder named by their digest.

Scoring and targets read only from here: what was measured is what serves, whatever the registry says later.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gates.digest import file_digest, tree_digest
from gates.refusal import UserError
from storage.content import ContentChangedError, require_digest, sync_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFiles:
    """The files of one version, in our store."""

    digest: str
    path: Path
    """Folder named by the digest; read only."""
    files: Mapping[str, tuple[str, int]]
    """SHA-256 and size of each file, by its path relative to the folder."""


class FileStore:
    """A folder of folders, each named by the digest of what it holds; and of evaluation data, likewise."""

    def __init__(self, root: Path) -> None:
        """Keep files under `root`, which is made when first needed."""
        self._root = root

    def of_version(self, project: str, model: str, version: str, fetch: Callable[[Path], None]) -> StoredFiles:
        """Fetch a version's files into the store; `fetch` fills the empty folder it is given.

        Always asks the registry, so that a version altered there shows. `UserError` for links and odd files.
        """
        with self._arriving() as folder:
            fetch(folder)
            return self._keep(folder, f"{project}/{model} v{version}")

    def by_digest(self, digest: str) -> StoredFiles:
        """Return what is stored under a digest, hashed again; `ContentChangedError` when it was changed."""
        path = self._root / require_digest(digest)
        if not path.is_dir():
            raise UserError(f"The files {digest} are not in the store: {path} does not exist. Fetch the version again.")
        files = _inventory(path, f"stored version {digest}")
        found = _digest_of(files)
        if found != digest:
            raise ContentChangedError(
                f"The stored files {digest} were changed: {path} now has the digest {found}. "
                "Remove that folder and fetch the version again."
            )
        return StoredFiles(digest=digest, path=path, files=files)

    def data(self, uri: str, base: Path) -> tuple[Path, str]:
        """Copy an evaluation file (a path, relative to `base`, or a file:// URI) into the store.

        Returns the copy, named by its SHA-256 and its suffix, and that SHA-256.
        """
        source = _local_path(uri, base)
        with self._arriving() as folder:
            copy = folder / "data"
            try:
                shutil.copyfile(source, copy)
            except OSError as unreadable:
                raise UserError(
                    f"The evaluation data {uri} cannot be read at {source}: {unreadable.strerror}."
                ) from unreadable
            return self._keep_data(copy, source.suffix.lower())

    @contextmanager
    def _arriving(self) -> Iterator[Path]:
        self._root.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._root, prefix=".arriving-"))
        try:
            yield folder
        finally:
            _remove(folder)

    def _keep(self, folder: Path, what: str) -> StoredFiles:
        files = _inventory(folder, what)
        if not files:
            raise UserError(f"{what} has no files: register it again.")
        digest = _digest_of(files)
        if not (self._root / digest).exists():
            _settle(folder, self._root / digest)
        return self.by_digest(digest)

    def _keep_data(self, copy: Path, suffix: str) -> tuple[Path, str]:
        digest = file_digest(copy)
        kept = self._root / "data" / f"{digest}{suffix if suffix in {'.csv', '.parquet'} else ''}"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            _sync(copy)
            copy.chmod(0o444)
            copy.replace(kept)
            sync_folder(kept.parent)
        elif file_digest(kept) != digest:
            raise ContentChangedError(f"The stored evaluation data {digest} were changed: remove {kept} and try again.")
        return kept, digest


def _inventory(folder: Path, what: str) -> dict[str, tuple[str, int]]:
    files = {}
    for path in _plain_files(folder, what):
        name = path.relative_to(folder).as_posix()
        files[name] = (file_digest(path), path.stat().st_size)
    return dict(sorted(files.items()))


def _plain_files(folder: Path, what: str) -> Iterator[Path]:
    """Yield every file below `folder`; links and devices could show other bytes tomorrow, so they are refused."""
    for path in folder.iterdir():
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            yield from _plain_files(path, what)
        elif stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
            yield path
        else:
            raise UserError(f"{what} holds {path.name!r}, which is a link or no plain file: register plain files.")


def _digest_of(files: Mapping[str, tuple[str, int]]) -> str:
    return tree_digest({name: sha256 for name, (sha256, _) in files.items()})


def _settle(folder: Path, kept: Path) -> None:
    """Make everything read only and durable, then give it its name in one step."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            _sync(Path(parent, name))
            Path(parent, name).chmod(0o444)
        sync_folder(Path(parent))
        Path(parent).chmod(0o555)
    try:
        folder.rename(kept)
    except OSError:
        # Another process gave the same content the same name a moment ago; anything else is a mistake.
        if not kept.is_dir():
            raise
    sync_folder(kept.parent)


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _remove(folder: Path) -> None:
    if not folder.exists():
        return
    for parent, _, _ in os.walk(folder):
        Path(parent).chmod(0o755)
    shutil.rmtree(folder)


def _local_path(uri: str, base: Path) -> Path:
    parts = urlsplit(uri)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
        return Path(unquote(parts.path))
    if parts.scheme:
        raise UserError(
            f"The evaluation data {uri} lie where Gatehouse cannot read: name a file path or a file:/// URI."
        )
    return base / uri
