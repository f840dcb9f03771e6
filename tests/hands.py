"""What do others do around an installation? They push, merge, close, edit rules and move main, past the bot or not."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

from bot.local_forge import EmbeddedForge
from gates.refusal import Unavailable
from reports.pictures.album import pictures_of
from storage.audit import AuditReport, verify
from storage.ledger import Entry
from storage.promotions import Promotion
from storage.signing import Signer
from tests.fakes.registry import FakeRegistry
from tests.fakes.target import FakeTarget
from tests.world import MODEL, Clock, Table, World, open_world
from workflows.forge import PullRequest

Files = Mapping[str, bytes | None]
MANIFEST = """\
model: churn
environment: {environment}
version: '{version}'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A world put aside, so that many tests may begin where it stood."""

    folder: Path
    registry: FakeRegistry
    target: FakeTarget
    now: int
    messages: int

    @classmethod
    def of(cls, world: World) -> "Saved":
        """Put a world aside; it is not to be used any more."""
        world.installation.database.close()
        return cls(
            folder=world.folder,
            registry=world.registry,
            target=world.target,
            now=world.clock.now,
            messages=world._messages,  # noqa: SLF001 - so that no message comes twice
        )

    def again(self, folder: Path) -> World:
        """Open a copy of it."""
        shutil.copytree(self.folder, folder)
        world = open_world(
            folder, registry=deepcopy(self.registry), target=deepcopy(self.target), clock=Clock(now=self.now)
        )
        return replace(world, _messages=self.messages)


def register_versions(world: World, table: Table) -> None:
    """Register what golden conversations tell of.

    v1 is good, v2 better, v4 better still; v3 harms a group; v5 is not to be told from v1.
    """
    for scores in (
        table.scores(0.3),
        table.scores(0.45, seed=2),
        table.scores(0.6, seed=3, against="small"),
        table.scores(0.6, seed=4),
        table.scores(0.3, seed=5),
    ):
        world.register(scores)


class SleepyForge(EmbeddedForge):
    """The real forge, which does not answer when it is to merge certain pull requests."""

    asleep: frozenset[int] = frozenset()
    """Numbers of pull requests that it does not merge now."""

    def merge(self, number: int, *, expected_head: str, message: str, at: int) -> str:
        """Merge, unless asleep."""
        if number in self.asleep:
            raise Unavailable("The forge is asleep.")
        return super().merge(number, expected_head=expected_head, message=message, at=at)


class Ear(list[str]):
    """Hears what is told on the way, and does something the first time that certain words fall."""

    def __init__(self, words: str, act: Callable[[], object]) -> None:
        """Wait for `words`, then `act`."""
        super().__init__()
        self._words, self._act = words, act
        self._done = False

    def append(self, line: str) -> None:
        """Hear one line."""
        super().append(line)
        if self._words in line and not self._done:
            self._done = True
            self._act()


def sleepy(world: World, number: int) -> SleepyForge:
    """Let the world's forge fall asleep over the merge of a pull request; wake it by `asleep = frozenset()`."""
    forge = SleepyForge(world.repository)
    forge.asleep = frozenset({number})
    projects = world.installation.projects
    assert isinstance(projects, dict)
    projects["default"] = world.project.__class__(
        name="default",
        platform="embedded",
        forge=forge,
        stages=world.project.stages,
        data_base=world.project.data_base,
    )
    return forge


def tick(world: World) -> None:
    """Let the server sweep."""
    world.house.tick(world.clock())


def entries(world: World, subject: str) -> tuple[Entry, ...]:
    """Return what the ledger says about "P1"."""
    with world.installation.database.reading() as work:
        return work.ledger.of(subject)


def entry(world: World, subject: str, kind: str) -> Entry:
    """Return the last entry of a kind about "P1"."""
    return [one for one in entries(world, subject) if one.kind == kind][-1]


def journey(world: World, subject: str) -> list[str]:
    """Return the states that a promotion went through, as the ledger tells it."""
    moves = [(str(one.body["from"]), str(one.body["state"])) for one in entries(world, subject) if "from" in one.body]
    return [moves[0][0], *(after for before, after in moves if before != after)] if moves else []


