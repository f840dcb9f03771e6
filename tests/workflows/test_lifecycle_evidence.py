"""What do the gates' outcomes lead to, what stands in the branch, and when is it measured again?"""

import json
import re
import shutil
from pathlib import Path

import pytest

from bot.exchange import ExitCode, Reply
from gates.digest import file_digest
from gates.evidence import ScoringStatus
from gates.refusal import Unavailable
from policies.manifest import Manifest, render_manifest
from tests.hands import SleepyForge, change_rules, checks, comment, commit_as, entries, entry, pull_request, tick
from tests.world import MODEL, Table, World, new_world, rulebook


def findings(reply: Reply) -> dict[str, str]:
    """Return gate and outcome of each finding."""
    verdict = reply.data["verdict"]
    assert isinstance(verdict, dict)
    told = verdict["findings"]
    assert isinstance(told, list)
    return {str(one["gate"]): str(one["outcome"]) for one in told if isinstance(one, dict)}


def evidence_path(number: int, suffix: str = "json") -> str:
    """Return where a promotion's evidence lies in its branch."""
    return f"models/{MODEL}/evidence/staging/P{number}.{suffix}"


def pictures(world: World, commit: str) -> dict[str, bytes | None]:
    """Return the pictures that a commit brought, by path."""
    changes = world.forge.changes(world.forge.merge_base(commit), commit)
    if not changes:  # it was merged
        parent = world.forge.parent_of(commit)
        assert parent is not None
        changes = world.forge.changes(parent, commit)
    return {one.path: world.forge.read(commit, one.path) for one in changes if one.path.endswith(".png")}


def commits(world: World, number: int) -> int:
    """Return how many commits a promotion's branch has beyond main."""
    branch = pull_request(world, world.promotion(number))
    record = json.loads((world.repository / "pulls" / f"{branch.number}.json").read_text())
    return len(record["heads"])


def test_not_enough_data_to_tell_waits_for_the_extra_approval_that_the_policy_asks_for_then(served: World) -> None:
    reply = served.say("alice", "promote churn 5 to staging")
    assert (reply.code, findings(reply)["comparison"]) == (ExitCode.WAITING, "inconclusive")
    assert checks(served, 2)["mlops/comparison"] == "neutral"
    assert served.say("bob", "approve P2").data["state"] == "waiting"
    assert served.say("erin", "approve P2 --reason 'I take that on me'").data["state"] == "promoted"
    granted = entry(served, "P2", "authorised").body["decisions"]
    assert isinstance(granted, list)
    assert {one["person"] for one in granted if isinstance(one, dict)} == {"bob", "erin"}


@pytest.mark.full
def test_not_enough_data_blocks_where_the_policy_says_so_and_a_changed_policy_frees_it(served: World) -> None:
    change_rules(served, "policies/churn.yaml", "&extra {approvals: [{role: risk-officer}]}", "&extra block")
    reply = served.say("alice", "promote churn 5 to staging")
    assert (reply.code, reply.data["state"]) == (ExitCode.REFUSED, "blocked")
    lines = reply.data["blocked_by"]
    assert isinstance(lines, list)
    assert [line["reason_code"] for line in lines if isinstance(line, dict)] == ["gate_inconclusive"]
    tick(served)
    assert served.state(2) == "blocked"
    change_rules(served, "policies/churn.yaml", "&extra block", "&extra {approvals: [{role: risk-officer}]}")
    assert served.state(2) == "waiting"


def test_harm_blocks_and_names_who_may_do_what_about_it(served: World) -> None:
    reply = served.say("alice", "promote churn 3 to staging")
    assert (reply.code, findings(reply)["fairness: true_positive_rate"]) == (ExitCode.REFUSED, "fail")
    why = served.say("bob", "why P2").data["blocked_by"]
    assert isinstance(why, list)
    line = why[0]
    assert isinstance(line, dict)
    assert (line["reason_code"], line["who"]) == ("gate_failed", ["alice"])
    assert "mlops promote churn VERSION to staging" in str(line["next"])
    assert checks(served, 2) == {
        "mlops/comparison": "success",
        "mlops/fairness: true_positive_rate": "failure",
        "mlops/format": "success",
        "mlops/evaluation_data": "success",
        "mlops/lineage": "success",
        "mlops/serving": "success",
        "mlops/promotion": "failure",
    }
    assert "does not" not in comment(served, 2)


