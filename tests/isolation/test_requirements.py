"""Is everything but the name of a released package refused?"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows.isolation.requirements import (
    EnvironmentNotBuiltError,
    Requirements,
    declares_signature,
    recorded_requirements,
)

MLMODEL = "mlflow_version: 3.17.2\nsignature:\n  inputs: '[]'\n  outputs: '[]'\n"


def version(folder: Path, *, requirements: str, python: str = "python: 3.11.7\n", mlmodel: str = MLMODEL) -> Path:
    for name, text in (("requirements.txt", requirements), ("python_env.yaml", python), ("MLmodel", mlmodel)):
        (folder / name).write_text(text)
    return folder


def complaint(files: Path) -> str:
    with pytest.raises(EnvironmentNotBuiltError) as caught:
        recorded_requirements(files)
    return caught.value.detail


def test_released_packages_are_kept_in_one_order_whatever_order_they_came_in(tmp_path: Path) -> None:
    text = (
        "# by hand\nscikit-learn==1.9.1  # pinned\n\nmlflow==3.17.2\nxgboost[gpu]>=2; sys_platform == 'linux'\nnumpy\n"
    )
    one = recorded_requirements(version(tmp_path, requirements=text))
    other = recorded_requirements(version(tmp_path, requirements="\n".join(reversed(text.splitlines()))))
    lines = ("mlflow==3.17.2", "numpy", "pandas", "pyarrow", "scikit-learn==1.9.1")
    assert one == Requirements(lines=(*lines, 'xgboost[gpu]>=2; sys_platform == "linux"'), python="3.11")
    assert other.digest == one.digest


def test_what_the_runner_needs_is_added_once_with_the_mlflow_that_saved_the_model(tmp_path: Path) -> None:
    found = recorded_requirements(version(tmp_path, requirements="PyArrow==25.0.0\nmlflow-skinny==3.17.2\n"))
    assert found.lines == ("PyArrow==25.0.0", "mlflow-skinny==3.17.2", "mlflow==3.17.2", "pandas")


@pytest.mark.parametrize(
    "line",
    [
        "git+https://example.org/models.git",
        "models @ git+https://example.org/models.git@main",
        "models @ https://example.org/models-1.0-py3-none-any.whl",
        "models @ file:///opt/models",
        "https://example.org/models-1.0.tar.gz",
        "./models",
        "../models-1.0-py3-none-any.whl",
        "/opt/models",
        "-e .",
        "-r more.txt",
        "--index-url https://example.org/simple",
        "--extra-index-url=https://example.org/simple",
        "--find-links /opt/wheels",
        "--trusted-host example.org",
        "numpy==2.4.6 --config-settings=x=y",
        "numpy==2.4.6 \\",
    ],
)
def test_a_line_that_names_no_released_package_is_refused_by_number_and_text(tmp_path: Path, line: str) -> None:
    said = complaint(version(tmp_path, requirements=f"mlflow==3.17.2\n{line}\n"))
    advice = "record a name and a version, such as scikit-learn==1.9.1"
    assert said == f"requirements.txt, line 2: {line!r} is not a released package; {advice}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_reaches_an_installer_as_an_option_or_an_address(tmp_path: Path, text: str) -> None:
    try:
        found = recorded_requirements(version(tmp_path, requirements=text))
    except EnvironmentNotBuiltError:
        return
    assert not [line for line in found.lines if line.startswith("-") or "://" in line or "\n" in line or "/" in line]


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("build_dependencies: [pip]\n", "python_env.yaml names no Python version: 'None'"),
        ("python: 3.11.7 -m evil\n", "python_env.yaml names no Python version: '3.11.7 -m evil'"),
        ("- python\n", "python_env.yaml holds no names and values"),
    ],
)
def test_a_version_without_a_python_is_refused(tmp_path: Path, python: str, said: str) -> None:
    assert complaint(version(tmp_path, requirements="mlflow==3.17.2\n", python=python)) == said


def test_a_version_without_an_mlflow_is_refused(tmp_path: Path) -> None:
    files = version(tmp_path, requirements="numpy\n", mlmodel="mlflow_version: ../3\n")
    assert complaint(files) == "neither requirements.txt nor MLmodel names an MLflow version: '../3'"


def test_files_that_no_mlflow_wrote_are_refused(tmp_path: Path) -> None:
    said = "the version has no readable requirements.txt; save it with MLflow, which writes that file"
    assert complaint(tmp_path) == said


def test_a_signature_has_inputs_and_outputs(tmp_path: Path) -> None:
    assert not declares_signature(tmp_path)
    assert declares_signature(version(tmp_path, requirements=""))
    assert not declares_signature(version(tmp_path, requirements="", mlmodel="signature: null\n"))
