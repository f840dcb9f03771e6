"""Does the stand-in keep Git's objects and refs as GitHub does?"""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.standin.client import Client, as_bot
from tests.github.standin.github import GitHub
from tests.github.standin.people import People
from tests.github.standin.server import github_standin

REPO = "/repos/acme/models"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    with github_standin(tmp_path) as github:
        github.repository("acme/models").push("alice", "main", {"a/b.txt": "b\n", "c.txt": "c\n"})
        yield github


@pytest.fixture
def place(github: GitHub) -> People:
    return github.repository("acme/models")


@pytest.fixture
def bot(github: GitHub) -> Client:
    return as_bot(github)


def commit(bot: Client, place: People, files: dict[str, str | None], **more: object) -> str:
    entries = [
        {"path": path, "mode": "100644", "type": "blob", **({"sha": None} if text is None else {"content": text})}
        for path, text in files.items()
    ]
    base = place.head()
    tree = bot.post(f"{REPO}/git/trees", base_tree=base, tree=entries)
    made = bot.post(f"{REPO}/git/commits", message="m", tree=tree.body["sha"], parents=[base], **more)
    assert made.status == 201
    return str(made.body["sha"])


def test_what_the_api_writes_is_real_git(bot: Client, place: People) -> None:
    sha = commit(bot, place, {"a/new.txt": "new\n", "c.txt": None})
    bot.post(f"{REPO}/git/refs", ref="refs/heads/mlops/P1-x", sha=sha)
    git = ["git", "--git-dir", str(place.repository.objects.directory)]
    listed = subprocess.run([*git, "ls-tree", "-r", "--name-only", "mlops/P1-x"], capture_output=True, check=True)
    assert listed.stdout.decode().split() == ["README.md", "a/b.txt", "a/new.txt"]
    assert subprocess.run([*git, "fsck", "--strict"], capture_output=True, check=True).returncode == 0


def test_a_commit_in_nobodys_name_is_the_apps_and_signed_by_github(bot: Client, place: People) -> None:
    sha = commit(bot, place, {"x": "x"})
    told = bot.get(f"{REPO}/commits/{sha}")
    assert told.at("author.login") == "gatehouse[bot]"
    assert told.at("committer.login") == "web-flow"
    assert told.at("commit.verification.verified") is True


def test_a_commit_in_somebodys_name_is_not_signed(bot: Client, place: People) -> None:
    named = {"name": "alice", "email": "alice@example.org", "date": "2026-01-02T03:04:05Z"}
    told = bot.get(f"{REPO}/commits/{commit(bot, place, {'x': 'x'}, author=named)}")
    assert (told.at("author.login"), told.at("commit.author.date")) == ("alice", "2026-01-02T03:04:05Z")
    assert told.at("commit.verification.verified") is False


def test_anybody_can_write_anybodys_address_into_a_commit(github: GitHub, bot: Client, place: People) -> None:
    github.person("alice")
    sha = place.push("mallory", "x", {"x": "x"}, email="alice@example.org")
    assert bot.get(f"{REPO}/commits/{sha}").at("author.login") == "alice"
    assert bot.get(f"{REPO}/activity?ref=refs/heads/x").at("0.actor.login") == "mallory"


def test_an_address_that_belongs_to_nobody_has_no_account(bot: Client, place: People) -> None:
    sha = place.push("mallory", "x", {"x": "x"}, email="nobody@example.net")
    assert bot.get(f"{REPO}/commits/{sha}").body["author"] is None


def test_trees_are_told_whole_or_level_by_level_and_are_cut_when_long(github: GitHub, bot: Client) -> None:
    flat = bot.get(f"{REPO}/git/trees/main")
    assert [one["path"] for one in flat.body["tree"]] == ["README.md", "a", "c.txt"]  # type: ignore[attr-defined] # a list
    whole = bot.get(f"{REPO}/git/trees/main?recursive=1")
    assert (len(whole.body["tree"]), whole.body["truncated"]) == (4, False)  # type: ignore[arg-type] # a list
    github.truncate_trees_at = 2
    assert bot.get(f"{REPO}/git/trees/main?recursive=1").body["truncated"] is True
    assert bot.get(f"{REPO}/git/trees/absent").status == 404


@pytest.mark.parametrize(
    "line",
    [
        {"path": "../x", "mode": "100644", "content": "x"},
        {"path": "a/.git/x", "mode": "100644", "content": "x"},
        {"path": "x", "mode": "777", "content": "x"},
        {"path": "x", "mode": "100644", "sha": "0" * 40},
        {"path": "absent", "mode": "100644", "sha": None},
    ],
)
def test_a_tree_that_git_would_not_take_is_refused(bot: Client, place: People, line: dict[str, object]) -> None:
    refused = bot.post(f"{REPO}/git/trees", base_tree=place.head(), tree=[{"type": "blob", **line}])
    assert refused.status == 422