CAUSES = {
    ScoringStatus.CRASHED: "its process crashed",
    ScoringStatus.TIMED_OUT: "it did not answer within the time it was given",
    ScoringStatus.OUT_OF_MEMORY: "it needed more memory than it was given",
    ScoringStatus.WRONG_SHAPE: "its answers do not fit the data",
    ScoringStatus.NOT_BUILT: "its environment could not be built",
}


def test_a_model_that_does_not_answer_as_it_should_is_an_error_that_names_the_cause(quiet: World) -> None:
    assert set(CAUSES) == set(ScoringStatus) - {ScoringStatus.SCORED, ScoringStatus.FILES_GONE}
    for number, (status, words) in enumerate(CAUSES.items(), start=1):
        version = quiet.register({"status": status.value, "detail": f"detail of {status.value}"})
        reply = quiet.say("alice", f"promote churn {version} to staging")
        assert reply.data["state"] == "blocked"
        assert findings(reply)["comparison"] == findings(reply)["serving"] == "error"
        reason = quiet.promotion(number).blocked_by[0]
        assert reason.reason_code == "gate_error"
        assert words in reason.summary
        assert f"detail of {status.value}" in reason.summary


def test_a_store_whose_champion_was_altered_judges_nothing_until_that_is_mended(served: World) -> None:
    kept = served.installation.files.by_digest(str(served.promotion(1).digest)).path
    kept.chmod(0o755)
    (kept / "answers.json").chmod(0o644)
    (kept / "answers.json").write_text("[]")
    reply = served.say("alice", "promote churn 2 to staging")
    assert (reply.code, reply.data["state"], reply.data["evidence_digest"]) == (ExitCode.REFUSED, "blocked", None)
    assert served.promotion(2).blocked_by[0].reason_code == "gate_error"
    assert "were changed" in served.promotion(2).blocked_by[0].summary
    assert "nothing to reject now: The stored files" in served.say("bob", "reject P2 --reason no").text
    shutil.rmtree(kept)
    assert served.say("alice", "recheck P2").data["state"] == "waiting"


def test_a_store_that_lost_the_champion_takes_no_other_files_for_it(served: World) -> None:
    kept = served.installation.files.by_digest(str(served.promotion(1).digest)).path
    kept.chmod(0o755)
    shutil.rmtree(kept)
    served.registry.alter(MODEL, "1", {"answers.json": b"[]"})
    reply = served.say("alice", "promote churn 2 to staging")
    assert reply.data["state"] == "blocked"
    assert "the registry has others now" in served.promotion(2).blocked_by[0].summary


def test_changed_evaluation_bytes_are_an_error_until_the_pinned_ones_are_back(served: World) -> None:
    table = served.folder / "evaluation" / "churn.parquet"
    pinned = table.read_bytes()
    table.write_bytes(pinned + b"\0")
    reply = served.say("alice", "promote churn 2 to staging")
    assert reply.data["state"] == "blocked"
    assert {findings(reply)["comparison"], findings(reply)["evaluation_data"]} == {"error"}
    assert "has changed" in served.promotion(2).blocked_by[0].summary
    table.write_bytes(pinned)
    tick(served)
    assert served.state(2) == "blocked"
    assert served.say("alice", "recheck P2").data["state"] == "waiting"


def test_evaluation_data_that_are_gone_are_an_error(served: World) -> None:
    (served.folder / "evaluation" / "churn.parquet").unlink()
    reply = served.say("alice", "promote churn 2 to staging")
    assert (reply.data["state"], findings(reply)["evaluation_data"]) == ("blocked", "error")


