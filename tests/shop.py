"""An installation whose rows do what a test says: for the contract of whatever carries rows out.

What a row does is a function of the test's own, under a kind of its own; everything else is the real thing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import JsonValue

from storage.evidence import EvidenceStore
from storage.files import FileStore
from storage.outbox import OutboxRow
from storage.receipts import ReceiptStore
from tests.fakes.scorer import FakeScorer
from tests.fresh_database import fresh_database
from tests.world import START, Clock
from workflows.engine import WORK, Runner, drain
from workflows.installation import Installation
from workflows.scoring import Limits

KIND = "test"
Move = Callable[[str], bool]
"""From a row's name to whether another move may follow."""
Making = Callable[[Installation], Runner]


@dataclass(slots=True, kw_only=True)
class Shop:
    """An installation without projects, whose rows do what the test says."""

    installation: Installation
    clock: Clock
    make: Making
    done: list[str] = field(default_factory=list)
    move: Move = lambda _name: False
    runner: Runner | None = None

    def work(self, _installation: Installation, payload: dict[str, JsonValue]) -> bool:
        """Make one move of a row."""
        name = str(payload["name"])
        more = self.move(name)
        if not more:
            self.done.append(name)
        return more

    def put(self, name: str, *, lane: str = "a", at: int = START, kind: str = KIND) -> OutboxRow:
        """Ask for a row."""
        with self.installation.database.transaction() as work:
            return work.outbox.put(name, kind, lane, {"name": name}, at)

    def row(self, name: str) -> OutboxRow | None:
        """Return a row that is still to be done, or None."""
        with self.installation.database.reading() as work:
            return next((row for row in work.outbox.pending() if row.key == name), None)

    def run(self, *rows: OutboxRow) -> None:
        """Let the runner carry rows out."""
        self.open().run(rows)

    def drain(self) -> None:
        """Run what is due, as a command does."""
        drain(self.installation, self.open())

    def open(self) -> Runner:
        """Return the runner, started when first needed."""
        self.runner = self.runner or self.make(self.installation)
        return self.runner

    def close(self) -> None:
        """Stop the runner."""
        if self.runner is not None:
            self.runner.close()
        self.runner = None


def no_project(folder: Path, clock: Clock) -> Installation:
    """Return an installation with a database and nothing to move."""
    database = fresh_database(folder / "gatehouse.db")
    return Installation(
        database=database,
        evidence=EvidenceStore(folder / "evidence"),
        files=FileStore(folder / "files"),
        receipts=ReceiptStore(folder),
        scratch=folder / "tables",
        scorer=FakeScorer(folder / "answers"),
        limits=Limits(),
        clock=clock,
        projects={},
        tell=lambda _subject, _line: None,
        sleep=clock.sleep,
    )


@contextmanager
def opened(folder: Path, make: Making, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Open a shop for the body."""
    clock = Clock()
    shop = Shop(installation=no_project(folder, clock), clock=clock, make=make)
    monkeypatch.setitem(WORK, KIND, shop.work)
    try:
        yield shop
    finally:
        shop.close()
        shop.installation.database.close()
