"""Is every look at the evaluation data counted once, whoever looks, and do they wear out?"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exchange import ExitCode, Reply
from gates.evidence import Kind, Looks, Subject, VersionRef
from storage.ledger import Entry
from tests.hands import Saved, change_rules
from tests.world import MODEL, Table, World, new_world, rulebook
from workflows.looks import take_look


def looks_of(world: World, reply: Reply) -> Looks | None:
    return world.installation.evidence.get(str(reply.data["evidence_digest"])).facts.looks


def looked(world: World) -> list[Entry]:
    with world.installation.database.reading() as work:
        return [entry for entry in work.ledger.all() if entry.kind == "looked"]


def test_each_challenger_is_one_look_and_comparing_is_one_too(served: World) -> None:
    compared = looks_of(served, served.say(None, "compare churn 2"))
    assert compared == Looks(number=2, challengers=2)
    promoted = looks_of(served, served.say("alice", "promote churn 4 to staging"))
    assert promoted == Looks(number=3, challengers=3)
    assert [entry.body["number"] for entry in looked(served)] == [1, 2, 3]


@pytest.mark.full
def test_the_same_two_versions_are_the_same_look_in_every_environment_and_whenever_asked(lived_in: World) -> None:
    lived_in.say("alice", "promote churn 2 to production")
    before = lived_in.promotion(4).evidence_digest
    assert looks_of(lived_in, lived_in.say(None, "compare churn 2 with 1")) == Looks(number=2, challengers=2)
    lived_in.say(None, "compare churn 5")
    lived_in.say("bob", "recheck P4")
    assert lived_in.promotion(4).evidence_digest == before
    assert [entry.body["version"] for entry in looked(lived_in)] == ["1", "2", "5"]


def test_a_challenger_against_another_champion_is_another_look_of_the_same_challenger(quiet: World) -> None:
    quiet.say(None, "compare churn 2 with 1")
    assert looks_of(quiet, quiet.say(None, "compare churn 2 with 4")) == Looks(number=2, challengers=1)
    assert looks_of(quiet, quiet.say(None, "compare churn 3 with 4")) == Looks(number=3, challengers=2)


def test_a_look_is_written_down_before_its_evidence_and_says_what_was_looked_at(served: World) -> None:
    served.say("alice", "promote churn 2 to staging")
    with served.installation.database.reading() as work:
        kinds = [entry.kind for entry in work.ledger.all()]
    assert kinds[-2:] == ["looked", "evidence"]
    body = dict(looked(served)[-1].body)
    subject = served.installation.evidence.get(str(served.promotion(2).evidence_digest)).subject
    assert subject.challenger is not None
    assert subject.champion is not None
    assert body == {
        "number": 2,
        "challengers": 2,
        "data": subject.evaluation_data,
        "model": MODEL,
        "version": "2",
        "challenger": subject.challenger.digest,
        "champion": subject.champion.digest,
    }


def test_what_shows_no_numbers_is_no_look(quiet: World) -> None:
    broken = quiet.register({"status": "crashed", "detail": "ValueError"})
    quiet.say("alice", f"promote churn {broken} to staging")
    assert looked(quiet) == []


@pytest.mark.full
def test_neither_a_rollback_nor_a_retirement_looks(lived_in: World) -> None:
    before = looked(lived_in)
    lived_in.say("carol", "rollback churn in staging --reason complaints")
    assert looked(lived_in) == before


def test_looks_at_once_count_each_other(quiet: World) -> None:
    def subject(number: int) -> Subject:
        return Subject(
            project="default",
            model=MODEL,
            environment="staging",
            target="local",
            kind=Kind.PROMOTE,
            challenger=VersionRef(version=str(number), digest=f"{number:064}"),
            champion=None,
            evaluation_data="d" * 64,
            entry={},
            policy={},
        )

    found: list[Looks] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(take_look(quiet.installation, subject(n % 8))))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(looks.number for looks in found) == sorted([*range(1, 9)] * 2)
    assert all(looks.number == looks.challengers for looks in found)


@pytest.fixture
def strict(installation_folder: Path, table: Table) -> Iterator[World]:
    """A world whose policy allows two looks in staging, and blocks what is inconclusive there."""
    rules = rulebook(installation_folder)
    text = rules["policies/churn.yaml"].decode()
    let_through = "    on_inconclusive: &extra {approvals: [{role: risk-officer}]}\n"
    text = text.replace(let_through, "    evaluation: {max_looks: 2}\n").replace("    on_inconclusive: *extra\n", "")
    rules["policies/churn.yaml"] = text.encode()
    with new_world(installation_folder, rules=rules) as world:
        for seed in range(1, 5):
            world.register(table.scores(0.3 + seed / 10, seed=seed))
        yield world


def test_worn_out_data_block_with_their_own_reason_until_fresh_ones_are_pinned(strict: World) -> None:
    world = strict
    world.promote_through("1", "staging")
    world.say(None, "compare churn 2")
    reply = world.say("alice", "promote churn 3 to staging")
    assert (reply.code, reply.data["state"]) == (ExitCode.REFUSED, "blocked")
    reason = world.promotion(2).blocked_by[0]
    assert reason.reason_code == "fresh_data_needed"
    assert "this is look 3 at these evaluation data, and the policy's max_looks is 2" in reason.summary
    assert reason.next == "pin more or fresh evaluation data in a rulebook pull request, then mlops recheck P2"
    fresh = world.folder / "evaluation" / "fresh.parquet"
    _other_bytes(world.folder / "evaluation" / "churn.parquet", fresh)
    change_rules(world, "models/churn/model.yaml", *_pinned(world.folder))
    assert world.say("alice", "recheck P2").data["state"] == "waiting"


def _other_bytes(table: Path, fresh: Path) -> None:
    """Write the same rows with other bytes: what counts as other data is the digest that the rulebook pins."""
    from pyarrow import parquet  # noqa: PLC0415 - only here

    parquet.write_table(parquet.read_table(table), fresh, compression="zstd")


def _pinned(folder: Path) -> tuple[str, str]:
    from gates.digest import file_digest  # noqa: PLC0415 - only here

    old, new = (folder / "evaluation" / name for name in ("churn.parquet", "fresh.parquet"))
    return (
        f'{{uri: evaluation/churn.parquet, version: "1", sha256: {file_digest(old)}',
        f'{{uri: evaluation/fresh.parquet, version: "2", sha256: {file_digest(new)}',
    )


def test_a_policy_may_let_people_decide_about_worn_out_data(served: World) -> None:
    asked = "    approvals: [{role: validator}]\n"
    change_rules(served, "policies/churn.yaml", asked, f"{asked}    evaluation: {{max_looks: 1}}\n")
    reply = served.say("alice", "promote churn 2 to staging")
    assert reply.data["state"] == "waiting"
    verdict = reply.data["verdict"]
    assert isinstance(verdict, dict)
    assert verdict["outcome"] == "inconclusive"


@pytest.mark.full
def test_a_copy_that_goes_another_way_counts_its_own_looks(staged: Saved, tmp_path: Path) -> None:
    one, other = staged.again(tmp_path / "one"), staged.again(tmp_path / "other")
    assert looks_of(one, one.say(None, "compare churn 2")) == Looks(number=2, challengers=2)
    assert looks_of(other, other.say(None, "compare churn 4")) == Looks(number=2, challengers=2)
    for world in (one, other):
        world.installation.database.close()
