"""Where do challenger and champion come from, as their registry tells it?"""

from dataclasses import dataclass
from pathlib import Path

from gates.answer_facts import Who
from gates.evidence import EvaluationData, Kind, Lineage
from gates.learning_facts import Learning
from gates.refusal import UserError
from storage.promotions import Promotion
from storage.registry import RegisteredVersion
from workflows.installation import Project
from workflows.learning import learning_of
from workflows.subject import Standing

LEAST_DIGEST = 8
"""Characters that MLflow cuts digests to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """What is known of both."""

    challenger: Lineage
    champion: Lineage | None
    """None without a champion, and where its registry has lost it."""
    learning: Learning | None


def origins_of(project: Project, standing: Standing, promotion: Promotion, data: EvaluationData) -> Origins:
    """Look both versions up; a champion that its registry has lost still serves, and is told as not known."""
    registry = project.stage(promotion.environment).registry
    challenger = registry.version(promotion.model, str(promotion.version))
    champion = _champion(project, standing, promotion)
    both: list[tuple[Who, RegisteredVersion]] = [("challenger", challenger)]
    both += [("champion", champion)] if champion is not None else []
    return Origins(
        challenger=_lineage(project, standing, challenger, data),
        champion=None if champion is None else _lineage(project, standing, champion, data),
        learning=learning_of(registry, both),
    )


def _champion(project: Project, standing: Standing, promotion: Promotion) -> RegisteredVersion | None:
    subject = standing.subject
    if subject.champion is None or subject.kind is not Kind.PROMOTE:
        return None
    try:
        return project.stage(promotion.environment).registry.version(subject.model, subject.champion.version)
    except UserError:
        return None


def _lineage(project: Project, standing: Standing, known: RegisteredVersion, data: EvaluationData) -> Lineage:
    trainer = standing.people.person_of("mlflow", known.trainer) if known.trainer else None
    inputs = tuple(sorted({name_or_digest for pair in known.inputs for name_or_digest in pair}))
    return Lineage(
        run_id=known.run_id,
        trainer=known.trainer,
        trainer_person=None if trainer is None else trainer.login,
        registered_by=known.registered_by,
        source_commit=known.source_commit,
        source_author=project.forge.author_of(known.source_commit) if known.source_commit else None,
        training_data=inputs,
        saw_evaluation_data=_saw(inputs, data),
        parameters=dict(known.parameters),
        tags=dict(known.tags),
    )


def _saw(inputs: tuple[str, ...], data: EvaluationData) -> bool | None:
    """Tell whether a logged input is the evaluation data: by its digest (whole or cut short) or by its place."""
    if not inputs:
        return None
    names = {data.uri, Path(data.uri).name, Path(data.uri).stem}
    return any(name in names or (len(name) >= LEAST_DIGEST and data.sha256.startswith(name)) for name in inputs)
