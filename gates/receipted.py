"""Is this the very content that was promoted here before?"""

from typing import Literal

from gates.conclusion import Conclusion, finding, one
from gates.digest import tree_digest
from gates.evidence import Evidence, ModelFile, VersionRef
from gates.outcome import Finding, Outcome
from gates.values import Value


class Receipted(Value):
    """For a rollback: the version has a receipt in this environment, and its files are what the receipt names."""

    gate: Literal["digest"] = "digest"

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "digest"

    def check(self, evidence: Evidence) -> Finding:
        """Compare the receipt's digest and the fetched files' digest with the challenger's."""
        challenger, receipt = evidence.subject.challenger, evidence.facts.receipt
        if challenger is None:
            return one(self.name, Outcome.ERROR, "There is no version to go back to.")
        return finding(
            self.name,
            [
                _receipt(f"v{challenger.version}", evidence.subject.environment, challenger, receipt),
                _files(challenger, evidence.facts.files),
            ],
        )


def _receipt(version: str, environment: str, challenger: VersionRef, receipt: str | None) -> Conclusion:
    if not receipt:
        sentence = f"{version} has no receipt in {environment}: it was never promoted there, so it needs a promotion."
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    if receipt != challenger.digest:
        sentence = (
            f"{version} is not what was promoted to {environment}: its receipt names {receipt[:12]}, its files are "
            f"{challenger.digest[:12]} now."
        )
        return Conclusion(outcome=Outcome.FAIL, sentence=sentence)
    sentence = f"{version} is what its receipt in {environment} names ({receipt[:12]})."
    return Conclusion(outcome=Outcome.PASS, sentence=sentence)


def _files(challenger: VersionRef, files: tuple[ModelFile, ...]) -> Conclusion:
    if not files:
        return Conclusion(outcome=Outcome.ERROR, sentence="The version has no files that could be looked at.")
    found = tree_digest({file.path: file.sha256 for file in files})
    if found != challenger.digest:
        sentence = f"The files looked at have the digest {found[:12]}, not {challenger.digest[:12]}: recheck."
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    return Conclusion(outcome=Outcome.PASS, sentence=f"{len(files)} files looked at.")
