"""Which sign stands for an outcome, beside its word?"""

from gates.outcome import Outcome

MARKS = {
    Outcome.PASS: "✅",
    Outcome.WARN: "⚠️",
    Outcome.INCONCLUSIVE: "❔",
    Outcome.FAIL: "❌",
    Outcome.ERROR: "🛑",
}

SIGNS = {
    Outcome.PASS: "✓",
    Outcome.WARN: "!",
    Outcome.INCONCLUSIVE: "?",
    Outcome.FAIL: "✗",
    Outcome.ERROR: "✗",
}
"""The same for pages of our own, which bring no font: letters that every one has."""
