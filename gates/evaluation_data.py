"""Are the evaluation data the pinned ones, large enough, from someone else, and unseen in training?"""

from typing import Literal

from pydantic import Field, JsonValue

from gates.conclusion import Conclusion, finding, one
from gates.evidence import EvaluationData, Evidence, Lineage
from gates.outcome import Finding, Measure, Outcome
from gates.scored import changed_data
from gates.values import Value
from gates.wording import count


class EvaluationDataGate(Value):
    """Checks where the numbers come from, before anyone believes them."""

    gate: Literal["evaluation_data"] = "evaluation_data"
    minimum_rows: int = Field(default=100, ge=1)
    """With fewer labelled rows the data are inconclusive."""
    unknown_training_data: Literal["pass", "warn", "error"] = "warn"
    """What it means that the run logged no inputs, so that no one can tell whether training saw these data."""

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "evaluation_data"

    def check(self, evidence: Evidence) -> Finding:
        """Conclude on content, size, who registered them, and training."""
        data, lineage = evidence.facts.data, evidence.facts.lineage
        problem = changed_data(evidence)
        if problem or data is None:
            return one(self.name, Outcome.ERROR, problem or "The evaluation data were not read.")
        return finding(
            self.name,
            [
                self._size(data, evidence.subject.entry.get("cluster")),
                _registered(data, lineage),
                self._unseen(lineage),
            ],
        )

    def _size(self, data: EvaluationData, cluster: JsonValue) -> Conclusion:
        measure = Measure(
            name="labelled rows", value=float(data.rows), limit=float(self.minimum_rows), limit_is="least"
        )
        lacking = f"a label or {cluster}" if cluster else "a label"
        left_out = f" ({data.rows_left_out:,} without {lacking} left out)" if data.rows_left_out else ""
        rows = f"The evaluation data {data.uri} {data.version} hold {count(data.rows, 'labelled row')}{left_out}"
        if data.rows >= self.minimum_rows:
            return Conclusion(
                outcome=Outcome.PASS, sentence=f"{rows}, as pinned ({data.sha256[:12]}).", measures=(measure,)
            )
        sentence = f"{rows}; the policy asks for {self.minimum_rows:,}."
        return Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=sentence, measures=(measure,))

    def _unseen(self, lineage: Lineage | None) -> Conclusion:
        seen = lineage.saw_evaluation_data if lineage else None
        if seen is None:
            return Conclusion(
                outcome=Outcome(self.unknown_training_data),
                sentence="No one can tell whether training saw them: the run logged no inputs (mlflow.log_input).",
            )
        if seen:
            return Conclusion(
                outcome=Outcome.FAIL,
                sentence="Training saw the evaluation data: train without them, or pin data that it did not see.",
            )
        return Conclusion(outcome=Outcome.PASS, sentence="Training did not see them.")


def _registered(data: EvaluationData, lineage: Lineage | None) -> Conclusion:
    """Compare persons without regard to case; an unknown on either side is an error."""
    trainers = {name.casefold() for name in (lineage.trainer, lineage.trainer_person) if name} if lineage else set()
    if not data.registered_by:
        sentence = "No one is named who registered the evaluation data: name them in model.yaml."
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    if not trainers:
        sentence = f"The trainer is not known, so {data.registered_by} may have registered data for their own model."
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    if data.registered_by.casefold() in trainers:
        sentence = f"{data.registered_by} both trained the model and registered the evaluation data: someone else must."
        return Conclusion(outcome=Outcome.FAIL, sentence=sentence)
    return Conclusion(
        outcome=Outcome.PASS, sentence=f"Registered by {data.registered_by}, who did not train the model."
    )
