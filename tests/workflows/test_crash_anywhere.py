"""A process may die between any two lines: the next one ends with the same state, whatever the place.

Each test plays one command to its end once, then again and again from the same beginning, dying at each place in turn.
Afterwards the installation is opened anew, left to its sweeps, and compared with the play in which nobody died.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.promotions import Promotion
from tests.dying import Death, Killed, mortal
from tests.hands import Saved, audited, tick
from tests.world import MODEL, World, open_world

MOST_SWEEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What one person types, always the same message."""

    login: str
    words: str

    def said(self, world: World) -> None:
        """Let the person type it."""
        world.say(self.login, self.words, message_id=f"message of {self.words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Everything by which two endings may be told apart."""

    promotions: tuple[tuple[str, str, str | None, int | None], ...]
    ledger: Counter[tuple[str, str]]
    decisions: tuple[tuple[str | None, bool], ...]
    aliases: tuple[str | None, ...]
    serving: tuple[str | None, ...]
    champions: tuple[tuple[str | None, int | None, str], ...]
    main: tuple[str, ...]
    pull_requests: tuple[tuple[int, str, tuple[str, ...]], ...]
    branches: frozenset[str]
    receipts: tuple[str, ...]
    trail: tuple[str, ...]
    prepared: int


def ending(world: World) -> Ending:
    """Look at everything."""
    installation, project = world.installation, world.project
    with installation.database.reading() as work:
        promotions = work.promotions.all(project.name)
        entries = Counter((entry.subject, entry.kind) for entry in work.ledger.all())
        decisions = tuple(
            (one.person, one.approves) for promotion in promotions for one in work.decisions.of(promotion.name)
        )
        lanes = [work.lanes.get(project.lane(MODEL, environment)) for environment in project.environments]
    slots = [project.slot(MODEL, environment) for environment in project.environments]
    serving = [world.target.serving(slot) for slot in slots]
    return Ending(
        promotions=tuple(map(_shown, promotions)),
        ledger=entries,
        decisions=decisions,
        aliases=tuple(world.registry.alias(MODEL, environment) for environment in project.environments),
        serving=tuple(None if one is None else one.version.version for one in serving),
        champions=tuple(
            (one.champion.version if one.champion else None, one.champion_promotion, one.frozen) for one in lanes
        ),
        main=tuple(commit.summary for commit in world.forge.main_since(None)),
        pull_requests=tuple(_pull_requests(world)),
        branches=frozenset(path.name for path in (world.repository / "refs" / "heads" / "mlops").glob("*")),
        receipts=installation.receipts.names(),
        trail=audited(world).problems,
        prepared=sum(len(world.target.prepared(slot)) for slot in slots),
    )


def _shown(promotion: Promotion) -> tuple[str, str, str | None, int | None]:
    return promotion.name, promotion.state, promotion.version, promotion.pull_request


def _pull_requests(world: World) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    for path in sorted((world.repository / "pulls").glob("*.json")):
        seen = world.forge.pull_request(int(path.stem))
        yield seen.number, seen.state.value, tuple(sorted(seen.contributors))


def come_to_rest(world: World) -> None:
    """Sweep until nothing is left to do."""
    for _ in range(MOST_SWEEPS):
        tick(world)
        with world.installation.database.reading() as work:
            if not work.outbox.pending():
                return
    pytest.fail("the sweeps do not come to rest")


def die_and_finish(before: World, command: Command, death: Death) -> World:
    """Die at a step of a command, and let the next process sweep; ask again where nothing was heard of the command."""
    told = entries(before)
    with pytest.raises(Killed):
        command.said(mortal(before, death))
    before.installation.database.close()
    after = open_world(before.folder, registry=before.registry, target=before.target, clock=before.clock)
    come_to_rest(after)
    if entries(after) == told:
        command.said(after)
        come_to_rest(after)
    return after


def entries(world: World) -> int:
    """Return the length of the ledger."""
    with world.installation.database.reading() as work:
        return work.ledger.size()


def expect_the_same_end_wherever_it_dies(saved: Saved, command: Command, lives: Path, steps: slice) -> None:
    """Play a command undisturbed; then die at each of these steps."""
    undisturbed, life = saved.again(lives / "undisturbed"), Death()
    command.said(mortal(undisturbed, life))
    come_to_rest(undisturbed)
    expected = ending(undisturbed)
    undisturbed.installation.database.close()
    assert not expected.trail
    for at in life.places[steps]:
        after = die_and_finish(saved.again(lives / f"life-{at}"), command, Death(at=at))
        found = ending(after)
        after.installation.database.close()
        assert found == expected, f"died before step {at}, {life.steps[at]}, of {command.words}"


@pytest.mark.full
@pytest.mark.parametrize("steps", [slice(0, 10), slice(10, 20), slice(20, None)], ids=["first", "next", "last"])
def test_a_rollback_ends_the_same_wherever_it_dies(lived_in: World, tmp_path: Path, steps: slice) -> None:
    """A rollback makes every kind of step that a promotion makes, and nobody is waited for in between."""
    command = Command(login="carol", words="rollback churn in staging --reason complaints")
    expect_the_same_end_wherever_it_dies(Saved.of(lived_in), command, tmp_path, steps)


@pytest.mark.full
def test_a_decision_is_counted_once_wherever_its_approval_dies(asked: World, tmp_path: Path) -> None:
    command = Command(login="bob", words="approve P2")
    expect_the_same_end_wherever_it_dies(Saved.of(asked), command, tmp_path, slice(0, 3))
