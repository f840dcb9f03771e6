"""Whose decision counts? Nobody's who had a hand in it, nobody's twice, nobody's whom the rulebook does not know."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exchange import ExitCode, Reply
from gates.refusal import UserError
from tests.hands import Saved, change_rules, commit_as, edit, entries, entry, git, open_by_hand, pull_request, tick
from tests.world import MODEL, PEOPLE, Table, World, new_world, rulebook

PANEL = PEOPLE.replace(
    "  bob: {roles: [validator], accounts: {git: bob@example.org}}",
    "  bob: {roles: [validator], accounts: {embedded: [bob, bobby], mlflow: bob, git: [bob@example.org, b@home.org]}}\n"
    "  vera: {roles: [validator, ml-engineer], accounts: {mlflow: vera, git: vera@example.org}}",
)


@pytest.fixture(scope="module")
def seated(evaluation: tuple[Path, Table], tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Two validators, bob with two accounts and two addresses; nothing serves, v1 is alice's."""
    folder = tmp_path_factory.mktemp("seated") / "installation"
    (folder / "evaluation").mkdir(parents=True)
    shutil.copy(evaluation[0], folder / "evaluation" / "churn.parquet")
    rules = {**rulebook(folder), "policies/people.yaml": PANEL.encode()}
    with new_world(folder, rules=rules) as world:
        world.register(evaluation[1].scores(0.4))
        return Saved.of(world)


@pytest.fixture
def panel(seated: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own with these people."""
    world = seated.again(tmp_path / "panel")
    yield world
    world.installation.database.close()


def decisions(reply: Reply) -> dict[str, tuple[bool, str]]:
    """Return whether each person's last decision counts, and why not."""
    told = reply.data["decisions"]
    assert isinstance(told, list)
    return {str(one["person"]): (bool(one["counts"]), str(one["why"])) for one in told if isinstance(one, dict)}


def refused(world: World, login: str, number: int = 1) -> str:
    """Let a person approve in vain; return the reply, after looking for its ledger entry."""
    before = world.promotion(number)
    reply = world.say(login, f"approve P{number} --reason please")
    assert reply.code is ExitCode.REFUSED
    noted = entry(world, f"P{number}", "decision_refused").body
    assert (noted["account"], noted["approves"], noted["reason"]) == (login, True, "please")
    assert noted["why"]
    assert world.promotion(number) == before
    assert not world.say("bob", f"status P{number}").data["decisions"]
    return reply.text


def test_whoever_has_a_hand_in_it_may_not_approve_and_hears_which(panel: World, table: Table) -> None:
    source = commit_as(panel, "carol@example.org", "experiment", {"train.py": b"fit()"})
    version = panel.register(table.scores(0.4, seed=8), registered_by="vera", trainer="bob", source_commit=source)
    asked = panel.say("alice", f"promote churn {version} to staging")
    assert "nobody who may decide holds the role validator" in asked.text
    answers = {login: refused(panel, login) for login in ("alice", "bob", "bobby", "vera", "carol", "erin")}
    nobody = "Nobody who may decide is left: mlops why P1."
    assert answers == {
        "alice": f"Alice asked for this promotion. {nobody}",
        "bob": f"Bob trained this version. {nobody}",
        "bobby": f"Bob trained this version. {nobody}",
        "vera": f"Vera registered this version. {nobody}",
        "carol": f"Carol wrote the source commit. {nobody}",
        "erin": f"Erin has no role that this policy asks for (validator). {nobody}",
    }


def test_who_asked_hears_who_may_approve_instead(panel: World) -> None:
    panel.say("bob", "promote churn 1 to staging")
    assert refused(panel, "bob") == "Bob asked for this promotion. Who may decide: vera, with mlops approve P1."
    assert panel.say("vera", "approve P1").data["state"] == "promoted"


def test_who_committed_to_the_branch_may_not_approve_whichever_address_they_used(panel: World) -> None:
    panel.say("alice", "promote churn 1 to staging")
    branch = pull_request(panel, panel.promotion(1)).branch
    commit_as(panel, "b@home.org", branch, {f"models/{MODEL}/MODEL_CARD.md": b"# Mine"})
    assert refused(panel, "bob").startswith("Bob committed or pushed to this branch")


def test_who_opened_the_pull_request_by_hand_may_not_approve(panel: World) -> None:
    open_by_hand(panel, "vera", edit("staging", "1"))
    tick(panel)
    assert refused(panel, "vera").startswith("Vera asked for this promotion")


def test_who_pushed_somebody_elses_commits_is_barred_by_their_login(panel: World, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    me = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "clone", "-q", str(panel.repository), str(clone)], check=True, env=me)
    (clone / "models" / MODEL / "staging.yaml").write_bytes(edit("staging", "1")[f"models/{MODEL}/staging.yaml"] or b"")
    author = ("-c", "user.name=a", "-c", "user.email=alice@example.org")
    for words in (
        ("checkout", "-q", "-b", "mine"),
        ("add", "."),
        (*author, "commit", "-q", "-m", "v1 to staging"),
        ("push", "-q", "-o", "as=alice", "origin", "mine"),
    ):
        subprocess.run(["git", "-C", str(clone), *words], check=True, env=me, capture_output=True)
    (clone / "models" / MODEL / "MODEL_CARD.md").write_text("# A card")
    for words in (
        ("add", "."),
        (*author, "commit", "-q", "-m", "a card"),
        ("push", "-q", "-o", "as=vera", "origin", "mine"),
    ):
        subprocess.run(["git", "-C", str(clone), *words], check=True, env=me, capture_output=True)
    tick(panel)
    assert panel.promotion(1).requester == "alice"
    assert refused(panel, "vera").startswith("Vera committed or pushed to this branch")
    assert panel.say("bob", "approve P1").data["state"] == "promoted"


