"""What does the forge read from GitHub's Git, and what does it write there?"""

import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.github.git_names import PLAIN_FILE, Entry, blob_sha, tree_sha
from gates.refusal import Unavailable, UserError
from tests.github.forge_stage import BRANCH, STAGING, Stage, forge_stage
from tests.github.standin.objects import Entry as StoredEntry
from tests.github.standin.objects import Objects, Signature

NOWHERE = "0" * 39 + "1"
SHA = "a" * 40


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


def stored(stage: Stage, entries: dict[str, StoredEntry], *parents: str) -> str:
    """Write a commit past all of GitHub's rules."""
    objects = stage.people.repository.objects
    who = Signature(name="alice", email="alice@example.org", at=1)
    return objects.write_commit(objects.write_tree(entries), parents, who, who, "By hand\n")


class TestTrees:
    """Files and changes."""

    def test_a_tree_that_github_cuts_short_is_walked_folder_by_folder(self, stage: Stage) -> None:
        files = {f"models/m{number}/{name}": f"{number}{name}" for number in range(3) for name in "abc"}
        head = stage.people.push("alice", "main", dict(files))
        stage.github.truncate_trees_at = 5
        read = stage.another().files(head, lambda path: path.startswith("models/"))
        assert read == {path: content.encode() for path, content in files.items()}

    def test_a_folder_that_is_too_large_by_itself_is_not_read_in_part(self, stage: Stage) -> None:
        head = stage.people.push("alice", "main", {f"f{number}": "x" for number in range(9)})
        stage.github.truncate_trees_at = 5
        with pytest.raises(Unavailable, match="only a part"):
            stage.forge.files(head, lambda _: True)

    def test_symlinks_are_read_and_submodules_are_no_files_but_changes(self, stage: Stage) -> None:
        base, objects = stage.people.head(), stage.people.repository.objects
        link = objects.write("blob", b"README.md")
        head = stored(stage, {"link": StoredEntry("120000", link), "sub": StoredEntry("160000", SHA)}, base)
        assert dict(stage.forge.files(head, lambda _: True)) == {"link": b"README.md"}
        assert stage.forge.read(head, "sub") is None
        changes = {(one.path, one.before is None, one.after) for one in stage.forge.changes(base, head)}
        assert changes == {("README.md", False, None), ("link", True, link), ("sub", True, SHA)}

    def test_a_changed_mode_is_a_change_with_the_same_content(self, stage: Stage) -> None:
        base, blob = stage.people.head(), blob_sha(b"# models\n")
        head = stored(stage, {"README.md": StoredEntry("100755", blob)}, base)
        (change,) = stage.forge.changes(base, head)
        assert (change.before, change.after) == (blob, blob)

    def test_more_than_three_hundred_changed_files_are_all_told(self, stage: Stage) -> None:
        base = stage.people.head()
        head = stage.people.push("alice", "big", {f"f{number}": "x" for number in range(320)})
        assert len(stage.forge.changes(base, head)) == 320

    def test_bytes_that_are_not_what_their_name_says_are_not_read(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        head = stage.people.head()
        monkeypatch.setattr(Objects, "blob", lambda *_: b"forged")
        with pytest.raises(Unavailable, match="holds other bytes"):
            stage.forge.read(head, "README.md")

    def test_kept_bytes_that_somebody_changed_are_asked_for_again(self, stage: Stage) -> None:
        head, sha = stage.people.head(), blob_sha(b"# models\n")
        stage.forge.read(head, "README.md")
        (stage.folder / "forge" / "blobs" / sha[:2] / sha[2:]).write_bytes(b"forged")
        assert stage.another().read(head, "README.md") == b"# models\n"

    def test_a_trees_name_is_gits_own(self, tmp_path: Path) -> None:
        paths = ["a", "a.b/c", "a-b", "ab/c", "a0", "z/y/x", "z/y.x", "z.y", "ü/é"]
        (tmp_path / "new").mkdir()
        for number, path in enumerate(paths):
            file = tmp_path / "new" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"%d" % number)
        git = partial(subprocess.run, cwd=tmp_path / "new", check=True, capture_output=True, text=True)
        git(["git", "init", "--quiet"])
        git(["git", "add", "--all"])
        tree = {path: Entry(PLAIN_FILE, blob_sha(b"%d" % number)) for number, path in enumerate(paths)}
        assert tree_sha(tree) == git(["git", "write-tree"]).stdout.strip()


