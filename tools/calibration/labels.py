"""Do the intervals of label metrics hold, for rare classes and for models that hardly differ?

Counts of cells are drawn from their multinomial distribution, and so a million rows cost no more than 200.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gates.measure.certainty import Floats
from gates.measure.labels.cells import Cells
from gates.measure.labels.clusters import design_of
from gates.measure.labels.estimates import Counted
from gates.measure.labels.few import basis
from gates.measure.labels.influence import influence
from gates.measure.labels.tally import METRICS, tally
from gates.metric import BINARY, MULTICLASS, metrics_of
from tools.calibration.study import Study

TWO_CLASSES = (
    (200, 0.5),
    (200, 0.2),
    (1_000, 0.05),
    (5_000, 0.01),
    (1_000_000, 0.01),
)
"""Rows, and the share of positives: every size and every share, and together where they are hardest."""
SEVERAL_CLASSES = ((1_000, 3), (100_000, 10))
"""Rows and classes."""
OFTEN, SELDOM = 0.2, 0.02
"""In which share of a class's rows the models differ."""
AS_GOOD, WORSE = 0.5, 0.8
"""Which share of these rows the challenger loses."""
TRIALS, QUICK_TRIALS = 1_000, 40
CLUSTERS = (50,)
CLUSTERED = ("accuracy", "balanced_accuracy", "f1", "matthews_corrcoef")
LIKE_ANOTHER = ("jaccard", "specificity", "f1_micro", "recall_macro")
"""Not simulated: Jaccard's index is a rising function of F1, specificity is the other class's recall, f1_micro with one
label a row the accuracy, and recall_macro the balanced accuracy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The distribution that rows come from."""

    setting: str
    cells: Cells
    """With shares for counts."""
    rarest: float
    """Share of the rarest class."""
    equal: bool
    """Are both models as good?"""


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - every family's one argument
    """Simulate all settings, or a few of them."""
    trials = QUICK_TRIALS if quick else TRIALS
    for task, settings in ((BINARY, _binary(quick=quick)), (MULTICLASS, _multiclass(quick=quick))):
        names = tuple(name for name in metrics_of(task) if name in METRICS and name not in LIKE_ANOTHER)
        for truth, rows in settings:
            yield from simulated(truth, rows, names, trials)
    yield from clustered(trials, sizes=CLUSTERS[:1] if quick else CLUSTERS)


def simulated(truth: Truth, rows: int, names: Sequence[str], trials: int) -> Iterator[Study]:
    """Draw samples of so many rows, and yield what is seen of each metric."""
    generator = np.random.default_rng([rows, len(truth.setting), int(truth.rarest * 1e6)])
    true = {name: _gap(truth.cells, name) for name in names}
    found = {name: np.zeros(4, dtype=np.int64) for name in names}
    for trial in range(trials):
        drawn = generator.multinomial(rows, truth.cells.counts).astype(np.float64)
        counted = _counted(truth.cells, drawn, trial)
        for name in names:
            found[name] += _outcome(counted, name, true[name])
    for name, (inconclusive, covered, high, low) in found.items():
        yield Study(
            name=name,
            setting=truth.setting,
            n=rows,
            positives=round(rows * truth.rarest),
            trials=trials,
            inconclusive=int(inconclusive),
            covered=int(covered),
            false_pass=None if truth.equal else int(high),
            false_alarm=int(low) if truth.equal else None,
        )


def _counted(truth: Cells, drawn: Floats, seed: int) -> Counted:
    seen = drawn > 0
    said = tuple(some[seen] for some in truth.said)
    cells = Cells(label=truth.label[seen], said=said, counts=drawn[seen], classes=truth.classes)
    names = tuple(str(place) for place in range(truth.classes))
    return Counted(cells=cells, classes=names, clusters=None, designs={}, seed=seed)


def _outcome(counted: Counted, name: str, true: float) -> NDArray[np.int64]:
    """Return, as ones and zeros: inconclusive, covered, the lower bound is too high, the upper one is too low."""
    if basis(name, counted.cells, counted.classes, counted.clusters).too_few(name):
        return np.array([1, 0, 0, 0])
    found = counted.difference(name, _gap(counted.cells, name))
    low, high = found.interval()
    return np.array([0, low <= true <= high, found.lower(0.05) > true, found.upper(0.05) < true], dtype=np.int64)


def _gap(cells: Cells, name: str) -> float:
    values = [float(METRICS[name](tally(cells, model, cells.counts[None, :]))[0]) for model in (0, 1)]
    return values[0] - values[1]


def _binary(*, quick: bool) -> Iterator[tuple[Truth, int]]:
    """Yield two classes, with models that are as good and with a worse one; the one pair differs often, the other not.

    So all four are seen, though not of every size.
    """
    for place, (rows, prevalence) in enumerate(TWO_CLASSES[1:3] if quick else TWO_CLASSES):
        pair = (OFTEN, SELDOM) if place % 2 else (SELDOM, OFTEN)
        for often, lost in zip(pair, (AS_GOOD, WORSE), strict=True):
            yield binary(prevalence, often, lost), rows