def test_the_first_version_is_judged_by_absolute_limits_and_a_trivial_model(quiet: World, table: Table) -> None:
    guess = quiet.register(table.scores(0.0))
    reply = quiet.say("alice", f"promote churn {guess} to staging")
    assert (reply.data["state"], findings(reply)["comparison"]) == ("blocked", "fail")
    reply = quiet.say("alice", "promote churn 1 to staging")
    assert (reply.data["state"], reply.data["champion"]) == ("waiting", None)


def test_the_first_version_is_an_error_where_the_policy_sets_no_absolute_limit(
    installation_folder: Path, table: Table
) -> None:
    rules = rulebook(installation_folder)
    rules["policies/churn.yaml"] = rules["policies/churn.yaml"].replace(b", minimum: 0.6", b"")
    with new_world(installation_folder, rules=rules) as world:
        world.register(table.scores(0.5))
        reply = world.say("alice", "promote churn 1 to staging")
        assert (reply.data["state"], findings(reply)["comparison"]) == ("blocked", "error")
        assert "sets no absolute limit" in world.promotion(1).blocked_by[0].summary


def test_the_branch_holds_the_evidence_that_our_store_holds_and_one_commit_for_each_digest(asked: World) -> None:
    first = asked.promotion(2)
    head = pull_request(asked, first).head
    shown = asked.forge.read(head, evidence_path(2))
    assert shown == asked.installation.evidence.bytes(str(first.evidence_digest))
    assert commits(asked, 2) == 2
    asked.say("bob", "recheck P2")
    asked.say("alice", "approve P2")
    tick(asked)
    assert (commits(asked, 2), pull_request(asked, first).head) == (2, head)
    change_rules(asked, "policies/churn.yaml", "margin: 0.02", "margin: 0.03")
    assert asked.promotion(2).evidence_digest != first.evidence_digest
    assert commits(asked, 2) == 3


@pytest.mark.full
def test_nothing_in_the_branch_depends_on_decisions_and_the_comment_shows_them(served: World) -> None:
    served.promote_through("2", "staging")
    served.say("alice", "promote churn 2 to production")
    before = pull_request(served, served.promotion(3))
    tree = served.forge.changes(served.forge.merge_base(before.head), before.head)
    served.say("bob", "approve P3 --reason 'as staging'")
    after = pull_request(served, served.promotion(3))
    assert (after.head, served.forge.changes(served.forge.merge_base(after.head), after.head)) == (before.head, tree)
    for change in tree:
        content = served.forge.read(after.head, change.path) or b""
        assert b"bob" not in content
    assert "bob approved (as validator, asserted)" in comment(served, 3)
    assert f"models/{MODEL}/MODEL_CARD.md" in {change.path for change in tree}


def test_a_look_that_finds_nothing_new_writes_nothing(asked: World) -> None:
    tick(asked)

    def everything() -> object:
        files = {path.name: path.read_bytes() for path in (asked.repository / "pulls").glob("*.json")}
        with asked.installation.database.reading() as work:
            return files, work.ledger.size(), asked.promotion(2), asked.scorer.scored.total()

    before = everything()
    for _ in range(3):
        asked.clock.now += 60
        tick(asked)
    assert everything() == before


def test_bytes_that_a_person_pushed_over_the_bots_own_are_written_back_before_anything_is_authorised(
    asked: World,
) -> None:
    opened = pull_request(asked, asked.promotion(2))
    forged = {evidence_path(2): b"{}", evidence_path(2, "md"): b"# All is well", f"models/{MODEL}/MODEL_CARD.md": b"#"}
    commit_as(asked, "carol@example.org", opened.branch, forged)
    asked.say("bob", "approve P2")
    promoted = asked.promotion(2)
    assert promoted.state == "promoted"
    kept = asked.installation.evidence.bytes(str(promoted.evidence_digest))
    assert asked.forge.read(str(promoted.merge_commit), evidence_path(2)) == kept
    assert b"All is well" not in (asked.forge.read(str(promoted.merge_commit), evidence_path(2, "md")) or b"")
    assert asked.forge.read(str(promoted.merge_commit), f"models/{MODEL}/MODEL_CARD.md") is None