def test_a_blob_comes_back_byte_by_byte(bot: Client) -> None:
    content = bytes(range(256))
    made = bot.post(f"{REPO}/git/blobs", content=base64.b64encode(content).decode(), encoding="base64")
    told = bot.get(f"{REPO}/git/blobs/{made.body['sha']}")
    assert (base64.b64decode(str(told.body["content"])), told.body["size"]) == (content, 256)
    assert bot.get(f"{REPO}/git/blobs/{'0' * 40}").status == 404
    assert bot.post(f"{REPO}/git/blobs", content="%", encoding="base64").status == 422


def test_a_branch_is_made_once(bot: Client, place: People) -> None:
    assert bot.post(f"{REPO}/git/refs", ref="refs/heads/x", sha=place.head()).status == 201
    again = bot.post(f"{REPO}/git/refs", ref="refs/heads/x", sha=place.head())
    assert (again.status, again.body["message"]) == (422, "Reference already exists")
    assert bot.post(f"{REPO}/git/refs", ref="refs/heads/x/below", sha=place.head()).status == 422
    assert bot.post(f"{REPO}/git/refs", ref="x", sha=place.head()).status == 422
    assert bot.post(f"{REPO}/git/refs", ref="refs/heads/y", sha="0" * 40).status == 422


def test_a_branch_moves_forward_and_backward_only_by_force(bot: Client, place: People) -> None:
    first = place.head()
    second = place.push("alice", "main", {"x": "x"})
    path = f"{REPO}/git/refs/heads/main"
    refused = bot.patch(path, sha=first)
    assert (refused.status, refused.body["message"]) == (422, "Update is not a fast forward")
    assert bot.patch(path, sha=first, force=True).at("object.sha") == first
    assert bot.patch(path, sha=second).status == 200
    assert bot.patch(f"{REPO}/git/refs/heads/absent", sha=first).status == 422


def test_a_branch_that_is_deleted_is_gone(bot: Client, place: People) -> None:
    place.push("alice", "x/y", {"x": "x"})
    assert bot.get(f"{REPO}/git/ref/heads/x/y").status == 200
    assert bot.delete(f"{REPO}/git/refs/heads/x/y").status == 204
    assert bot.get(f"{REPO}/git/ref/heads/x/y").status == 404
    again = bot.delete(f"{REPO}/git/refs/heads/x/y")
    assert (again.status, again.body["message"]) == (422, "Reference does not exist")


def test_refs_are_found_by_how_they_begin(bot: Client, place: People) -> None:
    for name in ("mlops/P1-a", "mlops/P2-b", "other"):
        place.push("alice", name, {"x": name})
    found = bot.get(f"{REPO}/git/matching-refs/heads/mlops/")
    assert [one["ref"] for one in found.rows] == ["refs/heads/mlops/P1-a", "refs/heads/mlops/P2-b"]


def test_commits_are_found_by_branch_by_sha_and_by_its_beginning(bot: Client, place: People) -> None:
    sha = place.head()
    for name in ("main", sha, sha[:8]):
        assert bot.get(f"{REPO}/commits/{name}").body["sha"] == sha
    assert bot.get(f"{REPO}/commits/{'f' * 40}").status == 422
    assert bot.get(f"{REPO}/commits/zzz").status == 422
    assert bot.get(f"{REPO}/git/commits/{sha[:8]}").status == 404
    assert bot.get(f"{REPO}/git/commits/{sha}").at("tree.sha") == bot.get(f"{REPO}/commits/main").at("commit.tree.sha")


def test_the_history_comes_in_pages_with_links_between(bot: Client, place: People) -> None:
    made = [place.push("alice", "main", {"n": str(number)}) for number in range(5)]
    first = bot.get(f"{REPO}/commits?sha=main&per_page=2")
    assert [one["sha"] for one in first.rows] == made[:2:-1]
    assert 'rel="next"' in first.headers["link"]
    assert 'rel="last"' in first.headers["link"]
    last = bot.get(f"{REPO}/commits?sha=main&per_page=2&page=4")
    assert len(last.rows) == 1
    assert 'rel="next"' not in last.headers["link"]
    assert bot.get(f"{REPO}/commits?sha=absent").status == 404


def test_a_comparison_begins_where_the_two_parted(bot: Client, place: People) -> None:
    parted = place.head()
    place.push("alice", "x", {"x": "1\n2\n"})
    place.push("alice", "main", {"y": "y"})
    told = bot.get(f"{REPO}/compare/main...x")
    assert (told.body["status"], told.body["ahead_by"], told.body["behind_by"]) == ("diverged", 1, 1)
    assert told.at("merge_base_commit.sha") == parted
    assert (told.at("files.0.filename"), told.at("files.0.additions")) == ("x", 2)
    assert told.at("files.0.patch") == "@@ -0,0 +1,2 @@\n+1\n+2"
    assert bot.get(f"{REPO}/compare/x...x").body["status"] == "identical"


def test_a_moved_file_is_told_as_renamed(bot: Client, place: People) -> None:
    text = "".join(f"line {number}\n" for number in range(40))
    place.push("alice", "main", {"old.txt": text})
    place.push("alice", "x", {"old.txt": None, "new.txt": text})
    told = bot.get(f"{REPO}/compare/main...x")
    assert (told.at("files.0.status"), told.at("files.0.previous_filename")) == ("renamed", "old.txt")