def drawn(world: World, name: str) -> list[str]:
    """Return the paths of a promotion's pictures, sorted."""
    promotion = world.promotion(int(name.removeprefix("P")))
    evidence = world.installation.evidence.get(str(promotion.evidence_digest))
    folder = f"models/{promotion.model}/evidence/{promotion.environment}"
    return sorted(f"{folder}/{name}-{picture.name}.png" for picture in pictures_of(evidence))


def pull_request(world: World, promotion: Promotion) -> PullRequest:
    """Return a promotion's pull request as the forge has it."""
    assert promotion.pull_request is not None
    return world.forge.pull_request(promotion.pull_request)


def checks(world: World, number: int, head: str | None = None) -> dict[str, str]:
    """Return name and state of each check on a pull request's head, as its record has them."""
    record = json.loads((world.repository / "pulls" / f"{number}.json").read_text())
    return {name: check["state"] for name, check in record["checks"].get(head or record["head"], {}).items()}


def comment(world: World, number: int) -> str:
    """Return the bot's comment on a pull request."""
    record = json.loads((world.repository / "pulls" / f"{number}.json").read_text())
    return str(record["comments"]["gatehouse:promotion"])


def on_main(world: World, path: str) -> bytes | None:
    """Return what main has at a path."""
    return world.forge.read(world.forge.main_head(), path)


def git(world: World, *words: str, email: str = "mallory@example.org") -> str:
    """Run Git in the repository as somebody who has the disk."""
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
           (("NAME", "somebody"), ("EMAIL", email), ("DATE", "@1790000000 +0000"))}  # fmt: skip
    done = subprocess.run(
        ["git", "--git-dir", str(world.repository), *words],
        capture_output=True,
        check=True,
        env={**os.environ, **who},
        text=True,
    )
    return done.stdout.strip()


def commit_as(world: World, email: str, branch: str, files: Files) -> str:
    """Put a commit of somebody's own on a branch, made from main if it is new; return it."""
    known = {line.split(" ")[1]: line.split(" ")[0] for line in git(world, "show-ref", "--heads").splitlines()}
    parent = known.get(f"refs/heads/{branch}", world.forge.main_head())
    world.forge.commit(branch, files, message="as the bot", at=world.clock())
    commit = git(world, "commit-tree", f"{branch}^{{tree}}", "-p", parent, "-m", "by hand", email=email)
    git(world, "update-ref", f"refs/heads/{branch}", commit)
    return commit


def open_by_hand(world: World, login: str, files: Files, *, branch: str = "my-change") -> PullRequest:
    """Push a branch and open its pull request, as a person does without the bot."""
    commit_as(world, f"{login}@example.org", branch, files)
    return world.forge.open_pull_request(branch, title="by hand", body="", author=login)


def edit(environment: str, version: str) -> dict[str, bytes | None]:
    """Return the environment file that a person writes to ask for a version."""
    return {f"models/{MODEL}/{environment}.yaml": MANIFEST.format(environment=environment, version=version).encode()}


def move_main(world: World, files: Files) -> str:
    """Move main past the bot, as somebody who has the disk; return the commit."""
    commit = commit_as(world, "mallory@example.org", "past-the-bot", files)
    git(world, "update-ref", "refs/heads/main", commit)
    git(world, "update-ref", "-d", "refs/heads/past-the-bot")
    return commit


def change_rules(world: World, path: str, old: str, new: str, *, moved_to: str | None = None) -> str:
    """Change one text of the rulebook through a pull request of carol's that grace approves; return its name."""
    present = on_main(world, path)
    assert present is not None
    assert old.encode() in present
    number = sum(1 for _ in (world.repository / "pulls").glob("*.json"))
    changed = present.replace(old.encode(), new.encode())
    files = {path: changed} if moved_to is None else {path: None, moved_to: changed}
    open_by_hand(world, "carol", files, branch=f"rules-{number}")
    with suppress(Unavailable):  # what sleeps elsewhere is not the rulebook's business
        tick(world)
    with world.installation.database.reading() as work:
        name = work.rulebook_changes.open("default")[-1].name
    assert "accepted" in world.say("grace", f"approve {name}").text
    return name


def audited(world: World) -> AuditReport:
    """Check the whole trail."""
    held, signer = world.installation, Signer(world.folder / "receipts.key")
    return verify(held.database, held.evidence, held.receipts, signer.public_key)
