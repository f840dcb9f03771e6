"""Do intervals of score metrics hold what they say? Pairs of models with known true values, drawn many times.

Both models' latent scores are normal with unit variance within each class, 0 for negatives and `strength` for
positives, and correlated, so that every true value is an integral over one normal density. The log odds that follow
from the latent score are multiplied by `sureness`: 1 is calibrated, 2.5 is far too sure, and its log losses have a
heavy tail. Clusters share a part of their rows' latent scores.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gates.confidence import NORMAL
from gates.measure.estimated import Estimated
from gates.measure.scores.estimating import of_sample
from gates.measure.scores.reliability import BINS
from gates.measure.scores.sample import Sample
from tools.calibration.study import Study

Floats = NDArray[np.float64]
NAMES = ("roc_auc", "average_precision", "log_loss", "brier_score", "expected_calibration_error")
LOWER = ("log_loss", "brier_score", "expected_calibration_error")
GRID = np.linspace(-9.0, 13.0, 400_001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model's latent scores."""

    strength: float
    sureness: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Two models and rows that they answer for."""

    said: str
    challenger: Model
    champion: Model
    n: int
    prevalence: float
    correlation: float = 0.8
    cluster: int = 1
    """Rows of each cluster."""


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - the table's only switch, as all families have it
    """Yield one study for each metric and setting."""
    for setting in settings(quick=quick):
        yield from study(setting, trials_of(setting.n, quick=quick))


def trials_of(n: int, *, quick: bool) -> int:
    """Return how many trials a size of sample is given: fewer where each of them takes long."""
    trials = {200: 4000, 1000: 4000, 10_000: 2000, 100_000: 400}.get(n, 100)
    return max(20, trials // 20) if quick else trials


def settings(*, quick: bool) -> Iterator[Setting]:
    """Yield sizes and prevalences with equal models, with a worse challenger, with heavy tails and with clusters."""
    sizes = (200, 1000, 10_000) if quick else (200, 1000, 10_000, 100_000, 1_000_000)
    for n in sizes:
        for prevalence in (0.5, 0.1, 0.01):
            yield from _pairs(n, prevalence)
    for n in (1000, 10_000):
        for pair in _pairs(n, 0.2):
            yield replace(pair, said=f"{pair.said}, clusters of 10", cluster=10)


def _pairs(n: int, prevalence: float) -> Iterator[Setting]:
    good, worse = Model(strength=1.5), Model(strength=1.3)
    sure, strong = Model(strength=1.5, sureness=2.5), Model(strength=3.3)
    yield Setting(said="equal", challenger=good, champion=good, n=n, prevalence=prevalence)
    yield Setting(said="worse", challenger=worse, champion=good, n=n, prevalence=prevalence)
    yield Setting(said="equal, close", challenger=good, champion=good, n=n, prevalence=prevalence, correlation=0.99)
    yield Setting(said="too sure", challenger=sure, champion=good, n=n, prevalence=prevalence)
    yield Setting(said="both too sure", challenger=sure, champion=sure, n=n, prevalence=prevalence)
    yield Setting(said="strong", challenger=replace(strong, strength=3.0), champion=strong, n=n, prevalence=prevalence)


def study(setting: Setting, trials: int) -> Iterator[Study]:
    """Draw and estimate so often, and count."""
    truth = {
        who: values(model, setting.prevalence)
        for who, model in (("challenger", setting.challenger), ("champion", setting.champion))
    }
    generator = np.random.default_rng([1, setting.n, int(setting.prevalence * 1000), len(setting.said)])
    tallies = {name: np.zeros(6, dtype=np.int64) for name in NAMES}
    for _ in range(trials):
        found = of_sample(drawn(setting, generator), NAMES)
        for name in NAMES:
            tallies[name] += outcome(name, found.get(name), truth["challenger"][name], truth["champion"][name])
    for name, (lacking, covered, passed, alarmed, _, _) in tallies.items():
        yield Study(
            name=name,
            setting=f"{setting.said}, {setting.prevalence:g} positive",
            n=setting.n,
            positives=round(setting.n * setting.prevalence),
            trials=trials,
            inconclusive=int(lacking),
            covered=int(covered),
            false_pass=int(passed),
            false_alarm=int(alarmed) if setting.challenger == setting.champion else None,
        )


def outcome(name: str, found: Estimated | str | None, challenger: float, champion: float) -> NDArray[np.int64]:
    """Return [no interval, covered, false pass, false alarm, challenger too low, challenger too high] of a trial."""
    if not isinstance(found, Estimated) or found.difference is None or found.challenger_interval is None:
        return np.array([1, 0, 0, 0, 0, 0])
    true, sure = challenger - champion, found.difference
    low, high = sure.interval()
    slack = 1e-12
    passed = sure.upper(0.05) < true - slack if name in LOWER else sure.lower(0.05) > true + slack
    alarmed = sure.lower(0.05) > slack if name in LOWER else sure.upper(0.05) < -slack
    own = found.challenger_interval
    inside = low - slack <= true <= high + slack
    return np.array([0, inside, passed, alarmed, own[1] < challenger - slack, own[0] > challenger + slack])


def drawn(setting: Setting, generator: np.random.Generator) -> Sample:
    """Draw labels and both models' scores."""
    labels = (generator.random(setting.n) < setting.prevalence).astype(np.int64)
    clusters = None if setting.cluster == 1 else np.arange(setting.n) // setting.cluster
    noise = _noise(setting, generator, clusters)
    models = (setting.challenger, setting.champion)
    scores = tuple(
        probability(one + model.strength * labels, model, setting.prevalence)
        for one, model in zip(noise, models, strict=True)
    )
    return Sample(labels=labels, scores=scores, clusters=clusters)


