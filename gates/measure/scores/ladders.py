"""How many rows of each class are in each bin of a column of scores, by group, and what follows for its ranking?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scan.arrays import array
from gates.measure.scores.arrays import Codes, Floats, Mask
from gates.measure.scores.binning import Cuts, lent
from gates.measure.scores.exact import BY_CLASS
from gates.measure.scores.grouping import Grouped
from gates.measure.scores.ladder import RANKINGS, Ladder, Ranked, roc_auc
from gates.measure.scores.spread import Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed:
    """The ranking metrics of one column of scores, and a table of what each row adds to their errors."""

    score: str
    ranked: Mapping[int, Mapping[str, Ranked]]
    """By the group's number, then by metric; groups that lack a class are not in it. Weights are [class, bin]."""
    counts: Mapping[int, Codes]
    """By the group's number, [class, bin]."""
    table: str
    """A table that the engine knows: cell, and a column for each metric, times the rows of the rarest class."""
    cell: str
    """A row's cell, as SQL."""

    def sums(self, group: int, name: str) -> list[Sums]:
        """Return how a binary metric's units scatter in a group: class by class where each scatters by itself."""
        counts, weights = self.counts[group], self.ranked[group][name].weights
        if name in BY_CLASS:
            return [Sums.of(weights[place], counts[place]) for place in range(len(counts))]
        return [Sums.of(weights.ravel(), counts.ravel())]


def climbed(prepared: Prepared, rows: Grouped, cuts: Cuts, names: Sequence[str]) -> Climbed:
    """Rank a column of scores, whose bins the rows know as step_ and its name, in one scan."""
    score, cell = cuts.score, f"((place * {rows.classes} + label) * {cuts.bins} + step_{cuts.score})"
    found = prepared.engine.reduce(
        f"SELECT {cell} AS cell, count(*) AS held, min({score}) AS low, max({score}) AS high "  # noqa: S608 - our names
        f"FROM ({rows.rows}) GROUP BY {cell}"
    )
    cells, held = (array(found.column(one)).astype(np.int64) for one in ("cell", "held"))
    group, label, step = cells // (rows.classes * cuts.bins), cells // cuts.bins % rows.classes, cells % cuts.bins
    mixed = _mixed(step, array(found.column("low")), array(found.column("high")), cuts.bins)
    ranked: dict[int, dict[str, Ranked]] = {}
    held_by: dict[int, Codes] = {}
    weights = {name: np.zeros(len(step)) for name in names}
    for place in range(len(rows.names)):
        part = group == place
        counts = np.zeros((rows.classes, cuts.bins), dtype=np.int64)
        counts[label[part], step[part]] = held[part]
        rarest = int(counts.sum(axis=1).min())
        held_by[place] = counts
        ranked |= {place: {name: _ranked(name, counts, mixed, cuts.of) for name in names}} if rarest else {}
        for name, one in ranked.get(place, {}).items():
            weights[name][part] = one.weights[label[part], step[part]] * rarest
    table = lent(prepared, {"cell": cells, **weights})
    return Climbed(score=score, ranked=ranked, counts=held_by, table=table, cell=cell)


def _mixed(step: Codes, low: Floats, high: Floats, bins: int) -> Mask:
    least, most = np.full(bins, np.inf), np.full(bins, -np.inf)
    np.minimum.at(least, step, low)
    np.maximum.at(most, step, high)
    return np.asarray(least < most)


def _ranked(name: str, counts: Codes, mixed: Mask, of: int) -> Ranked:
    """Rank one class by its score: as it is in a binary task, its share of the mean over classes otherwise."""
    if name in RANKINGS:
        return RANKINGS[name](Ladder(positives=counts[1], negatives=counts[0], mixed=mixed))
    others = [place for place in range(len(counts)) if place != of]
    rivals = [others] if name == "roc_auc_ovr" else [[place] for place in others]
    weights, parts = np.zeros(counts.shape), []
    for rival in rivals:
        one = roc_auc(Ladder(positives=counts[of], negatives=counts[rival].sum(axis=0), mixed=mixed))
        weights[of] += one.weights[1]
        weights[rival] += one.weights[0]
        parts.append(one)
    share = 1 / (len(counts) * len(rivals))
    return Ranked(
        value=sum(one.value for one in parts) * share,
        bound=sum(one.bound for one in parts) * share,
        weights=weights * share,
    )
