"""Does the wheel hold what the program needs, and are our package names ours alone?"""

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions, packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = frozenset({"bot", "gates", "policies", "reports", "storage", "workflows"})
OURS = "gatehouse"
LEFT_OUT = frozenset({"__pycache__"})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from the source folder."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, *_builder(), str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def _builder() -> tuple[str, ...]:
    """Return the arguments that build a wheel: with the build backend itself where it is installed, else through uv."""
    if find_spec("hatchling"):
        return ("-m", "hatchling", "build", "--target", "wheel", "--directory")
    return ("-m", "uv", "build", "--quiet", "--wheel", "--out-dir")


def test_the_wheel_holds_every_file_of_every_room_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    packed = {name for name in wheel.namelist() if not name.startswith(f"{OURS}-")}
    assert packed == {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.parts)
    } | {f"bot/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "manifest").rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "needed",
    [
        "bot/embedded_default.yaml",
        "bot/demo/rulebook/policies/lending.yaml",
        "bot/starter/policies/people.yaml",
        "bot/starter/policies/general.yaml",
        "reports/templates/card.md.j2",
        "storage/migrations/env.py",
        "storage/migrations/versions/v0001_first_tables.py",
    ],
)
def test_what_is_no_code_is_packed_too(wheel: zipfile.ZipFile, needed: str) -> None:
    assert needed in wheel.namelist()


def test_the_wheel_starts_mlops(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("/entry_points.txt")]
    assert wheel.read(entry_points).decode().split() == ["[console_scripts]", "mlops", "=", "bot.terminal.main:run"]


def test_it_can_never_be_uploaded(wheel: zipfile.ZipFile) -> None:
    (metadata,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    assert "Classifier: Private :: Do Not Upload\n" in wheel.read(metadata).decode()


def test_no_dependency_owns_one_of_our_names() -> None:
    owners = {name: set(found) - {OURS} for name, found in packages_distributions().items() if name in ROOMS}
    assert not any(owners.values()), owners


def test_no_file_of_a_dependency_lies_in_one_of_our_packages() -> None:
    """As above, for distributions that do not declare their top-level names."""
    found = {
        f"{distribution.name}: {path}"
        for distribution in distributions()
        if distribution.name != OURS
        for path in distribution.files or ()
        if path.parts[0] in ROOMS or path.parts[0].removesuffix(".py") in ROOMS
    }
    assert not found


def test_the_default_settings_are_those_of_the_repository() -> None:
    assert (ROOT / "bot" / "embedded_default.yaml").read_bytes() == (ROOT / "app.yaml").read_bytes()


def test_the_release_is_named_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## [{project['version']}]" in changes
