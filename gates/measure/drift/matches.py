"""How often is the predicted class the right one, over all rows and for each class?"""

import numpy as np

from gates.measure.drift.arrays import wholes
from gates.measure.drift.cells import Floats
from gates.measure.drift.measured import Measured
from gates.measure.intervals import wilson
from gates.measure.scan.engine import Engine, View

NAMES = ("accuracy", "f1_macro")


def of_classes(engine: Engine, view: View, columns: tuple[str, str]) -> dict[str, Measured]:
    """Measure accuracy and macro F1, from the SQL of label and prediction."""
    label, said = columns
    table = engine.reduce(
        f"SELECT label, said, count(*) AS rows FROM (SELECT {label} AS label, {said} AS said FROM {view.name}) "  # noqa: S608 - quoted
        "WHERE label IS NOT NULL AND said IS NOT NULL GROUP BY 1, 2"
    )
    labels, answers = table["label"].to_pylist(), table["said"].to_pylist()
    if not labels:
        return {name: Measured(value=None) for name in NAMES}
    places = {called: place for place, called in enumerate(sorted({*labels, *answers}))}
    counts = np.zeros((len(places), len(places)))
    counts[[places[one] for one in labels], [places[one] for one in answers]] = wholes(table["rows"])
    return {"accuracy": _accuracy(counts), "f1_macro": _macro(counts)}


def _accuracy(counts: Floats) -> Measured:
    hits, of = int(np.trace(counts)), int(counts.sum())
    rate = hits / of
    return Measured(
        value=rate, standard_error=(rate * (1 - rate) / of) ** 0.5, rows=of, used=of, interval=wilson(hits, of)
    )


def _macro(counts: Floats) -> Measured:
    """Return the mean F1 of all classes that occur, as scikit-learn does, with the error of a multinomial sample.

    By the delta method (Takahashi et al. 2022, Applied Intelligence 52:4961).
    """
    total, labelled = counts.sum(), counts.sum(axis=1)
    shares = counts / total
    both = shares.sum(axis=0) + shares.sum(axis=1)
    parts = 2 * np.diag(shares) / both
    slope = -(parts / both)[:, None] - (parts / both)[None, :] + np.diag(2 / both)
    slope /= len(parts)
    variance = float(np.sum(shares * slope**2) - np.sum(shares * slope) ** 2) / total
    return Measured(
        value=float(np.mean(parts)),
        standard_error=max(0.0, variance) ** 0.5,
        rows=int(labelled[labelled > 0].min()),
        used=int(total),
    )
