"""Does the new version answer now, and does everybody know?"""

from contextlib import suppress

from gates.evidence import Subject, VersionRef
from gates.refusal import Unavailable, UserError
from policies.entry import ModelEntry
from storage.promotions import BlockedBy, Promotion
from workflows.collect import example_rows
from workflows.deployments import show_deployment
from workflows.effects import Intent, carry_out
from workflows.installation import Installation, Project
from workflows.lifecycle import move
from workflows.proving import prove
from workflows.reasons import Reason
from workflows.reverting import revert_promotion
from workflows.show import show
from workflows.states import State
from workflows.target import Placement
from workflows.verdicts import subject_of

DEADLINE = 600
"""Seconds that a target may take to switch before main is reverted and the old champion stays."""


def deploy(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Switch the target and the alias to an authorised version, then prove it; past the deadline, go back."""
    given_up = _given_up(installation, promotion)
    if given_up is not None:
        return _go_back(installation, project, promotion, given_up)
    show_deployment(project, promotion)
    installation.tell(promotion.name, _step(promotion))
    try:
        carry_out(installation, _intent(promotion, "switch"), lambda: _switch(installation, project, promotion))
        carry_out(installation, _intent(promotion, "alias"), lambda: _alias(project, promotion))
    except Unavailable as reason:
        if installation.clock() - promotion.updated_at < DEADLINE:
            raise
        return _give_up(installation, project, promotion, str(reason))
    except UserError as reason:  # the version or its files are gone: no patience brings them back
        return _give_up(installation, project, promotion, str(reason))
    return show(installation, project, prove(installation, project, promotion))


def _step(promotion: Promotion) -> str:
    if promotion.version is None:
        return f"letting nothing answer in {promotion.environment}"
    return f"switching {promotion.environment} to v{promotion.version}"


def _intent(promotion: Promotion, what: str) -> Intent:
    return Intent(
        project=promotion.project,
        subject=promotion.name,
        key=f"{promotion.project}:{promotion.name}:{what}",
        what=what,
        body={"environment": promotion.environment, "version": promotion.version},
    )


def _switch(installation: Installation, project: Project, promotion: Promotion) -> str:
    stage = project.stage(promotion.environment)
    subject = subject_of(installation, promotion)
    if subject.challenger is None:
        stage.target.stop(project.slot(promotion.model, promotion.environment))
        return ""
    return stage.target.switch(_placement(installation, project, subject, subject.challenger)).url


def _placement(installation: Installation, project: Project, subject: Subject, version: VersionRef) -> Placement:
    return Placement(
        slot=project.slot(subject.model, subject.environment),
        version=version,
        files=installation.files.by_digest(version.digest).path,
        example=example_rows(installation, project, ModelEntry.model_validate(subject.entry)),
    )


def _alias(project: Project, promotion: Promotion) -> str:
    stage = project.stage(promotion.environment)
    stage.registry.set_alias(promotion.model, stage.alias, promotion.version)
    return stage.alias


def _given_up_key(promotion: Promotion) -> str:
    return f"{promotion.project}:{promotion.name}:given_up"


def _given_up(installation: Installation, promotion: Promotion) -> str | None:
    """Return why it was decided to go back: a switch that would succeed after all comes too late then."""
    with installation.database.reading() as work:
        entry = work.ledger.find(kind="given_up", key=_given_up_key(promotion))
    return None if entry is None else str(entry.body["reason"])


def _give_up(installation: Installation, project: Project, promotion: Promotion, reason: str) -> Promotion:
    with installation.database.transaction() as work:
        work.ledger.append(
            kind="given_up",
            project=promotion.project,
            subject=promotion.name,
            key=_given_up_key(promotion),
            body={"reason": reason},
            at=installation.clock(),
        )
    return _go_back(installation, project, promotion, reason)


def _go_back(installation: Installation, project: Project, promotion: Promotion, reason: str) -> Promotion:
    """Revert main first, which needs nothing that sleeps; then leave target and alias as they were, if they answer."""
    installation.tell(promotion.name, "switching failed; reverting main")
    revert_promotion(installation, project, promotion)
    subject = subject_of(installation, promotion)
    with suppress(Unavailable, UserError):  # what they miss now, the next sync finds
        _keep_serving(installation, project, subject)
    with suppress(Unavailable, UserError):
        _keep_alias(project, subject)
    problem = f"The target could not switch: {reason}"
    stop = BlockedBy(
        reason_code=Reason.SWITCH_FAILED.value,
        summary=problem,
        who=(promotion.requester,),
        next="main is reverted and the old champion stays; mend the target and promote again",
    )
    failed = move(
        installation,
        promotion,
        State.FAILED,
        kind="failed",
        body={"reason_code": Reason.SWITCH_FAILED.value, "problem": problem},
        blocked_by=(stop,),
        problem=problem,
    )
    return show(installation, project, failed)


def _keep_serving(installation: Installation, project: Project, subject: Subject) -> None:
    """Let the old champion answer, and nothing where there was none, however far the switch got."""
    target, slot = project.stage(subject.environment).target, project.slot(subject.model, subject.environment)
    serving = target.serving(slot)
    if subject.champion is not None and (serving is None or serving.version != subject.champion):
        target.switch(_placement(installation, project, subject, subject.champion))
    if subject.champion is None and serving is not None:
        target.stop(slot)


def _keep_alias(project: Project, subject: Subject) -> None:
    stage = project.stage(subject.environment)
    asked = None if subject.challenger is None else subject.challenger.version
    before = None if subject.champion is None else subject.champion.version
    if stage.registry.alias(subject.model, stage.alias) == asked:
        stage.registry.set_alias(subject.model, stage.alias, before)
