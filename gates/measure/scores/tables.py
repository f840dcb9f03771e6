"""What must be known of the rows before each of them can be said to add something to a metric?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gates.measure.prepared import Prepared
from gates.measure.scores.binned import Binned, binned
from gates.measure.scores.binning import Cuts, cuts, stepped, written
from gates.measure.scores.grouping import Grouped, grouped
from gates.measure.scores.ladders import Climbed, climbed
from gates.measure.scores.losses import LOSSES
from gates.measure.scores.measured import AREAS
from gates.measure.scores.units import Units, brier, log_loss

CELLS = 1_500_000
"""Bins of all groups and classes together."""
COARSEST = 512
MANY = 100_000
"""Rows outside the commonest class above which an interval of one model needs no more than a variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is made of the rows before the last scan: nothing for metrics that were not asked for."""

    rows: Grouped
    """With the bins of all scores that are ranked, as step_ and the score's name."""
    names: tuple[str, ...]
    ranked: tuple[tuple[Climbed, ...], ...]
    """For each model, its columns of scores; empty when nothing is ranked."""
    binned: tuple[Binned, ...]

    @property
    def ranking(self) -> "Tables":
        """The same for ranking metrics only."""
        return replace(self, names=tuple(name for name in self.names if name in AREAS), binned=())

    @property
    def averaging(self) -> "Tables":
        """The same for all other metrics, which need no ranks."""
        names = tuple(name for name in self.names if name not in AREAS)
        return replace(self, names=names, ranked=())


def tables(prepared: Prepared, by: Sequence[str], names: Sequence[str], bins: int) -> Tables:
    """Bin the scores: in two scans for each column of scores where they are ranked, in one where calibrated."""
    plain = grouped(prepared, by)
    ranking = [name for name in names if name in AREAS]
    fine = max(COARSEST, min(bins, CELLS // (len(plain.names) * plain.classes)))
    models = range(plain.models)
    cut = [[_cuts(prepared, one, fine) for one in enumerate(plain.scores(at))] for at in models if ranking]
    rows = _stepped(prepared, by, [one for model in cut for one in model]) if ranking else plain
    return Tables(
        rows=rows,
        names=tuple(names),
        ranked=tuple(tuple(climbed(prepared, rows, one, ranking) for one in model) for model in cut),
        binned=tuple(
            binned(prepared, rows, at) for at in models if any(name not in (*AREAS, *LOSSES) for name in names)
        ),
    )


def _stepped(prepared: Prepared, by: Sequence[str], cut: Sequence[Cuts]) -> Grouped:
    """Group rows that know the bin of each score; they are written down once, for all groupings and scans."""
    known = f"steps of {cut} of {prepared.view}"
    if known not in prepared.kept or not set(by) <= set(prepared.kept[known][1]):
        single = [column for feature, column in prepared.groups.items() if "," not in feature]
        columns = tuple(dict.fromkeys([*by, *single]))
        rows = grouped(prepared, (), also=columns)
        scores = [score for at in range(rows.models) for score in rows.scores(at)]
        wanted = ["label", *scores, *([] if prepared.clusters is None else ["cluster"]), *columns]
        prepared.kept[known] = written(prepared, stepped(rows.rows, cut, wanted)), columns
    return grouped(prepared, by, view=prepared.kept[known][0], also=[f"step_{one.score}" for one in cut])


def _cuts(prepared: Prepared, score: tuple[int, str], bins: int) -> Cuts:
    """Cut a column of scores, once for all groupings: bins are the same whatever the groups."""
    known = f"bins of {score}, {bins} of {prepared.view}"
    if known not in prepared.kept:
        prepared.kept[known] = cuts(prepared, grouped(prepared, ()).rows, score, bins)
    found: Cuts = prepared.kept[known]
    return found


def units(found: Tables, count: int) -> Units:
    """Return what each row adds to each metric, as SQL; so many rows are outside the commonest class."""
    columns = [one for model in found.ranked for one in model]
    joins = [f"JOIN {one.table} AS rank_{one.score} ON {one.cell} = rank_{one.score}.cell" for one in columns]
    joins += [f"JOIN {one.table} AS bin_{at} ON {one.bin} = bin_{at}.bin" for at, one in enumerate(found.binned)]
    read = [
        f"{' + '.join(f'rank_{one.score}.{name}' for one in model)} AS {name}_{at}"
        for at, model in enumerate(found.ranked)
        for name in found.names
        if name in AREAS
    ]
    read += [f"bin_{at}.sign AS sign_{at}" for at, _ in enumerate(found.binned)]
    return Units(
        rows=f"SELECT {', '.join(['rows.*', *read])} FROM ({found.rows.rows}) AS rows {' '.join(joins)}",  # noqa: S608 - our names
        expressions={name: tuple(_unit(found, name, at) for at in range(found.rows.models)) for name in found.names},
        brief=len(found.rows.names) == 1 and count > MANY,
        unequal=found.rows.unequal if found.rows.models > 1 else "FALSE",
    )


def _unit(found: Tables, name: str, at: int) -> str:
    """Return what a row adds to a metric of the model at a place, as SQL."""
    if name == "log_loss":
        return log_loss(found.rows.of_truth(at))
    if name == "brier_score":
        return brier(found.rows.scores(at))
    return f"{name}_{at}" if name in AREAS else f"sign_{at} * {found.binned[at].gap}"
