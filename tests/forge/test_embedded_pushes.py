"""What does a person see and may a person do who clones the embedded forge and pushes?"""

import os
import stat
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.local_forge import EmbeddedForge, create_repository, install_hooks
from workflows.forge import PullRequestState

pytestmark = pytest.mark.full

AT = 1_760_000_000
MAIN_FILES = {"models/churn/staging.yaml": b"version: '1'\n"}


@dataclass(frozen=True)
class Copy:
    """A person's working copy, and what Git said."""

    folder: Path
    login: str | None = "bob"
    home: Path | None = None

    def git(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home or self.folder)}
        identity = {f"GIT_{role}_NAME": "Bob" for role in ("AUTHOR", "COMMITTER")}
        identity |= {"GIT_AUTHOR_EMAIL": "bob@example.com", "GIT_COMMITTER_EMAIL": "bob@work.example.com"}
        claim = {"MLOPS_AS": self.login} if self.login else {}
        return subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env=environment | identity | claim,
            check=False,
            capture_output=True,
            text=True,
        )

    def commit(self, path: str = "notes.md", content: str = "hello", message: str = "Add notes") -> None:
        (self.folder / path).write_text(content)
        self.git("add", "--all")
        assert self.git("commit", "--quiet", "-m", message).returncode == 0

    def push(self, *words: str) -> tuple[int, list[str]]:
        """Push and return the exit code and what the repository's hooks said."""
        ended = self.git("push", *words)
        said = [line.removeprefix("remote:") for line in ended.stderr.splitlines() if line.startswith("remote:")]
        return ended.returncode, [line[1:].rstrip() for line in said]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repo with space.git"
    create_repository(path, MAIN_FILES, at=AT)
    return path


@pytest.fixture
def clone(repository: Path, tmp_path: Path) -> Callable[[str], Copy]:
    def make(name: str) -> Copy:
        subprocess.run(["git", "clone", "--quiet", str(repository), str(tmp_path / name)], check=True)
        return Copy(tmp_path / name, name)

    return make


@pytest.fixture
def bob(clone: Callable[[str], Copy]) -> Copy:
    copy = clone("bob")
    copy.commit()
    return copy


def test_a_push_opens_a_pull_request_and_says_where_and_what_next(bob: Copy, repository: Path) -> None:
    assert bob.push("origin", "HEAD:notes") == (
        0,
        [
            "Pull request 1 opened by bob: Add notes",
            f"  page: {repository}/pulls/1.md",
            "  look at it with: mlops sync",
        ],
    )
    assert "state | **open**" in (repository / "pulls" / "1.md").read_text()


def test_a_second_push_updates_it_and_everyone_is_remembered(bob: Copy, repository: Path) -> None:
    bob.push("origin", "HEAD:notes")
    bob.commit(content="more", message="Add more")
    _, said = bob.push("-o", "as=carol", "origin", "HEAD:notes")
    assert said[0] == "Pull request 1 updated by carol: Add notes"
    (pull,) = EmbeddedForge(repository).open_pull_requests()
    assert (pull.author, pull.head) == ("bob", bob.git("rev-parse", "HEAD").stdout.strip())
    assert pull.contributors == {"bob", "carol", "bob@example.com", "bob@work.example.com"}


def test_who_wrote_a_commit_is_remembered_even_after_it_is_pushed_away(bob: Copy, repository: Path) -> None:
    bob.git("commit", "--amend", "--quiet", "--no-edit", "--author", "Eve <eve@example.com>")
    bob.push("origin", "HEAD:notes")
    bob.git("commit", "--amend", "--quiet", "--no-edit", "--author", "Bob <bob@example.com>")
    bob.push("--force", "origin", "HEAD:notes")
    assert "eve@example.com" in EmbeddedForge(repository).pull_request(1).contributors


def test_without_any_claim_the_systems_user_is_the_author(bob: Copy, repository: Path) -> None:
    Copy(bob.folder, None).push("origin", "HEAD:notes")
    who = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    assert EmbeddedForge(repository).pull_request(1).author == who


def test_a_claim_that_is_no_login_is_refused(bob: Copy) -> None:
    code, said = bob.push("-o", "as=<b>bob</b> | x", "origin", "HEAD:notes")
    assert (code, said[0][:38]) == (1, "The account that this push claims is n")


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("main", "main changes only by merging a pull request"),
        ("mlops/P1-churn-2", "mlops/P1-churn-2 is a branch of Gatehouse's"),
        ("refs/replace/0123", "refs/replace/0123 is neither a branch nor a tag"),
    ],
)
def test_what_belongs_to_gatehouse_is_not_pushed_to(bob: Copy, repository: Path, target: str, sentence: str) -> None:
    before = EmbeddedForge(repository).main_head()
    full = target if target.startswith("refs/") else f"refs/heads/{target}"
    code, said = bob.push("origin", f"HEAD:{full}", "HEAD:refs/heads/notes")
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith(f"Gatehouse: {sentence}")
    assert EmbeddedForge(repository).main_head() == before
    assert EmbeddedForge(repository).open_pull_requests() == ()


