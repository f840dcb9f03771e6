"""Is what comes from npm pinned, and from nowhere but npm's own registry?"""

import json
import re
from pathlib import Path

from pydantic import BaseModel, Field

NODE = Path(__file__).parent / "node"
EXACT = re.compile(r"\d+\.\d+\.\d+")


class Wanted(BaseModel):
    """What package.json asks for."""

    dependencies: dict[str, str]


class Locked(BaseModel):
    """One package of the lock file."""

    version: str
    integrity: str = ""
    resolved: str = "https://registry.npmjs.org/"
    has_install_script: bool = Field(default=False, alias="hasInstallScript")


class Lock(BaseModel):
    """The lock file."""

    packages: dict[str, Locked]


def test_the_packages_are_asked_for_by_exact_version() -> None:
    wanted = Wanted.model_validate_json((NODE / "package.json").read_text())
    assert wanted.dependencies
    assert all(EXACT.fullmatch(version) for version in wanted.dependencies.values())


def test_every_locked_package_is_named_by_its_digest_and_by_no_other_registry() -> None:
    text = (NODE / "package-lock.json").read_text()
    lock = Lock.model_validate(json.loads(text))
    foreign = set(lock.packages) - {""}
    assert all(lock.packages[name].integrity.startswith("sha512-") for name in foreign)
    assert all(lock.packages[name].resolved.startswith("https://registry.npmjs.org/") for name in foreign)
    assert not any(lock.packages[name].has_install_script for name in foreign)