class TestLine:
    """Main's first-parent line."""

    def test_it_is_read_a_page_at_a_time_and_no_further_than_asked(self, stage: Stage) -> None:
        objects, tip = stage.people.repository.objects, stage.people.head()
        who, tree = Signature(name="a", email="a@example.org", at=1), objects.write_tree({})
        line = [tip]
        for number in range(230):
            line.append(objects.write_commit(tree, (line[-1],), who, who, f"Commit {number}\n\nMore.\n"))
        stage.people.point("alice", "main", line[-1])
        assert [commit.sha for commit in stage.forge.main_since(line[-50])] == line[-49:]
        assert len(stage.github.requests_to("/commits$")) == 1
        assert [commit.sha for commit in stage.forge.main_since(None)] == line
        assert len(stage.github.requests_to("/commits$")) == 3
        asked = stage.asked()
        assert stage.forge.main_since(line[5])[-1].summary == "Commit 229"
        assert stage.asked() == asked + 1

    def test_commits_of_merged_branches_are_not_on_it(self, stage: Stage) -> None:
        start = stage.people.head()
        side = stage.people.push("alice", "side", {"a": "b"})
        number = stage.people.open_pull_request("alice", "side", "Side")
        merged = stage.people.merge("alice", number)
        assert [commit.sha for commit in stage.forge.main_since(start)] == [merged]
        assert (stage.forge.on_main(merged), stage.forge.on_main(start), stage.forge.on_main(side)) == (
            True,
            True,
            False,
        )

    def test_a_repository_without_a_commit_says_what_to_do(self, stage: Stage) -> None:
        stage.people.repository.write_ref("refs/heads/main", None, stage.people.head())
        with pytest.raises(UserError, match="has no branch main on GitHub, or no commit yet: push a first one"):
            stage.forge.main_head()

    def test_the_default_branch_is_main_whatever_it_is_called(self, stage: Stage) -> None:
        stage.people.push("alice", "trunk", {"a": "b"})
        stage.people.repository.default_branch = "trunk"
        assert stage.forge.main_head() == stage.people.head("trunk")
        with pytest.raises(UserError, match="other than main"):
            stage.forge.commit("trunk", {"a": b"c"}, message="m", at=0)

    def test_merge_bases_are_compared_once(self, stage: Stage) -> None:
        start = stage.people.head()
        head = stage.people.push("alice", "side", {"a": "b"})
        stage.people.push("alice", "main", {"c": "d"})
        assert {stage.forge.merge_base(head) for _ in range(3)} == {start}
        assert len(stage.github.requests_to("/compare/")) == 1

    def test_a_branch_of_another_origin_has_no_merge_base(self, stage: Stage) -> None:
        orphan = stored(stage, {"a": StoredEntry("100644", blob_sha(b"# models\n"))})
        stage.people.repository.write_ref("refs/heads/orphan", orphan, None)
        with pytest.raises(UserError, match="shares no history with main"):
            stage.forge.merge_base(orphan)
        with pytest.raises(UserError, match="There is no commit"):
            stage.forge.merge_base(NOWHERE)


class TestCommits:
    """Finding commits."""

    def test_a_commit_is_found_by_its_beginning_and_never_by_a_branchs_name(self, stage: Stage) -> None:
        head = stage.people.push("alice", "cafe", {"a": "b"})
        assert stage.forge.find_commit(head[:8]) == head
        assert stage.forge.find_commit(head) == head
        assert [stage.forge.find_commit(name) for name in ("cafe", "main", NOWHERE, "abcdef12", "")] == [None] * 5

    def test_parents_and_authors_are_told_and_strangers_have_none(self, stage: Stage) -> None:
        start = stage.people.head()
        head = stage.people.push("alice", "side", {"a": "b"}, email="alice@work.example")
        assert (stage.forge.parent_of(head), stage.forge.author_of(head)) == (start, "alice@work.example")
        for name in (NOWHERE, "main", "--all", ""):
            assert (stage.forge.parent_of(name), stage.forge.author_of(name)) == (None, None)
        assert stage.forge.parent_of(start) is None

    def test_a_name_that_is_no_sha_reads_nothing(self, stage: Stage) -> None:
        for name in ("main", "HEAD", "--help", "abc", ""):
            with pytest.raises(UserError, match="no full commit SHA"):
                stage.forge.read(name, "README.md")
            with pytest.raises(UserError, match="no full commit SHA"):
                stage.forge.main_since(name)


