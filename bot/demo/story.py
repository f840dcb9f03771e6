"""What does a model's promotion look like from the first training run to the audit? A true story on real data."""

import getpass
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.demo.data import MortgageDecisions, applications, prepare
from bot.demo.meddling import move_alias_by_hand, push_to_main, smuggle_into_main
from bot.demo.recipes import RECIPES
from bot.demo.stage import Stage
from bot.demo.starter import rulebook_files
from bot.demo.telling_data import data_lines, power_lines
from bot.demo.traffic import Traffic
from bot.demo.training import MODEL, Laboratory, register
from bot.exchange import ExitCode, Reply
from bot.settings import Settings
from bot.terminal.lock import InstallationLock
from bot.terminal.out import Out
from bot.terminal.switchboard import OpenHouse
from bot.workspace import clear, furnish
from gates.refusal import UserError

PATIENCE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What the story starts with."""

    decisions: MortgageDecisions
    first_commit: str


def play(settings: Settings, out: Out) -> None:
    """Play the story in a clean workspace; raises `StoryError` where it takes another turn than promised."""
    from bot.app import open_house  # noqa: PLC0415 - everything heavy hangs on it

    if not settings.unsafe_asserted_identity:
        raise UserError(
            "The demo plays several people at one terminal: app.yaml needs `unsafe_asserted_identity: true`."
        )
    started = time.monotonic()
    with InstallationLock(settings.workspace).hold("mlops demo", patience=PATIENCE):
        clear(settings)
        _tell(settings, out, _begin(settings, out), partial(open_house, lasting=True))
    _audit(settings, out)
    _farewell(settings, out, seconds=time.monotonic() - started)


def _tell(settings: Settings, out: Out, beginning: Beginning, open_house: OpenHouse) -> None:
    """Let everyone speak, scene by scene."""
    with open_house(settings) as house:
        stage = Stage(house=house, settings=settings, out=out)
        stage.types("grace", f"rulebook trust {beginning.first_commit}", expect=ExitCode.DONE)
        _first_champion(stage)
        _second_version(stage, beginning.decisions)
        _third_version(stage)
        _meddling(stage)
        _way_back(stage)


def _begin(settings: Settings, out: Out) -> Beginning:
    """Prepare the data, the rulebook and the repository, and let alice train three versions."""
    settings.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    _say(out, "== 1. Mortgage decisions, and three models of them ==")
    decisions = prepare(settings.workspace)
    for line in data_lines(decisions):
        _say(out, line)
    files = rulebook_files(evaluation_sha256=decisions.evaluation.sha256, trainer_accounts=(getpass.getuser(),))
    (first,) = furnish(settings, files, at=int(time.time()))
    _train(settings, out, decisions)
    _say(out, "\nThe rulebook is main's first commit; grace, a governor, accepts it.")
    return Beginning(decisions=decisions, first_commit=first)


def _train(settings: Settings, out: Out, decisions: MortgageDecisions) -> None:
    laboratory = Laboratory(
        tracking_uri=settings.projects[0].registry.uri, artifacts=settings.workspace / "mlartifacts"
    )
    _say(out, "\nalice trains on the training half and registers in MLflow:")
    for recipe in RECIPES:
        out.progress(f"training and registering {recipe.name} ...")
        made = register(recipe, training=decisions.training, laboratory=laboratory, source_commit=None)
        _say(out, f"  v{made.version}  {recipe.name}: roc_auc {made.claimed_roc_auc:.3f} in her own cross-validation")


def _first_champion(stage: Stage) -> None:
    stage.scene(2, "v1 goes to staging, then to production")
    reply = stage.types(
        "alice", f'promote {MODEL} 1 to staging --reason "a baseline to start from"', expect=ExitCode.WAITING
    )
    for line in power_lines(stage.settings, reply):
        stage.tell(line)
    stage.tell("\nalice would like to approve it herself:")
    stage.types("alice", "approve P1", expect=ExitCode.REFUSED)
    stage.types("bob", 'approve P1 --reason "reads well"', expect=ExitCode.DONE)
    stage.types("alice", f"promote {MODEL} 1 to production", expect=ExitCode.WAITING)
    stage.types("bob", "approve P2", expect=ExitCode.WAITING)
    stage.types("carol", "approve P2", expect=ExitCode.DONE)


def _second_version(stage: Stage, decisions: MortgageDecisions) -> None:
    stage.scene(3, "v2 is better, and takes over while people keep asking")
    stage.types("alice", f'promote {MODEL} 2 to staging --reason "adds the credit file"', expect=ExitCode.WAITING)
    stage.types("bob", "approve P3", expect=ExitCode.DONE)
    stage.types("alice", f"promote {MODEL} 2 to production", expect=ExitCode.WAITING)
    stage.types("bob", "approve P4", expect=ExitCode.WAITING)
    url = _url_of(stage, "production")
    with Traffic(url, applications(decisions.evaluation, most=50)) as traffic:
        stage.types("carol", "approve P4", expect=ExitCode.DONE)
        time.sleep(1)  # a second of questions to the new version, so that the audience sees it answer
    count = traffic.count
    told = ", ".join(f"v{version} answered {answers}" for version, answers in count.answered.items())
    stage.tell(f"\n{url} was asked {count.asked} times meanwhile: {told}; refused {sum(count.refused.values())}.")
    if count.refused or "2" not in count.answered:
        from bot.demo.stage import StoryError  # noqa: PLC0415 - the one place that needs it

        raise StoryError(f"Requests were refused during the switch, or v2 never answered: {count}")


def _third_version(stage: Stage) -> None:
    stage.scene(4, "v3 wins on the overall metric, and harms a group")
    stage.types("alice", f'promote {MODEL} 3 to staging --reason "best AUC so far"', expect=ExitCode.REFUSED)
    stage.types("alice", "why P5", expect=ExitCode.DONE)


def _meddling(stage: Stage) -> None:
    stage.scene(5, "Somebody goes behind the bot's back")
    project = stage.settings.projects[0]
    stage.tell("\nIn MLflow, mallory moves the alias `production` to v3 by hand. Then she pushes to main:")
    move_alias_by_hand(project.registry.uri, MODEL, "production", "3")
    for line in push_to_main(project.folder, MODEL):
        stage.tell(f"  {line}")
    smuggle_into_main(project.folder)
    stage.tell("The hook refuses. She has the disk, so she moves main under the forge's feet.")
    stage.types("carol", "sync", expect=ExitCode.REFUSED)
    stage.types("alice", f"promote {MODEL} 1 to staging", expect=ExitCode.REFUSED)
    stage.types("carol", f"sync {MODEL} in staging --restore", expect=ExitCode.DONE)
    stage.types("carol", f"sync {MODEL} in production --restore", expect=ExitCode.DONE)
    stage.types("carol", "sync", expect=ExitCode.DONE)


def _way_back(stage: Stage) -> None:
    stage.scene(6, "The way back")
    stage.types(
        "carol", f'rollback {MODEL} in production --reason "complaints from the branch in Quincy"', expect=ExitCode.DONE
    )
    stage.types("carol", f"status {MODEL}", expect=ExitCode.DONE)


def _audit(settings: Settings, out: Out) -> None:
    from bot.terminal.trail import verify  # noqa: PLC0415 - as `open_house`

    _say(out, "\n== 7. Can anyone check it? ==\n\n$ mlops audit verify")
    reply: Reply = verify(settings)
    out.reply(Reply(text=reply.text.rstrip(), code=reply.code, data=reply.data))
    if reply.code is not ExitCode.DONE:
        from bot.demo.stage import StoryError  # noqa: PLC0415 - as above

        raise StoryError("The trail does not hold.")


def _farewell(settings: Settings, out: Out, *, seconds: float) -> None:
    here = Path.cwd()
    workspace = settings.workspace.relative_to(here) if settings.workspace.is_relative_to(here) else settings.workspace
    mlops = _command()
    lines: Sequence[str] = (
        "",
        f"That took {seconds:.0f} seconds, and nothing runs any more. What is left, in {workspace}/:",
        f"  pull requests   {workspace}/repo.git/pulls/*.md (a bare Git repository: git clone {workspace}/repo.git)",
        f"  model card      git --git-dir {workspace}/repo.git show main:models/{MODEL}/MODEL_CARD.md",
        f"  evidence        {workspace}/evidence/, receipts in {workspace}/receipts/",
        f"  ledger          {workspace}/gatehouse.db; {mlops} audit export ledger.jsonl",
        "Go on from here:",
        f"  {mlops} status            {mlops} why P5            {mlops} history {MODEL}",
        f"  {mlops} serve             answers for the workspace and keeps its models up",
        f"  {mlops} console           the same words, with history and completion",
    )
    for line in lines:
        _say(out, line)


def _command() -> str:
    """Return how this program is called here: by its name if that is on the PATH, else by its place."""
    own = Path(sys.argv[0])
    if shutil.which("mlops") or own.name != "mlops":
        return "mlops"
    return os.path.relpath(own)


def _url_of(stage: Stage, environment: str) -> str:
    from bot.commands import Status  # noqa: PLC0415 - the one place that needs it
    from bot.exchange import Request, Speaker  # noqa: PLC0415 - as above

    request = Request(
        command=Status(),
        speaker=Speaker(platform="embedded", account=None, assurance="asserted"),
        surface="terminal",
        message_id="demo-status",
    )
    lanes = stage.house.handle(request, lambda _line: None).data["lanes"]
    return next(str(lane["url"]) for lane in lanes if lane["environment"] == environment)  # type: ignore[index,union-attr,call-overload] # the document's own shape


def _say(out: Out, line: str) -> None:
    print(line, file=out.stdout, flush=True)
