"""Does the adapter bear with what only a real MLflow does: other sources, gone files, servers that sleep?"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gates.refusal import Unavailable, UserError
from storage.mlflow_registry import MlflowRegistry
from storage.quiet_mlflow import quiet_mlflow
from tests.storage.conftest import MlflowDatabase

if TYPE_CHECKING:
    from mlflow import MlflowClient

pytestmark = pytest.mark.slow


@pytest.fixture
def uri(mlflow_database: MlflowDatabase) -> str:
    return mlflow_database.uri


@pytest.fixture
def client(uri: str) -> "MlflowClient":
    return quiet_mlflow().MlflowClient(tracking_uri=uri, registry_uri=uri)


def folder_with(folder: Path, content: bytes) -> Path:
    folder.mkdir()
    (folder / "MLmodel").write_bytes(content)
    return folder


def test_a_version_logged_as_artifacts_of_a_run_is_fetched_without_their_folder(
    uri: str, client: "MlflowClient", tmp_path: Path
) -> None:
    experiment = client.create_experiment("older", artifact_location=f"file://{tmp_path}/artifacts")
    run = client.create_run(experiment).info.run_id
    client.log_artifacts(run, str(folder_with(tmp_path / "made", b"run")), "model")
    client.create_registered_model("of-a-run")
    client.create_model_version("of-a-run", f"runs:/{run}/model", run)
    (tmp_path / "into").mkdir()
    MlflowRegistry(uri).fetch("of-a-run", "1", tmp_path / "into")
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["MLmodel"]


def test_a_version_of_a_plain_folder_knows_no_run_and_no_trainer(
    uri: str, client: "MlflowClient", tmp_path: Path
) -> None:
    client.create_registered_model("of-a-folder")
    client.create_model_version("of-a-folder", f"file://{folder_with(tmp_path / 'made', b'plain')}")
    registry = MlflowRegistry(uri)
    found = registry.version("of-a-folder", "1")
    assert (found.run_id, found.trainer, found.registered_by, found.inputs) == (None, None, None, ())
    (tmp_path / "into").mkdir()
    registry.fetch("of-a-folder", "1", tmp_path / "into")
    assert (tmp_path / "into" / "MLmodel").read_bytes() == b"plain"


def test_files_that_are_gone_are_named(uri: str, client: "MlflowClient", tmp_path: Path) -> None:
    client.create_registered_model("gone")
    client.create_model_version("gone", f"file://{tmp_path}/nowhere")
    (tmp_path / "into").mkdir()
    with pytest.raises(UserError, match=r"files of gone v1 are gone from file://.*/nowhere"):
        MlflowRegistry(uri).fetch("gone", "1", tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_new_database_is_made_without_a_word(mlflow_database: MlflowDatabase) -> None:
    assert mlflow_database.spoken == ("()\n", "")


def test_a_server_that_does_not_answer_is_unavailable_and_its_password_stays_secret() -> None:
    with socket.socket() as held:  # bound and never listening: nobody else can answer there
        held.bind(("127.0.0.1", 0))
        registry = MlflowRegistry(f"http://user:secret@127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(Unavailable, match=r"MLflow at http://127\.0\.0\.1 does not answer") as raised:
            registry.models()
    assert "secret" not in str(raised.value)


@pytest.fixture
def server(uri: str, tmp_path: Path) -> Iterator[str]:
    """MLflow's own web application on loopback, in one process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        "_MLFLOW_SERVER_FILE_STORE": uri,
        "_MLFLOW_SERVER_REGISTRY_STORE": uri,
        "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
        "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(tmp_path / "artifacts"),
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    command = [sys.executable, "-m", "uvicorn", "mlflow.server.fastapi_app:app", "--port", str(port)]
    process = subprocess.Popen(
        command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert any("Uvicorn running on" in line for line in process.stderr), "MLflow's server did not start."
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.full
def test_a_tracking_server_is_asked_like_a_database(server: str, tmp_path: Path) -> None:
    client = quiet_mlflow().MlflowClient(tracking_uri=server, registry_uri=server)
    experiment = client.create_experiment("on-a-server")
    run = client.create_run(experiment, tags={"mlflow.user": "alice"}).info.run_id
    logged = client.create_logged_model(experiment, name="model", source_run_id=run)
    client.log_model_artifacts(logged.model_id, str(folder_with(tmp_path / "made", b"served")))
    client.create_registered_model("served")
    client.create_model_version("served", f"models:/{logged.model_id}", run, model_id=logged.model_id)
    registry = MlflowRegistry(server)
    registry.set_alias("served", "production", "1")
    (tmp_path / "into").mkdir()
    registry.fetch("served", "1", tmp_path / "into")
    assert (registry.alias("served", "production"), registry.version("served", "1").trainer) == ("1", "alice")
    assert (tmp_path / "into" / "MLmodel").read_bytes() == b"served"
    with pytest.raises(UserError, match="There is no served v2; the latest is v1"):
        registry.version("served", "2")