def binary(prevalence: float, often: float, lost: float) -> Truth:
    """Return two classes, the rarer of which is easier to miss, and models that differ so often."""
    rare = min(1.0, 4 * prevalence)
    priors = np.array([1 - prevalence, prevalence])
    return _truth(priors, right=np.array([1 - 0.2 * rare, 0.7]), apart=np.array([often * rare / 4, often]), lost=lost)


def _multiclass(*, quick: bool) -> Iterator[tuple[Truth, int]]:
    """Yield several classes, one of them with 2 % of the rows."""
    for place, (rows, classes) in enumerate(SEVERAL_CLASSES[:1] if quick else SEVERAL_CLASSES):
        priors = np.full(classes, 0.98 / (classes - 1))
        priors[-1] = 0.02
        often, lost = (SELDOM, AS_GOOD) if place % 2 else (OFTEN, WORSE)
        yield _truth(priors, right=np.linspace(0.9, 0.7, classes), apart=np.full(classes, often), lost=lost), rows


def _truth(priors: Floats, *, right: Floats, apart: Floats, lost: float) -> Truth:
    """Return the cells of two models: the champion is right so often; in `apart` of the rows only one of them is.

    Of these the challenger loses a share `lost`. Wrong answers go to the next class and the one after it, 2 to 1.
    """
    rows: dict[tuple[int, int, int], float] = {}
    for label, prior in enumerate(priors):
        wrongs = _wrongs(label, len(priors))
        only_champion, only_challenger = apart[label] * lost, apart[label] * (1 - lost)
        rows[label, label, label] = prior * (right[label] - only_champion)
        for wrong, share in wrongs:
            rows[label, wrong, label] = prior * only_champion * share
            rows[label, label, wrong] = prior * only_challenger * share
            rows[label, wrong, wrong] = prior * max(0.0, 1 - right[label] - only_challenger) * share
    table = np.array(list(rows))
    cells = Cells(
        label=table[:, 0],
        said=(table[:, 1], table[:, 2]),
        counts=np.array(list(rows.values())),
        classes=len(priors),
    )
    agreement = f"differ in {apart.max():.0%} of a class's rows"
    setting = f"{len(priors)} classes, rarest {priors.min():.0%}; models {agreement}, {lost:.0%} of them lost"
    return Truth(setting=setting, cells=cells, rarest=float(priors.min()), equal=lost == AS_GOOD)


def _wrongs(label: int, classes: int) -> list[tuple[int, float]]:
    if classes == 2:  # noqa: PLR2004 - binary
        return [(1 - label, 1.0)]
    return [((label + 1) % classes, 2 / 3), ((label + 2) % classes, 1 / 3)]


def clustered(trials: int, *, sizes: Sequence[int] = CLUSTERS) -> Iterator[Study]:
    """Yield models that are as good, of people whose rows share their label and how hard they are."""
    for clusters in sizes:
        generator = np.random.default_rng([7, clusters])
        found = {name: np.zeros(4, dtype=np.int64) for name in CLUSTERED}
        for trial in range(trials):
            counted = _of_clusters(_people(generator, clusters), trial)
            for name in CLUSTERED:
                found[name] += _outcome(counted, name, 0.0)
        for name, (inconclusive, covered, _, low) in found.items():
            yield Study(
                name=name,
                setting="clusters of 1 to 20 rows, whose rows share their label and much of their luck",
                n=clusters,
                trials=trials,
                inconclusive=int(inconclusive),
                covered=int(covered),
                false_alarm=int(low),
            )


def _people(generator: np.random.Generator, clusters: int) -> NDArray[np.int64]:
    """Draw counts of the eight cells of a binary task (cluster x cell)."""
    rows = generator.integers(1, 21, clusters)
    label = generator.random(clusters) < 0.3  # noqa: PLR2004 - the share of positives
    right = generator.beta(4, 1, clusters)
    apart = generator.beta(0.5, 2, clusters)
    lost = generator.beta(1, 1, clusters)
    agree = 1 - apart
    shares = np.column_stack([agree * right, apart * lost, apart * (1 - lost), agree * (1 - right)])
    drawn = generator.multinomial(rows, shares)
    return np.where(label[:, None], np.roll(np.pad(drawn[:, ::-1], ((0, 0), (0, 4))), 4, axis=1),
                    np.pad(drawn, ((0, 0), (0, 4))))  # fmt: skip


def _of_clusters(people: NDArray[np.int64], seed: int) -> Counted:
    """Return what is known of cells that come in clusters."""
    table, seen = np.array(list(product((0, 1), repeat=3))), people.sum(axis=0) > 0
    cells = Cells(
        label=table[seen, 0],
        said=(table[seen, 2], table[seen, 1]),
        counts=people.sum(axis=0)[seen].astype(np.float64),
        classes=2,
    )
    rows = people.sum(axis=1)
    size = float((rows**2).sum() / rows.sum())
    effects = {}
    for name in CLUSTERED:
        slopes = influence(name, cells)
        squares = float(((people[:, seen] @ slopes) ** 2).sum())
        effects[name] = design_of(cells, slopes, squares, clusters=len(people), size=size)
    return Counted(cells=cells, classes=("0", "1"), clusters=len(people), designs=effects, seed=seed)
