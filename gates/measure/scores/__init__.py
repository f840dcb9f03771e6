"""Log loss, Brier score, calibration error, areas under ROC curves and average precision, of one or two models."""

from gates.measure.scores.estimating import NAMES, estimates, score_groups
from gates.measure.scores.reliability import ReliabilityBin
from gates.measure.scores.reliable import reliability

__all__ = ["NAMES", "ReliabilityBin", "estimates", "reliability", "score_groups"]
