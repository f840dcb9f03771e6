"""How did both models fare on each part of the rows or of the answers: a horizon, a class, a type of entity?"""

from typing import Literal

from gates.evidence import MetricComparison
from gates.values import Value

Kind = Literal["horizon", "class", "label", "type"]


class Part(Value):
    """One part; it is told, and nothing is judged by it."""

    kind: Kind
    name: str
    """As the data have it."""
    rows: int
    """Rows of the horizon, or rows that have the class or the label; of a type of entity, all rows."""
    metrics: tuple[MetricComparison, ...]
    """The one that says most first."""
