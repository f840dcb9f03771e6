"""How would this version do against that one, without anybody asking for anything?"""

from dataclasses import dataclass, replace

from gates.evidence import Evidence, Kind, Subject, VersionRef
from gates.outcome import Verdict
from gates.refusal import Refused, UserError
from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.collect import collect
from workflows.installation import Installation, Project
from workflows.states import State
from workflows.subject import Standing, fetch_version, read_standing
from workflows.verdicts import verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Evidence that nobody decides about, and its digest; it is kept, because looking wears data out."""

    evidence: Evidence
    digest: str
    verdict: Verdict


def compare_versions(
    installation: Installation, project: Project, *, model: str, version: str, other: str | None
) -> Compared:
    """Score and measure `version` against `other`, or against the champion of the last environment that has one.

    Raises UserError, before anything is measured, where the two are the same: it would cost a look and tell nothing.
    """
    listener = installation.tell
    installation = replace(installation, tell=lambda _, line: listener(f"{model} v{version}", line))
    environment = _environment(installation, project, model)
    project.stage(environment).registry.version(model, version)
    promotion = _imagined(installation, project, model, version, environment)
    try:
        standing = read_standing(installation, project, promotion)
    except BlockedError as error:
        raise Refused(f"{error.blocked.summary} Next: {error.blocked.next}.") from error
    if other is not None:
        standing = _against(installation, project, standing, other)
    _expect_another(standing.subject, named=other is not None)
    digest = installation.evidence.put(collect(installation, project, promotion, standing))
    evidence = installation.evidence.get(digest)  # judged as everyone will read it
    compared = Compared(evidence=evidence, digest=digest, verdict=verdict_of(evidence))
    _write_down(installation, compared)
    return compared


def _expect_another(subject: Subject, *, named: bool) -> None:
    """Refuse a version beside itself, also where it is registered twice: the files say what it is."""
    ours, other = subject.challenger, subject.champion
    if ours is None or other is None or ours.digest != other.digest:
        return
    model, version = subject.model, ours.version
    if ours.version != other.version:
        why = f"{model} v{version} and v{other.version} are the same files, so there is nothing to compare."
    elif named:
        why = f"{model} v{version} would be compared with itself."
    else:
        why = f"{model} v{version} serves in {subject.environment} already, so it would be compared with itself."
    raise UserError(f"{why} Name another version: mlops compare {model} {version} with VERSION.")


def _write_down(installation: Installation, compared: Compared) -> None:
    subject = compared.evidence.subject
    with installation.database.transaction() as work:
        work.ledger.append(
            kind="compared",
            project=subject.project,
            subject=f"{subject.project}/{subject.model}",
            body={
                "evidence_digest": compared.digest,
                "version": None if subject.challenger is None else subject.challenger.version,
                "with": None if subject.champion is None else subject.champion.version,
                "environment": subject.environment,
                "outcome": compared.verdict.outcome.value,
            },
            at=installation.clock(),
        )


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
