"""Run as a script: `mlops` with real DBOS over a world whose scorer takes its time in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.house.desk import Desk
from bot.house.house import OpenHouse
from bot.house.running import LateRunner
from bot.house.telling import Telling
from bot.settings import Settings
from bot.terminal import main as terminal
from tests.dying_process import filed
from tests.fakes.scorer import FakeScorer
from tests.fakes.target import FakeTarget
from tests.world import Clock, open_world
from workflows.scoring import Scored, ScoringJob


class SlowScorer(FakeScorer):
    """Scores as long as its process runs; that one is in a session of its own, where no Ctrl-C reaches it."""

    def score(self, job: ScoringJob) -> Scored:
        """Wait for the process, unless the environment says that it is quick."""
        if "QUICK" in os.environ:
            return super().score(job)
        command = [sys.executable, "-S", "-c", "import time; time.sleep(120)"]
        process = subprocess.Popen(command, start_new_session=True)
        print(f"scoring in {process.pid}", file=sys.stderr, flush=True)  # noqa: T201 - what the test waits for
        process.wait()
        return super().score(job)


@contextmanager
def house(settings: Settings) -> Iterator[OpenHouse]:
    """Open the world in the workspace as `bot.app` opens an installation."""
    folder, telling = settings.workspace, Telling()
    world = open_world(folder, registry=filed(folder / "registry"), target=FakeTarget(), clock=Clock())
    installation = replace(world.installation, scorer=SlowScorer(folder / "answers"), tell=telling)
    runner = LateRunner(installation, engine="dbos", workspace=folder)
    try:
        yield OpenHouse(Desk(installation=installation, runner=runner), telling)
    finally:
        runner.close()
        installation.database.close()


if __name__ == "__main__":
    sys.exit(terminal.run(open_house=house))
