"""Does anyone know who made this version, from which source and which data?"""

from typing import Literal

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence
from gates.evidence import Lineage as Origin
from gates.outcome import Finding, Outcome
from gates.values import Value
from gates.wording import listed

Leniency = Literal["pass", "warn", "fail", "error"]


class Lineage(Value):
    """An unknown trainer is an error: no one could say whose approval does not count."""

    gate: Literal["lineage"] = "lineage"
    missing_commit: Leniency = "warn"
    """What it means that the run names no source commit."""
    missing_inputs: Leniency = "warn"
    """What it means that the run logged no inputs."""

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "lineage"

    def check(self, evidence: Evidence) -> Finding:
        """Conclude on the trainer, the source and the inputs."""
        challenger, origin = evidence.subject.challenger, evidence.facts.lineage
        if challenger is None:
            return one(self.name, Outcome.ERROR, "There is no challenger whose origin could be looked up.")
        version = f"v{challenger.version}"
        if origin is None:
            return one(self.name, Outcome.ERROR, f"The origin of {version} was not looked up: recheck.")
        return finding(self.name, [_trainer(version, origin), self._commit(origin), self._inputs(origin)])

    def _commit(self, origin: Origin) -> Conclusion:
        if origin.source_commit:
            return Conclusion(outcome=Outcome.PASS, sentence=f"Source commit {origin.source_commit[:12]}.")
        sentence = "The run names no source commit: train from a clean Git checkout."
        return Conclusion(outcome=Outcome(self.missing_commit), sentence=sentence)

    def _inputs(self, origin: Origin) -> Conclusion:
        if origin.training_data:
            return Conclusion(outcome=Outcome.PASS, sentence=f"Trained on {listed(origin.training_data)}.")
        sentence = "The run logged no inputs: call mlflow.log_input when training."
        return Conclusion(outcome=Outcome(self.missing_inputs), sentence=sentence)


def _trainer(version: str, origin: Origin) -> Conclusion:
    if not origin.trainer:
        sentence = f"The registry does not say who trained {version}: log the model from a run that names its user."
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    if not origin.trainer_person:
        sentence = (
            f"{version} was trained by the registry's account {origin.trainer!r}, which belongs to no one in "
            "policies/people.yaml: add the account to its person."
        )
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    return Conclusion(outcome=Outcome.PASS, sentence=f"{version} was trained by {origin.trainer_person}.")
