"""What do score metrics come to, when there are too many rows to fetch them?

The same numbers as in `exact`, from tables that the engine makes: bins of scores, and sums over rows. Losses and
calibration are exact here too; ranking metrics are within the bound that is told with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scores.binning import lent
from gates.measure.scores.exact import BY_CLASS
from gates.measure.scores.ladder import RANKINGS
from gates.measure.scores.losses import LOSSES, baseline
from gates.measure.scores.measured import AREAS, Measured
from gates.measure.scores.sample import Tally
from gates.measure.scores.spread import Sums, spread
from gates.measure.scores.tables import Tables, tables, units
from gates.measure.scores.units import GAP, Added, Power, Units, by_cluster, by_label

BINS = 65_536
Group = tuple[Tally, dict[str, Measured]]


def measured(
    prepared: Prepared, by: Sequence[str], names: Sequence[str], bins: int = BINS
) -> dict[tuple[str, ...], Group]:
    """Measure each group that some columns of the view make, or all rows (as ()), in a few scans for all of them."""
    found = tables(prepared, by, names, bins)
    read = units(found, _outside(prepared))
    strata = by_label(prepared, read, ranked=not found.rows.binary)
    whole = {place: _whole(found, place, labels) for place, labels in sorted(strata.items())}
    if prepared.clusters is None:
        groups = {place: _by_rows(found, place, strata[place], group) for place, group in whole.items()}
    else:
        scale = prepared.clusters / prepared.count
        added = _clustered(prepared, found, whole, scale)
        groups = {place: _by_clusters(group, added[place], scale) for place, group in whole.items()}
    return {found.rows.names[place]: group for place, group in groups.items()}


def _outside(prepared: Prepared) -> int:
    """Return how many rows are outside the commonest class."""
    held = prepared.engine.reduce(f"SELECT label, count(*) AS held FROM {prepared.view} GROUP BY label")  # noqa: S608 - our names
    return prepared.count - max(held.column("held").to_pylist(), default=0)


def _whole(found: Tables, place: int, labels: Mapping[int, Added]) -> Group:
    """Return what is known of a group but for how it scatters."""
    counts = tuple(labels[label].count if label in labels else 0 for label in range(found.rows.classes))
    unequal = sum(added.unequal for added in labels.values()) if found.rows.models > 1 else None
    on = Tally(counts=counts, unequal=unequal)
    fit = [name for name in found.names if name not in AREAS or on.rarest]
    return on, {name: _value(found, place, name, labels) for name in fit}


def _value(found: Tables, place: int, name: str, labels: Mapping[int, Added]) -> Measured:
    counts = [labels[label].count if label in labels else 0 for label in range(found.rows.classes)]
    shares = np.array(counts) / sum(counts)
    if name in LOSSES:
        means = (_merged(labels, f"{name}_{at}").mean for at in range(found.rows.models))
        return Measured(values=tuple(means), baseline=baseline(name, shares))
    if name not in AREAS:
        return Measured(
            values=tuple(one.bins[place].error for one in found.binned),
            biases=tuple(one.biases[place] for one in found.binned),
        )
    ranked = [[one.ranked[place][name] for one in model] for model in found.ranked]
    return Measured(
        values=tuple(sum(one.value for one in model) for model in ranked),
        baseline=float(shares[1]) if name == "average_precision" else 0.5,
        bound=max(sum(one.bound for one in model) for model in ranked),
    )


def _merged(labels: Mapping[int, Added], term: str) -> Power:
    """Return sums over all classes."""
    parts = [labels[label].powers[term] for label in sorted(labels)]
    return sum(parts[1:], parts[0])


def _by_rows(found: Tables, place: int, labels: Mapping[int, Added], group: Group) -> Group:
    """Add how values scatter over independent rows: the area under the ROC curve by class, as DeLong does."""
    on, measures = group
    scattered = {}
    for name, one in measures.items():
        scale = _scale(name, on)
        own = [_own(found, place, name, at) or _parts(name, labels, f"{name}_{at}", scale) for at in _models(one)]
        gap = _parts(name, labels, f"{name}_{GAP}", scale) if len(own) > 1 else None
        scattered[name] = one.with_spreads([spread(parts) for parts in own], None if gap is None else spread(gap))
    return on, scattered


def _own(found: Tables, place: int, name: str, at: int) -> list[Sums]:
    """Return how a model's units scatter where its bins tell: of ranking metrics of two classes."""
    return found.ranked[at][0].sums(place, name) if name in RANKINGS else []


def _models(one: Measured) -> range:
    return range(len(one.values))


def _parts(name: str, labels: Mapping[int, Added], term: str, scale: float) -> list[Sums]:
    if name in BY_CLASS:
        return [labels[label].powers[term].centred(scale) for label in sorted(labels)]
    return [_merged(labels, term).centred(scale)]


def _scale(name: str, on: Tally) -> float:
    """Return what turns a row's unit into what it adds to the metric's error."""
    return 1 / on.rarest if name in AREAS else 1 / on.rows


def _clustered(prepared: Prepared, found: Tables, whole: Mapping[int, Group], scale: float) -> dict[int, Added]:
    """Sum clusters, ranking metrics apart from the others: there may be millions, and each needs memory."""
    merged: dict[int, Added] = {}
    for part in (found.ranking, found.averaging):
        if not part.names:
            continue
        read = _centred(prepared, units(part, 0), whole)
        for place, added in by_cluster(prepared, read, scale, found.rows.classes if part.ranked else 0).items():
            known = merged.get(place, added)
            even = max(known.even, added.even, key=len)
            merged[place] = replace(added, powers={**known.powers, **added.powers}, even=even)
    return merged


def _centred(prepared: Prepared, read: Units, whole: Mapping[int, Group]) -> Units:
    """Take the mean of a group's units from each of them, so that a cluster's sum does not grow with its size."""
    means = {
        f"{name}_{at}": [measures[name].values[at] for _, measures in whole.values()]
        for name, models in read.expressions.items()
        if name not in AREAS
        for at in range(len(models))
    }
    if not means:
        return read
    table = lent(prepared, {"place": list(whole), **means})
    wanted = "".join(f", means.{term} AS mean_{term}" for term in means)
    return Units(
        rows=f"SELECT rows.*{wanted} FROM ({read.rows}) AS rows JOIN {table} AS means ON rows.place = means.place",  # noqa: S608 - our names
        expressions={
            name: tuple(f"({one}) - mean_{name}_{at}" if name not in AREAS else one for at, one in enumerate(models))
            for name, models in read.expressions.items()
        },
    )


def _by_clusters(group: Group, added: Added, scale: float) -> Group:
    """Add how values scatter over clusters."""
    on, measures = group
    scattered = {}
    for name, one in measures.items():
        back = _scale(name, on) / scale
        spreads = [spread([added.powers[f"{name}_{at}"].centred(back)]) for at in _models(one)]
        gap = added.powers.get(f"{name}_{GAP}")
        scattered[name] = one.with_spreads(spreads, None if gap is None else spread([gap.centred(back)]))
    return replace(on, clusters=added.count, even=added.even), scattered
