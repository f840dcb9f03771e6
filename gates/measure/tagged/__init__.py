"""Metrics of answers that are sets: several labels of one row, or the entities in a sequence of tags."""

from gates.measure.tagged.estimates import NAMES, estimates
from gates.measure.tagged.prepare import prepare_tagged

__all__ = ["NAMES", "estimates", "prepare_tagged"]