def _noise(setting: Setting, generator: np.random.Generator, clusters: NDArray[np.int64] | None) -> list[Floats]:
    """Return two correlated standard normal numbers a row; in clusters half of the variance is the cluster's."""
    rows = generator.normal(size=(2, setting.n))
    if clusters is not None:
        shared = generator.normal(size=(2, int(clusters[-1]) + 1))[:, clusters]
        rows = math.sqrt(0.5) * rows + math.sqrt(0.5) * shared
    rest = math.sqrt(1 - setting.correlation**2)
    return [rows[0], setting.correlation * rows[0] + rest * rows[1]]


def probability(latent: Floats, model: Model, prevalence: float) -> Floats:
    """Return the score that a model gives for a latent score."""
    return np.asarray(1 / (1 + np.exp(-log_odds(latent, model, prevalence))))


def log_odds(latent: Floats, model: Model, prevalence: float) -> Floats:
    """Return the log odds that a model gives for a latent score, in the range that scores can show."""
    odds = model.strength * latent - model.strength**2 / 2 + math.log(prevalence / (1 - prevalence))
    return np.clip(model.sureness * odds, -36, 36)


def values(model: Model, prevalence: float) -> dict[str, float]:
    """Return the true values, by the trapezoid rule over the latent score."""
    density = np.exp(-(GRID**2) / 2) / math.sqrt(2 * math.pi) * (GRID[1] - GRID[0])
    shifted = np.exp(-((GRID - model.strength) ** 2) / 2) / math.sqrt(2 * math.pi) * (GRID[1] - GRID[0])
    negatives, positives = (1 - prevalence) * density, prevalence * shifted
    odds, score = log_odds(GRID, model, prevalence), probability(GRID, model, prevalence)
    found, wrong = (np.cumsum(one[::-1])[::-1] - one / 2 for one in (positives, negatives))
    gaps = score * (positives + negatives) - positives
    places = np.minimum(np.floor(score * BINS), BINS - 1).astype(np.int64)
    return {
        "roc_auc": NORMAL.cdf(model.strength / math.sqrt(2)),
        "average_precision": float((positives * found / (found + wrong)).sum() / prevalence),
        "log_loss": float((positives * np.logaddexp(0, -odds) + negatives * np.logaddexp(0, odds)).sum()),
        "brier_score": float((positives * (1 - score) ** 2 + negatives * score**2).sum()),
        "expected_calibration_error": float(np.abs(np.bincount(places, weights=gaps)).sum()),
    }
