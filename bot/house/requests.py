"""What happens when somebody asks for a version to move?"""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import Promote, Retire, Rollback
from bot.exchange import Reply, Request
from bot.house.desk import Desk
from bot.house.persons import actor
from bot.house.replies import promotion_reply
from gates.evidence import Kind
from gates.refusal import Refused
from storage.promotions import Promotion
from workflows.installation import Project
from workflows.opening import Ask, expect_sensible, open_promotion
from workflows.states import State


def promote(desk: Desk, request: Request, command: Promote) -> Reply:
    """Open a promotion and take it as far as it goes without people."""
    project = desk.project_of(command.model)
    return _open(
        desk,
        request,
        project,
        model=command.model.name,
        version=command.version,
        environment=command.environment,
        kind=Kind.PROMOTE,
        reason=command.reason,
    )


def rollback(desk: Desk, request: Request, command: Rollback) -> Reply:
    """Bring a former champion back by its own short road."""
    project = desk.project_of(command.model)
    project.stage(command.environment)
    version = command.version or former_champion(desk, project, command.model.name, command.environment)
    _expect_receipt(desk, project, command.model.name, version, command.environment)
    return _open(
        desk,
        request,
        project,
        model=command.model.name,
        version=version,
        environment=command.environment,
        kind=Kind.ROLLBACK,
        reason=command.reason,
    )


def retire(desk: Desk, request: Request, command: Retire) -> Reply:
    """Let nothing serve in an environment any more."""
    project = desk.project_of(command.model)
    lane = project.lane(command.model.name, project.stage(command.environment).name)
    with desk.installation.database.reading() as work:
        champion = work.lanes.get(lane).champion
    if champion is None:
        raise Refused(f"Nothing serves {command.model} in {command.environment}, so there is nothing to retire.")
    return _open(
        desk,
        request,
        project,
        model=command.model.name,
        version=None,
        environment=command.environment,
        kind=Kind.RETIRE,
        reason=command.reason,
    )


def former_champion(desk: Desk, project: Project, model: str, environment: str) -> str:
    """Return the version that served before the present one and was not itself rolled back; `Refused` when none."""
    lane = project.lane(model, environment)
    with desk.installation.database.reading() as work:
        champion = work.lanes.get(lane).champion
        history = work.promotions.of_lane(lane)
    current = None if champion is None else champion.digest
    for promotion in reversed(_standing_line(history)):
        if promotion.version is not None and promotion.digest != current:
            return promotion.version
    raise Refused(
        f"No earlier version of {model} was promoted to {environment}, so there is none to go back to. "
        f"Next: mlops history {model}."
    )


def _standing_line(history: Sequence[Promotion]) -> list[Promotion]:
    """Return the champions one after another, without those that a rollback went back behind."""
    line: list[Promotion] = []
    for promotion in history:
        if promotion.state not in {State.PROMOTED, State.ROLLED_BACK} or promotion.version is None:
            continue
        if promotion.kind is Kind.ROLLBACK and promotion.digest in {one.digest for one in line}:
            while line[-1].digest != promotion.digest:
                line.pop()
        else:
            line.append(promotion)
    return line


def _expect_receipt(desk: Desk, project: Project, model: str, version: str, environment: str) -> None:
    lane = project.lane(model, environment)
    with desk.installation.database.reading() as work:
        served = [
            promotion.version
            for promotion in work.promotions.of_lane(lane)
            if promotion.state in {State.PROMOTED, State.ROLLED_BACK} and promotion.version is not None
        ]
    if version not in served:
        known = ", ".join(f"v{one}" for one in dict.fromkeys(served)) or "none"
        raise Refused(
            f"{model} v{version} was never promoted to {environment}, so a rollback cannot bring it there "
            f"(receipts there: {known}). Next: mlops promote {model} {version} to {environment}."
        )


def _open(
    desk: Desk,
    request: Request,
    project: Project,
    *,
    model: str,
    version: str | None,
    environment: str,
    kind: Kind,
    reason: str,
) -> Reply:
    who = actor(request.speaker, desk.rulebook(project))
    ask = Ask(
        model=model,
        version=version,
        environment=environment,
        kind=kind,
        person=who.person.login,
        account=who.account,
        assurance=who.assurance,
        reason=reason,
        surface=request.surface,
        message_id=request.message_id,
    )
    if not _heard_before(desk, project, request):
        ask = expect_sensible(desk.installation, project, ask)
    opened = open_promotion(desk.installation, project, ask)
    desk.drain()
    reply = promotion_reply(desk, project, _again(desk, opened))
    replaced = _replaced_by(desk, opened)
    return replace(reply, text=f"{reply.text.rstrip()}\n  It takes the place of {replaced}.\n") if replaced else reply


def _replaced_by(desk: Desk, promotion: Promotion) -> str:
    """Name what was open in the lane and had to give way."""
    with desk.installation.database.reading() as work:
        lane = work.promotions.of_lane(promotion.lane)
    return ", ".join(other.name for other in lane if other.superseded_by == promotion.id)


def _heard_before(desk: Desk, project: Project, request: Request) -> bool:
    with desk.installation.database.reading() as work:
        return work.promotions.by_message(project.name, request.message_id) is not None


def _again(desk: Desk, promotion: Promotion) -> Promotion:
    with desk.installation.database.reading() as work:
        return work.promotions.find(promotion.id) or promotion
