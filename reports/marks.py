"""Which sign stands for an outcome, beside its word?"""

from gates.outcome import Outcome

MARKS = {
    Outcome.PASS: "✅",
    Outcome.WARN: "⚠️",
    Outcome.INCONCLUSIVE: "❔",
    Outcome.FAIL: "❌",
    Outcome.ERROR: "🛑",
}