def test_pictures_lie_beside_the_page_that_shows_them_and_no_other_does(asked: World) -> None:
    opened = pull_request(asked, asked.promotion(2))
    written = pictures(asked, opened.head)
    page = (asked.forge.read(opened.head, evidence_path(2, "md")) or b"").decode()
    shown = re.findall(r"^!\[.+\]\((P2-[a-z0-9-]+\.png)\)$", page, flags=re.MULTILINE)
    assert {"P2-metrics.png", "P2-confusion-challenger.png", "P2-roc.png"} <= set(shown)
    assert sorted(written) == sorted(evidence_path(2).removesuffix("P2.json") + name for name in shown)
    strange, forged = evidence_path(2).replace(".json", "-best.png"), min(written)
    commit_as(asked, "carol@example.org", opened.branch, {strange: b"\x89PNG", forged: b"\x89PNG"})
    asked.say("bob", "approve P2")
    promoted = asked.promotion(2)
    assert promoted.state == "promoted"
    assert pictures(asked, str(promoted.merge_commit)) == written


@pytest.mark.parametrize("name", ["P2-Best.png", "P2-a--b.png", "P2-.png", "P22-roc.png", "P2-roc.svg", "P2-x/roc.png"])
def test_no_other_file_passes_for_a_picture(asked: World, name: str) -> None:
    opened = pull_request(asked, asked.promotion(2))
    stranger = evidence_path(2).replace("P2.json", name)
    commit_as(asked, "carol@example.org", opened.branch, {stranger: b"\x89PNG"})
    reply = asked.say("bob", "approve P2")
    assert reply.code is ExitCode.REFUSED
    assert asked.state(2) == "blocked"


def test_pictures_of_an_earlier_evidence_disappear(asked: World) -> None:
    branch = pull_request(asked, asked.promotion(2)).branch
    before = pictures(asked, pull_request(asked, asked.promotion(2)).head)
    assert evidence_path(2).replace(".json", "-roc.png") in before
    failing = asked.register({"status": "crashed", "detail": "no"})
    manifest = render_manifest(Manifest(model=MODEL, environment="staging", version=failing, digest=None))
    commit_as(asked, "alice@example.org", branch, {f"models/{MODEL}/staging.yaml": manifest})
    tick(asked)
    assert asked.promotion(2).version == failing
    assert pictures(asked, pull_request(asked, asked.promotion(2)).head) == {}


class ForgetfulForge(SleepyForge):
    """The real forge, which does not take the evidence the first time."""

    forgot = False

    def commit(self, branch: str, files: object, *, message: str, at: int) -> str:
        """Commit, but for the first evidence."""
        if "evidence" in message and not self.forgot:
            self.forgot = True
            raise Unavailable("The repository is full.")
        return super().commit(branch, files, message=message, at=at)  # type: ignore[arg-type]  # passed on as given


def test_evidence_that_could_not_be_committed_is_committed_by_the_next_look(served: World) -> None:
    projects = served.installation.projects
    assert isinstance(projects, dict)
    project = served.project
    projects["default"] = type(project)(
        name=project.name,
        platform=project.platform,
        forge=ForgetfulForge(served.repository),
        stages=project.stages,
        data_base=project.data_base,
    )
    served.say("alice", "promote churn 2 to staging")
    shown = served.forge.read(pull_request(served, served.promotion(2)).head, evidence_path(2))
    assert shown == served.installation.evidence.bytes(str(served.promotion(2).evidence_digest))
    assert served.say("bob", "approve P2").data["state"] == "promoted"


def test_everything_decided_about_is_in_the_ledger_before_people_see_it(asked: World) -> None:
    kinds = [one.kind for one in entries(asked, "P2")]
    assert kinds == ["requested", "intended", "observed", "evidence"]
    body = entry(asked, "P2", "evidence").body
    assert body["evidence_digest"] == asked.promotion(2).evidence_digest
    assert body["subject_digest"] == asked.promotion(2).subject_digest
    stored = asked.installation.evidence.path(str(body["evidence_digest"]))
    assert file_digest(stored) == body["evidence_digest"]
