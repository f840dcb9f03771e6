"""Run as a script in a folder with an app.yaml: makes a workspace with data and a model of one's own.

Two versions of a small scikit-learn model are registered in MLflow, evaluation data lie in the workspace, and the
rulebook is main's first commit, not yet trusted. Prints that commit.
"""

import random
import sys
from pathlib import Path

from bot.settings import load_settings
from bot.workspace import furnish
from gates.digest import file_digest
from storage.quiet_mlflow import quiet_mlflow

ENTRY = """\
model: churn
task: binary-classification
owner: alice
risk: low
evaluation: {uri: evaluation/churn.csv, version: "1", sha256: DIGEST, registered_by: dana}
label: left
positive: 1
metrics: [roc_auc]
"""
POLICY = """\
policy: churn
environments:
  staging: &rules
    gates: [{gate: serving}]
    approvals: [{role: validator}]
    expires_after: 2d
  production: *rules
rollback: {approvals: [{role: validator}], requester_counts: true}
restore: {roles: [validator]}
"""
PEOPLE = """\
people:
  alice: {roles: [data-scientist], accounts: {git: alice@example.org}}
  bob: {roles: [validator], accounts: {git: bob@example.org}}
  trainer: {roles: [data-scientist], accounts: {mlflow: TRAINER}}
  dana: {roles: [data-steward]}
  grace: {roles: [governor], accounts: {git: grace@example.org}}
"""


def rows(count: int) -> list[tuple[float, float, int]]:
    """Return rows of two features and a label that depends on them."""
    noise = random.Random(5)  # noqa: S311 - a fixed example, not a secret
    made = [(round(noise.random(), 4), round(noise.random(), 4)) for _ in range(count)]
    return [(x, y, int(x + y + noise.gauss(0, 0.3) > 1)) for x, y in made]


def evaluation(workspace: Path) -> str:
    """Write the evaluation data; return their digest."""
    path = workspace / "evaluation" / "churn.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x,y,left\n" + "".join(f"{x},{y},{left}\n" for x, y, left in rows(300)))
    return file_digest(path)


def register(uri: str, artifacts: Path) -> None:
    """Train and register two versions, in order of depth."""
    mlflow = quiet_mlflow()
    import pandas as pd  # noqa: PLC0415 - after MLflow was told to be quiet
    from mlflow.models import infer_signature  # noqa: PLC0415 - as above
    from mlflow.sklearn import log_model  # noqa: PLC0415 - as above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    mlflow.set_tracking_uri(uri)
    mlflow.create_experiment("churn", artifact_location=artifacts.as_uri())
    mlflow.set_experiment("churn")
    frame = pd.DataFrame(rows(200), columns=["x", "y", "left"])
    for strength in (0.1, 1.0):
        model = LogisticRegression(C=strength).fit(frame[["x", "y"]], frame["left"])
        with mlflow.start_run():
            log_model(
                model,
                name="model",
                signature=infer_signature(frame[["x", "y"]], model.predict(frame[["x", "y"]])),
                pip_requirements=["mlflow", "scikit-learn"],
                registered_model_name="churn",
            )


def main() -> None:
    """Make it all."""
    import getpass  # noqa: PLC0415 - only here

    settings = load_settings(None, folder=Path.cwd())
    settings.workspace.mkdir(mode=0o700, exist_ok=True)
    files = {
        "models/churn/model.yaml": ENTRY.replace("DIGEST", evaluation(settings.workspace)),
        "policies/churn.yaml": POLICY,
        "policies/people.yaml": PEOPLE.replace("TRAINER", getpass.getuser()),
    }
    (commit,) = furnish(settings, {path: text.encode() for path, text in files.items()}, at=1_790_000_000)
    if "--without-model" not in sys.argv:
        register(settings.projects[0].registry.uri, settings.workspace / "mlartifacts")
    print(commit)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main()
