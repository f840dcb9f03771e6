"""Run as a script: a process with real DBOS that answers one command, and is killed at a step of it, or not at all.

Its registry lives in a file, as a real one outlives the process; what its target served dies with it.
"""

import pickle
import sys
from pathlib import Path

from tests.dying import Death, kill_this_process, mortal
from tests.fakes.registry import FakeRegistry
from tests.fakes.target import FakeTarget
from tests.world import Clock, World, open_world
from workflows.durable import DurableRunner, database_url


class FiledRegistry(FakeRegistry):
    """A registry that writes itself down whenever an alias moves."""

    path = Path()

    def set_alias(self, model: str, alias: str, version: str | None) -> None:
        """Move it, and write it down."""
        super().set_alias(model, alias, version)
        keep(self, self.path)


def keep(registry: FakeRegistry, path: Path) -> None:
    """Write a registry down."""
    path.write_bytes(pickle.dumps(registry.__dict__))


def filed(path: Path) -> FiledRegistry:
    """Return the registry as it was written down."""
    registry = FiledRegistry()
    registry.__dict__.update(pickle.loads(path.read_bytes()))  # noqa: S301 - written by this test a moment ago
    registry.path = path
    return registry


def awake(folder: Path, death: Death) -> World:
    """Open the world in a folder, in a process with DBOS that may be killed."""
    world = open_world(folder, registry=filed(folder / "registry"), target=FakeTarget(), clock=Clock())
    return mortal(world, death, lambda installation: DurableRunner(installation, url=database_url(folder)))


def main(folder: Path, login: str, words: str, name: str, later: str) -> None:
    """Answer one command, or sweep where there are no words; be killed at a step, where one is named."""
    world = awake(folder, Death(name=name, later=int(later), strike=kill_this_process))
    if words:
        world.say(login, words, message_id="the one message")
    else:
        world.house.tick(world.clock())
    world.house._desk.runner.close()  # noqa: SLF001 - as bot.app does at the end
    world.installation.database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
