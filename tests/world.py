"""A whole installation in a temporary folder: real Git, SQLite, gates and house; registry, target and scorer are fakes.

`World.say("bob", "approve P1")` is what a person types and the reply they hear; everything else is the hands of others.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from bot.exchange import Reply, Request, Speaker
from bot.grammar.parse import Context, parse
from bot.house.desk import Desk
from bot.house.house import OpenHouse
from bot.house.telling import Telling
from bot.local_forge import EmbeddedForge, create_repository
from gates.digest import file_digest
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.files import FileStore
from storage.promotions import Promotion
from storage.receipts import ReceiptStore
from storage.signing import Signer
from tests.fakes.painter import FakePainter
from tests.fakes.registry import FakeRegistry
from tests.fakes.scorer import FakeScorer
from tests.fakes.target import FakeTarget
from tests.fresh_database import fresh_database
from workflows.engine import InlineRunner, Runner
from workflows.forge import Forge
from workflows.installation import Installation, Project, Stage
from workflows.scoring import Limits

MODEL = "churn"
START = 1_790_000_000
ROWS = 600

ENTRY = """\
model: churn
task: binary-classification
owner: alice
risk: high
evaluation: {uri: evaluation/churn.parquet, version: "1", sha256: DIGEST, registered_by: dana}
label: left
positive: 1
sensitive_features: [group]
metrics: [roc_auc, balanced_accuracy]
"""
POLICY = """\
policy: churn
environments:
  staging:
    gates: &gates
      - gate: comparison
        metrics: {roc_auc: {margin: 0.02, minimum: 0.6}}
      - {gate: fairness, metric: true_positive_rate, limit: 0.2}
      - gate: format
      - {gate: evaluation_data, unknown_training_data: pass}
      - {gate: lineage, missing_commit: pass, missing_inputs: pass}
      - gate: serving
    approvals: [{role: validator}]
    on_inconclusive: &extra {approvals: [{role: risk-officer}]}
    expires_after: 2d
  production:
    gates: *gates
    approvals: [{role: validator}, {role: ml-engineer}]
    on_inconclusive: *extra
    expires_after: 2d
rollback: {approvals: [{role: ml-engineer}], requester_counts: true}
restore: {roles: [ml-engineer]}
"""
PEOPLE = """\
people:
  alice: {roles: [data-scientist], accounts: {mlflow: alice, git: alice@example.org}}
  bob: {roles: [validator], accounts: {git: bob@example.org}}
  carol: {roles: [ml-engineer], accounts: {git: carol@example.org}}
  dana: {roles: [data-steward]}
  erin: {roles: [risk-officer, governor]}
  grace: {roles: [governor], accounts: {git: grace@example.org}}
"""


@dataclass(slots=True)
class Clock:
    """Time that only tests move."""

    now: int = START

    def __call__(self) -> int:
        """Return the present second."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting for it; by whole seconds, as nothing of ours knows smaller ones."""
        self.now += max(1, round(seconds))


@dataclass(slots=True, kw_only=True)
class World:
    """One installation, and the hands of everyone around it."""

    folder: Path
    clock: Clock
    registry: FakeRegistry
    target: FakeTarget
    scorer: FakeScorer
    installation: Installation
    house: OpenHouse
    told: list[str] = field(default_factory=list)
    _messages: int = 0

    def say(self, login: str | None, words: str, *, message_id: str | None = None) -> Reply:
        """Let a person type a command; a `message_id` given twice is the same message heard twice."""
        self._messages += 1
        request = Request(
            command=parse(words, context=Context(surface="terminal")),
            speaker=Speaker(platform="embedded", account=login, assurance="asserted"),
            surface="terminal",
            message_id=message_id or f"message-{self._messages}",
        )
        return self.house.handle(request, self.told.append)

    @property
    def project(self) -> Project:
        """The only project."""
        return next(iter(self.installation.projects.values()))

    @property
    def forge(self) -> EmbeddedForge:
        """The real forge."""
        assert isinstance(self.project.forge, EmbeddedForge)
        return self.project.forge

    @property
    def repository(self) -> Path:
        """The bare repository."""
        return self.folder / "repo.git"

    def promotion(self, number: int) -> Promotion:
        """Return a promotion as it is stored."""
        with self.installation.database.reading() as work:
            found = work.promotions.find(number)
        assert found is not None
        return found

    def state(self, number: int) -> str:
        """Return a promotion's state."""
        return self.promotion(number).state

    def ledger(self, subject: str) -> list[str]:
        """Return the kinds of a subject's ledger entries, in order."""
        with self.installation.database.reading() as work:
            return [entry.kind for entry in work.ledger.of(subject)]

    def register(self, scores: Sequence[float] | Mapping[str, str], **more: object) -> str:
        """Register a version that answers with these scores, or that fails in the given way."""
        held = dict(scores) if isinstance(scores, Mapping) else list(scores)
        files = {"answers.json": json.dumps(held).encode(), "MLmodel": b"flavors: {}\n"}
        return self.registry.register(MODEL, files, **more)  # type: ignore[arg-type]  # the caller's keyword arguments

    def promote_through(self, version: str, environment: str) -> Reply:
        """Ask, and let everyone approve."""
        reply = self.say("alice", f"promote {MODEL} {version} to {environment}")
        name = str(reply.data["id"])
        reply = self.say("bob", f"approve {name}")
        return self.say("carol", f"approve {name}") if environment == "production" else reply


