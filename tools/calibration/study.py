"""What does one simulation show of an interval: does it cover, does harm pass, is harm cried without cause?"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Trials of one method in one setting, of known truth; counts are of trials."""

    name: str
    """What is measured, such as a metric."""
    setting: str
    """What the rows are like, in words."""
    n: int
    """Rows of each trial."""
    positives: int | None = None
    """Rows of the rarer class or group that are expected, where that matters."""
    trials: int
    inconclusive: int = 0
    """Trials without an interval, for there were too few rows; the other counts are of the rest."""
    covered: int | None = None
    """Trials whose two-sided 95 % interval holds the true value; None where there is none."""
    false_pass: int | None = None
    """Trials that show, at one-sided 5 %, that a challenger worse by exactly the margin is not that bad."""
    false_alarm: int | None = None
    """Trials that prove harm, at one-sided 5 %, of a challenger that is as good."""

    @property
    def told(self) -> int:
        """Trials with an interval."""
        return self.trials - self.inconclusive

    def share(self, count: int | None) -> float | None:
        """Return the share of the trials with an interval."""
        return None if count is None or not self.told else count / self.told

    def error(self, count: int | None) -> float | None:
        """Return the Monte-Carlo standard error of that share; one trial more and less keeps it from being 0."""
        if count is None or not self.told:
            return None
        share = (count + 1) / (self.told + 2)
        return math.sqrt(share * (1 - share) / self.told)
