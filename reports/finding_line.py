"""How is a finding said in one line, without a word said twice?"""

import re
from collections.abc import Iterable

from gates.outcome import Finding

_OF_METRIC = re.compile(r"(?P<kind>[^:]+): (?P<metric>\S+)(?P<narrowed> .*)?", re.DOTALL)


def gate_of(finding: Finding) -> str:
    """Return the gate's name as it stands before its sentence.

    `fairness: recall` is `fairness` where the sentence begins with `recall` itself.
    """
    found = _OF_METRIC.fullmatch(finding.gate)
    if found is None or not finding.summary.startswith(f"{found['metric']} "):
        return finding.gate
    return f"{found['kind']}{found['narrowed'] or ''}"


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put what stops a promotion before what does not; within an outcome the policy's order stays."""
    return tuple(sorted(findings, key=lambda finding: finding.outcome, reverse=True))


def cause(summary: str, findings: Iterable[Finding]) -> str:
    """Return the summary of what stands in the way; where it repeats a finding, in that finding's one line."""
    for finding in findings:
        if summary == f"{finding.gate}: {finding.summary}":
            return f"{gate_of(finding)}: {finding.summary}"
    return summary
