"""Which version should serve this model in this environment?

`models/<model>/<environment>.yaml` is the desired state. A promotion is a change of exactly one of these files.
"""

import re
from collections.abc import Sequence
from typing import Self

import yaml
from pydantic import model_validator

from gates.refusal import UserError
from gates.values import Value
from policies.document import Place, read_document
from policies.problem import Problem, UnreadableError
from policies.sentences import validated
from policies.texts import Sha256, Slug, Version

PATH = re.compile(r"models/([a-z0-9-]+)/([a-z0-9-]+)\.yaml")
RESERVED = "model"
"""No environment's name: `model.yaml` is the model's entry in the rulebook."""
AS_WRITTEN: tuple[Place, ...] = (("model",), ("environment",), ("version",), ("digest",))


class Manifest(Value):
    """The desired state of one environment; without version and digest the model is retired there."""

    model: Slug
    """The model's name, the same as its folder."""
    environment: Slug
    """The environment's name, the same as the file's."""
    version: Version | None
    """The version as its registry names it; `null` when nothing shall serve."""
    digest: Sha256 | None = None
    """SHA-256 of the version's content; by default the bot fills in what the registry has, and `null` retires."""

    @model_validator(mode="after")
    def _digest_of_a_version(self) -> Self:
        if self.version is None and self.digest is not None:
            raise ValueError("a `digest` needs its `version`: give both, or `null` for both to retire the model")
        return self

    @property
    def retired(self) -> bool:
        """Shall nothing serve here?"""
        return self.version is None


def manifest_path(model: str, environment: str) -> str:
    """Return where the desired state of a model in an environment lies in the repository."""
    if environment == RESERVED:
        raise UserError("`model` is no name for an environment: models/<model>/model.yaml is the model's entry")
    return f"models/{model}/{environment}.yaml"


def manifest_of_path(path: str) -> tuple[str, str] | None:
    """Return model and environment whose desired state lies at a path, or None when it is some other file."""
    found = PATH.fullmatch(path)
    return None if found is None or found[2] == RESERVED else (found[1], found[2])


class ManifestError(UserError):
    """A manifest that cannot be used; its text lists every mistake, one a line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the mistakes beside their text."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


def parse_manifest(content: bytes, path: str) -> Manifest:
    """Read a manifest; raises `ManifestError` that names path, line and mistake."""
    try:
        document = read_document(path, content)
    except UnreadableError as error:
        raise ManifestError([error.problem]) from error
    found = validated(Manifest, document, document.with_text(*AS_WRITTEN))
    if not isinstance(found, Manifest):
        raise ManifestError(found)
    expected = manifest_path(found.model, found.environment)
    if path != expected:
        text = f"says {found.model} in {found.environment}, whose file is {expected}; correct the text or the place"
        raise ManifestError([Problem(path=path, line=document.line(("model",)), text=text)])
    return found


def render_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as YAML, always with the same bytes for the same state."""
    content = manifest.model_dump(mode="json")
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1_000).encode()
