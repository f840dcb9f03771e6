"""Do the registry in memory and a real MLflow on SQLite behave the same?"""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from gates.refusal import UserError
from storage.mlflow_registry import MlflowRegistry
from storage.quiet_mlflow import quiet_mlflow
from storage.registry import RegisteredVersion, Registry
from tests.fakes.registry import FakeRegistry
from tests.storage.conftest import MlflowDatabase

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

LOSSES = ((0, 1.0), (1, 0.6), (1, 0.5), (2, 0.25))
"""Steps and losses of the run; the second step was logged twice."""
FILES = {"MLmodel": b"flavors: {}\n", "data/model.skops": b"\x00\x01"}


class Hand(Protocol):
    """What a data scientist does to a registry, behind our back."""

    registry: Registry

    def register(self, model: str, files: Mapping[str, bytes]) -> RegisteredVersion:
        """Train, log and register; return what the registry should then say."""


class FakeHand:
    """Registers in memory."""

    def __init__(self) -> None:
        self.registry: Registry = FakeRegistry()

    def register(self, model: str, files: Mapping[str, bytes]) -> RegisteredVersion:
        fake = self.registry
        assert isinstance(fake, FakeRegistry)
        version = fake.register(
            model, files, trainer="alice", registered_by="dave", source_commit="abc",
            inputs=(("loanapp-train", "7f3a"),), parameters={"depth": "3"}, metrics={"accuracy": 0.75, "loss": 0.25},
            tags={"team": "credit", "gatehouse.registered_by": "dave"}, description="a tree",
            histories={"loss": LOSSES},
        )  # fmt: skip
        return fake.version(model, version)


