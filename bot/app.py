"""What is wired to what? The only place that chooses adapters."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from bot.house.desk import Desk
from bot.house.house import OpenHouse
from bot.house.linking import Linking
from bot.house.running import LateRunner
from bot.house.telling import Telling
from bot.local_forge.embedded import EmbeddedForge
from bot.logbook import logbook
from bot.settings import GitHubSettings, ProjectSettings, Settings, secret
from bot.surfaces import Service, Surface
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.files import FileStore
from storage.mlflow_registry import MlflowRegistry
from storage.receipts import ReceiptStore
from storage.signing import Signer
from workflows.forge import Forge
from workflows.installation import Clock, Installation, Project, Stage
from workflows.isolation.environments import Environments
from workflows.isolation.scorer import LocalScorer
from workflows.pictures.painter import ProcessPainter
from workflows.scoring import Limits
from workflows.target import Target
from workflows.targets.mlflow_server import LocalTarget

if TYPE_CHECKING:
    from bot.github.app import GitHubApp
    from bot.github.forge import GitHubForge
    from bot.github.surface import Contact, GitHubSurface


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
            projects=_projects(settings, targets, clock),
            tell=telling,
            painter=ProcessPainter(),
            lasting=lasting,
        )
        runner = LateRunner(installation, engine=settings.engine, workspace=settings.workspace)
        stack.callback(runner.close)
        desk = Desk(installation=installation, runner=runner, pages=_pages(settings))
        yield OpenHouse(desk, telling, Linking(chats=_chats(settings)))


def _pages(settings: Settings) -> str | None:
    """Return where others read our pages; None where they cannot."""
    return settings.server.public_url if settings.server.unsafe_public_pages else None


def _chats(settings: Settings) -> tuple[str, ...]:
    """Return the chats that people talk in."""
    sections = {"slack": settings.slack, "teams": settings.teams}
    return tuple(name for name, section in sections.items() if section is not None)


def _projects(settings: Settings, targets: dict[str, LocalTarget], clock: Clock) -> dict[str, Project]:
    app = _github(settings, clock) if any(project.forge == "github" for project in settings.projects) else None
    return {
        project.name: _project(settings, project, targets, app if project.forge == "github" else None)
        for project in settings.projects
    }


def _target(settings: Settings, name: str, environments: Environments) -> LocalTarget:
    chosen = settings.targets[name]
    return LocalTarget(
        name,
        environments,
        settings.workspace / "targets" / name,
        drain_seconds=chosen.drain_seconds,
        first_port=chosen.first_port,
    )


@contextmanager
def surfaces(service: Service) -> Iterator[Sequence[Surface]]:
    """Open what `mlops serve` hears the platforms with, beside the house."""
    with ExitStack() as stack:
        opened: list[Surface] = []
        if service.settings.github is not None:
            opened.append(stack.enter_context(_hears_github(service)))
        if service.settings.slack is not None or service.settings.teams is not None:
            from bot.chats import open_chats  # noqa: PLC0415 - as `_app`

            opened.append(stack.enter_context(open_chats(service)))
        from bot.pages.surface import pages  # noqa: PLC0415 - as `_app`

        opened.append(pages(service))  # the last one: it answers whatever nobody else does
        yield opened


def _hears_github(service: Service) -> "AbstractContextManager[GitHubSurface]":
    from bot.github.surface import github_surface  # noqa: PLC0415 - as `_app`

    speaks = contact(service.settings, clock=service.clock)
    return github_surface(service.settings, speaks, clock=service.clock, write_down=service.write_down)


def contact(settings: Settings, *, clock: Clock = system_clock) -> "Contact":
    """Return how GitHub is spoken to, beside the house."""
    from bot.github.repositories import Known, Repositories  # noqa: PLC0415 - as `_app`
    from bot.github.surface import Contact  # noqa: PLC0415 - as `_app`

    app = _github(settings, clock)
    on_github = [project for project in settings.projects if project.forge == "github"]
    forges = {project.name: _on_github(settings, project, app) for project in on_github}

    def repositories() -> Repositories:
        return Repositories(
            {
                project.name: Known(full_name=project.repository, id=forges[project.name].repository.record.number())
                for project in on_github
            }
        )

    return Contact(voices={name: forge.comments for name, forge in forges.items()}, repositories=repositories)


def _forge(settings: Settings, project: ProjectSettings, github: "GitHubApp | None") -> Forge:
    return EmbeddedForge(project.folder) if github is None else _on_github(settings, project, github)


def _on_github(settings: Settings, project: ProjectSettings, app: "GitHubApp") -> "GitHubForge":
    from bot.github.forge import GitHubForge  # noqa: PLC0415 - as `_app`

    return GitHubForge(app, project.repository, folder=settings.workspace / "github" / project.name)


def _github(settings: Settings, clock: Clock) -> "GitHubApp":
    """Return the App that we are; asks GitHub nothing yet."""
    chosen = settings.github
    if chosen is None:
        raise LookupError("Only a project on GitHub needs the App, and settings with one have its section.")
    key = secret(chosen.private_key_variable, "github.private_key_variable", "the App's private key")
    return _app(chosen, key, clock)


@cache
def _app(chosen: GitHubSettings, key: str, clock: Clock) -> "GitHubApp":
    """Make an App once in a process: the house and the webhook keep one pace, and heed one limit."""
    from bot.github.app import GitHubApp  # noqa: PLC0415 - PyGithub is slow to import, and not every project needs it
    from bot.github.manners import Manners  # noqa: PLC0415 - as above

    manners = Manners(
        seconds_between_reads=chosen.seconds_between_reads,
        seconds_between_writes=chosen.seconds_between_writes,
        clock=clock,
    )
    return GitHubApp(chosen.app_id, key, chosen.base_url, manners=manners)


def _project(
    settings: Settings, project: ProjectSettings, targets: dict[str, LocalTarget], github: "GitHubApp | None"
) -> Project:
    registry = MlflowRegistry(project.registry.uri)
    stages = []
    for environment in project.environments:
        target: Target = targets[project.targets[environment]]
        stages.append(Stage(name=environment, registry=registry, alias=project.alias(environment), target=target))
    return Project(
        name=project.name,
        platform=project.forge,
        forge=_forge(settings, project, github),
        stages=tuple(stages),
        data_base=settings.workspace,
    )
