"""How is an observation written down?"""

from gates.measure.rounding import rounded
from gates.quality_facts import RULES, Check, QualityFinding


def found(
    check: Check,
    sentence: str,
    *,
    value: float = 1.0,
    column: str | None = None,
    rows: int | None = None,
    **numbers: float,
) -> QualityFinding:
    """Return a finding, judged by the usual rule."""
    kept = rounded(value) or 0.0
    return QualityFinding(
        check=check,
        outcome=RULES[check].judge(kept),
        column=column,
        value=kept,
        rows=rows,
        numbers={name: rounded(number) or 0.0 for name, number in sorted(numbers.items())},
        sentence=sentence,
    )
