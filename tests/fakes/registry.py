"""How does a registry behave, without one? Kept honest by tests/storage/test_registry_contract.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gates.refusal import UserError
from policies.near import or_near
from storage.registry import RegisteredVersion


@dataclass(slots=True)
class Model:
    """One registered model."""

    versions: dict[str, RegisteredVersion] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


class FakeRegistry:
    """Implements `storage.registry.Registry` in memory; `register` and `aliases` are the hands of others."""

    def __init__(self) -> None:
        """Start with nothing registered."""
        self._models: dict[str, Model] = {}
        self._histories: dict[str, dict[str, tuple[tuple[int, float], ...]]] = {}

    def register(
        self,
        model: str,
        files: Mapping[str, bytes],
        *,
        trainer: str | None = "alice",
        registered_by: str | None = "alice",
        source_commit: str | None = None,
        inputs: tuple[tuple[str, str], ...] = (),
        parameters: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
        description: str = "",
        histories: Mapping[str, tuple[tuple[int, float], ...]] | None = None,
    ) -> str:
        """Register the next version of a model and return it."""
        known = self._models.setdefault(model, Model())
        version = str(len(known.versions) + 1)
        known.files[version] = dict(files)
        known.versions[version] = RegisteredVersion(
            model=model,
            version=version,
            run_id=f"run-{model}-{version}",
            trainer=trainer,
            registered_by=registered_by,
            source_commit=source_commit,
            inputs=inputs,
            parameters=dict(parameters or {}),
            metrics=dict(metrics or {}),
            tags=dict(tags or {}),
            description=description,
        )
        self._histories[f"run-{model}-{version}"] = {
            **{metric: ((0, value),) for metric, value in (metrics or {}).items()},
            **(histories or {}),
        }
        return version

    def alter(self, model: str, version: str, files: Mapping[str, bytes]) -> None:
        """Change a version's files behind everybody's back."""
        self._models[model].files[version] = dict(files)

    def delete(self, model: str, version: str) -> None:
        """Remove a version, and the aliases that named it."""
        known = self._models[model]
        del known.versions[version], known.files[version]
        known.aliases = {alias: named for alias, named in known.aliases.items() if named != version}

    def models(self) -> tuple[str, ...]:
        """Return the names of all registered models, sorted."""
        return tuple(sorted(self._models))

    def versions(self, model: str) -> tuple[str, ...]:
        """Return a model's versions, oldest first."""
        known = self._models.get(model, Model())
        return tuple(sorted(known.versions, key=int))

    def version(self, model: str, version: str) -> RegisteredVersion:
        """Return one version; `UserError` names the latest version, or the nearest model."""
        known = self._models.get(model, Model())
        if version in known.versions:
            return known.versions[version]
        if known.versions:
            raise UserError(f"There is no {model} v{version}; the latest is v{self.versions(model)[-1]}.")
        raise UserError(f"No model {model} is registered: {or_near(model, self.models())}.")

    def history(self, run_id: str, metric: str) -> tuple[tuple[int, float], ...]:
        """Return step and value of each time a run logged a metric, by step; empty without any."""
        return self._histories.get(run_id, {}).get(metric, ())

    def fetch(self, model: str, version: str, into: Path) -> None:
        """Copy the version's files into the empty folder `into`."""
        self.version(model, version)
        for name, content in self._models[model].files[version].items():
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def alias(self, model: str, alias: str) -> str | None:
        """Return the version that an alias names, or None."""
        return self._models.get(model, Model()).aliases.get(alias)

    def set_alias(self, model: str, alias: str, version: str | None) -> None:
        """Point an alias at a version, or remove it."""
        if version is None:
            self._models.get(model, Model()).aliases.pop(alias, None)
            return
        self.version(model, version)
        self._models[model].aliases[alias] = version
