"""Do events come true as often as the scores say?"""

from dataclasses import dataclass

import numpy as np

from gates.confidence import NORMAL
from gates.measure.intervals import wilson
from gates.measure.scores.arrays import Codes, Floats, counted, summed

BINS = 15
"""Bins of equal width, [k/15, (k+1)/15), the last one closed (Guo et al. 2017, ICML, section 2)."""

EVEN = 1e-12
"""A mean gap below it is what adding doubles in one order or another leaves of none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """One model's scores by bin."""

    counts: Codes
    gaps: Floats
    """Sum of scores minus what came true."""
    hits: Floats
    """How many came true."""

    @property
    def signs(self) -> Floats:
        """Whether scores are too high, 1, or too low, -1; 0 where they are neither, but for rounding of a sum."""
        return np.where(np.abs(self.gaps) > EVEN * np.maximum(self.counts, 1), np.sign(self.gaps), 0.0)

    @property
    def error(self) -> float:
        """The expected calibration error: mean distance of mean score and rate of what came true, weighed by rows."""
        return float(np.abs(self.gaps).sum() / self.counts.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """One bin of a reliability diagram that holds at least one row."""

    low: float
    high: float
    count: int
    mean_score: float
    share_positive: float
    interval: tuple[float, float]
    """Of the share of positives: Wilson's two-sided 95 % interval."""


def diagram(found: Bins) -> tuple[ReliabilityBin, ...]:
    """Return the bins that hold rows, in ascending order."""
    return tuple(_told(found, int(place)) for place in np.flatnonzero(found.counts))


def _told(found: Bins, place: int) -> ReliabilityBin:
    count, hits = int(found.counts[place]), int(found.hits[place])
    return ReliabilityBin(
        low=place / BINS,
        high=(place + 1) / BINS,
        count=count,
        mean_score=float(found.gaps[place] + hits) / count,
        share_positive=hits / count,
        interval=wilson(hits, count),
    )


def bin_of(scores: Floats) -> Codes:
    """Return each score's bin."""
    return np.minimum(np.floor(scores * BINS), BINS - 1).astype(np.int64)


def bins(places: Codes, scores: Floats, truth: Floats) -> Bins:
    """Count a sample by bins."""
    return Bins(
        counts=counted(places, BINS),
        gaps=summed(places, scores - truth, BINS),
        hits=summed(places, truth, BINS),
    )


def bias(found: Bins, variances: Floats) -> tuple[float, float]:
    """Return the least and the most by which the error is expected to be too large, as the size of a noisy gap is.

    A gap g with normal noise of standard deviation s has the mean size s h(g / s), with h(x) = x (2 F(x) - 1) + 2 f(x).
    No estimate of |g| is unbiased near 0 (Cai and Low 2011, Annals of Statistics 39:1012-1041), so there are two. The
    least: the true gap is where that mean size equals what was found, and zero when less than that of no gap was found;
    it leaves too much when there is no gap. The most: what no gap at all would show, h(0), unless the gap is clearly
    larger than noise; it takes too much when there is some. Variances are sums of squares around each bin's mean; a bin
    of one row shows none, and is taken for as noisy as an event can be.
    """
    counts = found.counts
    noise = np.sqrt(np.where(counts > 1, variances * counts / np.maximum(counts - 1, 1), WIDEST * (counts == 1)))
    sizes = np.divide(np.abs(found.gaps), noise, out=np.zeros(BINS), where=noise > 0)
    true = np.where(sizes > _MEAN_SIZES[-1], sizes, np.interp(sizes, _MEAN_SIZES, _TRUE_SIZES, left=0.0))
    most = _MEAN_SIZES[0] * np.clip((CLEAR - sizes) / (CLEAR - NOISE), 0.0, 1.0)
    total = found.counts.sum()
    return float(((sizes - true) * noise).sum() / total), float((np.maximum(most, sizes - true) * noise).sum() / total)


WIDEST = 0.25
"""Variance of an event that is as likely as not."""
NOISE, CLEAR = 2.5, 4.0
"""Sizes of a gap, in standard deviations, up to which it may be noise, and from which on it is none."""


def _mean_sizes(true: Floats) -> Floats:
    below = np.array([NORMAL.cdf(x) for x in true])
    density = np.array([NORMAL.pdf(x) for x in true])
    return np.asarray(true * (2 * below - 1) + 2 * density)


_TRUE_SIZES = np.linspace(0, 6, 241)
_MEAN_SIZES = _mean_sizes(_TRUE_SIZES)
