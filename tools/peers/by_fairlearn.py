"""fairlearn: MetricFrame of both models by two features; with `--bootstrap`, its own 100 bootstraps."""

import sys

import pandas as pd
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
from sklearn.metrics import accuracy_score, f1_score

METRICS = {
    "accuracy": accuracy_score,
    "f1": f1_score,
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
}
rows = pd.read_parquet(sys.argv[2], columns=["y", "old", "new", "race", "sex"])
drawn = {"n_boot": 100, "ci_quantiles": [0.025, 0.975], "random_state": 0} if "--bootstrap" in sys.argv else {}
for who in ("old", "new"):
    frame = MetricFrame(
        metrics=METRICS, y_true=rows["y"], y_pred=rows[who], sensitive_features=rows[["race", "sex"]], **drawn
    )
    print(frame.by_group, frame.difference(), frame.ratio())  # noqa: T201 - what it found, so that it is not optimised away
