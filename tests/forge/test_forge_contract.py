"""What may the rest of the house expect of any forge? Each forge joins by a factory; the tests stay the same."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.local_forge import EmbeddedForge, create_repository
from gates.refusal import UserError
from tests.github.forge_stage import forge_stage
from tests.github.standin.people import People as GitHubPeople
from workflows.forge import Check, CheckState, Forge, MergeProblem, MergeRefusedError, PullRequest, PullRequestState

AT = 1_760_000_000
BRANCH = "mlops/P1-churn-2"
STAGING = "models/churn/staging.yaml"
FIRST_FILES = {
    "models/churn/model.yaml": b"model: churn\n",
    STAGING: b"version: '1'\n",
    "policies/people.yaml": b"people: {}\n",
    "bytes.bin": bytes(range(256)),
}


class People(Protocol):
    """How people work in a repository, other than through the forge's port."""

    def hand_in(self, login: str, branch: str, files: Mapping[str, bytes], message: str) -> str:
        """Push a commit and see to it that the branch has a pull request; return the commit."""

    def has_branch(self, branch: str) -> bool:
        """Is a branch still there?"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A forge with `FIRST_FILES` on main, and the people who work there."""

    forge: Forge
    people: People
    author: str
    """Who opens a pull request that the bot opens for alice."""
    examples: int
    """How many examples a law is tried with: as many as its speed allows."""

    def hand_in(self, login: str, branch: str, files: Mapping[str, bytes], message: str = "Change by hand") -> str:
        return self.people.hand_in(login, branch, files, message)

    def ask(self, branch: str = BRANCH, content: bytes = b"version: '2'\n") -> PullRequest:
        self.forge.commit(branch, {STAGING: content}, message="Ask for churn 2", at=AT)
        return self.forge.open_pull_request(branch, title="Promote churn 2", body="Why: better.", author="alice")


@dataclass(frozen=True)
class Copies:
    """People with a working copy each; a push to the embedded forge opens the pull request."""

    url: str
    folder: Path

    def hand_in(self, login: str, branch: str, files: Mapping[str, bytes], message: str) -> str:
        copy = self.folder / f"{login}s-copy"
        subprocess.run(["git", "clone", "--quiet", self.url, str(copy)], check=True)
        for path, content in files.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(content)
        self._git(login, copy, "add", "--all")
        self._git(login, copy, "commit", "--quiet", "-m", message)
        self._git(login, copy, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        return self._git(login, copy, "rev-parse", "HEAD")

    def has_branch(self, branch: str) -> bool:
        return bool(self._git("bob", self.folder, "ls-remote", self.url, f"refs/heads/{branch}"))

    def _git(self, login: str, copy: Path, *words: str) -> str:
        names = (("NAME", login), ("EMAIL", f"{login}@example.com"))
        person = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in names}
        plain = {"PATH": os.environ["PATH"], "HOME": str(copy), "MLOPS_AS": login}
        ended = subprocess.run(
            ["git", *words], cwd=copy, env={**plain, **person}, check=True, capture_output=True, text=True
        )
        return ended.stdout.strip()


@contextmanager
def embedded(folder: Path) -> Iterator[Place]:
    path = folder / "repo.git"
    create_repository(path, FIRST_FILES, at=AT)
    yield Place(
        forge=EmbeddedForge(path),
        people=Copies(str(path), folder),
        author="alice",
        examples=15,
    )


@dataclass(frozen=True)
class OnGitHub:
    """People who push, and open their pull requests on GitHub's pages."""

    people: GitHubPeople

    def hand_in(self, login: str, branch: str, files: Mapping[str, bytes], message: str) -> str:
        pushed = self.people.push(login, branch, files, message=message, email=f"{login}@example.com")
        self.people.open_pull_request(login, branch, message.split("\n", 1)[0])
        return pushed

    def has_branch(self, branch: str) -> bool:
        return self.people.repository.branch(branch) is not None


@contextmanager
def github(folder: Path) -> Iterator[Place]:
    with forge_stage(folder) as stage:
        stage.begin_anew(FIRST_FILES)
        yield Place(
            forge=stage.forge,
            people=OnGitHub(stage.people),
            author="gatehouse[bot]",
            examples=4,
        )


