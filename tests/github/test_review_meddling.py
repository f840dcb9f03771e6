"""What becomes of a promotion when people and other programs on GitHub do what they should not?"""

import pytest

from tests.github.world import STAGING, GitHubWorld

pytestmark = pytest.mark.full

BRANCH = "mlops/P1-churn-1-staging"
EVIDENCE = "models/churn/evidence/staging/P1.json"
MANIFEST = "model: churn\nenvironment: staging\nversion: '1'\n"


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_person_may_merge_what_is_authorised(on_github: GitHubWorld, method: str) -> None:
    on_github.repository.protect("main", {"mlops/promotion": on_github.github.app.id}, reviews=1)
    number = on_github.ask()
    on_github.say("bob-at-work", "approve", on=number)
    assert on_github.world.state(1) == "authorised"
    assert on_github.checks(number)["mlops/promotion"] == "success"
    assert "does not let it merge yet" in on_github.comment(number)
    on_github.repository.review("carol", number, "APPROVED")
    on_github.repository.merge("carol", number, method=method)
    on_github.hear()
    on_github.sweep()
    assert on_github.world.state(1) == "promoted"
    assert on_github.world.registry.alias("churn", "staging") == "1"
    assert on_github.type("carol", "sync").data["in_order"] is True


def test_merged_before_it_is_authorised_is_an_alarm_and_a_revert(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.merge("carol", number)
    on_github.hear()
    on_github.sweep()
    on_github.hear()
    assert on_github.world.state(1) == "failed"
    (revert,) = on_github.forge.open_pull_requests()
    assert revert.branch.startswith("mlops/revert-")
    assert on_github.checks(revert.number) == {"mlops/promotion": "action_required"}
    assert on_github.world.registry.alias("churn", "staging") is None
    on_github.type("carol", "sync churn in staging --restore")
    on_github.hear()
    assert on_github.repository.read("main", STAGING) is None
    assert on_github.type("carol", "sync").data["in_order"] is True


def test_with_the_check_required_and_pinned_nobody_merges_early(on_github: GitHubWorld) -> None:
    on_github.repository.protect("main", {"mlops/promotion": on_github.github.app.id})
    number = on_github.ask()
    with pytest.raises(Exception, match="405"):
        on_github.repository.merge("carol", number)
    on_github.review("bob-at-work", number)
    assert on_github.world.state(1) == "promoted"


def test_a_status_and_a_check_under_our_names_are_overwritten_and_told(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    other = on_github.github.new_app("helpful")
    on_github.github.install(other, "acme")
    on_github.repository.set_status("mallory", on_github.head(number), "mlops/promotion", "success")
    on_github.repository.foreign_check_run(other, on_github.head(number), "mlops/promotion", "success")
    on_github.hear()
    assert on_github.checks(number)["mlops/promotion"] == "action_required"
    with on_github.world.installation.database.reading() as work:
        told = [str(entry.body["detail"]) for entry in work.ledger.of("P1") if entry.kind == "foreign_check"]
    assert any("mallory" in line for line in told)
    assert any("helpful" in line for line in told)
    size = len(told)
    on_github.sweep()
    on_github.hear()
    with on_github.world.installation.database.reading() as work:
        assert len([entry for entry in work.ledger.of("P1") if entry.kind == "foreign_check"]) == size


def test_a_fork_is_never_scored_and_does_not_hold_the_lane(on_github: GitHubWorld) -> None:
    on_github.repository.push("mallory", "theirs", {STAGING: MANIFEST}, fork=True)
    number = on_github.repository.open_pull_request("mallory", "theirs", "Serve mine", fork=True)
    on_github.hear()
    assert on_github.checks(number) == {"mlops/promotion": "failure"}
    assert "fork" in on_github.summary(number)
    with on_github.world.installation.database.reading() as work:
        assert work.promotions.all("default") == ()
    on_github.ask()
    assert on_github.world.state(1) == "waiting"


def test_a_file_pushed_to_our_branch_blocks_it_until_it_is_gone(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.push("mallory", BRANCH, {"train.py": "print()"})
    on_github.hear()
    assert on_github.why(1) == ["unexpected_files"]
    assert on_github.checks(number)["mlops/promotion"] == "failure"


def test_evidence_that_somebody_changed_on_the_branch_is_put_back(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    written = on_github.repository.read(BRANCH, EVIDENCE)
    on_github.repository.push("carol", BRANCH, {EVIDENCE: "{}"})
    on_github.hear()
    assert on_github.repository.read(BRANCH, EVIDENCE) == written
    on_github.review("carol", number)
    assert "carol committed or pushed to this branch" in on_github.comment(number)


def test_a_commit_in_the_bots_name_hides_nobody(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    robot = f"{on_github.github.app.robot.id}+{on_github.github.app.robot.login}@users.noreply.github.com"
    on_github.repository.push("bob-at-work", BRANCH, {STAGING: MANIFEST}, email=robot)
    on_github.hear()
    on_github.review("bob-at-work", number)
    assert on_github.world.state(1) != "promoted"


def test_a_force_push_that_removes_the_evidence_is_mended(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.push("carol", BRANCH, {STAGING: MANIFEST}, base="main", force=True)
    on_github.hear()
    assert on_github.world.state(1) == "waiting"
    assert on_github.repository.read(BRANCH, EVIDENCE) is not None
    assert on_github.checks(number)["mlops/promotion"] == "action_required"


def test_deleting_the_branch_withdraws_it(on_github: GitHubWorld) -> None:
    on_github.ask()
    on_github.repository.delete_branch("carol", BRANCH)
    on_github.hear()
    assert on_github.world.state(1) == "withdrawn"


def test_closing_withdraws_it_and_events_for_it_change_nothing_afterwards(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.close("alice", number)
    on_github.hear()
    assert on_github.world.state(1) == "withdrawn"
    on_github.repository.review("bob-at-work", number, "APPROVED")
    on_github.say("bob-at-work", "approve", on=number)
    assert on_github.world.state(1) == "withdrawn"
    assert "P1 is withdrawn" in on_github.answers(number)[0]


def test_pointed_at_another_branch_it_is_blocked_until_it_is_pointed_back(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.push("carol", "develop", {"README.md": "x"})
    on_github.repository.retarget("carol", number, "develop")
    on_github.hear()
    assert on_github.why(1) == ["wrong_base"]
    on_github.repository.retarget("carol", number, "main")
    on_github.hear()
    assert on_github.world.state(1) == "waiting"


def test_main_that_moves_elsewhere_keeps_the_decision(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.push("carol", "main", {"README.md": "hello"})
    on_github.hear()
    on_github.review("bob-at-work", number)
    assert on_github.world.state(1) == "promoted"


def test_main_that_moves_under_the_same_file_is_a_conflict(on_github: GitHubWorld) -> None:
    on_github.review("bob-at-work", on_github.ask())
    number = on_github.ask("promote churn 2 to staging")
    on_github.repository.push("mallory", "main", {STAGING: MANIFEST.replace("'1'", "'9'")})
    on_github.hear()
    on_github.sweep()
    on_github.hear()
    assert set(on_github.why(2)) & {"conflict", "out_of_band"}
    assert on_github.checks(number)["mlops/promotion"] == "failure"


def test_a_renamed_repository_is_followed(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.rename("risk-models")
    on_github.hear()
    on_github.review("bob-at-work", number)
    assert on_github.world.state(1) == "promoted"


def test_we_give_ourselves_no_commands(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.forge.comments.put(number, "an echo", "/mlops withdraw")
    on_github.hear()
    on_github.sweep()
    assert on_github.world.state(1) == "waiting"
    assert on_github.answers(number) == []


def test_a_mistake_in_the_file_is_annotated_at_its_line(on_github: GitHubWorld) -> None:
    on_github.repository.push("alice", "by-hand", {STAGING: "model: churn\nenvironment: staging\nversion: [1]\n"})
    number = on_github.repository.open_pull_request("alice", "by-hand", "Serve churn 1")
    on_github.hear()
    run = on_github.repository.check_runs(on_github.head(number))["mlops/promotion"]
    assert run.conclusion == "failure"
    assert [(one["path"], one["start_line"]) for one in run.annotations] == [(STAGING, 3)]
    on_github.repository.push("alice", "by-hand", {STAGING: MANIFEST})
    on_github.hear()
    assert on_github.world.state(1) == "waiting"


def test_a_pull_request_that_is_none_of_ours_is_let_through(on_github: GitHubWorld) -> None:
    on_github.repository.push("alice", "docs", {"README.md": "hello"})
    number = on_github.repository.open_pull_request("alice", "docs", "Say hello")
    on_github.hear()
    assert on_github.checks(number) == {"mlops/promotion": "neutral"}
    assert on_github.repository.comments(number) == []
