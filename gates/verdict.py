"""What do all checks together say about this evidence?"""

from collections.abc import Sequence

from gates.evidence import Evidence
from gates.gate import Gate
from gates.outcome import Verdict


def evaluate(gates: Sequence[Gate], evidence: Evidence) -> Verdict:
    """Run every gate once and keep all findings; the same evidence gives the same verdict, whenever it is asked.

    A gate that is asked for twice alike runs once; two that share a name get numbers, so that each stays a check.
    """
    distinct = [gate for index, gate in enumerate(gates) if gate not in gates[:index]]
    findings = [gate.check(evidence) for gate in distinct]
    names = _unique([gate.name for gate in distinct])
    return Verdict(
        findings=tuple(finding.model_copy(update={"gate": name}) for finding, name in zip(findings, names, strict=True))
    )


def _unique(names: Sequence[str]) -> list[str]:
    repeats = [names[:index].count(name) for index, name in enumerate(names)]
    return [f"{name} ({before + 1})" if before else name for name, before in zip(names, repeats, strict=True)]
