"""What is a decision about? Exactly the evidence that was shown: any change of the subject voids it, and is told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import parquet

from bot.exchange import ExitCode, Reply
from gates.digest import file_digest
from gates.evidence import Kind, Subject, VersionRef
from tests.hands import Saved, change_rules, comment, commit_as, entries, entry, git, journey, pull_request, tick
from tests.world import MODEL, World
from workflows.changes import what_changed

Hand = Callable[[World], object]


def target_is_another(world: World) -> None:
    """Let the environment have another target."""
    world.target.name = "another"


def champion_is_another(world: World) -> None:
    """Let another process of ours have made v4 champion meanwhile."""
    with world.installation.database.transaction() as work:
        lane = work.lanes.get(world.project.lane(MODEL, "staging"))
        work.lanes.save(replace(lane, champion=VersionRef(version="4", digest="4" * 64)))


def data_are_others(world: World) -> None:
    """Pin other evaluation data: the same rows in other bytes."""
    table = world.folder / "evaluation" / "churn.parquet"
    old = file_digest(table)
    parquet.write_table(parquet.read_table(table), table, compression="zstd")
    change_rules(world, "models/churn/model.yaml", old, file_digest(table))


CHANGES: dict[str, tuple[Hand, str]] = {
    "policy": (
        lambda world: change_rules(world, "policies/churn.yaml", "margin: 0.02", "margin: 0.03"),
        "The policy changed (gates).",
    ),
    "entry": (
        lambda world: change_rules(world, "models/churn/model.yaml", "owner: alice", "owner: dana"),
        "The model's rulebook entry changed (owner).",
    ),
    "evaluation data": (data_are_others, "The evaluation data changed from "),
    "target": (target_is_another, "The target changed from fake to another."),
}


@pytest.fixture(scope="module")
def halfway(staged: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """P3 brings v2 to production, and bob has approved it."""
    world = staged.again(tmp_path_factory.mktemp("halfway") / "installation")
    world.promote_through("2", "staging")
    world.say("alice", "promote churn 2 to production")
    assert world.say("bob", "approve P3").code is ExitCode.WAITING
    return Saved.of(world)


@pytest.fixture
def half_decided(halfway: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where bob has approved P3 and carol has not."""
    world = halfway.again(tmp_path / "half-decided")
    yield world
    world.installation.database.close()


def standing(reply: Reply, person: str) -> list[tuple[bool, str]]:
    """Return, for each decision of a person, whether it counts and why not."""
    told = reply.data["decisions"]
    assert isinstance(told, list)
    return [(bool(one["counts"]), str(one["why"])) for one in told if isinstance(one, dict) and one["person"] == person]


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_a_changed_subject_voids_what_was_decided_and_the_person_is_told_what_changed(
    half_decided: World, what: str
) -> None:
    hand, words = CHANGES[what]
    before = half_decided.promotion(3).evidence_digest
    hand(half_decided)
    reply = half_decided.say("carol", "approve P3")
    assert (reply.code, half_decided.state(3)) == (ExitCode.WAITING, "waiting")
    assert half_decided.promotion(3).evidence_digest != before
    assert [counts for counts, _ in standing(reply, "bob")] == [False]
    assert "given for other evidence" in standing(reply, "bob")[0][1]
    assert any(
        words in str(one.body["changes"]) for one in entries(half_decided, "P3") if one.kind == "subject_changed"
    )
    assert words in half_decided.promotion(3).problem
    assert words in half_decided.say("bob", "status P3").text
    assert words in comment(half_decided, 3)
    for person in ("bob", "carol"):
        half_decided.say(person, "approve P3")
    assert (half_decided.state(3), half_decided.promotion(3).problem) == ("promoted", "")


def test_the_reply_to_an_approval_that_came_too_late_says_what_changed(asked: World) -> None:
    target_is_another(asked)
    reply = asked.say("bob", "approve P2")
    assert reply.code is ExitCode.WAITING
    assert "The target changed from fake to another." in reply.text
    assert standing(reply, "bob")[0][0] is False
    assert asked.say("bob", "approve P2").data["state"] == "promoted"


def test_another_champion_voids_what_was_decided(asked: World) -> None:
    champion_is_another(asked)
    reply = asked.say("bob", "approve P2")
    assert reply.data["state"] == "blocked"
    assert "The champion changed from v1" in str(entry(asked, "P2", "subject_changed").body["changes"])


def test_files_altered_in_the_registry_stop_it_and_the_same_bytes_again_let_the_decision_count(
    half_decided: World,
) -> None:
    kept = dict(half_decided.registry._models[MODEL].files["2"])  # noqa: SLF001 - somebody's backup
    half_decided.registry.alter(MODEL, "2", {**kept, "extra.json": b"{}"})
    reply = half_decided.say("carol", "approve P3")
    held = half_decided.promotion(3)
    assert (reply.code, held.state, held.blocked_by[0].reason_code) == (ExitCode.REFUSED, "blocked", "bad_manifest")
    assert "the version was changed" in reply.text
    half_decided.registry.alter(MODEL, "2", kept)
    tick(half_decided)
    assert half_decided.state(3) == "promoted"


