"""Did the labels' frequencies change, or what rows look like, or what labels are given for?

Label shift: rows of a label look as before, there are more or fewer of them. Covariate shift: rows changed, the label
of a row did not. Under label shift current predictions are a mixture of what the reference's labels are predicted as
(Lipton, Wang and Smola 2018, Detecting and Correcting for Label Shift with Black Box Predictors, ICML, section 3); of
many classes of score and two labels not every change is such a mixture, and so it can be refuted without labels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.drift_facts import Explanation, LabelShift
from gates.measure.drift import chance, significance, tables
from gates.measure.drift.cells import Counts, Floats
from gates.measure.drift.scored import Marks, Scored
from gates.measure.drift.tails import chi2_tail
from gates.measure.rounding import rounded
from gates.wording import percent

CLASSES = 20
FEWEST = 100
"""Labelled rows of each class in the reference."""
SMALL = 0.03
"""Adjusted Jensen-Shannon distance that counts as no change, however many rows show that it is one."""
LEVEL = 0.015
"""Of each test; several decide together, and a wrong kind of shift is to be named once in twenty cases at most."""
EXPLAINED = 0.9
"""An explanation fits if chance explains the rest, or it explains so much of the divergence."""
SHARES = np.linspace(0.0, 1.0, 2_001)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """Rows by class of prediction and score: of the reference by label, all of the current, and those by label."""

    zeros: Counts
    ones: Counts
    current: Counts
    current_zeros: Counts
    current_ones: Counts
    said: Marks
    """1 for classes of rows predicted positive."""

    @property
    def reference(self) -> Counts:
        return self.zeros + self.ones

    @property
    def labelled(self) -> bool:
        return min(int(self.current_zeros.sum()), int(self.current_ones.sum())) >= FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    share: float
    p_value: float
    fits: bool


def label_shift(reference: Scored, current: Scored) -> LabelShift:
    """Say which explanation the predictions, and labels where they arrived, fit."""
    counts = _counts(reference, current)
    if min(counts.zeros.sum(), counts.ones.sum()) < FEWEST or counts.current.sum() < FEWEST:
        problem = f"Fewer than {FEWEST} labelled rows of each class in the reference, or current rows."
        return LabelShift(explanation=Explanation.UNKNOWN, problem=problem, sentence=problem)
    mixture = _mixture(counts)
    by_label = _fit_by_label(counts) if counts.labelled else mixture
    by_row = _fit_by_row(counts) if counts.labelled else None
    return _concluded(counts, (mixture, by_label, by_row))


def _counts(reference: Scored, current: Scored) -> _Counts:
    """Count both sides over classes that the reference's scores fill about evenly, apart for each prediction."""
    cuts = _cuts(reference)

    def of(side: Scored, mask: NDArray[np.bool_]) -> Counts:
        places = np.searchsorted(cuts, side.place, "left") * 2 + side.said
        return np.bincount(places[mask], weights=side.counts[mask], minlength=2 * len(cuts) + 2).astype(np.int64)

    ones, zeros = of(reference, reference.label == 1), of(reference, reference.label == 0)
    everyone = of(current, current.label >= -1)
    kept = (ones + zeros + everyone) > 0
    return _Counts(
        ones=ones[kept],
        zeros=zeros[kept],
        current=everyone[kept],
        current_ones=of(current, current.label == 1)[kept],
        current_zeros=of(current, current.label == 0)[kept],
        said=(np.arange(len(kept)) % 2)[kept],
    )


def _cuts(reference: Scored) -> Marks:
    labelled = reference.labelled
    order = np.argsort(labelled.place, kind="stable")
    ends = np.cumsum(labelled.counts[order])
    wanted = np.arange(1, CLASSES) * (int(ends[-1]) if len(ends) else 0) / CLASSES
    return np.unique(labelled.place[order][np.searchsorted(ends, wanted)]) if len(ends) else np.zeros(0, dtype=np.int64)


def _distance(reference: Counts, current: Counts) -> float:
    kept = (reference + current) > 0
    return chance.distance(reference[kept], current[kept])


def _mixture(counts: _Counts) -> _Fit:
    """Find the share of positives whose mixture is nearest to the current predictions, and whether it is near enough.

    Minimum chi-squared, with the variances of all three samples; degrees of freedom: classes less two.
    """
    ones, zeros = counts.ones / counts.ones.sum(), counts.zeros / counts.zeros.sum()
    rows = int(counts.current.sum())
    now = counts.current / rows
    mixed = SHARES[:, None] * ones + (1 - SHARES[:, None]) * zeros
    spread = _smooth(mixed) / rows
    spread += SHARES[:, None] ** 2 * _smooth(ones) / counts.ones.sum()
    spread += (1 - SHARES[:, None]) ** 2 * _smooth(zeros) / counts.zeros.sum()
    statistics = np.sum((now - mixed) ** 2 / spread, axis=1)
    best = int(np.argmin(statistics))
    p_value = chi2_tail(float(statistics[best]), len(now) - 2)
    rest, whole = tables.divergence(mixed[best], now), tables.divergence(counts.reference, counts.current)
    return _Fit(share=float(SHARES[best]), p_value=p_value, fits=p_value > LEVEL or rest <= (1 - EXPLAINED) * whole)