FACTORIES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {"embedded": embedded, "github": github}

FILE_NAMES = st.text(
    st.characters(exclude_characters="/\0~", exclude_categories=["Cs"]), min_size=1, max_size=12
).filter(lambda name: name not in (".", "..") and "git" not in name.casefold())
FILES = st.dictionaries(
    st.lists(FILE_NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=200), min_size=1, max_size=4
).filter(lambda files: not any(other.startswith(f"{path}/") for path in files for other in files))


@pytest.fixture(params=FACTORIES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with FACTORIES[request.param](tmp_path) as made:
        yield made


class TestReading:
    """Trees and history."""

    def test_a_file_is_read_byte_for_byte_and_a_missing_one_is_none(self, place: Place) -> None:
        head = place.forge.main_head()
        assert place.forge.read(head, "bytes.bin") == bytes(range(256))
        assert place.forge.read(head, "models/churn/production.yaml") is None
        assert place.forge.read(head, "models") is None
        assert place.forge.read(head, "") is None

    def test_files_are_chosen_by_how_their_path_starts(self, place: Place) -> None:
        head = place.forge.main_head()
        assert set(place.forge.files(head, lambda path: path.startswith(("models/", "policies/")))) == set(
            FIRST_FILES
        ) - {"bytes.bin"}
        assert dict(place.forge.files(head, lambda _path: True)) == FIRST_FILES
        assert place.forge.files(head, lambda _path: False) == {}

    def test_a_commit_that_is_not_there_is_no_empty_tree(self, place: Place) -> None:
        with pytest.raises(UserError, match="There is no commit"):
            place.forge.read("0" * 39 + "1", "bytes.bin")
        with pytest.raises(UserError, match="no full commit SHA"):
            place.forge.files("--help", lambda _path: True)

    def test_changes_tell_new_removed_and_changed_paths_in_order(self, place: Place) -> None:
        base = place.forge.main_head()
        files = {"z new": b"z", STAGING: b"other", "bytes.bin": None}
        head = place.forge.commit(BRANCH, files, message="Three changes", at=AT)
        found = [(c.path, c.before is None, c.after is None) for c in place.forge.changes(base, head)]
        assert found == [("bytes.bin", False, True), (STAGING, False, False), ("z new", True, False)]

    def test_main_since_tells_the_first_parent_line_oldest_first(self, place: Place) -> None:
        start = place.forge.main_head()
        first = self._merge(place, "mlops/P1-a", "2")
        second = self._merge(place, "mlops/P2-b", "3")
        assert [c.sha for c in place.forge.main_since(start)] == [first, second]
        assert [(c.parent, c.summary) for c in place.forge.main_since(first)] == [(first, "Merge it")]
        assert place.forge.main_since(second) == ()

    def test_main_since_a_commit_beside_main_tells_all_of_main(self, place: Place) -> None:
        start = place.forge.main_head()
        merged = self._merge(place, BRANCH, "2")
        beside = place.forge.pull_request(1).head
        for stranger in (beside, "0" * 39 + "1"):
            assert [c.sha for c in place.forge.main_since(stranger)] == [start, merged]

    def test_merge_base_is_where_the_branch_left_main(self, place: Place) -> None:
        start = place.forge.main_head()
        pull = place.ask()
        self._merge(place, "mlops/P2-b", "9", path="another.yaml")
        assert place.forge.merge_base(pull.head) == start

    def test_the_author_of_a_commit_is_told_and_a_strange_name_is_nobody(self, place: Place) -> None:
        head = place.hand_in("bob", "fix", {"notes.md": b"hello"})
        assert place.forge.author_of(head) == "bob@example.com"
        assert [place.forge.author_of(name) for name in ("0" * 40, "main", "--all", "")] == [None] * 4

    def _merge(self, place: Place, branch: str, version: str, path: str = STAGING) -> str:
        place.forge.commit(branch, {path: version.encode()}, message="Change", at=AT)
        pull = place.forge.open_pull_request(branch, title="t", body="", author="alice")
        return place.forge.merge(pull.number, expected_head=pull.head, message="Merge it\n\nBecause.", at=AT)


class TestWriting:
    """Commits by the bot."""

    def test_what_is_committed_is_read_back_and_committing_it_again_changes_nothing(self, place: Place) -> None:
        numbers = count(1)

        @settings(max_examples=place.examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(files=FILES)
        def law(files: dict[str, bytes]) -> None:
            branch = f"mlops/P{next(numbers)}-law"
            head = place.forge.commit(branch, files, message="Write\nthem", at=AT)
            assert dict(place.forge.files(head, lambda _path: True)) == {**FIRST_FILES, **files}
            assert all(place.forge.read(head, path) == content for path, content in files.items())
            assert place.forge.commit(branch, files, message="Again", at=AT + 1) == head

        law()

    def test_none_removes_a_file_and_removing_it_twice_changes_nothing(self, place: Place) -> None:
        head = place.forge.commit(BRANCH, {"bytes.bin": None}, message="Remove", at=AT)
        assert place.forge.read(head, "bytes.bin") is None
        assert place.forge.commit(BRANCH, {"bytes.bin": None}, message="Remove", at=AT) == head

    @pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a//b", "a/./b", ".git/config", "a\0b", "\ud800"])
    def test_a_path_that_could_escape_the_tree_is_refused(self, place: Place, path: str) -> None:
        with pytest.raises(UserError, match=r"cannot be the path|does not take"):
            place.forge.commit(BRANCH, {path: b"x"}, message="Escape", at=AT)

    def test_main_is_not_written_to(self, place: Place) -> None:
        with pytest.raises(UserError, match="other than main"):
            place.forge.commit("main", {"x": b"x"}, message="Directly", at=AT)

    def test_the_bots_evidence_lands_on_top_of_a_persons_branch(self, place: Place) -> None:
        pushed = place.hand_in("bob", "bobs-change", {STAGING: b"version: '2'\n"})
        head = place.forge.commit("bobs-change", {"evidence.json": b"{}"}, message="Evidence", at=AT)
        pull = place.forge.open_pull_requests()[0]
        assert (pull.head, place.forge.changes(pushed, head)[0].path) == (head, "evidence.json")
        assert pull.contributors == {"bob", "bob@example.com"}


class TestPullRequests:
    """From opening to the end."""

    def test_one_is_opened_once_and_found_again(self, place: Place) -> None:
        pull = place.ask()
        assert (pull.number, pull.title, pull.author, pull.state) == (1, "Promote churn 2", place.author, "open")
        assert place.ask() == pull
        assert place.forge.pull_request(pull.number) == pull
        assert place.forge.open_pull_requests() == (pull,)

    def test_the_bot_is_no_contributor(self, place: Place) -> None:
        assert place.ask().contributors == frozenset()

    def test_a_number_that_was_never_given_is_a_user_error(self, place: Place) -> None:
        with pytest.raises(UserError, match="no pull request 7"):
            place.forge.pull_request(7)

    def test_a_branch_without_a_change_opens_nothing(self, place: Place) -> None:
        place.forge.commit(BRANCH, {STAGING: FIRST_FILES[STAGING]}, message="Nothing", at=AT)
        with pytest.raises(UserError, match="holds nothing that main lacks"):
            place.forge.open_pull_request(BRANCH, title="t", body="", author="alice")

    def test_a_pull_request_opened_by_hand_has_its_pusher_as_author(self, place: Place) -> None:
        head = place.hand_in("bob", "feature/ünï", {"a b\n.txt": b"x"}, "Say it\n\nwith more lines")
        (pull,) = place.forge.open_pull_requests()
        assert (pull.branch, pull.head, pull.author, pull.title) == ("feature/ünï", head, "bob", "Say it")
        assert [c.path for c in place.forge.changes(place.forge.merge_base(head), head)] == ["a b\n.txt"]

    def test_a_merge_has_both_parents_and_the_change_and_may_be_repeated(self, place: Place) -> None:
        pull, main = place.ask(), place.forge.main_head()
        place.forge.put_checks(pull.head, [Check(name="mlops/promotion", state=CheckState.SUCCESS, summary="Go")])
        merged = place.forge.merge(pull.number, expected_head=pull.head, message="Promote", at=AT)
        assert place.forge.main_head() == merged
        assert [c.path for c in place.forge.changes(main, merged)] == [STAGING]
        assert place.forge.merge(pull.number, expected_head=pull.head, message="Promote", at=AT + 9) == merged
        now = place.forge.pull_request(pull.number)
        assert (now.state, now.merge_commit, now.head) == (PullRequestState.MERGED, merged, pull.head)
        assert place.forge.open_pull_requests() == ()

    def test_a_head_that_moved_is_not_merged(self, place: Place) -> None:
        pull, main = place.ask(), place.forge.main_head()
        place.ask(content=b"version: '3'\n")
        self._refused(place, pull, MergeProblem.STALE_HEAD, "look at it again")
        assert place.forge.main_head() == main

    def test_a_conflict_names_the_file_and_leaves_main_alone(self, place: Place) -> None:
        pull, other = place.ask("mlops/P1-a", b"version: '2'\n"), place.ask("mlops/P2-b", b"version: '3'\n")
        merged = place.forge.merge(other.number, expected_head=other.head, message="First", at=AT)
        self._refused(place, pull, MergeProblem.CONFLICT, STAGING)
        refused = place.forge.would_merge(pull.number)
        assert refused is not None
        assert refused.problem is MergeProblem.CONFLICT
        assert place.forge.main_head() == merged

    def test_changes_that_do_not_touch_are_merged_together(self, place: Place) -> None:
        pull, other = place.ask("mlops/P1-a"), place.hand_in("bob", "bobs", {"notes.md": b"hello"})
        place.forge.merge(2, expected_head=other, message="First", at=AT)
        assert place.forge.would_merge(pull.number) is None
        merged = place.forge.merge(pull.number, expected_head=pull.head, message="Second", at=AT)
        assert place.forge.read(merged, "notes.md") == b"hello"
        assert place.forge.read(merged, STAGING) == b"version: '2'\n"

    def test_a_closed_one_is_not_merged_and_keeps_its_commits(self, place: Place) -> None:
        pull = place.ask()
        for _ in range(2):
            place.forge.close(pull.number, comment="Withdrawn by alice.")
        assert place.forge.pull_request(pull.number).state is PullRequestState.CLOSED
        assert place.forge.read(pull.head, STAGING) == b"version: '2'\n"
        self._refused(place, pull, MergeProblem.NOT_OPEN, "closed")
        assert place.forge.would_merge(pull.number) is not None

    def test_after_the_end_the_same_branch_opens_another(self, place: Place) -> None:
        first = place.ask()
        place.forge.close(first.number, comment="No.")
        again = place.ask()
        place.forge.merge(again.number, expected_head=again.head, message="Yes", at=AT)
        place.forge.delete_branch(BRANCH)
        place.forge.delete_branch(BRANCH)
        third = place.ask(content=b"version: '3'\n")
        assert [first.number, again.number, third.number] == [1, 2, 3]

    def test_a_persons_branch_is_left_to_them(self, place: Place) -> None:
        place.hand_in("bob", "bobs", {"notes.md": b"hello"})
        place.forge.close(1, comment="Not now.")
        assert place.people.has_branch("bobs")
        assert place.forge.open_pull_requests() == ()
        with pytest.raises(UserError, match="not the bot's"):
            place.forge.delete_branch("bobs")

    def test_comments_and_checks_may_be_written_again(self, place: Place) -> None:
        pull = place.ask()
        for state in (CheckState.PENDING, CheckState.SUCCESS, CheckState.SUCCESS):
            place.forge.put_checks(pull.head, [Check(name="mlops/format", state=state, summary="Formats")])
            place.forge.put_comment(pull.number, "card", f"It is **{state}**.")
        assert place.forge.pull_request(pull.number) == pull

    def _refused(self, place: Place, pull: PullRequest, problem: MergeProblem, words: str) -> None:
        with pytest.raises(MergeRefusedError, match=words) as refused:
            place.forge.merge(pull.number, expected_head=pull.head, message="Promote", at=AT)
        assert refused.value.problem is problem