def test_a_branch_with_an_open_pull_request_is_kept_until_it_is_given_up(bob: Copy, repository: Path) -> None:
    bob.push("origin", "HEAD:notes")
    code, said = bob.push("origin", ":notes")
    assert code == 1
    assert said[0].startswith("Gatehouse: notes has pull request 1 open: withdraw its promotion first")
    assert bob.push("--force", "origin", "origin/main:notes") == (
        0,
        ["Pull request 1 is closed: notes holds nothing that main lacks."],
    )
    assert bob.push("origin", ":notes") == (0, [])
    assert EmbeddedForge(repository).pull_request(1).state is PullRequestState.CLOSED


def test_a_branch_that_adds_nothing_opens_nothing(bob: Copy, repository: Path) -> None:
    assert bob.push("origin", "origin/main:refs/heads/same") == (
        0,
        ["No pull request: same holds nothing that main lacks: commit a change to it first."],
    )
    bob.git("checkout", "--quiet", "--orphan", "stranger")
    bob.commit(message="Start elsewhere")
    code, said = bob.push("origin", "stranger")
    assert (code, said[0][:16]) == (0, "No pull request:")
    assert EmbeddedForge(repository).open_pull_requests() == ()


def test_a_tag_is_just_a_tag(bob: Copy, repository: Path) -> None:
    bob.git("tag", "v1")
    assert bob.push("origin", "v1") == (0, [])
    assert EmbeddedForge(repository).open_pull_requests() == ()


def test_pushing_to_a_merged_branch_again_opens_another_pull_request(bob: Copy, repository: Path) -> None:
    forge = EmbeddedForge(repository)
    bob.push("origin", "HEAD:notes")
    forge.merge(1, expected_head=forge.pull_request(1).head, message="Merge", at=AT)
    bob.commit(content="more", message="Say more")
    _, said = bob.push("origin", "HEAD:notes")
    assert said[0] == "Pull request 2 opened by bob: Say more"
    assert forge.pull_request(1).state is PullRequestState.MERGED


def test_a_title_cannot_speak_to_the_terminal_or_to_the_page(bob: Copy, repository: Path) -> None:
    bob.git("commit", "--amend", "--quiet", "-m", "\x1b[2Jcleared <script>alert(1)</script> | [x](http://evil)")
    _, said = bob.push("origin", "HEAD:notes")
    assert "\x1b" not in said[0]
    page = (repository / "pulls" / "1.md").read_text()
    assert "\x1b" not in page
    assert r"\<script\>alert(1)\</script\> \| \[x\](http\://evil)" in page


def test_a_hook_whose_python_is_gone_refuses_and_opening_the_forge_mends_it(bob: Copy, repository: Path) -> None:
    hook = repository / "hooks" / "pre-receive"
    good = hook.read_text()
    broken = "\n".join("python=/gone/python" if line.startswith("python=") else line for line in good.splitlines())
    hook.write_text(broken + "\n")
    code, said = bob.push("origin", "HEAD:notes")
    assert (code, said[0]) == (
        1,
        "Gatehouse cannot look at this push, so it is refused: its Python is gone (/gone/python).",
    )
    EmbeddedForge(repository)
    assert hook.read_text() == good
    assert bob.push("origin", "HEAD:notes")[0] == 0


def test_a_persons_own_hooks_path_does_not_switch_the_hooks_off(bob: Copy, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[core]\n\thooksPath = /nowhere\n")
    code, said = Copy(bob.folder, "bob", home=tmp_path).push("origin", "HEAD:main")
    assert (code, len(said)) == (1, 1)


def test_installing_the_hooks_again_changes_nothing(repository: Path) -> None:
    files = [repository / "hooks" / name for name in ("pre-receive", "post-receive")]
    before = [file.stat() for file in files]
    install_hooks(repository)
    assert [file.stat().st_mtime_ns for file in files] == [was.st_mtime_ns for was in before]
    assert all(was.st_mode & stat.S_IXUSR for was in before)


def test_pushes_at_the_same_time_get_a_number_each(clone: Callable[[str], Copy], repository: Path) -> None:
    people = [clone(name) for name in ("ann", "ben", "cem", "dan")]
    for person in people:
        person.commit(path=f"{person.login}.md")
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda person: person.push("origin", f"HEAD:{person.login}"), people))
    assert {said[0].split(" ")[2] for _, said in ended} == {"1", "2", "3", "4"}
    pulls = EmbeddedForge(repository).open_pull_requests()
    assert {(pull.branch, pull.author) for pull in pulls} == {(p.login, p.login) for p in people}
