"""Which models have true values that are known, and what do they say of rows that are drawn?

With two classes both models' latent scores are normal with unit variance within each class, 0 for negatives and
`strength` for positives, and correlated, so that every true value is an integral over one normal density. The log odds
that follow from the latent score are multiplied by `sureness`: 1 is calibrated, 2.5 is far too sure, and its log losses
have a heavy tail. Clusters share half of the variance of their rows' latent scores, and half of their rows' labels.
With more classes there is a latent score for each, and true values are those of eight million rows.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gates.confidence import NORMAL
from gates.measure.scores.estimating import of_sample
from gates.measure.scores.measured import AREAS
from gates.measure.scores.reliability import BINS
from gates.measure.scores.sample import Sample

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
OTHERS = ("log_loss", "brier_score", "expected_calibration_error")
GRID = np.linspace(-9.0, 13.0, 400_001)
SHARES = (0.6, 0.3, 0.1)
"""Of the classes, where there are three."""
MANY, SAMPLES = 500_000, 16
"""Rows of each large sample that tells true values, and how many there are: their error is a thirtieth of a trial's."""


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
    """Of positives; with three classes that of the rarest one."""
    correlation: float = 0.8
    cluster: int = 1
    """Rows of each cluster."""
    classes: int = 2

    @property
    def models(self) -> tuple[Model, Model]:
        """The challenger and the champion."""
        return self.challenger, self.champion

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that there are."""
        binary = self.classes == 2  # noqa: PLR2004 - binary
        return (*(name for name in AREAS if name.startswith("roc_auc_o") != binary), *OTHERS)


def truths(setting: Setting) -> tuple[dict[str, float], dict[str, float]]:
    """Return the true values of the challenger and the champion."""
    if setting.classes == 2:  # noqa: PLR2004 - binary
        return values(setting.challenger, setting.prevalence), values(setting.champion, setting.prevalence)
    return _simulated(replace(setting, said="", n=MANY))


@lru_cache(maxsize=8)
def _simulated(large: Setting) -> tuple[dict[str, float], dict[str, float]]:
    """Return the means over large samples."""
    generator = np.random.default_rng(2)
    sums: tuple[dict[str, float], dict[str, float]] = (dict.fromkeys(large.names, 0.0), dict.fromkeys(large.names, 0.0))
    for _ in range(SAMPLES):
        for name, one in of_sample(drawn(large, generator), large.names).items():
            if isinstance(one, str) or one.champion is None:
                raise TypeError(f"{name} of two models cannot be had: {one}")
            sums[0][name] += one.challenger / SAMPLES
            sums[1][name] += one.champion / SAMPLES
    return sums[1 if large.challenger == large.champion else 0], sums[1]


def drawn(setting: Setting, generator: np.random.Generator) -> Sample:
    """Draw labels and both models' scores."""
    if setting.classes > 2:  # noqa: PLR2004 - binary
        return _drawn_of_several(setting, generator)
    clusters = None if setting.cluster == 1 else np.arange(setting.n) // setting.cluster
    labels = _labels(setting, generator, clusters)
    noise = _noise(setting, generator, clusters)
    scores = tuple(
        probability(one + model.strength * labels, model, setting.prevalence)
        for one, model in zip(noise, setting.models, strict=True)
    )
    return Sample(labels=labels, scores=scores, clusters=clusters)


def _labels(setting: Setting, generator: np.random.Generator, clusters: Codes | None) -> Codes:
    """Return labels; in clusters half of the rows have their cluster's own label, the others one of their own."""
    labels = generator.random(setting.n) < setting.prevalence
    if clusters is not None:
        shared = (generator.random(int(clusters[-1]) + 1) < setting.prevalence)[clusters]
        labels = np.where(generator.random(setting.n) < 0.5, shared, labels)  # noqa: PLR2004 - half
    return labels.astype(np.int64)


def _noise(setting: Setting, generator: np.random.Generator, clusters: Codes | None) -> list[Floats]:
    """Return two correlated standard normal numbers a row; in clusters half of the variance is the cluster's."""
    rows = generator.normal(size=(2, setting.n))
    if clusters is not None:
        shared = generator.normal(size=(2, int(clusters[-1]) + 1))[:, clusters]
        rows = math.sqrt(0.5) * rows + math.sqrt(0.5) * shared
    rest = math.sqrt(1 - setting.correlation**2)
    return [rows[0], setting.correlation * rows[0] + rest * rows[1]]


def _drawn_of_several(setting: Setting, generator: np.random.Generator) -> Sample:
    shares = np.array(SHARES)
    labels = generator.choice(len(shares), size=setting.n, p=shares)
    rows = generator.normal(size=(2, setting.n, len(shares)))
    rest = math.sqrt(1 - setting.correlation**2)
    noise = (rows[0], setting.correlation * rows[0] + rest * rows[1])
    scores = []
    for one, model in zip(noise, setting.models, strict=True):
        latent = one + model.strength * (labels[:, None] == np.arange(len(shares)))
        said = np.exp(model.sureness * (model.strength * latent + np.log(shares)))
        scores.append(said / said.sum(axis=1, keepdims=True))
    return Sample(labels=labels, scores=tuple(scores), classes=len(shares))


def probability(latent: Floats, model: Model, prevalence: float) -> Floats:
    """Return the score that a model gives for a latent score."""
    return np.asarray(1 / (1 + np.exp(-log_odds(latent, model, prevalence))))


def log_odds(latent: Floats, model: Model, prevalence: float) -> Floats:
    """Return the log odds that a model gives for a latent score, in the range that scores can show."""
    odds = model.strength * latent - model.strength**2 / 2 + math.log(prevalence / (1 - prevalence))
    return np.clip(model.sureness * odds, -36, 36)


@lru_cache(maxsize=64)
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
