"""How does an embedded forge come to be, and what does it refuse to open?"""

import subprocess
from pathlib import Path

import pytest

from bot.local_forge import EmbeddedForge, create_repository
from gates.refusal import Unavailable, UserError

AT = 1_760_000_000
FILES = {"models/churn/model.yaml": b"model: churn\n", "bytes.bin": bytes(range(256))}


def shown(repository: Path, form: str) -> str:
    """Return what `git log` says of main's only commit."""
    words = ["git", f"--git-dir={repository}", "log", f"--format={form}", "main"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def test_the_first_commit_holds_the_files_and_is_the_bots(tmp_path: Path) -> None:
    repository = tmp_path / "new" / "repo.git"
    head = create_repository(repository, FILES, at=AT)
    assert EmbeddedForge(repository).main_head() == head
    assert dict(EmbeddedForge(repository).files(head, lambda _path: True)) == FILES
    assert shown(repository, "%an <%ae> %at %cn <%ce> %ct %P") == (
        f"Gatehouse <gatehouse@localhost> {AT} Gatehouse <gatehouse@localhost> {AT}"
    )


def test_the_same_files_and_time_give_the_same_commit(tmp_path: Path) -> None:
    heads = {create_repository(tmp_path / name, FILES, at=AT) for name in ("a.git", "b.git")}
    assert len(heads) == 1
    assert create_repository(tmp_path / "c.git", FILES, at=AT + 1) not in heads


def test_what_exists_is_not_overwritten_and_what_fails_leaves_nothing(tmp_path: Path) -> None:
    create_repository(tmp_path / "repo.git", FILES, at=AT)
    with pytest.raises(UserError, match="exists already"):
        create_repository(tmp_path / "repo.git", FILES, at=AT)
    with pytest.raises(UserError, match="cannot be the path"):
        create_repository(tmp_path / "other.git", {"../x": b""}, at=AT)
    assert [path.name for path in tmp_path.iterdir()] == ["repo.git"]


def test_a_path_without_a_repository_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mlops demo .*mlops init"):
        EmbeddedForge(tmp_path / "repo.git")


def test_a_working_copy_is_not_taken_for_the_forge(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with pytest.raises(UserError, match="bare repository"):
        EmbeddedForge(tmp_path / ".git")


def test_an_older_git_is_named_with_the_version_that_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.34.1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"needs Git 2\.38 or newer, and .*git is git version 2\.34\.1"):
        create_repository(tmp_path / "repo.git", FILES, at=AT)


def test_a_missing_git_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="Git is not installed"):
        EmbeddedForge(tmp_path)


def test_git_variables_around_us_decide_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = create_repository(tmp_path / "a.git", FILES, at=AT)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_DATE"):
        monkeypatch.setenv(name, "1999-01-01 someone")
    (tmp_path / ".gitconfig").write_text("[core]\n\tautocrlf = true\n[init]\n\tdefaultObjectFormat = sha256\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert create_repository(tmp_path / "b.git", FILES, at=AT) == plain
    assert EmbeddedForge(tmp_path / "b.git").main_head() == plain
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_left_behind_is_a_service_that_sleeps_not_a_bug(tmp_path: Path) -> None:
    create_repository(tmp_path / "repo.git", FILES, at=AT)
    forge = EmbeddedForge(tmp_path / "repo.git")
    forge.commit("mlops/P1-x", {"x": b"1"}, message="x", at=AT)
    (tmp_path / "repo.git" / "refs" / "heads" / "mlops" / "P1-x.lock").touch()
    with pytest.raises(Unavailable, match=r"cannot be written now: .*P1-x\.lock"):
        forge.commit("mlops/P1-x", {"x": b"2"}, message="x", at=AT)