@dataclass(frozen=True, slots=True)
class Table:
    """The evaluation data: labels and groups by row, and scores that good and bad models give."""

    labels: tuple[int, ...]
    groups: tuple[str, ...]

    def scores(self, skill: float, *, against: str | None = None, seed: int = 1) -> list[float]:
        """Return scores of a model: more skill, better; `against` harms a group's positives."""
        noise = random.Random(seed)  # noqa: S311 - a fixed example, not a secret
        rows = zip(self.labels, self.groups, strict=True)
        return [_score(noise, label, skill, harmed=group == against and label == 1) for label, group in rows]


def _score(noise: random.Random, label: int, skill: float, *, harmed: bool) -> float:
    centre = 0.5 + (skill / 2 if label else -skill / 2)
    value = min(max(noise.gauss(centre, 0.25), 0.001), 0.999)
    return round(value * 0.49 if harmed else value, 6)


def evaluation_table(path: Path, rows: int = ROWS) -> Table:
    """Write a table with a label, a group and one feature."""
    noise = random.Random(7)  # noqa: S311 - as above
    labels = tuple(int(noise.random() < 0.5) for _ in range(rows))
    groups = tuple("small" if noise.random() < 0.3 else "large" for _ in range(rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {"x": [noise.random() for _ in range(rows)], "group": list(groups), "left": list(labels)}
    parquet.write_table(pa.table(columns), path)
    return Table(labels=labels, groups=groups)


def rulebook(folder: Path) -> dict[str, bytes]:
    """Return the rulebook for the table in a folder."""
    digest = file_digest(folder / "evaluation" / "churn.parquet")
    return {
        "models/churn/model.yaml": ENTRY.replace("DIGEST", digest).encode(),
        "policies/churn.yaml": POLICY.encode(),
        "policies/people.yaml": PEOPLE.encode(),
    }


@contextmanager
def new_world(folder: Path, *, trusted: bool = True, rules: Mapping[str, bytes] | None = None) -> Iterator[World]:
    """Build an installation in a folder whose evaluation table is there; its first rulebook is trusted by grace."""
    create_repository(folder / "repo.git", rules or rulebook(folder), at=START)
    fresh_database(folder / "gatehouse.db")
    world = open_world(folder, registry=FakeRegistry(), target=FakeTarget(), clock=Clock())
    if trusted:
        world.say("grace", f"rulebook trust {world.forge.main_head()}")
    yield world
    world.installation.database.close()


def open_world(
    folder: Path,
    *,
    registry: FakeRegistry,
    target: FakeTarget,
    clock: Clock,
    runner: type[Runner] | None = None,
    forge: Forge | None = None,
    platform: str = "embedded",
) -> World:
    """Open the installation in a folder, as a new process would; the world outside is handed in."""
    scorer, telling = FakeScorer(folder / "answers"), Telling()
    stages = tuple(Stage(name=name, registry=registry, alias=name, target=target) for name in ("staging", "production"))
    installation = Installation(
        database=Database(f"sqlite:///{folder / 'gatehouse.db'}"),
        evidence=EvidenceStore(folder / "evidence"),
        files=FileStore(folder / "files"),
        receipts=ReceiptStore(folder, Signer(folder / "receipts.key")),
        scratch=folder / "tables",
        scorer=scorer,
        limits=Limits(),
        clock=clock,
        projects={
            "default": Project(
                name="default",
                platform=platform,
                forge=forge or EmbeddedForge(folder / "repo.git"),
                stages=stages,
                data_base=folder,
            )
        },
        tell=telling,
        painter=FakePainter(),
        sleep=clock.sleep,
    )
    desk = Desk(installation=installation, runner=(runner or InlineRunner)(installation=installation))  # type: ignore[call-arg]  # a runner of the tests' choice
    return World(
        folder=folder,
        clock=clock,
        registry=registry,
        target=target,
        scorer=scorer,
        installation=installation,
        house=OpenHouse(desk, telling),
    )


def reopened(world: World) -> World:
    """Open the same installation again, as after a crash: the registry and the target are as they were left."""
    world.installation.database.close()
    again = open_world(world.folder, registry=world.registry, target=world.target, clock=world.clock)
    return replace(again, _messages=world._messages + 1_000)  # noqa: SLF001 - our own counter, so that no id comes twice