@pytest.mark.full
def test_a_contributor_whom_nobody_knows_blocks_until_they_are_linked(panel: World) -> None:
    panel.say("alice", "promote churn 1 to staging")
    branch = pull_request(panel, panel.promotion(1)).branch
    commit_as(panel, "who@nowhere.org", branch, {f"models/{MODEL}/MODEL_CARD.md": b"# Mine"})
    reply = panel.say("bob", "approve P1")
    held = panel.promotion(1)
    assert (reply.code, held.state, held.blocked_by[0].reason_code) == (ExitCode.REFUSED, "blocked", "unknown_person")
    assert "who@nowhere.org (committed or pushed to this branch)" in held.blocked_by[0].summary
    told = len(entries(panel, "P1"))
    tick(panel)
    assert len(entries(panel, "P1")) == told
    change_rules(panel, "policies/people.yaml", "git: carol@example.org", "git: [carol@example.org, who@nowhere.org]")
    assert panel.state(1) == "promoted"


def test_a_trainer_whom_nobody_knows_is_an_error_also_where_no_gate_asks(
    seated: Saved, tmp_path: Path, table: Table
) -> None:
    folder = tmp_path / "lenient"
    shutil.copytree(seated.folder / "evaluation", folder / "evaluation")
    rules = {**rulebook(folder), "policies/people.yaml": PANEL.encode()}
    for gate in ("lineage, missing_commit: pass, missing_inputs: pass", "evaluation_data, unknown_training_data: pass"):
        line = f"      - {{gate: {gate}}}\n".encode()
        assert line in rules["policies/churn.yaml"]
        rules["policies/churn.yaml"] = rules["policies/churn.yaml"].replace(line, b"")
    with new_world(folder, rules=rules) as world:
        for number, trainer in enumerate((None, "somebody-else"), start=1):
            version = world.register(table.scores(0.4, seed=8), trainer=trainer)
            world.say("alice", f"promote churn {version} to staging")
            held = world.promotion(number)
            assert (held.state, held.blocked_by[0].reason_code) == ("blocked", "unknown_person")
            assert "trained this version" in held.blocked_by[0].summary


def test_a_trainer_whom_nobody_knows_is_an_error_of_the_gate_that_asks(panel: World, table: Table) -> None:
    version = panel.register(table.scores(0.4, seed=8), trainer="somebody-else")
    panel.say("alice", f"promote churn {version} to staging")
    assert panel.promotion(1).blocked_by[0].reason_code == "gate_error"
    assert "belongs to no one" in panel.say("bob", "why P1").text


