"""What exactly is this promotion about, as the world stands now?

Read whenever a promotion is looked at: when it starts, when somebody decides, and again before anything moves. Nothing
is measured here; two readings of an unchanged world are equal.
"""

from dataclasses import dataclass

from gates.evidence import Kind, Subject, VersionRef
from gates.principle_facts import Principle
from gates.refusal import UserError
from policies.effective import EffectivePolicy, as_json, effective_policy
from policies.entry import ModelEntry
from policies.order import next_in_order
from policies.people import People
from policies.rulebook import Rulebook
from storage.canonical import canonical_digest
from storage.database import Work
from storage.files import StoredFiles
from storage.lanes import Lane, LaneState
from storage.promotions import Promotion
from storage.registry import Registry
from workflows.anchoring import anchor_of
from workflows.blocked import blocked
from workflows.installation import Installation, Project
from workflows.reasons import Reason
from workflows.rulebook import expect_teams, trusted_rulebook
from workflows.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A subject, and what was read to know it."""

    subject: Subject
    entry: ModelEntry
    policy: EffectivePolicy
    people: People
    challenger: StoredFiles | None
    """The version's files in our store; None when the model is to be retired."""
    principles: tuple[Principle, ...] = ()

    @property
    def digest(self) -> str:
        """Return the subject's name: the SHA-256 of its canonical JSON."""
        return subject_digest(self.subject)


def subject_digest(subject: Subject) -> str:
    """Return the SHA-256 of a subject's canonical JSON."""
    return canonical_digest(subject.model_dump(mode="json"))


def read_standing(installation: Installation, project: Project, promotion: Promotion) -> Standing:
    """Read everything a decision would bind to; raises `BlockedError` when some of it is not to be had."""
    trusted = trusted_rulebook(installation, project)
    expect_teams(trusted)
    entry = trusted.rulebook.entries.get(promotion.model)
    if entry is None:
        raise blocked(
            Reason.UNKNOWN_MODEL,
            f"The rulebook has no entry for {promotion.model}.",
            what_next=f"add models/{promotion.model}/model.yaml to main in a pull request",
        )
    policy = _policy(trusted.rulebook, promotion)
    lane = read_lane(installation, project, promotion)
    challenger = _challenger(installation, project, promotion)
    anchor = anchor_of(installation, lane.lane, lane.champion) if promotion.kind is Kind.PROMOTE else None
    subject = _subject(project, promotion, lane=lane, challenger=challenger, entry=entry, policy=policy)
    return Standing(
        subject=subject.model_copy(update={"anchor": anchor}),
        entry=entry,
        policy=policy,
        people=trusted.rulebook.people,
        challenger=challenger,
        principles=trusted.rulebook.principles,
    )


def expect_its_turn(installation: Installation, project: Project, promotion: Promotion, standing: Standing) -> None:
    """Raise `BlockedError` when this content must serve elsewhere first, or is the champion already."""
    _keep_order(installation, project, promotion, standing.challenger)
    _expect_news(promotion, read_lane(installation, project, promotion), standing.challenger)


def read_lane(installation: Installation, project: Project, promotion: Promotion) -> LaneState:
    """Return what the promotion's lane remembers."""
    with installation.database.reading() as work:
        return work.lanes.get(project.lane(promotion.model, promotion.environment))


def fetch_version(
    installation: Installation, project: Project, registry: Registry, *, model: str, version: str
) -> StoredFiles:
    """Return the version's files as its registry has them now, kept in our store under their digest."""
    return installation.files.of_version(
        project.name, model, version, lambda into: registry.fetch(model, version, into)
    )


def _policy(rulebook: Rulebook, promotion: Promotion) -> EffectivePolicy:
    try:
        return effective_policy(
            rulebook,
            model=promotion.model,
            environment=promotion.environment,
            kind=promotion.kind,
        )
    except UserError as none:
        raise blocked(Reason.NO_POLICY, str(none), what_next="add a policy for it in a pull request") from none


def _challenger(installation: Installation, project: Project, promotion: Promotion) -> StoredFiles | None:
    if promotion.version is None:
        return None
    registry = project.stage(promotion.environment).registry
    try:
        registry.version(promotion.model, promotion.version)
        return fetch_version(installation, project, registry, model=promotion.model, version=promotion.version)
    except UserError as unknown:
        raise blocked(
            Reason.UNKNOWN_VERSION,
            str(unknown),
            what_next=f"register it again, or: mlops withdraw {promotion.name}",
        ) from unknown


def _keep_order(
    installation: Installation, project: Project, promotion: Promotion, challenger: StoredFiles | None
) -> None:
    if promotion.kind is not Kind.PROMOTE or challenger is None:
        return
    with installation.database.reading() as work:
        served = frozenset(
            (environment, digest)
            for environment in project.environments
            for digest in _unrevoked(work, project.lane(promotion.model, environment))
        )
    first = next_in_order(project.environments, promotion.environment, digest=challenger.digest, promoted=served)
    if first is not None:
        raise blocked(
            Reason.OUT_OF_ORDER,
            f"{promotion.model} v{promotion.version} has not served in {first} yet, "
            f"or was rolled back there, and {first} comes before {promotion.environment}.",
            what_next=f"mlops promote {promotion.model} {promotion.version} to {first}, "
            f"then mlops recheck {promotion.name}",
        )


def _unrevoked(work: Work, lane: Lane) -> frozenset[str]:
    """Return the contents that people let through here and nobody has rolled back since."""
    found = (other for other in work.promotions.of_lane(lane) if other.state == State.PROMOTED)
    return frozenset(other.digest for other in found if other.digest is not None)


def _expect_news(promotion: Promotion, lane: LaneState, challenger: StoredFiles | None) -> None:
    moving = State(promotion.state) in {State.AUTHORISED, State.DEPLOYING}
    if moving or challenger is None or lane.champion is None:
        return
    if (lane.champion.version, lane.champion.digest) == (promotion.version, challenger.digest):
        raise blocked(
            Reason.ALREADY_SERVING,
            f"{promotion.model} v{promotion.version} is the champion in {promotion.environment} already.",
            what_next=f"mlops withdraw {promotion.name}" if promotion.id else f"mlops status {promotion.model}",
        )


def _subject(
    project: Project,
    promotion: Promotion,
    *,
    lane: LaneState,
    challenger: StoredFiles | None,
    entry: ModelEntry,
    policy: EffectivePolicy,
) -> Subject:
    wanted = None
    if challenger is not None and promotion.version is not None:
        wanted = VersionRef(version=promotion.version, digest=challenger.digest)
    return Subject(
        project=project.name,
        model=promotion.model,
        environment=promotion.environment,
        target=project.stage(promotion.environment).target.name,
        kind=promotion.kind,
        challenger=wanted,
        champion=lane.champion,
        evaluation_data=entry.evaluation.sha256,
        entry=entry.as_json(),
        policy=as_json(policy),
    )
