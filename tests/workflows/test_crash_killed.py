"""A process with real DBOS is killed, as by a power cut; the next one ends what was begun."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dying_process import filed, keep
from tests.fakes.target import FakeTarget
from tests.hands import audited
from tests.world import MODEL, Clock, World, open_world

ROOT = Path(__file__).parents[2]


def process(folder: Path, words: str, *, dies_at: str = "", later: int = 0) -> "subprocess.CompletedProcess[str]":
    """Let a process of its own answer a command, or sweep; it may be killed so many steps after one of a name."""
    return subprocess.run(
        [sys.executable, str(ROOT / "tests" / "dying_process.py"), str(folder), "bob", words, dies_at, str(later)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        timeout=120,
    )


@pytest.mark.full
def test_an_approval_that_is_killed_again_and_again_is_finished_by_the_next_process(asked: World) -> None:
    """First after the merge was intended; then after it was done, and the engine's database is lost as well."""
    folder = asked.folder
    keep(asked.registry, folder / "registry")
    asked.installation.database.close()
    killed = process(folder, "approve P2", dies_at="merge")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    killed = process(folder, "", dies_at="merge", later=1)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    for path in folder.glob("engine.db*"):
        path.unlink()
    finished = process(folder, "")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    expect_one_promotion(folder)


def expect_one_promotion(folder: Path) -> None:
    """Look at what is left: all of it happened, and once."""
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