def test_an_account_that_is_linked_to_nobody_may_look_and_not_decide_and_the_ledger_keeps_that_it_tried(
    panel: World,
) -> None:
    panel.say("alice", "promote churn 1 to staging")
    assert panel.say("mallory", "status P1").code is ExitCode.WAITING
    assert refused(panel, "mallory").startswith("The account mallory is linked to no person")
    assert entry(panel, "P1", "decision_refused").body["person"] is None
    for words in ("reject P1 --reason no", "withdraw P1", "recheck P1"):
        assert panel.say("mallory", words).code is ExitCode.REFUSED
    with pytest.raises(UserError, match="Say who you are"):
        panel.say(None, "approve P1")
    assert panel.state(1) == "waiting"


def test_one_person_counts_once_whichever_account_they_use(panel: World) -> None:
    change_rules(
        panel,
        "policies/churn.yaml",
        "    approvals: [{role: validator}]\n",
        "    approvals: [{role: validator, count: 2}]\n",
    )
    panel.say("alice", "promote churn 1 to staging")
    assert panel.say("bob", "approve P1").data["state"] == "waiting"
    again = panel.say("bobby", "approve P1")
    assert again.text == ("Bob has approved this already and counts once. Who may decide: vera, with mlops approve P1.")
    assert panel.ledger("P1").count("approved") == 1
    assert panel.say("vera", "approve P1").data["state"] == "promoted"


def test_one_person_fills_one_seat_though_they_hold_both_roles(panel: World) -> None:
    panel.promote_through("1", "staging")
    panel.say("alice", "promote churn 1 to production")
    waiting = panel.say("vera", "approve P2")
    assert waiting.code is ExitCode.WAITING
    assert panel.say("bob", "approve P2").data["state"] == "promoted"
    granted = entry(panel, "P2", "authorised").body["decisions"]
    assert isinstance(granted, list)
    assert {one["person"] for one in granted if isinstance(one, dict)} == {"vera", "bob"}


@pytest.mark.full
def test_a_change_of_people_recounts_and_measures_nothing(panel: World) -> None:
    panel.promote_through("1", "staging")
    panel.say("alice", "promote churn 1 to production")
    assert panel.say("bob", "approve P2").code is ExitCode.WAITING
    digest, scored = panel.promotion(2).evidence_digest, panel.scorer.scored.total()
    change_rules(panel, "policies/people.yaml", "bob: {roles: [validator]", "bob: {roles: [tester]")
    reply = panel.say("carol", "approve P2")
    assert decisions(reply)["bob"] == (False, "bob has no role that this policy asks for (ml-engineer, validator)")
    assert (panel.state(2), panel.promotion(2).evidence_digest) == ("waiting", digest)
    change_rules(panel, "policies/people.yaml", "bob: {roles: [tester]", "bob: {roles: [validator]")
    assert panel.state(2) == "promoted"
    assert panel.scorer.scored.total() == scored


def test_a_rejection_is_final_even_by_one_who_could_not_approve_and_the_requester_withdraws_instead(
    panel: World,
) -> None:
    panel.say("bob", "promote churn 1 to staging")
    assert panel.say("bob", "reject P1 --reason oops").text.startswith("Bob asked for this promotion")
    reply = panel.say("vera", "reject P1 --reason 'no baseline'")
    assert (reply.code, reply.data["state"]) == (ExitCode.DONE, "rejected")
    assert entry(panel, "P1", "rejected").body["by"] == "vera"
    for words in ("approve P1", "recheck P1", "withdraw P1"):
        after = panel.say("bob", words)
        assert after.code is ExitCode.REFUSED
        assert "P1 is rejected" in after.text
    assert "vera rejected it" in panel.say("bob", "approve P1").text
    tick(panel)
    assert panel.state(1) == "rejected"


def test_only_the_requester_and_the_models_owner_withdraw(panel: World) -> None:
    panel.say("dana", "promote churn 1 to staging")
    answer = panel.say("bob", "withdraw P1")
    assert answer.text == "Only dana, who asked for P1, or alice, who owns churn, may withdraw it."
    assert panel.say("alice", "withdraw P1").code is ExitCode.DONE
    panel.say("dana", "promote churn 1 to staging")
    assert panel.say("dana", "withdraw P2").data["state"] == "withdrawn"
    assert entry(panel, "P2", "withdrawn").body["by"] == "dana"
    assert git(panel, "for-each-ref", "refs/heads/mlops") == ""