@pytest.mark.full
def test_a_commit_that_changes_nothing_that_is_decided_about_keeps_the_decisions(half_decided: World) -> None:
    branch = pull_request(half_decided, half_decided.promotion(3)).branch
    commit_as(half_decided, "dana@example.org", branch, {f"models/{MODEL}/MODEL_CARD.md": b"# Mine"})
    change_rules(half_decided, "policies/people.yaml", "dana: {roles: [data-steward]}", DANA)
    assert half_decided.say("carol", "approve P3").data["state"] == "promoted"


DANA = "dana: {roles: [data-steward], accounts: {git: dana@example.org}}"


@pytest.mark.full
def test_a_rebase_onto_a_newer_main_keeps_the_decisions(half_decided: World) -> None:
    branch = pull_request(half_decided, half_decided.promotion(3)).branch
    change_rules(half_decided, "policies/people.yaml", "dana: {roles: [data-steward]}", DANA)
    tree = git(half_decided, "merge-tree", "--write-tree", "refs/heads/main", branch)
    words = ("commit-tree", tree, "-p", half_decided.forge.main_head(), "-m", "rebased")
    rebased = git(half_decided, *words, email="dana@example.org")
    git(half_decided, "update-ref", f"refs/heads/{branch}", rebased)
    assert half_decided.say("carol", "approve P3").data["state"] == "promoted"
    assert "subject_changed" not in half_decided.ledger("P3")
    assert half_decided.forge.read(half_decided.forge.main_head(), "models/churn/production.yaml") is not None


@pytest.mark.full
def test_a_recheck_that_finds_the_same_keeps_the_decisions(half_decided: World) -> None:
    digest = half_decided.promotion(3).evidence_digest
    assert half_decided.say("carol", "recheck P3").data["state"] == "waiting"
    assert half_decided.promotion(3).evidence_digest == digest
    assert half_decided.say("carol", "approve P3").data["state"] == "promoted"
    assert journey(half_decided, "P3")[:4] == ["evaluating", "waiting", "evaluating", "waiting"]


def test_every_decision_records_how_surely_it_was_them(half_decided: World) -> None:
    half_decided.say("carol", "approve P3 --reason 'as staging'")
    receipt = half_decided.installation.receipts.get("P3")
    assert receipt is not None
    told = receipt.statement["decisions"]
    assert isinstance(told, list)
    people = {str(one["person"]): one for one in told if isinstance(one, dict)}
    assert people["carol"]["assurance"] == people["bob"]["assurance"] == "asserted"
    assert (people["carol"]["reason"], people["carol"]["roles"]) == ("as staging", ["ml-engineer"])
    digest = half_decided.promotion(3).evidence_digest
    approvals = [one.body for one in entries(half_decided, "P3") if one.kind == "approved"]
    assert [(body["person"], body["evidence_digest"]) for body in approvals] == [("bob", digest), ("carol", digest)]


def test_each_field_of_a_subject_has_its_sentence() -> None:
    one = Subject(
        project="default",
        model="churn",
        environment="staging",
        target="here",
        kind=Kind.PROMOTE,
        challenger=VersionRef(version="2", digest="2" * 64),
        champion=None,
        evaluation_data="d" * 64,
        entry={"owner": "alice", "label": "left"},
        policy={"approvals": []},
    )
    others = {
        "project": "another",
        "model": "credit",
        "environment": "production",
        "target": "there",
        "kind": Kind.ROLLBACK,
        "challenger": VersionRef(version="2", digest="3" * 64),
        "champion": VersionRef(version="1", digest="1" * 64),
        "anchor": VersionRef(version="1", digest="1" * 64),
        "evaluation_data": "e" * 64,
        "entry": {"owner": "bob", "label": "left"},
        "policy": {"approvals": [{"role": "validator"}]},
    }
    assert set(others) == set(Subject.model_fields)
    assert what_changed(one, one) == ()
    for field, value in others.items():
        changes = what_changed(one, one.model_copy(update={field: value}))
        assert len(changes) == 1, field
    assert what_changed(one, one.model_copy(update={"challenger": others["challenger"]})) == (
        "The version asking changed from v2 (222222222222) to v2 (333333333333).",
    )
    assert what_changed(one, one.model_copy(update={"champion": others["champion"]})) == (
        "The champion changed from none to v1 (111111111111).",
    )
    assert what_changed(one, one.model_copy(update={"entry": others["entry"]})) == (
        "The model's rulebook entry changed (owner).",
    )
