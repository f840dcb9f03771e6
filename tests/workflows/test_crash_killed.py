"""A process with real DBOS is killed, as by a power cut; the next one ends what was begun."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dying import Death, mortal
from tests.dying_process import filed, keep
from tests.hands import Saved, audited
from tests.world import MODEL, World, open_world

ROOT = Path(__file__).parents[2]
APPROVAL = "approve P2"


def process(folder: Path, words: str, at: int | None) -> "subprocess.CompletedProcess[str]":
    """Let a process of its own answer a command, and perhaps be killed."""
    place = "" if at is None else str(at)
    return subprocess.run(
        [sys.executable, str(ROOT / "tests" / "dying_process.py"), str(folder), "bob", words, place],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        timeout=120,
    )


@pytest.fixture
def asked(served: World, tmp_path: Path) -> tuple[Path, list[str]]:
    """A folder where v2 waits for bob in staging, and the steps that his approval takes."""
    served.say("alice", "promote churn 2 to staging")
    saved, life = Saved.of(served), Death()
    rehearsal = mortal(saved.again(tmp_path / "rehearsal"), life)
    rehearsal.say("bob", APPROVAL)
    rehearsal.installation.database.close()
    keep(served.registry, served.folder / "registry")
    return served.folder, life.steps


@pytest.mark.parametrize(
    ("step", "later", "loses_engine"),
    [
        pytest.param("merge", 0, False, id="after the merge was intended"),
        pytest.param("merge", 1, True, id="after the merge, and the engine's database is lost as well"),
    ],
)
def test_a_killed_approval_is_finished_by_the_next_process(
    asked: tuple[Path, list[str]], step: str, later: int, *, loses_engine: bool
) -> None:
    folder, steps = asked
    killed = process(folder, APPROVAL, steps.index(step) + later)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if loses_engine:
        for path in folder.glob("engine.db*"):
            path.unlink()
    finished = process(folder, "", None)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    expect_one_promotion(folder)


def expect_one_promotion(folder: Path) -> None:
    """Look at what is left: all of it happened, and once."""
    from tests.fakes.target import FakeTarget  # noqa: PLC0415 - what served is not asked here
    from tests.world import Clock  # noqa: PLC0415 - as above

    world = open_world(folder, registry=filed(folder / "registry"), target=FakeTarget(), clock=Clock())
    assert world.state(2) == "promoted"
    assert world.registry.alias(MODEL, "staging") == "2"
    merged = [commit.summary for commit in world.forge.main_since(None) if commit.summary.startswith("P2")]
    assert merged == ["P2: promote churn 2 to staging"]
    kinds = world.ledger("P2")
    for kind in ("approved", "authorised", "merged", "deploying", "promoted"):
        assert kinds.count(kind) == 1
    with world.installation.database.reading() as work:
        assert [decision.person for decision in work.decisions.of("P2")] == ["bob"]
        assert not work.outbox.pending()
    assert world.installation.receipts.names() == ("P1", "P2")
    assert not audited(world).problems
    world.installation.database.close()
