"""What did the operator choose in app.yaml?

Relative paths, those inside `sqlite:///` URIs too, are relative to the folder that the command runs in, so that one
app.yaml serves many workspaces. Secrets never stand in the file: it names the environment variables that hold them.
"""

import os
import re
from collections.abc import Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from bot.settings_chat import SlackSettings
from bot.settings_chat_teams import TeamsSettings
from bot.settings_problem import SettingsError, read_yaml
from bot.settings_values import LOOPBACK, SQLITE, BaseUrl, FilePath, Section, Slug, Uri, Variable, absolute
from gates.refusal import UserError

GITHUB_REPOSITORY = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}"


class StorageSettings(Section):
    """Where our own database is."""

    url: Uri | None = None
    """None: `gatehouse.db` in the workspace."""


class ServerSettings(Section):
    """How `mlops serve` listens, and how often it sweeps."""

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    """0: any free one, which is printed."""
    allowed_hosts: tuple[str, ...] = ()
    """Names in a Host header that are ours, besides this machine's own."""
    sweep_every: float = Field(default=60.0, gt=0)
    """Seconds from the end of one sweep to the start of the next."""
    public_url: BaseUrl | None = None
    """Where others reach this server, such as https://gatehouse.example.com; None: nowhere but on this machine."""
    pages_port: int | None = Field(default=None, ge=1, le=65535)
    """A port of its own for pages, on loopback; None: they are on `port`, and closed where others could reach that."""
    unsafe_listen_everywhere: bool = False
    unsafe_public_pages: bool = False
    """Show pages to whoever reaches this server: for one behind a proxy that lets nobody in unseen."""

    @property
    def on_loopback(self) -> bool:
        """Is only this machine listened to?"""
        return self.host in LOOPBACK


class LimitSettings(Section):
    """What a model's process may use while it is scored."""

    seconds: float = Field(default=120.0, gt=0)
    memory: int = Field(default=2 << 30, ge=64 << 20)
    """Bytes."""


class ReceiptSettings(Section):
    """What receipts are signed with."""

    key_variable: Variable | None = None
    """Environment variable that holds an Ed25519 private key as PEM; None: a key file in the workspace."""


class GitHubSettings(Section):
    """The GitHub App that this installation is, and how gently it asks."""

    app_id: int = Field(gt=0)
    base_url: BaseUrl = "https://api.github.com"
    """Of the REST API; GitHub Enterprise Server: https://HOST/api/v3."""
    private_key_variable: Variable = "GITHUB_APP_PRIVATE_KEY"
    """Environment variable with the App's private key as PEM."""
    webhook_secret_variable: Variable = "GITHUB_WEBHOOK_SECRET"  # noqa: S105 - a variable's name, not a secret
    """Environment variable with the webhook's secret."""
    seconds_between_reads: float = Field(default=0.05, ge=0, le=10)
    seconds_between_writes: float = Field(default=1.0, ge=0, le=60)
    """GitHub asks for at least one second between requests that write."""


class RegistrySettings(Section):
    """Where a project's model versions live."""

    kind: Literal["mlflow"] = "mlflow"
    uri: Uri
    aliases: dict[Slug, str] = Field(default_factory=dict)
    """The alias of an environment, where it is not the environment's name."""


class TargetSettings(Section):
    """A place that models serve at."""

    kind: Literal["mlflow-server"] = "mlflow-server"
    drain_seconds: float = Field(default=5.0, ge=0)
    first_port: int = Field(default=8800, ge=1024, le=65000)


class ChannelSettings(Section):
    """One place where news are told, on each platform that has it."""

    slack: str | None = None
    """A channel's id, such as C0123ABCD."""
    teams: str | None = None
    """A channel's id, such as 19:...@thread.tacv2."""


class ProjectSettings(Section):
    """One model repository, with its registry, targets and channels."""

    name: Slug
    forge: Literal["embedded", "github"] = "embedded"
    repository: str = Field(min_length=1)
    """A folder for the embedded forge, made absolute; on GitHub OWNER/NAME."""
    environments: tuple[Slug, ...] = Field(default=("staging", "production"), min_length=1)
    """In promotion order."""
    registry: RegistrySettings
    targets: dict[Slug, Slug]
    """Environment to the name of a target below."""
    channels: dict[Slug, ChannelSettings] = Field(default_factory=dict)
    """By environment, by the name that a model.yaml gives as its channel, and `default` for the rest."""

    @field_validator("repository")
    @classmethod
    def _placed(cls, repository: str, info: ValidationInfo) -> str:
        """Read the repository as its forge names it; the forge was read before."""
        if info.data.get("forge") != "github":
            return str(absolute(Path(repository), info))
        if not re.fullmatch(GITHUB_REPOSITORY, repository):
            raise ValueError("on GitHub a repository is named OWNER/NAME")
        return repository

    @property
    def folder(self) -> Path:
        """The embedded forge's repository."""
        return Path(self.repository)

    def alias(self, environment: str) -> str:
        """Return the registry's alias for an environment."""
        return self.registry.aliases.get(environment, environment)


