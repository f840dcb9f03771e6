"""How good would a model be that always says the most frequent class?"""

from gates.measure.certainty import Floats
from gates.measure.labels.tally import POSITIVE


def baseline_of(name: str, labelled: Floats) -> float | None:
    """Return the metric of that model; `labelled` are rows per class.

    None for metrics that say nothing alone: whoever always says yes has a recall of one.
    """
    share = float(labelled.max() / labelled.sum())
    some = float((labelled > 0).sum())
    always, positive = 2 * share / (1 + share), int(labelled.argmax()) == POSITIVE
    known = {
        "accuracy": share,
        "f1_micro": share,
        "balanced_accuracy": 1 / some,
        "recall_macro": 1 / some,
        "precision_macro": share / some,
        "f1_macro": always / some,
        "f1_weighted": always * share,
        "f1": always if positive else 0.0,
        "jaccard": share if positive else 0.0,
        "matthews_corrcoef": 0.0,
        "cohen_kappa": 0.0,
    }
    return known.get(name)
