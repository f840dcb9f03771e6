"""May this be asked for now, and how is it written down?"""

from dataclasses import dataclass, replace

from gates.evidence import Kind
from gates.refusal import Refused
from storage.database import Work
from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.installation import Installation, Project
from workflows.lifecycle import move_in
from workflows.outbox import ask_for_look
from workflows.rulebook import rulebook_for_people
from workflows.states import UNDECIDED, State
from workflows.subject import expect_its_turn, read_standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a person asks for, and how they were heard."""

    model: str
    version: str | None
    environment: str
    kind: Kind
    person: str
    account: str
    assurance: str
    reason: str
    surface: str
    message_id: str
    pull_request: int | None = None
    """Set when the person opened the pull request by hand."""
    pull_request_url: str | None = None
    branch: str | None = None
    digest: str | None = None
    """Digest of the version's files as its registry has them, where they were fetched already."""


def open_promotion(installation: Installation, project: Project, ask: Ask) -> Promotion:
    """Write a request down and let the engine look at it; the same message asks once. `Refused` says why not."""
    with installation.database.transaction() as work:
        known = work.promotions.by_message(project.name, ask.message_id)
        if known is not None:
            return known
        _expect_free_lane(work, project, ask)
        return _write_down(work, installation, project, ask)


def expect_sensible(installation: Installation, project: Project, ask: Ask) -> Ask:
    """Refuse at once what could only be blocked: unknown model or version, out of order, serving already.

    Returns the request with the digest of the version's files.
    """
    rulebook = rulebook_for_people(installation, project)
    project.stage(ask.environment)
    if ask.version is not None:
        project.stage(ask.environment).registry.version(ask.model, ask.version)
    if ask.model not in rulebook.entries:
        raise Refused(
            f"The rulebook has no entry for {ask.model}, so nothing says how to judge it: "
            f"add models/{ask.model}/model.yaml to main in a pull request."
        )
    try:
        imagined = _imagined(installation, project, ask)
        standing = read_standing(installation, project, imagined)
        expect_its_turn(installation, project, imagined, standing)
    except BlockedError as error:
        raise Refused(f"{error.blocked.summary} Next: {error.blocked.next.split(', then ')[0]}.") from error
    return replace(ask, digest=None if standing.challenger is None else standing.challenger.digest)


def _imagined(installation: Installation, project: Project, ask: Ask) -> Promotion:
    now = installation.clock()
    return Promotion(
        id=0,
        project=project.name,
        model=ask.model,
        version=ask.version,
        environment=ask.environment,
        kind=ask.kind,
        state=State.EVALUATING,
        requester=ask.person,
        requester_account=ask.account,
        assurance=ask.assurance,
        reason=ask.reason,
        surface=ask.surface,
        message_id=None,
        created_at=now,
        updated_at=now,
    )


def _expect_free_lane(work: Work, project: Project, ask: Ask) -> None:
    lane = project.lane(ask.model, ask.environment)
    state = work.lanes.get(lane)
    if state.frozen and ask.kind is not Kind.ROLLBACK:
        raise Refused(
            f"{ask.model} in {ask.environment} is frozen: {state.frozen_detail} "
            f"Next: mlops sync {ask.model} in {ask.environment} --restore."
        )
    for other in work.promotions.open_in_lane(lane):
        replaceable = ask.kind is Kind.ROLLBACK or other.requester == ask.person
        if ask.pull_request is not None or State(other.state) not in UNDECIDED or not replaceable:
            raise Refused(
                f"{other.name} ({other.model} {other.version} to {other.environment}, {other.state}) is open in this "
                f"lane; one at a time. Next: mlops status {other.name}."
            )


def _write_down(work: Work, installation: Installation, project: Project, ask: Ask) -> Promotion:
    now = installation.clock()
    promotion = work.promotions.create(
        project=project.name,
        model=ask.model,
        version=ask.version,
        digest=ask.digest,
        environment=ask.environment,
        kind=ask.kind,
        requester=ask.person,
        requester_account=ask.account,
        assurance=ask.assurance,
        reason=ask.reason,
        surface=ask.surface,
        message_id=ask.message_id,
        pull_request=ask.pull_request,
        pull_request_url=ask.pull_request_url,
        branch=ask.branch,
        at=now,
    ).promotion
    for other in work.promotions.open_in_lane(project.lane(ask.model, ask.environment)):
        if other.id != promotion.id:
            _supersede(work, installation, other, by=promotion)
    work.ledger.append(
        kind="requested",
        project=project.name,
        subject=promotion.name,
        body={
            "kind": ask.kind.value,
            "model": ask.model,
            "version": ask.version,
            "environment": ask.environment,
            "person": ask.person,
            "account": ask.account,
            "assurance": ask.assurance,
            "reason": ask.reason,
            "surface": ask.surface,
            "pull_request": ask.pull_request,
        },
        at=now,
    )
    ask_for_look(work, promotion, cause="requested", at=now)
    return promotion


def _supersede(work: Work, installation: Installation, other: Promotion, *, by: Promotion) -> None:
    problem = f"{by.name} took its place."
    ended = move_in(
        work,
        installation,
        other,
        State.SUPERSEDED,
        kind="superseded",
        body={"by": by.name},
        superseded_by=by.id,
        problem=problem,
    )
    ask_for_look(work, ended, cause=f"superseded by {by.name}", at=by.created_at)