def test_what_shares_no_history_cannot_be_compared(bot: Client) -> None:
    tree = bot.post(f"{REPO}/git/trees", tree=[{"path": "x", "mode": "100644", "type": "blob", "content": "x"}])
    alone = bot.post(f"{REPO}/git/commits", message="m", tree=tree.body["sha"], parents=[])
    told = bot.get(f"{REPO}/compare/main...{alone.body['sha']}")
    assert (told.status, "No common ancestor" in str(told.body["message"])) == (404, True)


def test_a_file_and_a_folder_are_read_at_any_commit(bot: Client, place: People) -> None:
    before = place.head()
    place.push("alice", "main", {"c.txt": "changed\n"})
    old = bot.get(f"{REPO}/contents/c.txt?ref={before}")
    assert base64.b64decode(str(old.body["content"])) == b"c\n"
    assert [one["name"] for one in bot.get(f"{REPO}/contents/a").rows] == ["b.txt"]
    assert bot.get(f"{REPO}/contents/absent").status == 404
    assert bot.get(f"{REPO}/contents/c.txt?ref=absent").status == 404


def test_who_moved_a_branch_is_told_newest_first_in_pages(bot: Client, place: People) -> None:
    place.push("alice", "x", {"x": "1"})
    place.push("bob", "x", {"x": "2"})
    place.push("carol", "x", {"x": "3"}, base="main", force=True)
    place.delete_branch("dora", "x")
    told = bot.get(f"{REPO}/activity?ref=refs/heads/x&per_page=3")
    kinds = [
        (one["activity_type"], place.repository.hub.accounts.find(str(told.at(f"{n}.actor.login"))).login)
        for n, one in enumerate(told.rows)
    ]
    assert kinds == [("branch_deletion", "dora"), ("force_push", "carol"), ("push", "bob")]
    following = told.headers["link"].split("<")[1].split(">")[0]
    assert [one["activity_type"] for one in bot.get(following).rows] == ["branch_creation"]


def test_a_renamed_repository_is_still_reached_by_its_old_name_and_by_its_number(bot: Client, place: People) -> None:
    place.rename("shiny")
    told = bot.get(f"{REPO}/git/ref/heads/main")
    assert told.status == 301
    followed = bot.get(told.headers["location"])
    assert followed.at("object.sha") == place.head()
    assert str(followed.body["url"]).endswith("/repos/acme/shiny/git/refs/heads/main")
    assert bot.get(f"/repositories/{place.repository.id}").body["full_name"] == "acme/shiny"


def test_a_branch_tells_its_head_and_whether_it_is_protected(github: GitHub, bot: Client, place: People) -> None:
    assert bot.get(f"{REPO}/branches/main").body["protected"] is False
    assert bot.get(f"{REPO}/branches/absent").status == 404
    assert bot.get(f"{REPO}/branches/main/protection").body["message"] == "Branch not protected"
    place.protect("main", {"mlops/promotion": github.app.id, "free": None}, strict=True, reviews=1)
    told = bot.get(f"{REPO}/branches/main/protection")
    assert told.at("required_status_checks.checks.0") == {"context": "mlops/promotion", "app_id": github.app.id}
    assert told.at("required_pull_request_reviews.required_approving_review_count") == 1
    assert bot.get(f"{REPO}/branches/main").body["protected"] is True
    assert bot.get(f"{REPO}/rules/branches/main").rows == []
    place.add_ruleset("main", {"mlops/promotion": github.app.id})
    assert (
        bot.get(f"{REPO}/rules/branches/main").at("0.parameters.required_status_checks.0.integration_id")
        == github.app.id
    )


def test_a_protected_branch_takes_no_push_without_its_checks(bot: Client, place: People) -> None:
    place.protect("main", {"mlops/promotion": None})
    sha = commit(bot, place, {"x": "x"})
    refused = bot.patch(f"{REPO}/git/refs/heads/main", sha=sha)
    assert (refused.status, refused.body["message"]) == (422, 'Required status check "mlops/promotion" is expected.')
    assert bot.delete(f"{REPO}/git/refs/heads/main").status == 422
    place.push("olivia", "main", {"y": "y"}, past_protection=True)


def test_roles_are_told_finely_and_coarsely(github: GitHub, bot: Client, place: People) -> None:
    github.person("walter")
    place.grant("tina", "triage")
    place.grant("nora", "none")
    path = f"{REPO}/collaborators/{{}}/permission"
    assert bot.get(path.format("walter")).body["permission"] == "write"
    told = bot.get(path.format("tina"))
    assert (told.body["permission"], told.body["role_name"]) == ("read", "triage")
    assert bot.get(path.format("nora")).body["permission"] == "none"
    assert bot.get(path.format("unknown")).status == 404
    assert bot.get(f"{REPO}/collaborators/walter").status == 204
    assert bot.get(f"{REPO}/collaborators/nora").status == 404
