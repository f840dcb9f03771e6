"""By how much does a rate differ between two models that answered the same rows?"""

from dataclasses import dataclass

import numpy as np

from gates.measure.groups.limits import Floats, Mask, Pair, Scores, Shrink, divided, whole

CONTINUITY = 0.25
"""Rows that a limit takes to have hit for the other side, for counts are whole: with none, limits of 30 to 100 rows
cover 93 % at worst, and with a half, as usual, 97 % (calibrated by adding up all samples)."""
HALVINGS = 48
"""Of a range a few standard errors wide: beyond the last digits that facts keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRates:
    """Rows where only the challenger hits, and only the champion does, among the rows that count, one entry a group."""

    gained: Floats
    lost: Floats
    of: Floats
    shrink: Shrink = whole

    @property
    def value(self) -> Floats:
        """The challenger's rate minus the champion's."""
        return divided(self.gained - self.lost, self.of)

    def at(self, score: Scores) -> Pair:
        """Return the limits of Tango's score interval (1998, Statistics in Medicine 17:891-908).

        It needs few discordant rows, or none: then it says how large a difference such a sample cannot show. Counts
        are whole, so there is a part of a continuity correction in it.
        """
        worth = self.shrink(score)
        gained, lost, of = self.gained * worth, self.lost * worth, self.of * worth
        more = np.where(of > 0, CONTINUITY * np.minimum(score, 1.0), 0.0)
        return -_upper(lost + more, gained, of + more, score), _upper(gained + more, lost, of + more, score)


def _upper(gained: Floats, lost: Floats, of: Floats, score: Scores) -> Floats:
    """Return the largest difference that is no farther than `score` standard errors above what was seen."""
    seen = divided(gained - lost, of)
    reach = 2 * (score * np.sqrt(gained + lost + 1) + np.square(score) + 1)
    low, high = np.maximum(seen, -1.0), np.minimum(seen + divided(reach, of), 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        near = _is_near(gained, lost, of, middle, score)
        low, high = np.where(near, middle, low), np.where(near, high, middle)
    return (low + high) / 2


def _is_near(gained: Floats, lost: Floats, of: Floats, difference: Floats, score: Scores) -> Mask:
    """Is the sample at most `score` standard errors below a true difference, by that difference's own variance?

    Of a true difference, the share of rows that only the champion hits is the most likely one, times twice the rows.
    """
    linear = (2 * of - gained + lost) * difference - gained - lost
    rest = difference * (1 - difference)
    twice_lost = (np.sqrt(np.maximum(linear**2 + 8 * of * lost * rest, 0.0)) - linear) / 2
    gap = gained - lost - of * difference
    near: Mask = gap >= -score * np.sqrt(np.maximum(twice_lost + of * rest, 0.0))
    return near