def _smooth(shares: Floats) -> Floats:
    """Keep variances of empty classes above zero."""
    return np.maximum(shares, 1e-6)


def _fit_by_label(counts: _Counts) -> _Fit:
    """Are predictions for each label what they were? Needs current labels."""
    pairs = ((counts.ones, counts.current_ones), (counts.zeros, counts.current_zeros))
    p_value, apart = 1.0, 0.0
    for before, now in pairs:
        kept = (before + now) > 0
        p_value = min(p_value, 2 * significance.of_table(before[kept], now[kept]))
        apart = max(apart, _distance(before, now))
    ones, zeros = int(counts.current_ones.sum()), int(counts.current_zeros.sum())
    return _Fit(share=ones / (ones + zeros), p_value=p_value, fits=p_value > LEVEL or apart <= SMALL)


def _fit_by_row(counts: _Counts) -> _Fit:
    """Are the labels for each class of rows what they were? Needs current labels."""
    before, now = counts.reference, counts.current_ones + counts.current_zeros
    both = (before > 0) & (now > 0)
    ones, ones_too = counts.ones[both], counts.current_ones[both]
    sizes, sizes_too = before[both], now[both]
    rate = (ones + ones_too) / (sizes + sizes_too)
    known = (rate > 0) & (rate < 1)
    moved = (ones_too / sizes_too - ones / sizes)[known]
    variance = (rate * (1 - rate) * (1 / sizes + 1 / sizes_too))[known]
    statistic = float(np.sum(moved**2 / variance))
    p_value = chi2_tail(statistic, int(known.sum()))
    excess = (
        max(0.0, float(np.sum((moved**2 - variance) * sizes_too[known]) / np.sum(sizes_too[known])))
        if known.any()
        else 0.0
    )
    share = float(counts.current_ones.sum() / now.sum())
    return _Fit(share=share, p_value=p_value, fits=p_value > LEVEL or excess**0.5 <= SMALL)


def _concluded(counts: _Counts, fits: tuple[_Fit, _Fit, _Fit | None]) -> LabelShift:
    mixture, by_label, by_row = fits
    kept = (counts.reference + counts.current) > 0
    p_value = significance.of_table(counts.reference[kept], counts.current[kept])
    large = _distance(counts.reference, counts.current) > SMALL
    explanation = _explanation(by_label.fits, None if by_row is None else by_row.fits, (large, p_value <= LEVEL))
    before = float(counts.ones.sum() / counts.reference.sum())
    observed = {} if by_row is None else _shares(by_row.share)
    fact = LabelShift(
        explanation=explanation,
        reference_shares=_shares(before),
        current_shares=_shares(mixture.share) if mixture.fits else {},
        observed_shares=observed,
        no_change_p_value=rounded(p_value),
        label_shift_p_value=rounded(by_label.p_value),
        covariate_shift_p_value=None if by_row is None else rounded(by_row.p_value),
        sentence="",
    )
    return fact.model_copy(
        update={"sentence": _said(explanation, (before, mixture.share), labelled=by_row is not None)}
    )


def _shares(ones: float) -> dict[str, float]:
    return {"positive": rounded(ones) or 0.0, "negative": rounded(1 - ones) or 0.0}


def _explanation(by_label: bool, by_row: bool | None, change: tuple[bool, bool]) -> Explanation:  # noqa: FBT001 - two answers
    """Choose what has not been refuted; without labels of the current rows covariate shift cannot be.

    `change` tells whether scores are further apart than what counts as none, and whether chance does not explain it.
    """
    large, shown = change
    if by_row is not False and not (large and shown):
        return Explanation.UNKNOWN if large else Explanation.NO_CHANGE
    if by_label:
        return Explanation.LABEL_SHIFT if by_row is False else Explanation.EITHER
    return Explanation.NEITHER if by_row is False else Explanation.COVARIATE_SHIFT


def _said(explanation: Explanation, shares: tuple[float, float], *, labelled: bool) -> str:
    moved = f"the share of positives would have gone from {percent(shares[0])} to {percent(shares[1])}"
    unless = "" if labelled else "; without labels of the current rows, a change of what labels mean cannot be excluded"
    match explanation:
        case Explanation.UNKNOWN:
            return "There are too few rows to tell whether scores moved."
        case Explanation.NO_CHANGE:
            return f"Scores are as they were{unless}."
        case Explanation.LABEL_SHIFT:
            return f"Scores moved as under label shift: {moved}; it is no covariate shift."
        case Explanation.EITHER:
            return f"Scores moved as under label shift ({moved}) or covariate shift{unless}."
        case Explanation.COVARIATE_SHIFT:
            return f"Scores did not move as under label shift; covariate shift fits{unless}."
        case _:
            return "Neither label shift nor covariate shift explains scores and labels: what labels mean has changed."
