"""Metrics of numbers: regressions, quantiles, forecasts, and one number for each item."""

from gates.measure.numbers.estimates import NAMES, estimates

__all__ = ["NAMES", "estimates"]
