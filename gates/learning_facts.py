"""How did the training of both models go, step by step, as far as their runs logged it?

It is told and drawn, not judged: the numbers are the trainer's own, of whichever rows the run measured.
"""

from gates.answer_facts import Who
from gates.values import Value


class LearningCurve(Value):
    """One metric of one model's run."""

    metric: str
    """As the run named it."""
    who: Who
    points: tuple[tuple[int, float], ...]
    """Step and value, by step; of many, those that show where it went and what it swung between."""
    logged: int
    """Steps that the run logged."""
    not_finite: int = 0
    """Of those, how many are not a number or beyond all numbers; they are in no point."""


class Learning(Value):
    """The curves of both runs; none where they logged only final values."""

    curves: tuple[LearningCurve, ...] = ()
    """By metric, the challenger's before the champion's."""
    left_out: tuple[str, ...] = ()
    """What was logged and is not here, one sentence each."""
