"""Does the store hold exactly the files that a version has, and does it notice when they change?"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gates.digest import bytes_digest, tree_digest
from gates.refusal import UserError
from storage.content import ContentChangedError
from storage.files import FileStore

FILES = {"MLmodel": b"flavors: {}\n", "data/model.skops": b"\x00\x01"}


def fetching(files: dict[str, bytes]) -> Callable[[Path], None]:
    def fetch(into: Path) -> None:
        for name, content in files.items():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).write_bytes(content)

    return fetch


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_version_lies_in_a_read_only_folder_named_by_its_digest(store: FileStore, tmp_path: Path) -> None:
    stored = store.of_version("bank", "loan-approval", "2", fetching(FILES))
    assert stored.digest == tree_digest({name: bytes_digest(content) for name, content in FILES.items()})
    assert stored.path == tmp_path / "files" / stored.digest
    assert stored.files == {name: (bytes_digest(content), len(content)) for name, content in FILES.items()}
    assert {path.stat().st_mode & 0o222 for path in (stored.path, *stored.path.rglob("*"))} == {0}
    assert names(tmp_path / "files") == [stored.digest]


def test_the_same_files_fetched_again_are_the_same_folder(store: FileStore, tmp_path: Path) -> None:
    first = store.of_version("bank", "loan-approval", "2", fetching(FILES))
    assert store.of_version("shop", "other", "7", fetching(FILES)) == first == store.by_digest(first.digest)
    assert names(tmp_path / "files") == [first.digest]


def test_a_version_altered_in_its_registry_gets_another_digest(store: FileStore) -> None:
    first = store.of_version("bank", "loan-approval", "2", fetching(FILES))
    second = store.of_version("bank", "loan-approval", "2", fetching({**FILES, "MLmodel": b"other"}))
    assert second.digest != first.digest
    assert store.by_digest(first.digest) == first


def alter(path: Path) -> None:
    (path / "MLmodel").chmod(0o644)
    (path / "MLmodel").write_bytes(b"altered")


def add(path: Path) -> None:
    path.chmod(0o755)
    (path / "extra").write_bytes(b"")


def remove(path: Path) -> None:
    path.chmod(0o755)
    (path / "MLmodel").unlink()


@pytest.mark.parametrize("hand", [alter, add, remove])
def test_files_changed_in_the_store_are_an_error_that_says_so(store: FileStore, hand: Callable[[Path], None]) -> None:
    stored = store.of_version("bank", "loan-approval", "2", fetching(FILES))
    hand(stored.path)
    with pytest.raises(ContentChangedError, match=f"stored files {stored.digest} were changed"):
        store.by_digest(stored.digest)
    with pytest.raises(ContentChangedError):
        store.of_version("bank", "loan-approval", "2", fetching(FILES))


def link_out(into: Path) -> None:
    (into / "model").symlink_to("/etc/hostname")


def link_folder(into: Path) -> None:
    (into / "data").symlink_to(into.parent, target_is_directory=True)


def hard_link(into: Path) -> None:
    (into.parent / "elsewhere").write_bytes(b"shared")
    (into / "model").hardlink_to(into.parent / "elsewhere")


def pipe(into: Path) -> None:
    os.mkfifo(into / "model")


@pytest.mark.parametrize("fetch", [link_out, link_folder, hard_link, pipe])
def test_a_link_or_an_odd_file_is_refused_and_leaves_nothing(
    store: FileStore, tmp_path: Path, fetch: Callable[[Path], None]
) -> None:
    with pytest.raises(
        UserError, match=r"bank/loan-approval v2 holds '(model|data)', which is a link or no plain file"
    ):
        store.of_version("bank", "loan-approval", "2", fetch)
    assert [name for name in names(tmp_path / "files") if name != "elsewhere"] == []


def test_a_fetch_that_dies_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    def dies(into: Path) -> None:
        (into / "half").write_bytes(b"half")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.of_version("bank", "loan-approval", "2", dies)
    assert names(tmp_path / "files") == []


def test_a_version_without_files_is_no_version(store: FileStore) -> None:
    with pytest.raises(UserError, match="bank/loan-approval v2 has no files"):
        store.of_version("bank", "loan-approval", "2", lambda into: (into / "empty").mkdir())


def test_files_that_were_never_stored_are_named(store: FileStore) -> None:
    with pytest.raises(UserError, match=f"files {'a' * 64} are not in the store"):
        store.by_digest("a" * 64)


@pytest.mark.parametrize(
    "uri", ["table.csv", "./table.csv", "{base}/table.csv", "file://{base}/table.csv", "file://{base}/t%61ble.csv"]
)
def test_evaluation_data_are_copied_under_their_digest(store: FileStore, tmp_path: Path, uri: str) -> None:
    (tmp_path / "table.csv").write_bytes(b"a,b\n1,2\n")
    copy, digest = store.data(uri.format(base=tmp_path), tmp_path)
    assert digest == bytes_digest(b"a,b\n1,2\n")
    assert copy == tmp_path / "files" / "data" / f"{digest}.csv"
    assert (copy.read_bytes(), copy.stat().st_mode & 0o222) == (b"a,b\n1,2\n", 0)
    assert store.data(uri.format(base=tmp_path), tmp_path) == (copy, digest)


def test_evaluation_data_that_changed_have_another_digest_and_the_old_copy_stays(
    store: FileStore, tmp_path: Path
) -> None:
    table = tmp_path / "table.parquet"
    table.write_bytes(b"one")
    first = store.data("table.parquet", tmp_path)
    table.write_bytes(b"two")
    assert store.data("table.parquet", tmp_path)[1] == bytes_digest(b"two")
    assert first[0].read_bytes() == b"one"


def test_a_stored_copy_of_evaluation_data_that_changed_is_an_error(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"one")
    copy, _ = store.data("table.csv", tmp_path)
    copy.chmod(0o644)
    copy.write_bytes(b"two")
    with pytest.raises(ContentChangedError, match=r"stored evaluation data .* were changed"):
        store.data("table.csv", tmp_path)


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("missing.csv", "cannot be read at .*missing.csv: No such file"),
        (".", "cannot be read at .*: Is a directory"),
        ("s3://bucket/table.csv", "where Gatehouse cannot read"),
        ("file://elsewhere/table.csv", "where Gatehouse cannot read"),
    ],
)
def test_evaluation_data_that_cannot_be_read_are_named(store: FileStore, tmp_path: Path, uri: str, text: str) -> None:
    with pytest.raises(UserError, match=text):
        store.data(uri, tmp_path)


def test_a_folder_that_may_not_be_written_can_still_be_cleared_away(store: FileStore, tmp_path: Path) -> None:
    # What the store keeps is read only: whoever clears a workspace must be able to.
    store.of_version("bank", "loan-approval", "2", fetching(FILES))
    for path in (tmp_path / "files").rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(tmp_path / "files")
