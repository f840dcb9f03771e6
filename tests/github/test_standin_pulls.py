"""Do pull requests live and end in the stand-in as on GitHub?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.standin.answers import ApiError
from tests.github.standin.client import Client, as_bot, as_person
from tests.github.standin.github import GitHub
from tests.github.standin.people import People
from tests.github.standin.server import github_standin

REPO = "/repos/acme/models"
ONE = f"{REPO}/pulls/1"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    with github_standin(tmp_path) as github:
        yield github


@pytest.fixture
def place(github: GitHub) -> People:
    place = github.repository("acme/models")
    place.push("alice", "x", {"x": "1\n"})
    return place


@pytest.fixture
def bot(github: GitHub, place: People) -> Client:
    opened = as_bot(github).post(f"{REPO}/pulls", title="t", body="b", head="x", base="main")
    assert (opened.status, place.pull(1).number) == (201, 1)
    return as_bot(github)


def test_a_pull_request_tells_what_it_is(bot: Client, place: People) -> None:
    told = bot.get(ONE)
    assert told.at("user.login") == "gatehouse[bot]"
    assert (told.at("head.sha"), told.at("base.sha")) == (place.head("x"), place.head())
    assert (told.body["mergeable"], told.body["mergeable_state"]) == (True, "clean")
    assert (told.body["commits"], told.body["changed_files"], told.body["additions"]) == (1, 1, 1)


def test_an_open_pull_request_names_a_trial_merge_that_is_on_no_branch(bot: Client, place: People) -> None:
    trial = str(bot.get(ONE).body["merge_commit_sha"])
    assert trial != place.head()
    assert bot.get(f"{REPO}/git/commits/{trial}").at("parents.1.sha") == place.head("x")


def test_a_second_one_of_the_same_branch_is_refused(bot: Client) -> None:
    again = bot.post(f"{REPO}/pulls", title="t", head="acme:x", base="main")
    assert (again.status, again.at("errors.0.message")) == (422, "A pull request already exists for acme:x.")


def test_a_branch_that_adds_nothing_is_refused(bot: Client, place: People) -> None:
    place.point("alice", "same", "main")
    refused = bot.post(f"{REPO}/pulls", title="t", head="same", base="main")
    assert (refused.status, refused.at("errors.0.message")) == (422, "No commits between main and same")
    assert bot.post(f"{REPO}/pulls", title="t", head="absent", base="main").at("errors.0.field") == "head"
    assert bot.post(f"{REPO}/pulls", title="t", head="x", base="absent").at("errors.0.field") == "base"
    assert bot.post(f"{REPO}/pulls", title="t", base="main").at("errors.0.code") == "missing_field"


def test_lists_are_by_state_base_and_head(bot: Client, place: People) -> None:
    place.push("alice", "y", {"y": "y"})
    place.open_pull_request("alice", "y", "second")
    place.close("alice", 1)
    numbers = {
        query: [one["number"] for one in bot.get(f"{REPO}/pulls?{query}").rows]
        for query in ("", "state=all", "state=closed", "head=acme:x&state=all", "head=x&state=all", "base=other")
    }
    assert numbers == {
        "": [2], "state=all": [2, 1], "state=closed": [1], "head=acme:x&state=all": [1], "head=x&state=all": [2, 1],
        "base=other": [],
    }  # fmt: skip
    assert bot.get(f"{REPO}/pulls/7").status == 404


def test_it_follows_its_branch(github: GitHub, bot: Client, place: People) -> None:
    head = place.push("bob", "x", {"x": "2\n"})
    assert bot.get(ONE).at("head.sha") == head
    assert [one["sha"] for one in bot.get(f"{ONE}/commits").rows][-1] == head
    told = github.take("pull_request")
    assert [one.action for one in told] == ["opened", "synchronize"]
    assert told[1].payload["after"] == head


def test_its_files_are_those_since_it_left_its_base(bot: Client, place: People) -> None:
    place.push("alice", "main", {"elsewhere": "z"})
    assert [(one["filename"], one["status"]) for one in bot.get(f"{ONE}/files").rows] == [("x", "added")]


def test_while_github_computes_nobody_knows_whether_it_merges(bot: Client, place: People) -> None:
    place.mergeable_unknown(2)
    looks = [bot.get(ONE).body["mergeable"] for _ in range(3)]
    assert looks == [None, None, True]


def test_a_conflict_is_real_and_refused(bot: Client, place: People) -> None:
    place.push("alice", "main", {"x": "other\n"})
    told = bot.get(ONE)
    assert (told.body["mergeable"], told.body["mergeable_state"]) == (False, "dirty")
    refused = bot.put(f"{ONE}/merge")
    assert (refused.status, refused.body["message"]) == (405, "Pull Request is not mergeable")


def test_a_merge_has_both_parents_and_is_signed_by_github(bot: Client, place: People) -> None:
    main, head = place.head(), place.head("x")
    made = bot.put(f"{ONE}/merge", sha=head, commit_title="Promote churn 7", commit_message="because")
    commit = bot.get(f"{REPO}/commits/{made.body['sha']}")
    assert [commit.at("parents.0.sha"), commit.at("parents.1.sha")] == [main, head]
    assert commit.at("commit.message") == "Promote churn 7\n\nbecause"
    assert (commit.at("committer.login"), commit.at("commit.verification.verified")) == ("web-flow", True)
    told = bot.get(ONE)
    assert (told.body["state"], told.body["merged"], told.body["merge_commit_sha"]) == ("closed", True, place.head())
    assert told.at("merged_by.login") == "gatehouse[bot]"
    assert bot.get(f"{ONE}/merge").status == 204


def test_a_stale_head_is_not_merged(bot: Client, place: People) -> None:
    stale = place.head("x")
    place.push("mallory", "x", {"x": "evil"})
    refused = bot.put(f"{ONE}/merge", sha=stale)
    assert (refused.status, "Head branch was modified" in str(refused.body["message"])) == (409, True)
    assert bot.get(f"{ONE}/merge").status == 404


def test_what_is_merged_or_closed_is_not_merged_again(bot: Client, place: People) -> None:
    bot.put(f"{ONE}/merge")
    assert bot.put(f"{ONE}/merge").status == 405
    place.push("alice", "y", {"y": "y"})
    number = place.open_pull_request("alice", "y", "second")
    place.close("alice", number)
    assert bot.put(f"{REPO}/pulls/{number}/merge").status == 405


def test_a_squash_is_one_commit_of_the_authors(bot: Client, place: People) -> None:
    place.push("bob", "x", {"x": "2\n"})
    main = place.head()
    sha = place.merge("carol", 1, method="squash")
    told = bot.get(f"{REPO}/commits/{sha}")
    assert [one["sha"] for one in told.body["parents"]] == [main]  # type: ignore[attr-defined] # a list
    assert (told.at("commit.message"), told.at("author.login")) == ("t (#1)", "gatehouse[bot]")
    assert place.read("main", "x") == b"2\n"


def test_a_rebase_lands_as_many_commits_as_there_were(bot: Client, place: People) -> None:
    place.push("bob", "x", {"x": "2\n"})
    main = place.push("alice", "main", {"elsewhere": "z"})
    place.merge("carol", 1, method="rebase")
    landed = bot.get(f"{REPO}/compare/{main}...main")
    assert (landed.body["ahead_by"], landed.at("commits.0.author.login")) == (2, "alice")
    assert (place.read("main", "x"), place.read("main", "elsewhere")) == (b"2\n", b"z")
    assert bot.get(ONE).body["merge_commit_sha"] == place.head()


def test_a_way_of_merging_that_is_switched_off_is_refused(bot: Client, place: People) -> None:
    place.repository.allowed_merges.discard("merge")
    refused = bot.put(f"{ONE}/merge")
    assert (refused.status, refused.body["message"]) == (405, "Merge commits are not allowed on this repository.")
    assert bot.put(f"{ONE}/merge", merge_method="octopus").status == 422


def test_it_is_merged_when_its_commits_reach_the_base_by_a_push(bot: Client, place: People) -> None:
    place.point("alice", "main", "x")
    told = bot.get(ONE)
    assert (told.body["merged"], told.body["merge_commit_sha"]) == (True, place.head())


def test_it_closes_when_its_branch_goes(github: GitHub, bot: Client, place: People) -> None:
    place.delete_branch("alice", "x")
    assert (bot.get(ONE).body["state"], bot.get(ONE).body["merged"]) == ("closed", False)
    assert github.take("pull_request")[-1].action == "closed"
    with pytest.raises(ApiError, match="deleted"):
        place.reopen("alice", 1)


def test_it_can_be_closed_and_opened_again_while_its_branch_stays(bot: Client, place: People) -> None:
    assert bot.patch(ONE, state="closed").body["state"] == "closed"
    assert bot.patch(ONE, state="open").body["state"] == "open"
    place.close("alice", 1)
    place.push("alice", "x", {"x": "3"}, base="main", force=True)
    with pytest.raises(ApiError, match="force-pushed"):
        place.reopen("alice", 1)


def test_a_closed_one_does_not_follow_its_branch(bot: Client, place: People) -> None:
    head = place.head("x")
    place.close("alice", 1)
    place.push("alice", "x", {"x": "3"})
    assert bot.get(ONE).at("head.sha") == head


def test_it_can_be_pointed_elsewhere(github: GitHub, bot: Client, place: People) -> None:
    place.push("alice", "release", {"r": "r"})
    place.retarget("alice", 1, "release")
    assert bot.get(ONE).at("base.ref") == "release"
    told = github.take("pull_request")[-1]
    assert (told.action, told.payload["changes"]) == (
        "edited",
        {"base": {"ref": {"from": "main"}, "sha": {"from": place.head()}}},
    )
    assert bot.patch(ONE, base="absent").status == 422


def test_its_words_can_be_changed(github: GitHub, bot: Client, place: People) -> None:
    assert bot.patch(ONE, title="better", body="more").body["title"] == "better"
    place.rename_pull_request("alice", 1, "best")
    assert [one.action for one in github.take("pull_request")] == ["opened", "edited", "edited"]


def test_labels_are_made_on_the_fly(bot: Client, place: People) -> None:
    assert [one["name"] for one in bot.post(f"{REPO}/issues/1/labels", labels=["mlops", "P1"]).rows] == ["mlops", "P1"]
    assert [one["name"] for one in bot.call("POST", f"{REPO}/issues/1/labels", ["mlops"]).rows] == ["mlops", "P1"]
    assert bot.delete(f"{REPO}/issues/1/labels/P1").status == 200
    assert bot.delete(f"{REPO}/issues/1/labels/P1").status == 404
    assert place.labels(1) == ["mlops"]
    assert [one["name"] for one in bot.get(f"{REPO}/issues/1/labels").rows] == ["mlops"]


def test_reviewers_are_asked_and_asked_no_longer(github: GitHub, bot: Client, place: People) -> None:
    for login in ("bob", "carol"):
        github.person(login)
    path = f"{ONE}/requested_reviewers"
    assert bot.post(path, reviewers=["bob", "carol"]).status == 201
    assert bot.delete(path, reviewers=["carol"]).status == 200
    assert bot.get(path).at("users.0.login") == "bob"
    place.review("bob", 1, "APPROVED")
    assert bot.get(path).body["users"] == []


def test_an_author_or_a_stranger_cannot_be_asked(github: GitHub, bot: Client, place: People) -> None:
    place.push("alice", "y", {"y": "y"})
    number = place.open_pull_request("alice", "y", "second")
    place.grant("nora", "none")
    path = f"{REPO}/pulls/{number}/requested_reviewers"
    own = bot.post(path, reviewers=["alice"])
    assert (own.status, own.body["message"]) == (422, "Review cannot be requested from pull request author.")
    for login in ("nora", "unknown"):
        assert "not a collaborator" in str(bot.post(path, reviewers=[login]).body["message"])
    github.add_team("acme", "risk", ["bob"])
    assert bot.post(path, team_reviewers=["risk"]).at("requested_teams.0.slug") == "risk"
    assert bot.get(path).at("teams.0.slug") == "risk"


def test_a_forks_branch_belongs_to_another_repository(bot: Client, place: People) -> None:
    place.grant("frank", "read")
    head = place.push("frank", "mine", {"f": "f"}, fork=True)
    number = place.open_pull_request("frank", "mine", "from a fork", fork=True)
    told = bot.get(f"{REPO}/pulls/{number}")
    assert (told.at("head.label"), told.at("head.repo.full_name"), told.at("head.repo.fork")) == (
        "frank:mine", "frank/models", True
    )  # fmt: skip
    assert told.at("base.repo.full_name") == "acme/models"
    assert bot.get(f"{REPO}/git/commits/{head}").status == 200
    assert bot.get(f"{REPO}/branches/mine").status == 404
    again = place.push("frank", "mine", {"f": "g"}, fork=True)
    assert bot.get(f"{REPO}/pulls/{number}").at("head.sha") == again
    place.merge("alice", number)
    assert place.read("main", "f") == b"g"


def test_a_required_check_holds_everybody_back_until_the_pinned_app_wrote_it(
    github: GitHub, bot: Client, place: People
) -> None:
    place.protect("main", {"mlops/promotion": github.app.id})
    head = place.head("x")
    place.set_status("mallory", head, "mlops/promotion", "success")
    place.foreign_check_run(github.new_app("evil"), head, "mlops/promotion", "success")
    assert bot.get(ONE).body["mergeable_state"] == "blocked"
    with pytest.raises(ApiError, match='405 Required status check "mlops/promotion" is expected'):
        place.merge("olivia", 1)
    bot.post(f"{REPO}/check-runs", name="mlops/promotion", head_sha=head, conclusion="success")
    assert bot.get(ONE).body["mergeable_state"] == "clean"
    place.merge("olivia", 1)


def test_without_a_pin_anybody_can_write_the_required_check(bot: Client, place: People) -> None:
    place.protect("main", {"mlops/promotion": None})
    assert bot.get(ONE).body["mergeable_state"] == "blocked"
    place.set_status("mallory", place.head("x"), "mlops/promotion", "success")
    assert bot.get(ONE).body["mergeable_state"] == "clean"


def test_a_ruleset_holds_as_well(github: GitHub, bot: Client, place: People) -> None:
    place.add_ruleset("main", {"mlops/promotion": github.app.id})
    assert bot.put(f"{ONE}/merge").status == 405
    place.unprotect("main")
    assert bot.put(f"{ONE}/merge").status == 200


def test_rules_may_ask_for_approvals_and_for_the_newest_base(bot: Client, place: People) -> None:
    place.protect("main", {}, reviews=1, strict=True)
    assert bot.get(ONE).body["mergeable_state"] == "blocked"
    place.grant("rita", "read")
    place.review("rita", 1, "APPROVED")
    assert bot.get(ONE).body["mergeable_state"] == "blocked"
    place.review("bob", 1, "APPROVED")
    assert bot.get(ONE).body["mergeable_state"] == "clean"
    place.push("olivia", "main", {"elsewhere": "z"}, past_protection=True)
    assert bot.get(ONE).body["mergeable_state"] == "behind"
    assert "not up to date" in str(bot.put(f"{ONE}/merge").body["message"])


def test_a_failing_check_that_nobody_requires_makes_it_unstable(bot: Client, place: People) -> None:
    bot.post(f"{REPO}/check-runs", name="lint", head_sha=place.head("x"), conclusion="failure")
    assert bot.get(ONE).body["mergeable_state"] == "unstable"
    assert bot.put(f"{ONE}/merge").status == 200


def test_an_admin_may_merge_past_rules_that_spare_admins(bot: Client, place: People) -> None:
    place.protect("main", {"mlops/promotion": None}, enforce_admins=False)
    place.grant("root", "admin")
    assert bot.put(f"{ONE}/merge").status == 405
    assert place.merge("root", 1) == place.head()


def test_the_head_branch_can_go_by_itself(bot: Client, place: People) -> None:
    place.repository.delete_branch_on_merge = True
    bot.put(f"{ONE}/merge")
    assert bot.get(f"{REPO}/git/ref/heads/x").status == 404


def test_every_pull_request_is_an_issue_too(bot: Client) -> None:
    assert bot.get(f"{REPO}/issues/1").at("pull_request.url") == bot.get(ONE).body["url"]


def test_people_open_and_review_by_their_own_tokens(github: GitHub, bot: Client, place: People) -> None:
    place.push("alice", "y", {"y": "y"})
    opened = as_person(github, "alice").post(f"{REPO}/pulls", title="t", head="y", base="main")
    assert opened.at("user.login") == "alice"
    made = as_person(github, "bob").post(f"{REPO}/pulls/{opened.body['number']}/reviews", event="APPROVE")
    assert (made.body["state"], bot.get(ONE).status) == ("APPROVED", 200)