class TestWriting:
    """Commits by the bot."""

    def test_several_files_are_one_commit_that_github_signed(self, stage: Stage) -> None:
        binary, big = bytes(range(256)), b"x" * 150_000
        head = stage.forge.commit(
            BRANCH, {STAGING: b"v", "b": binary, "big": big, "e": b""}, message="One\n\nTwo", at=0
        )
        assert stage.forge.parent_of(head) == stage.people.head()
        assert [stage.people.read(BRANCH, path) for path in (STAGING, "b", "big", "e")] == [b"v", binary, big, b""]
        assert head in stage.github.hub.signed
        assert len(stage.github.requests_to("git/commits", "POST")) == 1
        assert len(stage.github.requests_to("git/blobs", "POST")) == 2

    def test_a_push_that_was_quicker_is_built_on(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"1"}, message="m", at=0)
        stage.github.before("git/refs/heads", lambda: stage.people.push("bob", BRANCH, {"bobs": "work"}))
        head = stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)
        assert (stage.people.read(head, "bobs"), stage.people.read(head, STAGING)) == (b"work", b"2")
        assert stage.people.head(BRANCH) == head

    def test_a_branch_that_was_made_meanwhile_is_built_on(self, stage: Stage) -> None:
        stage.github.before("git/refs$", lambda: stage.people.push("bob", BRANCH, {"bobs": "work"}))
        head = stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)
        assert (stage.people.read(head, "bobs"), stage.people.read(head, STAGING)) == (b"work", b"2")

    def test_a_branch_that_always_moves_is_left_to_the_engine(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"1"}, message="m", at=0)

        def push_first() -> None:
            stage.people.push("bob", BRANCH, {f"bobs{stage.asked()}": "work"})
            stage.github.before("git/refs/heads", push_first)

        stage.github.before("git/refs/heads", push_first)
        with pytest.raises(Unavailable, match="moved 5 times"):
            stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)

    def test_a_move_whose_answer_was_lost_is_known_by_looking(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"1"}, message="m", at=0)
        stage.github.fail("git/refs/heads", 0, method="PATCH", after=True)
        head = stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)
        assert stage.people.head(BRANCH) == head
        assert len(stage.github.requests_to("git/commits", "POST")) == 2

    def test_a_commit_is_written_down_before_any_branch_shows_it(self, stage: Stage) -> None:
        made: list[str] = []
        record = stage.folder / "forge" / "commits"
        stage.github.before("git/refs$", lambda: made.append(record.read_text().strip()))
        assert made == []
        assert [stage.forge.commit(BRANCH, {STAGING: b"1"}, message="m", at=0)] == made

    def test_nothing_is_committed_when_nothing_changes(self, stage: Stage) -> None:
        head = stage.forge.commit(BRANCH, {STAGING: b"1", "gone": None}, message="m", at=0)
        assert stage.forge.commit(BRANCH, {STAGING: b"1", "gone": None}, message="m", at=0) == head
        assert stage.forge.commit("mlops/P2-x", {"gone": None}, message="m", at=0) == stage.people.head("mlops/P2-x")
        assert len(stage.github.requests_to("git/commits", "POST")) == 1

    def test_a_file_in_place_of_a_folder_is_read_back_as_github_has_it(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {"a/b": b"1", "a/c": b"2"}, message="m", at=0)
        head = stage.forge.commit(BRANCH, {"a": b"3"}, message="m", at=0)
        assert stage.forge.files(head, lambda path: path.startswith("a")) == {"a": b"3"}

    def test_main_and_what_git_does_not_take_are_not_written_to(self, stage: Stage) -> None:
        for branch in ("main", "Main", "", "a..b", "a b", "/a", "a/", "x.lock", "-x", "a~1", "@{1}"):
            with pytest.raises(UserError, match="cannot be written to"):
                stage.forge.commit(branch, {"a": b"b"}, message="m", at=0)

    def test_a_path_that_could_escape_the_tree_is_refused(self, stage: Stage) -> None:
        for path in ("", "/etc/passwd", "../x", "a//b", "a/./b", ".git/config", "a/.GIT/x", "a\0b", "\ud800"):
            with pytest.raises(UserError, match="cannot be the path"):
                stage.forge.commit(BRANCH, {path: b"x"}, message="m", at=0)

    def test_a_deleted_branch_is_no_mistake_and_peoples_are_theirs(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"1"}, message="m", at=0)
        for _ in range(2):
            stage.forge.delete_branch(BRANCH)
        stage.people.push("bob", "bobs", {"a": "b"})
        with pytest.raises(UserError, match="not the bot's"):
            stage.forge.delete_branch("bobs")
        assert stage.people.head("bobs")
