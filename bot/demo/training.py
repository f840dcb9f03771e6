"""How does alice train a version and register it, as any data scientist with MLflow would?"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.data import LABEL, SEED, Table, read
from bot.demo.recipes import Recipe, cross_validated, fit

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.base import ClassifierMixin

MODEL = "loan-approval"
TRAINER = "alice"
"""The account that MLflow knows as the run's user."""
REQUIREMENTS = ("mlflow", "numpy", "pandas", "pyarrow", "scikit-learn", "skops")
"""What a version needs to answer the same elsewhere; pinned to what it was trained with."""
LONGEST_DIGEST = 36
"""Characters of a data set's digest that MLflow stores."""
EXAMPLE_ROWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """Where runs are tracked and versions registered."""

    tracking_uri: str
    artifacts: Path
    """Folder for the files of runs and versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One version as alice left it in the registry."""

    version: str
    run_id: str
    recipe: Recipe
    claimed_roc_auc: float
    """Cross-validated on the training half: what the author reports, and what nobody else has to believe."""


def register(recipe: Recipe, *, training: Table, laboratory: Laboratory, source_commit: str | None) -> Registered:
    """Train a recipe on the training half and register it as the model's next version."""
    rows = read(training)
    model, claimed = fit(recipe, rows), cross_validated(recipe, rows)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with _quiet(), _tracked(laboratory.tracking_uri):
        run_id = _new_run(laboratory.artifacts, recipe, source_commit)
        model_id = _logged(run_id, recipe, model, rows, training=training, claimed=claimed)
        version = _new_version(run_id, model_id, recipe.description)
    return Registered(version=version, run_id=run_id, recipe=recipe, claimed_roc_auc=claimed)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep MLflow's remarks on its database and on pandas out of the story; errors are still raised."""
    import mlflow  # noqa: F401, PLC0415 - sets its own level when imported; 1.6 seconds that only training spends

    logger = logging.getLogger("mlflow")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


@contextmanager
def _tracked(tracking_uri: str) -> Iterator[None]:
    """Point MLflow at the laboratory, and afterwards where it pointed before: the setting is the whole process's."""
    import mlflow  # noqa: PLC0415 - as above

    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
    mlflow.set_tracking_uri(tracking_uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)


def _new_run(artifacts: Path, recipe: Recipe, source_commit: str | None) -> str:
    """Create the run through the client: the fluent call would add the account and the Git checkout it runs in."""
    from mlflow import MlflowClient  # noqa: PLC0415 - as above

    client = MlflowClient()
    found = client.get_experiment_by_name(MODEL)
    place = artifacts.absolute().as_uri()
    experiment = found.experiment_id if found else client.create_experiment(MODEL, artifact_location=place)
    tags = {"mlflow.user": TRAINER, "mlflow.source.name": "bot.demo.training", "mlflow.source.type": "LOCAL"}
    if source_commit:
        tags["mlflow.source.git.commit"] = source_commit
    run_id: str = client.create_run(experiment, run_name=recipe.name, tags=tags).info.run_id
    return run_id


def _logged(
    run_id: str, recipe: Recipe, model: "ClassifierMixin", rows: "pd.DataFrame", *, training: Table, claimed: float
) -> str:
    """Log everything about the run, and return the id of the logged model."""
    import mlflow  # noqa: PLC0415 - as above

    with mlflow.start_run(run_id=run_id):
        _log_facts(recipe, rows, training, claimed)
        return _log_model(recipe, model, rows)


def _log_facts(recipe: Recipe, rows: "pd.DataFrame", training: Table, claimed: float) -> None:
    import mlflow  # noqa: PLC0415 - as above
    import mlflow.data  # noqa: PLC0415 - as above

    digest = training.sha256[:LONGEST_DIGEST]
    data = mlflow.data.from_pandas(
        rows, source=str(training.path.absolute()), name=training.path.stem, targets=LABEL, digest=digest
    )
    mlflow.log_input(data, context="training")
    mlflow.log_params(
        {
            "algorithm": "logistic regression",
            "features": ", ".join(recipe.features),
            "approve_from": recipe.approve_from,
            "split_seed": SEED,
            "training_rows": training.rows,
            "training_sha256": training.sha256,
        }
    )
    mlflow.log_metric("cross_validated_roc_auc", claimed)


def _log_model(recipe: Recipe, model: "ClassifierMixin", rows: "pd.DataFrame") -> str:
    """Store the model in the format that runs no code on loading, with a signature, an example and pinned packages."""
    import mlflow.sklearn  # noqa: PLC0415 - as above
    from mlflow.models import infer_signature  # noqa: PLC0415 - as above

    features = rows[list(recipe.features)]
    info = mlflow.sklearn.log_model(
        model,
        name=MODEL,
        serialization_format="skops",
        signature=infer_signature(features, model.predict(features)),
        input_example=features.head(EXAMPLE_ROWS),
        pip_requirements=[f"{package}=={installed(package)}" for package in REQUIREMENTS],
    )
    model_id: str = info.model_id
    return model_id


def _new_version(run_id: str, model_id: str, description: str) -> str:
    """Register through the client, which, unlike the fluent call, does not print."""
    from mlflow import MlflowClient  # noqa: PLC0415 - as above

    client = MlflowClient()
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(MODEL, description="Should this mortgage application be approved?")
    source = f"models:/{model_id}"
    made = client.create_model_version(MODEL, source, run_id=run_id, model_id=model_id, description=description)
    return str(made.version)
