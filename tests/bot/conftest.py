"""What the tests of the surfaces share: a workspace, settings for it, and a small house."""

from pathlib import Path

import pytest

from bot.settings import Settings, settings_of
from tests.bot.small_house import SmallHouse

APP = """\
workspace: workspace
unsafe_asserted_identity: true
server: {port: 0, sweep_every: 3600}
targets: {local: {}}
projects:
  - name: default
    repository: workspace/repo.git
    registry: {uri: "sqlite:///workspace/mlflow.db"}
    targets: {staging: local, production: local}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with an app.yaml and a workspace, and no login of the person who runs the tests."""
    (tmp_path / "app.yaml").write_text(APP, encoding="utf-8")
    (tmp_path / "workspace").mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLOPS_AS", raising=False)
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    """The settings in that folder."""
    return settings_of((folder / "app.yaml").read_text(encoding="utf-8"), where="app.yaml", folder=folder)


@pytest.fixture
def house() -> SmallHouse:
    """A house that answers in one line."""
    return SmallHouse()
