"""Are the evaluation data sound enough that numbers measured on them mean something?"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence
from gates.outcome import Finding, Measure, Outcome
from gates.quality_facts import RULES, Check, Quality, QualityFinding, Rule
from gates.values import Value
from gates.wording import count

NOT_OF_PROMOTIONS: frozenset[Check] = frozenset(
    {
        "column_absent",
        "column_new",
        "type_changed",
        "range_left",
        "new_categories",
        "null_growth",
        "duplicate_ids",
        "null_ids",
        "shared_ids",
        "shared_rows",
        "earlier_than_reference",
        "unknown_labels",
    }
)
"""What takes the training data, an id or a set of labels: `mlops measure quality` is told them, a promotion is not."""
MOST_SAID = 3
"""Sentences of one check that the summary says; the others are counted, and all of them are among the measures."""


class DataQuality(Value):
    """Holds each observation about the evaluation data against a rule: what it means above which number.

    `checks: {nulls: {outcome: fail, above: 0.1}, extra_column: warn, lookalikes: pass}`: one word keeps the limit that
    is usual (`gates.quality_facts.RULES`), and `pass` switches a check off.
    """

    gate: Literal["data_quality"] = "data_quality"
    checks: dict[Check, Rule] = Field(default_factory=dict)
    """Rules that differ from the usual ones."""
    required: tuple[Check, ...] = ()
    """Checks that must have been made, such as `missing_column`; one that was not is an error."""

    @field_validator("checks", mode="before")
    @classmethod
    def _words_are_rules(cls, given: object) -> object:
        """Let one word stand for an outcome with the usual limit, and a limit alone for the usual outcome."""
        if not isinstance(given, Mapping):
            return given
        return {check: _completed(check, rule) for check, rule in given.items()}

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "data_quality"

    def check(self, evidence: Evidence) -> Finding:
        """Conclude on what was found about the evaluation data."""
        data = evidence.facts.data
        if evidence.facts.quality is None and data is not None and data.problem:
            return one(self.name, Outcome.ERROR, f"The evaluation data could not be looked at: {data.problem}")
        return self.judge(evidence.facts.quality)

    def judge(self, quality: Quality | None) -> Finding:
        """Conclude on a table's quality, wherever it was measured; data that nobody looked at are an error."""
        if quality is None or not quality.checked:
            return one(self.name, Outcome.ERROR, _unknown(quality))
        judged = [(self.rule(found.check).judge(found.value), found) for found in quality.findings]
        missing = [self._missing(check, quality) for check in self.required if check not in quality.checked]
        return finding(self.name, [*missing, *_conclusions(judged), _sound(quality)])

    def rule(self, check: Check) -> Rule:
        """Return the rule of one check."""
        return self.checks.get(check, RULES[check])

    def _missing(self, check: Check, quality: Quality) -> Conclusion:
        reason = quality.not_checked.get(check, "it does not apply to these data.")
        return Conclusion(
            outcome=Outcome.ERROR, sentence=f"The policy asks for {check}, which was not checked: {reason}"
        )


def _unknown(quality: Quality | None) -> str:
    """Say why nothing is known of the data."""
    causes = () if quality is None else tuple(dict.fromkeys(quality.not_checked.values()))
    if not causes:
        return "The quality of the evaluation data was not measured: recheck."
    return f"The quality of the evaluation data could not be measured: {' '.join(causes)}"


def _completed(check: object, rule: object) -> object:
    usual = RULES.get(check)  # type: ignore[call-overload]  # an unknown check is pydantic's to refuse
    if usual is None or isinstance(rule, Rule):
        return rule
    given: dict[str, object] = dict(rule) if isinstance(rule, Mapping) else {"outcome": rule}
    return {"outcome": usual.outcome, "above": usual.above} | given


def _conclusions(judged: list[tuple[Outcome, QualityFinding]]) -> list[Conclusion]:
    """Say the first few of each check and outcome in full, and count the others; keep the numbers of all."""
    heard: dict[tuple[Check, Outcome], list[QualityFinding]] = {}
    for outcome, found in judged:
        heard.setdefault((found.check, outcome), []).append(found)
    return [
        Conclusion(outcome=outcome, sentence=_said(alike), measures=tuple(map(_measure, alike)))
        for (_, outcome), alike in heard.items()
        if outcome is not Outcome.PASS
    ]


def _said(alike: list[QualityFinding]) -> str:
    ranked = sorted(alike, key=lambda found: -found.value)
    said = " ".join(found.sentence for found in ranked[:MOST_SAID])
    rest = len(ranked) - MOST_SAID
    return f"{said} The same ({ranked[0].check}) in {count(rest, 'other column')}." if rest > 0 else said


def _measure(found: QualityFinding) -> Measure:
    where = f" of {found.column}" if found.column else ""
    return Measure(name=f"{found.check}{where}", value=found.value, detail=found.sentence)


def _sound(quality: Quality) -> Conclusion:
    looked = f"{count(len(quality.checked), 'check')} of {count(quality.rows, 'row')}"
    sentence = f"{looked} and {count(len(quality.columns), 'column')} found nothing that the policy minds."
    return Conclusion(outcome=Outcome.PASS, sentence=sentence)
