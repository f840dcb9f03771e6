"""How often did which label meet which answers?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.certainty import Floats
from gates.measure.classes import Codes
from gates.measure.prepared import Prepared
from gates.measure.scan.arrays import array


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Rows that agree in label and in all answers, counted; sorted, so that the order of rows is not in it."""

    label: Codes
    said: tuple[Codes, ...]
    """What the challenger and, where there is one, the champion said."""
    counts: Floats
    classes: int

    @property
    def total(self) -> float:
        """All rows."""
        return float(self.counts.sum())

    def of(self, model: int) -> "Cells":
        """Return the cells of one model alone."""
        table = np.column_stack([self.label, self.said[model]])
        found, place = np.unique(table, axis=0, return_inverse=True)
        counts = np.bincount(place.reshape(-1), weights=self.counts, minlength=len(found)).astype(np.float64)
        return Cells(label=found[:, 0], said=(found[:, 1],), counts=counts, classes=self.classes)

    def supported(self) -> "Cells":
        """Add cells, with no rows, that another sample could well have had.

        Wherever the models differ, they could have differed the other way round; and of every class that occurs, each
        model could have got a row wrong that the others got right.
        """
        wrong = self._mistaken()
        seen = np.column_stack([self.label, *self.said])
        some = np.flatnonzero(np.bincount(self.label, minlength=self.classes))
        rights = [np.column_stack([some, *[some] * len(self.said)])]
        wrongs = [_with(rights[0], 1 + model, wrong[some]) for model in range(len(self.said))]
        turned = [seen[:, [0, *range(seen.shape[1] - 1, 0, -1)]]]
        rows = np.concatenate([seen, *turned, *rights, *wrongs])
        found, place = np.unique(rows, axis=0, return_inverse=True)
        counts = np.bincount(place.reshape(-1)[: len(seen)], weights=self.counts, minlength=len(found)).astype(
            np.float64
        )
        said = tuple(found[:, 1 + model] for model in range(len(self.said)))
        return Cells(label=found[:, 0], said=said, counts=counts, classes=self.classes)

    def _mistaken(self) -> Codes:
        """Return for each class the one it is most often taken for; where it never is, the most frequent other one."""
        taken = np.zeros((self.classes, self.classes))
        for said in self.said:
            np.add.at(taken, (self.label, said), self.counts)
        labelled = np.bincount(self.label, weights=self.counts, minlength=self.classes)
        likely = taken + 0.5 * (labelled / self.total)[None, :]
        np.fill_diagonal(likely, -1)
        return np.asarray(np.argmax(likely, axis=1), dtype=np.int64)


def _with(table: NDArray[np.int64], column: int, values: Codes) -> NDArray[np.int64]:
    changed = table.copy()
    changed[:, column] = values
    return changed


def cells_of(prepared: Prepared) -> Cells:
    """Reduce the rows to cells, in one scan."""
    columns = ", ".join(("label", *prepared.who))
    query = f"SELECT {columns}, count(*) AS counted FROM {prepared.view} GROUP BY {columns}"  # noqa: S608 - our names
    table = prepared.engine.reduce(query)
    codes = [array(table.column(name)).astype(np.int64) for name in ("label", *prepared.who)]
    counts = array(table.column("counted")).astype(np.float64)
    return Cells(label=codes[0], said=tuple(codes[1:]), counts=counts, classes=len(prepared.classes))
