"""What does MLflow know of the demo's versions after alice registered them?"""

import shutil
from collections.abc import Iterator
from importlib.metadata import version as installed
from pathlib import Path

import pytest

from bot.demo.data import MortgageDecisions, read
from bot.demo.recipes import CREDIT_FILE, EVERYTHING, RECIPES, fit
from bot.demo.training import MODEL, Laboratory, Registered, register

COMMIT = "0123456789" * 4
pytestmark = [pytest.mark.slow, pytest.mark.full]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    folder = tmp_path_factory.mktemp("laboratory")
    return Laboratory(tracking_uri=f"sqlite:///{folder}/mlflow.db", artifacts=folder / "artifacts")


@pytest.fixture(scope="module")
def registered(laboratory: Laboratory, decisions: MortgageDecisions) -> tuple[Registered, ...]:
    return tuple(
        register(recipe, training=decisions.training, laboratory=laboratory, source_commit=COMMIT if number else None)
        for number, recipe in enumerate(RECIPES)
    )


@pytest.fixture
def tracked(laboratory: Laboratory, registered: tuple[Registered, ...]) -> Iterator[None]:
    import mlflow  # noqa: PLC0415 - heavy; only these tests need it

    assert registered
    mlflow.set_tracking_uri(laboratory.tracking_uri)
    yield
    mlflow.set_tracking_uri(None)


def test_versions_are_counted_from_one_and_described(
    laboratory: Laboratory, registered: tuple[Registered, ...]
) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415 - heavy; only these tests need it

    client = MlflowClient(laboratory.tracking_uri)
    known = {str(found.version): found for found in client.search_model_versions(f"name = '{MODEL}'")}
    assert sorted(known) == [one.version for one in registered] == ["1", "2", "3"]
    assert [known[one.version].description for one in registered] == [recipe.description for recipe in RECIPES]
    assert [known[one.version].run_id for one in registered] == [one.run_id for one in registered]


def test_a_run_is_alices_and_names_its_commit_only_when_known(
    laboratory: Laboratory, registered: tuple[Registered, ...]
) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415 - heavy; only these tests need it

    client = MlflowClient(laboratory.tracking_uri)
    tags = [client.get_run(one.run_id).data.tags for one in registered]
    assert {of["mlflow.user"] for of in tags} == {"alice"}
    assert [of.get("mlflow.source.git.commit") for of in tags] == [None, COMMIT, COMMIT]


def test_a_run_names_its_training_data_by_digest_and_never_the_evaluation_data(
    laboratory: Laboratory, registered: tuple[Registered, ...], decisions: MortgageDecisions
) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415 - heavy; only these tests need it

    client = MlflowClient(laboratory.tracking_uri)
    for one in registered:
        run = client.get_run(one.run_id)
        (found,) = run.inputs.dataset_inputs
        assert found.dataset.name == "loanapp-training"
        assert decisions.training.sha256.startswith(found.dataset.digest)
        assert len(found.dataset.digest) == 36
        assert run.data.params["training_sha256"] == decisions.training.sha256
        assert run.data.metrics["cross_validated_roc_auc"] == one.claimed_roc_auc


@pytest.mark.usefixtures("tracked")
def test_a_version_holds_no_pickle_and_pins_what_it_needs() -> None:
    from mlflow.artifacts import download_artifacts  # noqa: PLC0415 - heavy; only these tests need it

    folder = Path(download_artifacts(f"models:/{MODEL}/3"))
    assert {path.name for path in folder.iterdir() if path.is_file()} >= {
        "MLmodel",
        "model.skops",
        "input_example.json",
    }
    assert not [path for path in folder.rglob("*") if path.suffix in {".pkl", ".pickle", ".joblib"}]
    requirements = (folder / "requirements.txt").read_text("utf-8").split()
    assert f"scikit-learn=={installed('scikit-learn')}" in requirements
    assert all("==" in requirement for requirement in requirements)


@pytest.mark.usefixtures("tracked")
def test_a_loaded_version_answers_as_the_trained_one_and_overlooks_other_columns(decisions: MortgageDecisions) -> None:
    import mlflow.pyfunc  # noqa: PLC0415 - heavy; only these tests need it

    rows = read(decisions.evaluation)
    for number, recipe in ((2, CREDIT_FILE), (3, EVERYTHING)):
        loaded = mlflow.pyfunc.load_model(f"models:/{MODEL}/{number}")
        trained = fit(recipe, read(decisions.training))
        assert (loaded.predict(rows) == trained.predict(rows[list(recipe.features)])).all()


def test_registering_leaves_mlflow_pointing_where_it_pointed_and_says_nothing(
    laboratory: Laboratory,
    registered: tuple[Registered, ...],
    decisions: MortgageDecisions,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    import mlflow  # noqa: PLC0415 - heavy; only these tests need it

    shutil.copyfile(laboratory.tracking_uri.removeprefix("sqlite:///"), tmp_path / "mlflow.db")
    mlflow.set_tracking_uri(elsewhere := f"sqlite:///{tmp_path}/elsewhere.db")
    place = Laboratory(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db", artifacts=tmp_path / "artifacts")
    fourth = register(CREDIT_FILE, training=decisions.training, laboratory=place, source_commit=None)
    after = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(None)
    assert (int(fourth.version), after) == (len(registered) + 1, elsewhere)
    assert not (tmp_path / "elsewhere.db").exists()
    assert capfd.readouterr() == ("", "")
