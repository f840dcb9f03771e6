"""Whatever people, registries and clocks do, in whatever order: these hold after every step."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gates.evidence import Kind
from gates.refusal import Unavailable, UserError
from storage.promotions import Promotion
from tests.hands import Saved, audited, commit_as, entries, journey, on_main, pull_request, tick
from tests.world import MODEL, World
from workflows.states import MOVES, OPEN, State

pytestmark = pytest.mark.full

PEOPLE = st.sampled_from(["alice", "bob", "carol", "dana", "erin", "mallory"])
VERSIONS = st.sampled_from(["1", "2", "3", "4", "5"])
ENVIRONMENTS = st.sampled_from(["staging", "production"])
MOST_SWEEPS = 4


class Life(RuleBasedStateMachine):
    """Everybody does anything; after each step the server sweeps until nothing is left to do."""

    def __init__(self, saved: Saved) -> None:
        """Begin where a world was put aside."""
        super().__init__()
        self.place = tempfile.TemporaryDirectory(prefix="gatehouse-life-")
        self.world: World = saved.again(Path(self.place.name) / "installation")

    def teardown(self) -> None:
        """Check the whole trail, and clean up."""
        problems = audited(self.world).problems
        self.world.installation.database.close()
        for path in Path(self.place.name).rglob("*"):
            if path.is_dir():
                path.chmod(0o755)
        self.place.cleanup()
        assert not problems

    def says(self, person: str, words: str) -> None:
        """Let somebody type something; a refusal is fine, a mistake of ours is not."""
        try:
            self.world.say(person, words)
        except (UserError, Unavailable):
            return

    @rule(person=PEOPLE, version=VERSIONS, environment=ENVIRONMENTS)
    def ask(self, person: str, version: str, environment: str) -> None:
        """Ask for a version."""
        self.says(person, f"promote {MODEL} {version} to {environment}")

    @rule(environment=ENVIRONMENTS)
    def everyone_agrees(self, environment: str) -> None:
        """Let all who can approve what is open in a lane."""
        for promotion in self.open():
            if promotion.environment == environment:
                for person in ("bob", "erin", "carol"):
                    self.says(person, f"approve {promotion.name}")

    @rule(person=PEOPLE, words=st.sampled_from(["approve", "reject --reason no", "recheck", "withdraw", "why"]))
    def decide(self, person: str, words: str) -> None:
        """Decide something about the newest."""
        newest = self.promotions()[-1]
        verb, _, rest = words.partition(" ")
        self.says(person, f"{verb} {newest.name} {rest}")

    @rule(person=PEOPLE, environment=ENVIRONMENTS)
    def go_back(self, person: str, environment: str) -> None:
        """Roll back."""
        self.says(person, f"rollback {MODEL} in {environment} --reason bad")

    @rule(environment=ENVIRONMENTS)
    def restore(self, environment: str) -> None:
        """Mend what was done by hand."""
        self.says("carol", f"sync {MODEL} in {environment} --restore")

    @rule(hours=st.sampled_from([1, 30, 60]))
    def time_passes(self, hours: int) -> None:
        """Let time pass."""
        self.world.clock.now += hours * 3600

    @rule(version=VERSIONS, environment=ENVIRONMENTS)
    def somebody_moves_the_alias(self, version: str, environment: str) -> None:
        """Move an alias by hand."""
        if version in self.world.registry.versions(MODEL):
            self.world.registry.set_alias(MODEL, environment, version)

    @rule(version=VERSIONS)
    def somebody_alters_a_version(self, version: str) -> None:
        """Change a version's bytes in the registry."""
        held = self.world.registry._models[MODEL].files  # noqa: SLF001 - somebody with the disk
        if version in held:
            self.world.registry.alter(MODEL, version, {**held[version], "note.json": b"{}"})

    @rule(email=st.sampled_from(["carol@example.org", "who@nowhere.org"]))
    def somebody_pushes(self, email: str) -> None:
        """Push over the bot's card on the newest open branch."""
        opened = [promotion for promotion in self.open() if promotion.pull_request is not None]
        if opened:
            branch = pull_request(self.world, opened[-1]).branch
            commit_as(self.world, email, branch, {f"models/{MODEL}/MODEL_CARD.md": email.encode()})

    def promotions(self) -> tuple[Promotion, ...]:
        """Return all promotions."""
        with self.world.installation.database.reading() as work:
            return work.promotions.all("default")

    def open(self) -> list[Promotion]:
        """Return those that are open."""
        return [promotion for promotion in self.promotions() if State(promotion.state) in OPEN]

    def everything(self) -> object:
        """Return all that a look could change."""
        world = self.world
        with world.installation.database.reading() as work:
            size = work.ledger.size()
            lanes = work.lanes.all("default")
        files = {path.name: path.read_bytes() for path in (world.repository / "pulls").glob("*.json")}
        aliases = [world.registry.alias(MODEL, environment) for environment in world.project.environments]
        return size, lanes, self.promotions(), files, aliases, world.forge.main_head(), world.scorer.scored.total()

    @invariant()
    def a_look_that_finds_nothing_new_changes_nothing(self) -> None:
        """Sweep until it rests; one more sweep changes nothing at all."""
        for _ in range(MOST_SWEEPS):
            before = self.everything()
            tick(self.world)
            if self.everything() == before:
                return
        raise AssertionError("The sweeps do not come to rest.")

    @invariant()
    def at_most_one_is_open_in_a_lane(self) -> None:
        """No lane holds two."""
        lanes = [promotion.lane for promotion in self.open()]
        assert len(lanes) == len(set(lanes))

    @invariant()
    def every_way_is_drawn(self) -> None:
        """Each promotion went only ways that the drawing has."""
        for promotion in self.promotions():
            way = [State(state) for state in journey(self.world, promotion.name)]
            assert all(after in MOVES[before] for before, after in pairwise(way))

    @invariant()
    def whoever_serves_was_authorised_by_others_than_who_asked(self) -> None:
        """The champion has its receipt, its approvals and main's word for it."""
        world = self.world
        for environment in world.project.environments:
            with world.installation.database.reading() as work:
                lane = work.lanes.get(world.project.lane(MODEL, environment))
            if lane.champion is None or lane.champion_promotion is None:
                continue
            by = world.promotion(lane.champion_promotion)
            granted = [one for one in entries(world, by.name) if one.kind == "authorised"][-1].body["decisions"]
            assert isinstance(granted, list)
            people = {str(one["person"]) for one in granted if isinstance(one, dict)}
            assert people
            assert by.kind is Kind.ROLLBACK or by.requester not in people
            assert world.installation.receipts.get(by.name) is not None
            serving = world.target.serving(world.project.slot(MODEL, environment))
            assert serving is not None
            assert serving.version == lane.champion
            if not lane.frozen:
                assert world.registry.alias(MODEL, environment) == lane.champion.version
                wanted = on_main(world, f"models/{MODEL}/{environment}.yaml") or b""
                assert f"digest: {lane.champion.digest}".encode() in wanted


def test_the_laws_hold_whatever_happens(staged: Saved) -> None:
    run_state_machine_as_test(
        lambda: Life(staged),  # type: ignore[arg-type]  # hypothesis calls it without arguments, as it would the class
        settings=settings(
            max_examples=4,
            stateful_step_count=7,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
