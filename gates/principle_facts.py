"""What does the team hold itself to, and which gates check it?"""

from gates.values import Value


class Principle(Value):
    """One principle of the team, as the rulebook had it when the evidence was collected; told, not judged."""

    principle: str
    text: str = ""
    """What it asks, in a sentence."""
    gates: tuple[str, ...] = ()
    """Names of gates that check it, such as `fairness`; none where nothing does."""
