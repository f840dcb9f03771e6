"""Which released packages, and which Python, did this model record?"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from gates.digest import bytes_digest

LARGEST_RECORD = 1 << 20
"""Bytes of a requirements file, of `python_env.yaml` and of `MLmodel`; real ones have a few thousand."""
NEEDED_BY_RUNNER = ("mlflow", "pandas", "pyarrow")


class EnvironmentNotBuiltError(Exception):
    """A model's environment cannot be had; `detail` names the cause in one line."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What a version needs to run: requirement lines, sorted, and a Python such as `3.11`."""

    lines: tuple[str, ...]
    python: str

    @property
    def digest(self) -> str:
        """SHA-256 of all of it: the same requirements find the same lock."""
        return bytes_digest("\n".join((self.python, *self.lines, "")).encode())


def recorded_requirements(files: Path) -> Requirements:
    """Return what the MLflow model in the folder `files` recorded, and what is needed to run it at all."""
    recorded = _released_packages(_record(files, "requirements.txt"))
    names = {canonicalize_name(requirement.name) for requirement in recorded}
    missing = [name for name in NEEDED_BY_RUNNER if name not in names]
    if "mlflow" in missing:
        missing[missing.index("mlflow")] = f"mlflow=={_mlflow_version(files)}"
    lines = {str(requirement) for requirement in recorded} | set(missing)
    return Requirements(lines=tuple(sorted(lines)), python=_python(files))


def _released_packages(text: str) -> list[Requirement]:
    """Read requirement lines; anything but the name of a released package is refused by its line."""
    lines = ((number, re.sub(r"(^|\s)#.*", "", line).strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [_released_package(number, line) for number, line in lines if line]


def _released_package(number: int, line: str) -> Requirement:
    """Read one line; addresses, paths, options and continued lines name no released package."""
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        requirement = None
    if requirement is None or requirement.url is not None:
        raise EnvironmentNotBuiltError(
            f"requirements.txt, line {number}: {_shown(line)} is not a released package; "
            f"record a name and a version, such as scikit-learn==1.9.1"
        )
    return requirement


def _python(files: Path) -> str:
    """Return the recorded Python as `3.11`."""
    recorded = _mapping(files, "python_env.yaml").get("python")
    found = re.fullmatch(r"(\d+\.\d+)(\.\d+\S*)?", str(recorded))
    if found is None:
        raise EnvironmentNotBuiltError(f"python_env.yaml names no Python version: {_shown(str(recorded))}")
    return found[1]


def _mlflow_version(files: Path) -> str:
    """Return the MLflow that wrote the model; it was recorded beside it even if not as a requirement."""
    recorded = str(_mapping(files, "MLmodel").get("mlflow_version"))
    if re.fullmatch(r"\d+(\.\w+)+", recorded) is None:
        raise EnvironmentNotBuiltError(
            f"neither requirements.txt nor MLmodel names an MLflow version: {_shown(recorded)}"
        )
    return recorded


def declares_signature(files: Path) -> bool:
    """Say whether the version declares its inputs and outputs."""
    try:
        signature = _mapping(files, "MLmodel").get("signature")
    except EnvironmentNotBuiltError:
        return False
    return isinstance(signature, dict) and bool(signature.get("inputs")) and bool(signature.get("outputs"))


def _mapping(files: Path, name: str) -> dict[str, object]:
    """Read one of the version's YAML files."""
    try:
        content = yaml.safe_load(_record(files, name))
    except (yaml.YAMLError, RecursionError) as error:
        raise EnvironmentNotBuiltError(f"{name} is not YAML: {_shown(str(error))}") from error
    if not isinstance(content, dict):
        raise EnvironmentNotBuiltError(f"{name} holds no names and values")
    return content


def _record(files: Path, name: str) -> str:
    """Read one of the version's small text files."""
    try:
        with (files / name).open("rb") as stream:
            content = stream.read(LARGEST_RECORD + 1)
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentNotBuiltError(
            f"the version has no readable {name}; save it with MLflow, which writes that file"
        ) from error
    if len(content) > LARGEST_RECORD:
        raise EnvironmentNotBuiltError(f"{name} has more than {LARGEST_RECORD:,} bytes; real ones have a few thousand")
    return text


def _shown(text: str) -> str:
    """Show what came, on one line of bounded length."""
    return repr(text if len(text) <= 100 else f"{text[:100]}...")  # noqa: PLR2004 - as long as a line of a message