class MlflowHand:
    """Logs a run with its model's files and registers it, through MLflow's own client."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.registry: Registry = MlflowRegistry(uri)
        self._uri = uri
        self._client = quiet_mlflow().MlflowClient(tracking_uri=uri, registry_uri=uri)
        self._experiment = self._client.create_experiment("training", artifact_location=f"file://{folder}/artifacts")
        self._folder = folder
        self._turn = itertools.count()

    def register(self, model: str, files: Mapping[str, bytes]) -> RegisteredVersion:
        run = self._run()
        logged = self._client.create_logged_model(self._experiment, name="model", source_run_id=run)
        self._client.log_model_artifacts(logged.model_id, str(self._written(files)))
        self._client.finalize_logged_model(logged.model_id, "READY")
        if model not in self.registry.models():
            self._client.create_registered_model(model)
        found = self._registered(model, f"models:/{logged.model_id}", run)
        return RegisteredVersion(
            model=model, version=str(found.version), run_id=run, trainer="alice", registered_by="dave",
            source_commit="abc", inputs=(("loanapp-train", "7f3a"),), parameters={"depth": "3"},
            metrics={"accuracy": 0.75, "loss": 0.25}, tags={"team": "credit", "gatehouse.registered_by": "dave"},
            description="a tree",
        )  # fmt: skip

    def _registered(self, model: str, source: str, run: str) -> "ModelVersion":
        mlflow = quiet_mlflow()
        mlflow.set_tracking_uri(self._uri)  # MLflow looks logged models up by this global alone
        try:
            tags = {"team": "credit", "gatehouse.registered_by": "dave"}
            return self._client.create_model_version(model, source, run, tags=tags, description="a tree")
        finally:
            mlflow.set_tracking_uri(None)

    def _run(self) -> str:
        from mlflow.entities import Dataset, DatasetInput  # noqa: PLC0415 - MLflow is slow to import

        tags = {"mlflow.user": "alice", "mlflow.source.git.commit": "abc"}
        run = str(self._client.create_run(self._experiment, tags=tags).info.run_id)
        self._client.log_param(run, "depth", "3")
        self._client.log_metric(run, "accuracy", 0.75)
        for time, (step, value) in enumerate(LOSSES):
            self._client.log_metric(run, "loss", value, timestamp=1_000 + time, step=step)
        table = Dataset(name="loanapp-train", digest="7f3a", source_type="local", source="{}")
        self._client.log_inputs(run, [DatasetInput(table, [])])
        return run

    def _written(self, files: Mapping[str, bytes]) -> Path:
        folder = self._folder / f"made-{next(self._turn)}"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder


class RegistryContract:
    """What every registry must do; each subclass brings a hand."""

    def test_a_version_is_described_as_it_was_registered(self, hand: Hand, model: str) -> None:
        said = hand.register(model, FILES)
        assert hand.registry.version(model, said.version) == said

    def test_versions_come_oldest_first_and_are_strings(self, hand: Hand, model: str) -> None:
        assert hand.registry.versions(model) == ()
        for _ in range(11):
            hand.register(model, FILES)
        assert hand.registry.versions(model) == tuple(str(number) for number in range(1, 12))
        assert model in hand.registry.models()
        assert list(hand.registry.models()) == sorted(hand.registry.models())

    def test_exactly_the_registered_files_are_fetched(self, hand: Hand, model: str, tmp_path: Path) -> None:
        version = hand.register(model, FILES).version
        hand.registry.fetch(model, version, tmp_path)
        fetched = {
            path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
        }
        assert fetched == FILES
        assert {path.name for path in tmp_path.iterdir()} == {"MLmodel", "data"}

    def test_a_metric_has_the_steps_that_its_run_logged(self, hand: Hand, model: str) -> None:
        run = hand.register(model, FILES).run_id
        assert run is not None
        assert hand.registry.history(run, "loss") == LOSSES
        assert hand.registry.history(run, "accuracy") == ((0, 0.75),)
        assert hand.registry.history(run, "nobody logged this") == ()
        assert hand.registry.history("no such run", "loss") == ()

    def test_an_alias_points_where_it_was_put_and_repeating_changes_nothing(self, hand: Hand, model: str) -> None:
        registry = hand.registry
        assert registry.alias(model, "production") is None
        first, second = (hand.register(model, FILES).version for _ in range(2))
        for version in (first, first, second, None, None):
            registry.set_alias(model, "production", version)
            assert registry.alias(model, "production") == version
        assert registry.alias(model, "staging") is None

    def test_a_version_that_is_not_there_names_the_latest(self, hand: Hand, model: str, tmp_path: Path) -> None:
        hand.register(model, FILES)
        registry = hand.registry
        for version in ("8", "v1", ""):
            with pytest.raises(UserError, match=f"There is no {model} v{version}; the latest is v1"):
                registry.version(model, version)
        with pytest.raises(UserError, match="the latest is v1"):
            registry.fetch(model, "8", tmp_path)
        with pytest.raises(UserError, match="the latest is v1"):
            registry.set_alias(model, "production", "8")

    def test_a_model_that_is_not_there_names_the_nearest(self, hand: Hand, model: str) -> None:
        hand.register(model, FILES)
        with pytest.raises(UserError, match=f"No model {model}x is registered.*`{model}`"):
            hand.registry.version(f"{model}x", "1")
        assert hand.registry.versions("it's") == ()
        assert hand.registry.alias("nothing-of-the-kind", "production") is None


NAMES = itertools.count()


@pytest.fixture
def model() -> str:
    """A name that no other test has used, for the real registry is shared."""
    number = next(NAMES)
    return f"{chr(97 + number % 26) * 12}-{number}"


class TestFakeRegistry(RegistryContract):
    """In memory."""

    @pytest.fixture
    def hand(self) -> Hand:
        return FakeHand()

    def test_a_version_may_be_altered_or_deleted_behind_everybodys_back(self, model: str, tmp_path: Path) -> None:
        fake = FakeRegistry()
        version = fake.register(model, FILES)
        fake.set_alias(model, "production", version)
        fake.alter(model, version, {"MLmodel": b"other"})
        fake.fetch(model, version, tmp_path)
        assert (tmp_path / "MLmodel").read_bytes() == b"other"
        fake.delete(model, version)
        assert (fake.versions(model), fake.alias(model, "production")) == ((), None)


@pytest.fixture(scope="session")
def mlflow_hand(mlflow_database: MlflowDatabase, tmp_path_factory: pytest.TempPathFactory) -> MlflowHand:
    return MlflowHand(mlflow_database.uri, tmp_path_factory.mktemp("logged"))


@pytest.mark.slow
class TestMlflowRegistry(RegistryContract):
    """MLflow's own code on SQLite; one database for all, as making it takes seconds."""

    @pytest.fixture
    def hand(self, mlflow_hand: MlflowHand) -> Hand:
        return mlflow_hand
