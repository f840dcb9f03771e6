"""How does a process die at its n-th step? Every write to our database and to the outside passes a counter first.

A kill before a step is a kill after the one before it, so counting each step once covers every place between two
writes. Killed is no `Exception`: nothing of ours may catch it, as nothing catches a power cut.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import cast

from bot.house.desk import Desk
from bot.house.house import OpenHouse
from bot.house.telling import Telling
from storage.database import Database, Work
from storage.registry import Registry
from tests.world import World
from workflows.engine import InlineRunner, Runner
from workflows.forge import Forge
from workflows.installation import Installation
from workflows.target import Target

WRITES = frozenset(
    {
        *("commit", "open_pull_request", "put_checks", "put_comment", "merge", "close", "delete_branch"),
        *("prepare", "switch", "discard", "stop", "set_alias"),
    }
)
"""Methods of the ports that change something outside."""


TELLS = frozenset({"put_checks", "put_comment"})


class Killed(BaseException):
    """The process is gone."""


def kill_this_process(_step: str) -> None:
    """Be gone, as after a power cut: nothing is unwound."""
    os.kill(os.getpid(), signal.SIGKILL)


def _unwind(step: str) -> None:
    raise Killed(step)


@dataclass(slots=True)
class Death:
    """Comes at one step, counted from 0, or so many steps after the first one of a name; never, where none is given."""

    at: int | None = None
    name: str = ""
    later: int = 0
    steps: list[str] = field(default_factory=list)
    """What was about to be done, in order."""
    strike: Callable[[str], None] = _unwind

    def pass_by(self, step: str) -> None:
        """Count a step that is about to happen."""
        self.steps.append(step)
        if self.at is None and step == self.name:
            self.at = len(self.steps) - 1 + self.later
        if len(self.steps) - 1 == self.at:
            self.strike(step)

    @property
    def places(self) -> list[int]:
        """Steps worth dying at: all that matter, and what only tells people once after each kind of step."""
        found, seen = [], set()
        for at, pair in enumerate(zip(["", *self.steps], self.steps, strict=False)):
            if pair[1] not in TELLS or (pair not in seen and pair[0] != pair[1]):
                found.append(at)
            seen.add(pair)
        return found


class MortalPort:
    """A port whose writes may be the last thing that the process wanted to do."""

    def __init__(self, port: object, death: Death) -> None:
        """Stand before a port."""
        self._port = port
        self._death = death

    def __getattr__(self, name: str) -> object:
        """Count writes; everything else is the port's own business."""
        found = getattr(self._port, name)
        if name not in WRITES:
            return found
        act = cast("Callable[..., object]", found)

        def write(*arguments: object, **named: object) -> object:
            self._death.pass_by(name)
            return act(*arguments, **named)

        return write


class MortalDatabase:
    """A database whose transactions may end before they commit."""

    def __init__(self, database: Database, death: Death) -> None:
        """Stand before a database."""
        self._database = database
        self._death = death
        self.reading = database.reading

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """Write, and come to the moment before the commit."""
        with self._database.transaction() as work:
            yield work
            self._death.pass_by("transaction")


def mortal(world: World, death: Death, runner: Callable[[Installation], Runner] | None = None) -> World:
    """Return the same world, worked on by a process that may die."""
    stages = tuple(
        replace(
            stage,
            registry=cast("Registry", MortalPort(stage.registry, death)),
            target=cast("Target", MortalPort(stage.target, death)),
        )
        for stage in world.project.stages
    )
    project = replace(world.project, stages=stages, forge=cast("Forge", MortalPort(world.forge, death)))
    telling = Telling()
    installation = replace(
        world.installation,
        projects={project.name: project},
        database=cast("Database", MortalDatabase(world.installation.database, death)),
        tell=telling,
    )
    chosen = InlineRunner(installation=installation) if runner is None else runner(installation)
    return replace(world, house=OpenHouse(Desk(installation=installation, runner=chosen), telling))
