"""Does the same model always get the same environment, built once?"""

import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gates.digest import file_digest
from gates.refusal import Unavailable
from workflows.isolation.environments import EnvironmentNotBuiltError, Environments, ModelEnvironment
from workflows.isolation.installer import Pip, Uv, installer

OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def wheel(index: Path, name: str, version: str = "1.0") -> None:
    """Put the smallest wheel there is into an index: a module that knows its version."""
    described = f"{name}-{version}.dist-info"
    (index / name).mkdir(exist_ok=True)
    with zipfile.ZipFile(index / name / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", f"version = {version!r}\n")
        archive.writestr(f"{described}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{described}/RECORD", "")
    list_files(index, name)


def list_files(index: Path, name: str) -> None:
    """Write a package's page as PEP 503 has it."""
    files = sorted(path for path in (index / name).iterdir() if path.name != "index.html")
    links = (f'<a href="{path.name}#sha256={file_digest(path)}">{path.name}</a>' for path in files)
    (index / name / "index.html").write_text(f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's only package index: a folder with small wheels."""
    folder = tmp_path / "simple"
    folder.mkdir()
    for name in ("mlflow", "pandas", "pyarrow", "tiny"):
        wheel(folder, name)
    for name in [name for name in os.environ if name.startswith(("UV_", "PIP_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "PIP_INDEX_URL": folder.as_uri(),
        "PIP_CONFIG_FILE": os.devnull,
        "UV_CACHE_DIR": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    return folder


def version(folder: Path, requirements: str = "mlflow==1.0\ntiny\n", python: str = OURS) -> Path:
    folder.mkdir()
    (folder / "requirements.txt").write_text(requirements)
    (folder / "python_env.yaml").write_text(f"python: {python}.1\n")
    (folder / "MLmodel").write_text("mlflow_version: 1.0.0\n")
    return folder


def packages(environment: ModelEnvironment) -> set[str]:
    found = environment.python.parent.parent.glob("lib/python*/site-packages/*.dist-info")
    return {path.name.removesuffix(".dist-info") for path in found}


def test_a_model_gets_what_it_recorded_and_what_the_runner_needs(index: Path, tmp_path: Path) -> None:
    environment = Environments(tmp_path / "environments").for_model(version(tmp_path / "model"))
    assert index.is_dir()
    assert packages(environment) == {"mlflow-1.0", "pandas-1.0", "pyarrow-1.0", "tiny-1.0"}
    assert environment.python.parent.parent.name == environment.digest


def test_the_same_model_gets_the_same_environment_years_later_without_an_index(index: Path, tmp_path: Path) -> None:
    root, files = tmp_path / "environments", version(tmp_path / "model")
    first = Environments(root).for_model(files)
    wheel(index, "tiny", "2.0")
    assert Environments(root).for_model(files) == first
    shutil.rmtree(index)
    assert Environments(root).for_model(files) == first


def test_other_requirements_that_mean_the_same_packages_share_an_environment(index: Path, tmp_path: Path) -> None:
    environments = Environments(tmp_path / "environments")
    one = environments.for_model(version(tmp_path / "one"))
    other = environments.for_model(version(tmp_path / "other", "mlflow==1.0\ntiny==1.0\n"))
    assert index.is_dir()
    assert one == other


def test_an_environment_that_was_never_finished_is_built_anew(index: Path, tmp_path: Path) -> None:
    root, files = tmp_path / "environments", version(tmp_path / "model")
    first = Environments(root).for_model(files)
    (root / first.digest / "lock.txt").unlink()
    (root / first.digest / "half").touch()
    assert Environments(root).for_model(files) == first
    assert index.is_dir()
    assert not (root / first.digest / "half").exists()


def test_those_who_ask_at_the_same_time_get_one_environment(index: Path, tmp_path: Path) -> None:
    root, files = tmp_path / "environments", version(tmp_path / "model")
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: Environments(root).for_model(files), range(4)))
    assert index.is_dir()
    assert len(found) == 1


def test_a_package_that_does_not_exist_is_named(index: Path, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotBuiltError) as caught:
        Environments(tmp_path / "environments").for_model(version(tmp_path / "model", "mlflow==1.0\nnowhere==9\n"))
    assert index.is_dir()
    assert "nowhere" in caught.value.detail
    assert "\n" not in caught.value.detail


def test_nothing_is_built_from_source(index: Path, tmp_path: Path) -> None:
    (index / "sourced").mkdir()
    shutil.make_archive(str(index / "sourced" / "sourced-1.0"), "gztar", root_dir=index / "tiny")
    list_files(index, "sourced")
    with pytest.raises(EnvironmentNotBuiltError, match="sourced"):
        Environments(tmp_path / "environments").for_model(version(tmp_path / "model", "sourced==1.0\n"))


def test_a_python_that_is_not_here_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotBuiltError) as caught:
        Environments(tmp_path / "environments").for_model(version(tmp_path / "model", python="3.2"))
    assert caught.value.detail == (
        f"the version recorded Python 3.2, which is not installed here (ours is {OURS}); "
        f"install it, for instance with `uv python install 3.2`, or save the model with Python {OURS}"
    )


def test_an_index_out_of_reach_is_no_fault_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://user:secret@127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    with pytest.raises(Unavailable, match=r"^The package index cannot be reached: ") as caught:
        Environments(tmp_path / "environments").for_model(version(tmp_path / "model"))
    assert "secret" not in str(caught.value)


def test_a_shared_environment_is_ours_and_says_so(tmp_path: Path) -> None:
    found = Environments(tmp_path, shared=True).for_model(tmp_path)
    assert found == ModelEnvironment(python=Path(sys.executable), digest="shared")


def test_uv_is_found_beside_us() -> None:
    assert isinstance(installer(), Uv)


@pytest.mark.slow
@pytest.mark.parametrize(
    "tool", [pytest.param(installer, id="uv"), pytest.param(Pip, id="pip", marks=pytest.mark.full)]
)
def test_installers_agree(index: Path, tmp_path: Path, tool: Callable[[], Uv | Pip]) -> None:
    wheel(index, "tiny", "2.0")
    python = Path(sys.base_prefix, "bin", f"python{OURS}")
    lock = tool().lock(["tiny<2", "pandas"], python=python)
    tool().install(lock, python=python, folder=tmp_path / "built")
    built = ModelEnvironment(python=tmp_path / "built" / "bin" / "python", digest="")
    assert [line.split()[0] for line in lock.splitlines() if "==" in line] == ["pandas==1.0", "tiny==1.0"]
    assert packages(built) - {name for name in packages(built) if name.startswith(("pip", "setuptools"))} == {
        "pandas-1.0",
        "tiny-1.0",
    }
