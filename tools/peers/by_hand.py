"""scikit-learn and scipy by hand: the same metrics, groups and tests of drift, without any interval."""

import sys

import pandas as pd
from scipy import stats
from sklearn import metrics

numbers, kinds = [f"n{at:02}" for at in range(20)], [f"c{at}" for at in range(5)]
reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
for who in ("old", "new"):
    truth, said, score = current["y"], current[who], current[f"{who}_score"]
    print(metrics.accuracy_score(truth, said), metrics.balanced_accuracy_score(truth, said))  # noqa: T201 - what it found, so that it is not optimised away
    print(metrics.f1_score(truth, said))  # noqa: T201 - what it found, so that it is not optimised away
    print(metrics.precision_score(truth, said), metrics.recall_score(truth, said))  # noqa: T201 - what it found, so that it is not optimised away
    print(metrics.roc_auc_score(truth, score), metrics.average_precision_score(truth, score))  # noqa: T201 - what it found, so that it is not optimised away
    print(metrics.log_loss(truth, score), metrics.brier_score_loss(truth, score))  # noqa: T201 - what it found, so that it is not optimised away
    for feature in ("race", "sex", ["race", "sex"]):
        for group, rows in current.groupby(feature):
            print(group, metrics.confusion_matrix(rows["y"], rows[who], labels=[0, 1]).tolist())  # noqa: T201 - what it found, so that it is not optimised away
for name in numbers:
    print(stats.ks_2samp(reference[name], current[name]).statistic)  # noqa: T201 - what it found, so that it is not optimised away
    print(stats.wasserstein_distance(reference[name], current[name]))  # noqa: T201 - what it found, so that it is not optimised away
for name in kinds:
    counts = pd.concat([reference[name].value_counts(), current[name].value_counts()], axis=1).fillna(0)
    print(stats.chi2_contingency(counts).statistic)  # noqa: T201 - what it found, so that it is not optimised away
print(current.describe(), current.isna().sum(), current.duplicated(subset=[*numbers, *kinds]).sum())  # noqa: T201 - what it found, so that it is not optimised away
