"""How good are scores, model against model and group by group?"""

from collections.abc import Mapping, Sequence

from gates.measure.estimated import Estimated
from gates.measure.prepared import Prepared
from gates.measure.scores import exact, histogram, multiclass
from gates.measure.scores.exact import CALIBRATION
from gates.measure.scores.ladder import RANKINGS
from gates.measure.scores.losses import LOSSES
from gates.measure.scores.measured import AREAS, Measured
from gates.measure.scores.reading import columns, samples, values
from gates.measure.scores.sample import Sample, Tally, tally
from gates.measure.scores.told import estimated

EXACT_NUMBERS = 2_000_000
"""Up to so many scores they are fetched and ranked one by one (a million rows of two models); above, by bins."""
MOST_RANKED = 12
"""Above that many scores, classes are ranked by bins, in so many scans for each; not for more classes than this."""
MOST_CLASSES = 100
"""Beyond it, classes are not compared pair by pair."""
NAMES = (*AREAS, *LOSSES, CALIBRATION)
Found = dict[str, Estimated | str]


def estimates(prepared: Prepared, names: Sequence[str], *, exact_numbers: int = EXACT_NUMBERS) -> Found:
    """Estimate those of the metrics that are known here; a text says in one line why one cannot be had."""
    return score_groups(prepared, (), names, exact_numbers=exact_numbers)[()]


def score_groups(
    prepared: Prepared, by: Sequence[str], names: Sequence[str], *, exact_numbers: int = EXACT_NUMBERS
) -> Mapping[tuple[str, ...], Found]:
    """Estimate metrics for each group that some columns of the view make, or for all rows (as ()), in the same scans.

    Metrics that cannot be had for any group carry their problem in each of them.
    """
    known = tuple(dict.fromkeys(name for name in names if name in NAMES))
    problems = {name: problem for name in known if (problem := _problem(prepared, name, exact_numbers))}
    fit = [name for name in known if name not in problems]
    groups = _groups(prepared, by, fit, exact_numbers)
    return {group: {**problems, **_told(prepared, fit, *found)} for group, found in groups.items()}


def _groups(
    prepared: Prepared, by: Sequence[str], fit: Sequence[str], most: int
) -> Mapping[tuple[str, ...], histogram.Group]:
    if not fit:
        return {group: (Tally(counts=()), {}) for group in values(prepared, by)}
    if _scores(prepared) <= most:
        return {group: _of(sample, fit) for group, sample in samples(prepared, by).items()}
    return histogram.measured(prepared, by, fit)


def _scores(prepared: Prepared) -> int:
    """Return how many scores there are to read."""
    return prepared.count * sum(len(columns(prepared, who)) for who in prepared.who)


def of_sample(sample: Sample, names: Sequence[str]) -> Found:
    """Estimate metrics of rows in memory."""
    on, found = _of(sample, names)
    return {name: estimated(name, found[name], on) for name in names if name in found}


def _of(sample: Sample, names: Sequence[str]) -> histogram.Group:
    on = tally(sample)
    fit = [name for name in names if on.rarest or name not in AREAS]
    return on, (exact.measured if sample.classes == 2 else multiclass.measured)(sample, fit)  # noqa: PLR2004 - binary


def _told(prepared: Prepared, names: Sequence[str], on: Tally, found: Mapping[str, Measured]) -> Found:
    return {name: estimated(name, found[name], on) if name in found else _one_class(prepared, on) for name in names}


def _one_class(prepared: Prepared, on: Tally) -> str:
    missing = [key for key, count in zip(prepared.classes, on.counts, strict=True) if not count]
    return f"there is nothing to rank: none of {on.rows:,} rows is of class {missing[0]}."


def _problem(prepared: Prepared, name: str, most: int) -> str:
    """Say in one line why a metric cannot be had; empty when it can."""
    binary = len(prepared.classes) == 2  # noqa: PLR2004 - binary
    if name in AREAS and (name in RANKINGS) != binary:
        return f"{name} is for {'more than two' if binary else 'two'} classes; there are {len(prepared.classes)}."
    if name == "roc_auc_ovo" and len(prepared.classes) > MOST_CLASSES:
        return f"{len(prepared.classes)} classes are too many to compare pair by pair (at most {MOST_CLASSES})."
    if name in AREAS and len(prepared.classes) > MOST_RANKED and _scores(prepared) > most:
        return (
            f"{prepared.count:,} rows with scores of {len(prepared.classes)} classes each are too many to rank "
            f"(more than {most:,} scores, and more than {MOST_RANKED} classes): measure a sample of the rows."
        )
    for who in prepared.who:
        if who not in prepared.scored:
            return prepared.score_problems.get(who) or f"the {who} gives no scores."
        if name not in AREAS and prepared.score_problems.get(who):
            return prepared.score_problems[who]
    return ""
