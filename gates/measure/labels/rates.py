"""How sure can one be of one model's rate: accuracy, precision, recall, and what follows from one rate alone?"""

from gates.measure.estimated import Interval
from gates.measure.intervals import wilson
from gates.measure.labels.clusters import Design
from gates.measure.labels.tally import POSITIVE, Tally


def rate_interval(name: str, of: Tally, design: Design | None) -> Interval | None:
    """Return the interval of a metric that is a rate, or (F1) a function of one; None for the others.

    F1 is 2J/(1+J) of the Jaccard index J, the rate of right ones among all that are or are said to be positive.
    Clusters leave fewer rows, and fewer degrees of freedom (Korn and Graubard 1998, Survey Methodology 24:193-201).
    """
    rate = _rates(of).get(name)
    if rate is None:
        return None
    if design is None:
        low, high = wilson(*rate)
    else:
        effect = design.factor**2
        low, high = wilson(rate[0] / effect, rate[1] / effect, _student(design))
    return (2 * low / (1 + low), 2 * high / (1 + high)) if name == "f1" else (low, high)


def _rates(of: Tally) -> dict[str, tuple[float, float]]:
    """Return hits, and the rows that they are counted among."""
    hits, right = float(of.hits[0]), float(of.right[0, POSITIVE])
    labelled, said = of.labelled[0], of.said[0]
    either = float(labelled[POSITIVE] + said[POSITIVE] - right)
    return {
        "accuracy": (hits, float(of.total[0])),
        "f1_micro": (hits, float(of.total[0])),
        "precision": (right, float(said[POSITIVE])),
        "recall": (right, float(labelled[POSITIVE])),
        "specificity": (float(of.right[0, 1 - POSITIVE]), float(labelled[1 - POSITIVE])),
        "jaccard": (right, either),
        "f1": (right, either),
    }


def _student(design: Design) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 - heavy

    return float(stdtrit(design.degrees, 0.975))
