"""nannyml: univariate drift of all columns, and performance estimated without labels (CBPE)."""

import sys

import nannyml
import pandas as pd

numbers, kinds = [f"n{at:02}" for at in range(20)], [f"c{at}" for at in range(5)]
wanted = [*numbers, *kinds, "new", "new_score", "y"]
reference, current = (pd.read_parquet(path, columns=wanted) for path in sys.argv[1:3])
drift = nannyml.UnivariateDriftCalculator(
    column_names=[*numbers, *kinds],
    treat_as_categorical=kinds,
    continuous_methods=["jensen_shannon", "kolmogorov_smirnov", "wasserstein"],
    categorical_methods=["jensen_shannon", "chi2"],
    chunk_number=1,
)
drift.fit(reference)
print(drift.calculate(current).to_df().shape)  # noqa: T201 - what it found, so that it is not optimised away
estimator = nannyml.CBPE(
    problem_type="classification_binary",
    y_pred="new",
    y_pred_proba="new_score",
    y_true="y",
    metrics=["roc_auc", "f1", "accuracy"],
    chunk_number=1,
)
estimator.fit(reference)
print(estimator.estimate(current).to_df().shape)  # noqa: T201 - what it found, so that it is not optimised away
