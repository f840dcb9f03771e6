"""Which of several proofs still hold when one knows that there were several?

Holm 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6:65-70: the
chance that any of the proofs is false stays within the level, however the tests depend on each other.
"""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return each p-value as it counts among the others: at most the level where the proof holds at that level."""
    ordered = sorted(range(len(p_values)), key=lambda place: p_values[place])
    found = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(ordered):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - rank)))
        found[place] = largest
    return tuple(found)
