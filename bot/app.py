"""What is wired to what? The only place that chooses adapters."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.house.desk import Desk
from bot.house.house import OpenHouse
from bot.house.running import LateRunner
from bot.house.telling import Telling
from bot.local_forge.embedded import EmbeddedForge
from bot.logbook import logbook
from bot.settings import ProjectSettings, Settings
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.files import FileStore
from storage.mlflow_registry import MlflowRegistry
from storage.receipts import ReceiptStore
from storage.signing import Signer
from workflows.installation import Clock, Installation, Project, Stage
from workflows.isolation.environments import Environments
from workflows.isolation.scorer import LocalScorer
from workflows.scoring import Limits
from workflows.target import Target
from workflows.targets.mlflow_server import LocalTarget


def system_clock() -> int:
    """Return the time in seconds since 1970, UTC."""
    return int(time.time())


@contextmanager
def open_house(settings: Settings, *, clock: Clock = system_clock, lasting: bool = False) -> Iterator[OpenHouse]:
    """Open an installation as app.yaml describes it; everything it started is stopped at the end.

    A `lasting` house keeps up what should serve, as `mlops serve` does.
    """
    with ExitStack() as stack:
        stack.enter_context(logbook(settings.workspace / "logs"))
        telling = Telling()
        environments = Environments(
            settings.workspace / "environments",
            shared=settings.unsafe_shared_environment,
            tell=lambda line: telling("model", line),
        )
        targets = {name: _target(settings, name, environments) for name in settings.targets}
        for target in targets.values():
            stack.callback(target.close)
        database = Database(settings.database_url)
        stack.callback(database.close)
        installation = Installation(
            database=database,
            evidence=EvidenceStore(settings.evidence_folder),
            files=FileStore(settings.workspace / "files"),
            receipts=ReceiptStore(settings.workspace, Signer(settings.key_file, pem=settings.signing_pem())),
            scratch=settings.workspace / "tables",
            scorer=LocalScorer(environments, settings.workspace / "answers"),
            limits=Limits(seconds=settings.limits.seconds, memory_bytes=settings.limits.memory),
            clock=clock,
            projects={project.name: _project(settings, project, targets) for project in settings.projects},
            tell=telling,
            lasting=lasting,
        )
        runner = LateRunner(installation, engine=settings.engine, workspace=settings.workspace)
        stack.callback(runner.close)
        yield OpenHouse(Desk(installation=installation, runner=runner), telling)


def _target(settings: Settings, name: str, environments: Environments) -> LocalTarget:
    chosen = settings.targets[name]
    return LocalTarget(
        name,
        environments,
        settings.workspace / "targets" / name,
        drain_seconds=chosen.drain_seconds,
        first_port=chosen.first_port,
    )


def _project(settings: Settings, project: ProjectSettings, targets: dict[str, LocalTarget]) -> Project:
    registry = MlflowRegistry(project.registry.uri)
    stages = []
    for environment in project.environments:
        target: Target = targets[project.targets[environment]]
        stages.append(Stage(name=environment, registry=registry, alias=project.alias(environment), target=target))
    return Project(
        name=project.name,
        platform=project.forge,
        forge=EmbeddedForge(project.repository),
        stages=tuple(stages),
        data_base=settings.workspace,
    )
