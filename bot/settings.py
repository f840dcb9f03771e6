"""What did the operator choose in app.yaml?

Relative paths, those inside `sqlite:///` URIs too, are relative to the folder that the command runs in, so that one
app.yaml serves many workspaces. Secrets never stand in the file: it names the environment variables that hold them.
"""

import os
from collections.abc import Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

from bot.settings_problem import SettingsError, read_yaml
from gates.refusal import UserError

SQLITE = "sqlite:///"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG, max_length=63)]


def _absolute(path: Path, info: ValidationInfo) -> Path:
    """Put a path below the folder that the settings are loaded for."""
    return Path(os.path.normpath(_folder(info) / path.expanduser()))


def _absolute_uri(uri: str, info: ValidationInfo) -> str:
    """Put a path inside a SQLite URI below that folder; other URIs stay as they are."""
    path = uri.removeprefix(SQLITE)
    if path == uri or path.startswith(":memory:"):
        return uri
    return f"{SQLITE}{os.path.normpath(_folder(info) / path)}"


def _folder(info: ValidationInfo) -> Path:
    context: Mapping[str, Path] = info.context or {}
    return context.get("folder", Path.cwd())


FilePath = Annotated[Path, AfterValidator(_absolute)]
Uri = Annotated[str, AfterValidator(_absolute_uri)]


class Section(BaseModel):
    """A part of app.yaml: closed, and never changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


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
    unsafe_listen_everywhere: bool = False

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

    key_variable: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """Environment variable that holds an Ed25519 private key as PEM; None: a key file in the workspace."""


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


class ProjectSettings(Section):
    """One model repository, with its registry, targets and channels."""

    name: Slug
    repository: FilePath
    forge: Literal["embedded"] = "embedded"
    environments: tuple[Slug, ...] = Field(default=("staging", "production"), min_length=1)
    """In promotion order."""
    registry: RegistrySettings
    targets: dict[Slug, Slug]
    """Environment to the name of a target below."""
    channels: dict[Slug, str] = Field(default_factory=dict)

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
    slack: None = None
    teams: None = None
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
        if variable is None:
            return None
        if not environment.get(variable):
            raise UserError(
                f"receipts.key_variable names {variable}, which is not set; put the key's PEM text into it."
            )
        return environment[variable]

    def project(self, name: str) -> ProjectSettings | None:
        """Return a project by its name."""
        return next((project for project in self.projects if project.name == name), None)


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
