"""What can be told of classes where all rows have the same one?

Some metrics have a value by convention then, such as a recall of 0 without positives. None of these is told: it would
look like a finding, and two models that cannot be compared would look alike.
"""

from gates.measure.labels.tally import POSITIVE
from gates.measure.prepared import Prepared
from gates.metric import BINARY

ALWAYS = frozenset({"accuracy", "f1_micro", "f1_weighted"})
OF_POSITIVES = frozenset({"recall", "f1", "jaccard"})
OF_NEGATIVES = frozenset({"specificity"})


def untold(prepared: Prepared, name: str) -> str:
    """Say why a metric is not told of a label that has one class only; empty where it is, and where it has several."""
    if prepared.only is None or name in _told(prepared):
        return ""
    return f"all labels are {prepared.only}, and {name} takes another class, too."


def _told(prepared: Prepared) -> frozenset[str]:
    if prepared.task != BINARY:
        return ALWAYS
    return ALWAYS | (OF_POSITIVES if prepared.classes[POSITIVE] == prepared.only else OF_NEGATIVES)