class Settings(Section):
    """The whole of app.yaml, paths made absolute."""

    workspace: FilePath = Path(".gatehouse")
    engine: Literal["dbos", "inline"] = "dbos"
    unsafe_asserted_identity: bool = False
    unsafe_shared_environment: bool = False
    storage: StorageSettings = StorageSettings()
    server: ServerSettings = ServerSettings()
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    github: GitHubSettings | None = None
    limits: LimitSettings = LimitSettings()
    receipts: ReceiptSettings = ReceiptSettings()
    targets: dict[Slug, TargetSettings]
    projects: tuple[ProjectSettings, ...]

    @property
    def database_url(self) -> str:
        """Our own database."""
        return self.storage.url or f"{SQLITE}{self.workspace / 'gatehouse.db'}"

    @property
    def evidence_folder(self) -> Path:
        """Evidence files, named by digest."""
        return self.workspace / "evidence"

    @property
    def key_file(self) -> Path:
        """The key that receipts are signed with, unless an environment variable holds it."""
        return self.workspace / "receipts.key"

    def signing_pem(self, environment: Mapping[str, str] = os.environ) -> str | None:
        """Return the signing key that an environment variable holds; None when the key file is used."""
        variable = self.receipts.key_variable
        return (
            None if variable is None else secret(variable, "receipts.key_variable", "the key's PEM text", environment)
        )

    def project(self, name: str) -> ProjectSettings | None:
        """Return a project by its name."""
        return next((project for project in self.projects if project.name == name), None)


def secret(variable: str, setting: str, what: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return what an environment variable holds that `setting` names; `UserError` when it is not set."""
    if not environment.get(variable):
        raise UserError(f"{setting} names {variable}, which is not set; put {what} into it.")
    return environment[variable]


def load_settings(path: Path | None, *, folder: Path) -> Settings:
    """Load `path`, else `app.yaml` in `folder`, else the embedded default; `SettingsError` names file and line."""
    found = path if path is not None else folder / "app.yaml"
    if path is None and not found.exists():
        return settings_of(default_text(), where="the embedded default", folder=folder)
    try:
        text = found.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{found} cannot be read: {error}. Name another file with --config.") from error
    return settings_of(text, where=str(found), folder=folder)


def default_text() -> str:
    """Return the embedded default, the same bytes as the app.yaml of our repository."""
    return resources.files("bot").joinpath("embedded_default.yaml").read_text(encoding="utf-8")


def settings_of(text: str, *, where: str, folder: Path) -> Settings:
    """Read settings from YAML; `where` names the file in mistakes."""
    document = read_yaml(text, where=where)
    try:
        settings = Settings.model_validate(document.value, context={"folder": folder.absolute()})
    except ValidationError as error:
        raise SettingsError("\n".join(document.problem(detail, Settings) for detail in error.errors())) from error
    if problem := _contradiction(settings):
        raise SettingsError(f"{where}: {problem}")
    return settings


def _contradiction(settings: Settings) -> str:
    """Say which settings do not go together, or nothing."""
    names = [project.name for project in settings.projects]
    if not names or len(set(names)) < len(names):
        return "projects needs at least one project, each with a name of its own."
    if settings.unsafe_asserted_identity and not settings.server.on_loopback:
        return f"unsafe_asserted_identity is for loopback, and server.host is {settings.server.host}; set it to false."
    on_github = [project.name for project in settings.projects if project.forge == "github"]
    if on_github and settings.github is None:
        return f"project {on_github[0]} is on GitHub, and the section github is missing: it names the App."
    if on_github and settings.unsafe_asserted_identity:
        return (
            f"unsafe_asserted_identity is for the embedded forge, and project {on_github[0]} is on GitHub; "
            "set it to false."
        )
    return next(filter(None, map(partial(_project_contradiction, settings), settings.projects)), "")


def _project_contradiction(settings: Settings, project: ProjectSettings) -> str:
    if missing := [env for env in project.environments if env not in project.targets]:
        return f"project {project.name} has no target for {', '.join(missing)}; add it under targets."
    if unknown := [t for t in project.targets.values() if t not in settings.targets]:
        known = ", ".join(settings.targets) or "none"
        return f"project {project.name} names the target {unknown[0]}, which is not described (described: {known})."
    if extra := [e for e in (*project.targets, *project.registry.aliases) if e not in project.environments]:
        return f"project {project.name} has no environment {extra[0]} (it has {', '.join(project.environments)})."
    return ""
