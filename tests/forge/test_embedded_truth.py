"""Does the embedded forge tell the truth when hands, crashes and other processes go past it?"""

import json
import multiprocessing
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from bot.local_forge import EmbeddedForge, create_repository
from gates.refusal import UserError
from workflows.forge import Check, CheckState, MergeProblem, MergeRefusedError, PullRequest, PullRequestState

AT = 1_760_000_000
STAGING = "models/churn/staging.yaml"
PROCESSES = 4


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repo.git"
    create_repository(path, {STAGING: b"version: '1'\n"}, at=AT)
    return path


@pytest.fixture
def forge(repository: Path) -> EmbeddedForge:
    return EmbeddedForge(repository)


def by_hand(repository: Path, *words: str) -> str:
    """Run Git in the repository as its owner may: past the hooks."""
    names = {f"GIT_{role}_{part}": "eve" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    ended = subprocess.run(
        ["git", f"--git-dir={repository}", *words],
        env={**os.environ, **names},
        check=True,
        capture_output=True,
        text=True,
    )
    return ended.stdout.strip()


def commit_by_hand(repository: Path, parent: str, message: str) -> str:
    """Write a commit that adds one file named after its message, and return its SHA."""
    blob = subprocess.run(
        ["git", f"--git-dir={repository}", "hash-object", "-w", "--stdin"],
        input=message,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    tree = subprocess.run(
        ["git", f"--git-dir={repository}", "mktree"],
        input=f"{by_hand(repository, 'ls-tree', parent)}\n100644 blob {blob}\t{message}.txt\n",
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    return by_hand(repository, "commit-tree", tree, "-p", parent, "-m", message)


def ask(forge: EmbeddedForge, branch: str = "mlops/P1-churn-2") -> PullRequest:
    forge.commit(branch, {f"{branch}.yaml": b"version: '2'\n"}, message="Ask", at=AT)
    return forge.open_pull_request(branch, title="Promote churn 2", body="", author="alice")


def test_a_commit_put_on_main_behind_the_bots_back_is_seen(forge: EmbeddedForge, repository: Path) -> None:
    start = forge.main_head()
    sneaked = commit_by_hand(repository, start, "Sneak in")
    by_hand(repository, "update-ref", "refs/heads/main", sneaked)
    (found,) = forge.main_since(start)
    assert (found.sha, found.parent, found.author, found.summary) == (sneaked, start, "eve <eve>", "Sneak in")


def test_a_pull_request_merged_past_the_bot_is_merged(forge: EmbeddedForge, repository: Path) -> None:
    fast, slow = ask(forge), ask(forge, "mlops/P2-churn-3")
    by_hand(repository, "update-ref", "refs/heads/main", fast.head)
    assert (forge.pull_request(1).state, forge.pull_request(1).merge_commit) == (PullRequestState.MERGED, fast.head)
    tree = f"{fast.head}^{{tree}}"
    merge = by_hand(repository, "commit-tree", tree, "-p", fast.head, "-p", slow.head, "-m", "Merge by hand")
    later = commit_by_hand(repository, merge, "Later")
    by_hand(repository, "update-ref", "refs/heads/main", later)
    assert (forge.pull_request(2).state, forge.pull_request(2).merge_commit) == (PullRequestState.MERGED, merge)
    assert "**merged**" in (repository / "pulls" / "2.md").read_text()
    with pytest.raises(MergeRefusedError) as refused:
        forge.merge(2, expected_head=fast.head, message="Again", at=AT)
    assert refused.value.problem is MergeProblem.NOT_OPEN


def test_a_branch_deleted_past_the_bot_closes_its_pull_request_and_keeps_the_commits(
    forge: EmbeddedForge, repository: Path
) -> None:
    pull = ask(forge)
    by_hand(repository, "update-ref", "-d", "refs/heads/mlops/P1-churn-2")
    assert forge.open_pull_requests() == ()
    assert forge.pull_request(1).state is PullRequestState.CLOSED
    assert by_hand(repository, "rev-parse", "refs/pull/1/head") == pull.head


def test_a_branch_whose_push_was_not_heard_gets_its_pull_request(forge: EmbeddedForge, repository: Path) -> None:
    lost = commit_by_hand(repository, forge.main_head(), "Lost")
    by_hand(repository, "update-ref", "refs/heads/lost", lost)
    (pull,) = forge.open_pull_requests()
    assert (pull.branch, pull.author, pull.contributors) == ("lost", None, frozenset({"eve"}))
    forge.close(pull.number, comment="No.")
    assert forge.open_pull_requests() == ()


def test_a_push_heard_late_still_names_its_pusher(forge: EmbeddedForge, repository: Path) -> None:
    head = commit_by_hand(repository, forge.main_head(), "Late")
    by_hand(repository, "update-ref", "refs/heads/late", head)
    assert forge.open_pull_requests()[0].author is None
    heard = subprocess.run(
        [str(repository / "hooks" / "post-receive")],
        cwd=repository,
        input=f"{'0' * 40} {head} refs/heads/late\n",
        env={**os.environ, "GIT_DIR": ".", "MLOPS_AS": "bob"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert heard.stderr.startswith("Pull request 1 updated by bob: Late\n")
    assert forge.pull_request(1).author == "bob"


def test_a_branch_without_common_history_is_a_conflict(forge: EmbeddedForge, repository: Path) -> None:
    pull = ask(forge)
    stranger = by_hand(repository, "commit-tree", f"{pull.head}^{{tree}}", "-m", "Stranger")
    by_hand(repository, "update-ref", f"refs/heads/{pull.branch}", stranger)
    refused = forge.would_merge(1)
    assert refused is not None
    assert (refused.problem, forge.pull_request(1).head) == (MergeProblem.CONFLICT, stranger)
    with pytest.raises(UserError, match="shares no history with main"):
        forge.merge_base(stranger)


def test_the_ref_and_the_page_of_a_pull_request_are_put_back(forge: EmbeddedForge, repository: Path) -> None:
    pull, page = ask(forge), repository / "pulls" / "1.md"
    before = page.read_text()
    by_hand(repository, "update-ref", "refs/pull/1/head", forge.main_head())
    page.unlink()
    assert forge.pull_request(1) == pull
    assert (by_hand(repository, "rev-parse", "refs/pull/1/head"), page.read_text()) == (pull.head, before)


def test_a_branch_moved_past_the_bot_is_followed(forge: EmbeddedForge, repository: Path) -> None:
    pull = ask(forge)
    moved = commit_by_hand(repository, pull.head, "Move")
    by_hand(repository, "update-ref", "refs/heads/mlops/P1-churn-2", moved)
    now = forge.pull_request(1)
    assert (now.head, now.contributors) == (moved, frozenset({"eve"}))
    assert by_hand(repository, "rev-parse", "refs/pull/1/head") == moved
    forge.put_checks(pull.head, [Check(name="mlops/late", state=CheckState.SUCCESS, summary="For the old head")])
    assert "mlops/late" not in (repository / "pulls" / "1.md").read_text()


def test_a_check_for_no_pull_request_is_refused(forge: EmbeddedForge) -> None:
    with pytest.raises(UserError, match="No pull request has or had the head"):
        forge.put_checks(forge.main_head(), [Check(name="x", state=CheckState.PENDING, summary="")])


def test_a_replacement_object_changes_nothing_for_the_bot(forge: EmbeddedForge, repository: Path) -> None:
    head = forge.main_head()
    by_hand(repository, "replace", head, commit_by_hand(repository, head, "Fake"))
    assert set(forge.files(head, lambda _path: True)) == {STAGING}


def test_a_refs_name_with_line_separators_is_one_name(forge: EmbeddedForge, repository: Path) -> None:
    ask(forge)
    by_hand(repository, "update-ref", "refs/heads/odd\u2028name\x85", forge.main_head())
    assert [pull.number for pull in forge.open_pull_requests()] == [1]


def test_a_deleted_main_is_named_with_the_way_back(forge: EmbeddedForge, repository: Path) -> None:
    by_hand(repository, "update-ref", "-d", "refs/heads/main")
    with pytest.raises(UserError, match="branch main COMMIT"):
        forge.main_head()


def test_a_damaged_record_stops_the_forge_and_names_the_file(forge: EmbeddedForge, repository: Path) -> None:
    ask(forge)
    file = repository / "pulls" / "1.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "state": "approved"}))
    with pytest.raises(UserError, match=r"pulls/1\.json is damaged \(state"):
        forge.open_pull_requests()


def test_a_merge_that_died_before_it_was_written_down_is_found(forge: EmbeddedForge, repository: Path) -> None:
    pull, file = ask(forge), repository / "pulls" / "1.json"
    before = file.read_text()
    merged = forge.merge(1, expected_head=pull.head, message="Merge", at=AT)
    file.write_text(before)
    assert forge.merge(1, expected_head=pull.head, message="Merge", at=AT + 5) == merged
    assert [commit.sha for commit in forge.main_since(merged)] == []


def test_processes_opening_pull_requests_at_once_get_a_number_each(forge: EmbeddedForge) -> None:
    branches = [f"mlops/P{number}-x" for number in range(PROCESSES)]
    for branch in branches:
        forge.commit(branch, {f"{branch}.yaml": b"x"}, message="Ask", at=AT)
    opened = partial(forge.open_pull_request, title="t", body="", author="alice")
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pulls = pool.map(opened, branches, chunksize=1)
        same = pool.map(opened, [branches[0]] * PROCESSES, chunksize=1)
    assert sorted(pull.number for pull in pulls) == [1, 2, 3, 4]
    assert {pull.number for pull in same} == {pulls[0].number}


def interfering_git(folder: Path, monkeypatch: pytest.MonkeyPatch, when: str, then: str) -> None:
    """Put a Git on PATH that runs `then` once, just before the real one first runs a command with `when` in it."""
    real = shutil.which("git")
    folder.mkdir()
    script = folder / "git"
    script.write_text(
        f'#!/bin/sh\ncase " $* " in *" {when} "*)\n'
        f"  if mkdir {folder}/once 2>/dev/null; then (real={real}; {then}) >/dev/null; fi;;\nesac\n"
        f'exec {real} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_main_moving_during_a_merge_is_merged_with_as_well(
    forge: EmbeddedForge, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = ask(forge)
    sneaked = commit_by_hand(repository, forge.main_head(), "Meanwhile")
    interfering_git(tmp_path / "bin", monkeypatch, "update-ref", f"$real update-ref refs/heads/main {sneaked}")
    merged = forge.merge(1, expected_head=pull.head, message="Merge", at=AT)
    assert [commit.sha for commit in forge.main_since(sneaked)] == [merged]
    assert forge.read(merged, "Meanwhile.txt") == b"Meanwhile"
    assert forge.read(merged, "mlops/P1-churn-2.yaml") == b"version: '2'\n"


def test_the_branch_moving_during_a_merge_stops_it(
    forge: EmbeddedForge, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull, main = ask(forge), forge.main_head()
    moved = commit_by_hand(repository, pull.head, "Meanwhile")
    interfering_git(tmp_path / "bin", monkeypatch, "merge-tree", f"$real update-ref refs/heads/{pull.branch} {moved}")
    with pytest.raises(MergeRefusedError) as refused:
        forge.merge(1, expected_head=pull.head, message="Merge", at=AT)
    assert (refused.value.problem, forge.main_head()) == (MergeProblem.STALE_HEAD, main)


def test_a_commit_on_a_branch_that_moves_meanwhile_lands_on_top(
    forge: EmbeddedForge, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = ask(forge)
    moved = commit_by_hand(repository, pull.head, "Meanwhile")
    interfering_git(tmp_path / "bin", monkeypatch, "commit-tree", f"$real update-ref refs/heads/{pull.branch} {moved}")
    head = forge.commit(pull.branch, {"evidence.json": b"{}"}, message="Evidence", at=AT)
    assert by_hand(repository, "rev-parse", f"{head}^") == moved
    assert forge.pull_request(1).head == head
