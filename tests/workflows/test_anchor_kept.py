"""Which version is the anchor of a lane, through promotions, rollbacks and retirements?"""

import random
import shutil

import pytest

from gates.evidence import Evidence, ScoringStatus
from tests.hands import pull_request
from tests.world import Table, World


def evidence(world: World, number: int) -> Evidence:
    return world.installation.evidence.get(str(world.promotion(number).evidence_digest))


def anchor(world: World, number: int) -> str | None:
    found = evidence(world, number).subject.anchor
    return None if found is None else found.version


def through(world: World, version: str) -> None:
    """Promote a version, with everyone's approval that could be asked for."""
    world.promote_through(version, "staging")
    number = _newest(world)
    if world.state(number) == "waiting":
        world.say("erin", f"approve P{number}")
    assert world.state(number) == "promoted"


def _newest(world: World) -> int:
    with world.installation.database.reading() as work:
        return max(promotion.id for promotion in work.promotions.all("default"))


def test_the_first_champion_is_the_anchor_until_a_version_is_proven_better(quiet: World) -> None:
    through(quiet, "1")
    through(quiet, "2")
    quiet.say("alice", "promote churn 4 to staging")
    assert [anchor(quiet, number) for number in (1, 2, 3)] == [None, "1", "2"]
    assert evidence(quiet, 3).facts.anchor is None


def test_a_champion_that_was_not_proven_better_is_held_beside_the_anchor(served: World) -> None:
    through(served, "5")
    served.say("alice", "promote churn 2 to staging")
    found = evidence(served, 3)
    assert (found.subject.champion and found.subject.champion.version) == "5"
    assert anchor(served, 3) == "1"
    assert found.facts.anchor is not None
    assert found.facts.anchor.status is ScoringStatus.SCORED
    (against,) = found.facts.anchor_metrics
    assert (against.metric, against.challenger) == ("roc_auc", found.facts.metrics[0].challenger)
    assert "of the anchor v1" not in served.promotion(3).problem
    assert "roc_auc difference to the anchor v1" in str(served.say(None, "status P3").data["verdict"])


@pytest.mark.full
def test_a_version_that_was_rolled_back_is_no_anchor(lived_in: World) -> None:
    lived_in.say("carol", "rollback churn in staging --reason complaints")
    lived_in.say("alice", "promote churn 4 to staging")
    assert anchor(lived_in, 5) == "1"


@pytest.mark.full
def test_what_is_compared_with_a_version_of_choice_has_no_anchor(served: World) -> None:
    through(served, "5")
    digest = str(served.say(None, "compare churn 2 with 4").data["evidence_digest"])
    assert served.installation.evidence.get(digest).subject.anchor is None
    digest = str(served.say(None, "compare churn 2").data["evidence_digest"])
    assert served.installation.evidence.get(digest).facts.anchor is not None


@pytest.mark.full
def test_a_rollback_and_a_retirement_hold_nothing_against_the_anchor(lived_in: World) -> None:
    lived_in.say("carol", "rollback churn in staging --reason complaints")
    assert anchor(lived_in, 4) is None


@pytest.mark.full
def test_an_anchor_whose_files_are_gone_for_good_is_for_people_to_decide(served: World) -> None:
    through(served, "5")
    kept = served.installation.files.by_digest(str(served.promotion(1).digest)).path
    kept.chmod(0o755)
    shutil.rmtree(kept)
    served.registry.alter("churn", "1", {"answers.json": b"[]"})
    reply = served.say("alice", "promote churn 2 to staging")
    assert reply.data["state"] == "waiting"
    found = evidence(served, 3).facts
    assert found.anchor is not None
    assert (found.anchor.status, found.anchor_metrics) == (ScoringStatus.FILES_GONE, ())
    assert "nobody can tell whether the margins" in str(reply.data["verdict"])


@pytest.mark.full
def test_margins_do_not_add_up_from_promotion_to_promotion(quiet: World, table: Table) -> None:
    """Each version is a little worse than the one before, within the margin of 0.02; all together they are not."""
    noise = random.Random(9)  # noqa: S311 - a fixed example, not a secret
    shaken = [noise.gauss(0, 1) for _ in table.labels]
    start = table.scores(0.6, seed=4)
    versions = [
        quiet.register([round(min(max(score + 0.03 * step * by, 0.001), 0.999), 6) for score, by in rows])
        for step, rows in enumerate([list(zip(start, shaken, strict=True))] * 5)
    ]
    for version in versions[:3]:
        through(quiet, version)
    reply = quiet.say("alice", f"promote churn {versions[4]} to staging")
    found = evidence(quiet, 4).facts
    (against_anchor,) = found.anchor_metrics
    roc_auc = found.metrics[0]
    assert roc_auc.difference is not None
    assert against_anchor.difference is not None
    assert -0.02 < roc_auc.difference < 0
    assert against_anchor.difference < -0.02
    verdict = reply.data["verdict"]
    assert isinstance(verdict, dict)
    assert verdict["outcome"] != "pass"
    assert "of the anchor v6 (the last version proven better)" in str(verdict)


@pytest.mark.full
def test_the_anchor_is_part_of_what_is_decided_about(served: World) -> None:
    through(served, "5")
    served.say("alice", "promote churn 2 to staging")
    before = evidence(served, 3).subject
    assert pull_request(served, served.promotion(3)).number == 3
    assert before.anchor is not None
    assert before.anchor.digest == served.promotion(1).digest
