"""Real MLflow models, good and bad, saved once."""

import warnings
from collections.abc import Callable
from pathlib import Path
from textwrap import indent
from typing import Any

import pandas as pd
import pytest

MODEL = """
import os
import mlflow
import pandas as pd

class Model(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        frame = model_input
{body}

mlflow.models.set_model(Model())
"""


def save_quietly(save: Callable[..., None], folder: Path, **model: object) -> Path:
    """Save a model; what MLflow warns of on the way is not what these tests are about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save(path=folder, **model)
    return folder


@pytest.fixture(autouse=True)
def _no_project_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow copies the uv project that it finds in the current folder into each model; ours is not theirs."""
    monkeypatch.setenv("MLFLOW_UV_AUTO_DETECT", "false")


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    """Evaluation data: two features and a label."""
    numbers = range(200)
    frame = pd.DataFrame({"a": [n % 7 for n in numbers], "b": [n / 200 for n in numbers]})
    return frame.assign(label=["yes" if a + 4 * b > 5 else "no" for a, b in zip(frame.a, frame.b, strict=True)])


@pytest.fixture(scope="session")
def data(rows: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evaluation data as Parquet."""
    path = tmp_path_factory.mktemp("data") / "evaluation.parquet"
    rows.to_parquet(path, index=False)
    return path


@pytest.fixture(scope="session")
def quiet_mlflow() -> Any:  # noqa: ANN401 - mlflow has no types
    """MLflow, without what it warns of when it is imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow.pyfunc  # noqa: PLC0415 - heavy; only tests that save models need it
        import mlflow.sklearn  # noqa: PLC0415 - as above
    return mlflow


@pytest.fixture(scope="session")
def saved(
    quiet_mlflow: Any,  # noqa: ANN401 - mlflow has no types
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Path]:
    """Save a model whose `predict` has the given body; `frame` is its input."""

    def save(body: str) -> Path:
        folder = tmp_path_factory.mktemp("pyfunc")
        script = folder / "code.py"
        script.write_text(MODEL.format(body=indent(body, " " * 8)))
        model = {"python_model": str(script), "pip_requirements": ["mlflow==3.17.2"]}
        return save_quietly(quiet_mlflow.pyfunc.save_model, folder / "model", **model)

    return save


@pytest.fixture(scope="session")
def classifier(
    quiet_mlflow: Any,  # noqa: ANN401 - mlflow has no types
    rows: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A logistic regression as scikit-learn users save it, with a signature of two doubles and text as labels."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy; only tests that save models need it

    features = rows[["a", "b"]].astype("float64")
    model = LogisticRegression().fit(features, rows.label)
    signature = quiet_mlflow.models.infer_signature(features, model.predict(features))
    folder = tmp_path_factory.mktemp("sklearn") / "model"
    packages = ["mlflow==3.17.2", "scikit-learn==1.9.1", "skops"]
    return save_quietly(
        quiet_mlflow.sklearn.save_model, folder, sk_model=model, signature=signature, pip_requirements=packages
    )
