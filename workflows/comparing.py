"""How would this version do against that one, without anybody asking for anything?"""

from dataclasses import dataclass, replace

from gates.evidence import Evidence, Kind, VersionRef
from gates.refusal import Refused
from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.collect import collect
from workflows.installation import Installation, Project
from workflows.states import State
from workflows.subject import Standing, fetch_version, read_standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Evidence that nobody decides about, and its digest; it is kept, because looking wears data out."""

    evidence: Evidence
    digest: str


def compare_versions(
    installation: Installation, project: Project, *, model: str, version: str, other: str | None
) -> Compared:
    """Score and measure `version` against `other`, or against the champion of the last environment that has one."""
    listener = installation.tell
    installation = replace(installation, tell=lambda _, line: listener(f"{model} v{version}", line))
    environment = _environment(installation, project, model)
    project.stage(environment).registry.version(model, version)
    try:
        standing = read_standing(installation, project, _imagined(installation, project, model, version, environment))
    except BlockedError as error:
        raise Refused(f"{error.blocked.summary} Next: {error.blocked.next}.") from error
    if other is not None:
        standing = _against(installation, project, standing, other)
    promotion = _imagined(installation, project, model, version, environment)
    evidence = collect(installation, project, promotion, standing)
    digest = installation.evidence.put(evidence)
    with installation.database.transaction() as work:
        work.ledger.append(
            kind="compared",
            project=project.name,
            subject=f"{project.name}/{model}",
            body={"evidence_digest": digest, "version": version, "with": other},
            at=installation.clock(),
        )
    return Compared(evidence=evidence, digest=digest)


def _environment(installation: Installation, project: Project, model: str) -> str:
    with installation.database.reading() as work:
        for environment in reversed(project.environments):
            if work.lanes.get(project.lane(model, environment)).champion is not None:
                return environment
    return project.environments[0]


def _against(installation: Installation, project: Project, standing: Standing, other: str) -> Standing:
    registry, model = project.stage(standing.subject.environment).registry, standing.subject.model
    registry.version(model, other)
    files = fetch_version(installation, project, registry, model=model, version=other)
    champion = VersionRef(version=other, digest=files.digest)
    against = {"champion": champion, "anchor": None}  # no lane is about to move, so no margins can add up in one
    return replace(standing, subject=standing.subject.model_copy(update=against))


def _imagined(installation: Installation, project: Project, model: str, version: str, environment: str) -> Promotion:
    now = installation.clock()
    return Promotion(
        id=0,
        project=project.name,
        model=model,
        version=version,
        environment=environment,
        kind=Kind.PROMOTE,
        state=State.EVALUATING,
        requester="",
        requester_account="",
        assurance="",
        reason="",
        surface="",
        message_id=None,
        created_at=now,
        updated_at=now,
    )
