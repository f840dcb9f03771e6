"""What do people see who only look?"""

from bot.commands import Card, Compare, ModelName, PromotionName, Status, Why
from bot.exchange import ExitCode, Reply
from bot.house.desk import Desk
from bot.house.replies import CODE_OF, change_reply, verdict_code
from gates.evidence import Evidence, Kind
from gates.refusal import Refused, Unavailable, UserError
from policies.near import or_near
from policies.rulebook import Rulebook
from reports.card import render_card
from reports.document import status_document, verdict_document
from reports.evidence_page import render_evidence_page
from reports.overview import (
    ChangeLine,
    LaneLine,
    Overview,
    overview_document,
    render_overview,
    render_status,
    render_why,
)
from reports.report import Report
from storage.lanes import LaneState
from workflows.blocked import BlockedError
from workflows.comparing import compare_versions
from workflows.installation import Project
from workflows.reporting import report_of
from workflows.rulebook import newest_trusted_rulebook, trusted_rulebook
from workflows.rulebook_ballot import who_may_accept
from workflows.states import State
from workflows.verdicts import policy_of, verdict_of

FILES = frozenset({"terminal", "console"})
"""Surfaces that show text as it is, and from which it can go into a file."""


def status(desk: Desk, command: Status) -> Reply:
    """Tell how things stand: everywhere, for one model, for one promotion or rulebook change."""
    if isinstance(command.about, PromotionName):
        return _status_of(desk, command.about)
    project = desk.project(None if command.about is None else command.about.project)
    overview = _overview(desk, project, None if command.about is None else command.about)
    return Reply(text=render_overview(overview), code=ExitCode.DONE, data=overview_document(overview))


def why(desk: Desk, command: Why) -> Reply:
    """Tell what stands in the way, and who can do what next."""
    if command.promotion.is_rulebook_change:
        return change_reply(desk, desk.change(command.promotion))
    report = _report(desk, command.promotion)
    return Reply(text=render_why(report), code=ExitCode.DONE, data=status_document(report))


def card(desk: Desk, command: Card, *, surface: str) -> Reply:
    """Show the model card of a version, or of what the last environment serves.

    A terminal, and a program, get the file as it would be committed; where Markdown is drawn, the front matter would be
    text among other text, and is left out.
    """
    evidence = card_of(desk, desk.project_of(command.model), command.model.name, command.version)
    verdict = verdict_of(evidence)
    whole = render_card(evidence, verdict, front_matter=True)
    text = whole if surface in FILES else render_card(evidence, verdict)
    return Reply(text=text, code=ExitCode.DONE, data={"model": command.model.name, "markdown": whole})


def compare(desk: Desk, command: Compare) -> Reply:
    """Measure a version against another one, or against what the last environment serves, without asking anything."""
    project = desk.project_of(command.model)
    known_model(desk, project, command.model)
    compared = compare_versions(
        desk.installation,
        project,
        model=command.model.name,
        version=command.version,
        other=command.other_version,
    )
    verdict = compared.verdict
    return Reply(
        text=render_evidence_page("compare", compared.digest, compared.evidence, verdict),
        code=verdict_code(policy_of(compared.evidence), verdict.outcome),
        data={
            "evidence_digest": compared.digest,
            "verdict": verdict_document(verdict.outcome, verdict.findings),
            "facts": compared.evidence.facts.model_dump(mode="json"),
        },
    )


def _status_of(desk: Desk, name: PromotionName) -> Reply:
    if name.is_rulebook_change:
        return change_reply(desk, desk.change(name))
    report = _report(desk, name)
    code = CODE_OF.get(State(report.state), ExitCode.REFUSED)
    return Reply(text=render_status(report), code=code, data=status_document(report))


def _report(desk: Desk, name: PromotionName) -> Report:
    promotion = desk.promotion(name)
    return report_of(desk.installation, desk.project(promotion.project), promotion)


def _overview(desk: Desk, project: Project, about: ModelName | None) -> Overview:
    model = None if about is None else known_model(desk, project, about)
    with desk.installation.database.reading() as work:
        open_now = [promotion for promotion in work.promotions.open(project.name) if model in {None, promotion.model}]
    rulebook, problem = _trusted(desk, project)
    return Overview(
        project=project.name,
        rulebook=problem,
        lanes=lane_lines(desk, project, model),
        open=tuple(report_of(desk.installation, project, promotion) for promotion in open_now),
        changes=_change_lines(desk, project, rulebook),
    )


def lane_lines(desk: Desk, project: Project, model: str | None = None) -> tuple[LaneLine, ...]:
    """Return what serves where, by model and in promotion order; of one model, where it is named."""
    with desk.installation.database.reading() as work:
        lanes = [state for state in work.lanes.all(project.name) if model in {None, state.lane.model}]
    order = {environment: place for place, environment in enumerate(project.environments)}
    lanes.sort(key=lambda state: (state.lane.model, order.get(state.lane.environment, 0)))
    return tuple(_lane(project, state) for state in lanes if state.champion is not None or state.frozen)


def change_lines(desk: Desk, project: Project) -> tuple[ChangeLine, ...]:
    """Return the open rulebook changes with those who may accept each, oldest first."""
    return _change_lines(desk, project, _trusted(desk, project)[0])


def _trusted(desk: Desk, project: Project) -> tuple[Rulebook | None, str]:
    """Return main's rulebook, or what is wrong with it."""
    try:
        return trusted_rulebook(desk.installation, project).rulebook, ""
    except BlockedError as error:
        return None, f"{error.blocked.summary} Next: {error.blocked.next}."


def _change_lines(desk: Desk, project: Project, rulebook: Rulebook | None) -> tuple[ChangeLine, ...]:
    with desk.installation.database.reading() as work:
        changes = work.rulebook_changes.open(project.name)
    return tuple(
        ChangeLine(
            id=change.name,
            state=change.state,
            problem=change.problem,
            author=change.author,
            pull_request=change.pull_request,
            url=change.url,
            who=() if rulebook is None else who_may_accept(desk.installation, project, change, rulebook),
        )
        for change in changes
    )


def _lane(project: Project, state: LaneState) -> LaneLine:
    lane = state.lane
    try:
        serving = project.stage(lane.environment).target.serving(project.slot(lane.model, lane.environment))
    except Unavailable:  # how things stand is told all the same
        serving = None
    return LaneLine(
        model=lane.model,
        environment=lane.environment,
        champion=None if state.champion is None else state.champion.version,
        promotion=None if state.champion_promotion is None else f"P{state.champion_promotion}",
        url=serving.url if serving is not None and serving.healthy else None,
        frozen=state.frozen_detail if state.frozen else "",
    )


def known_model(desk: Desk, project: Project, model: ModelName) -> str:
    """Return the model's name if anything is known of it; `Refused` names the nearest."""
    with desk.installation.database.reading() as work:
        if work.promotions.of_model(project.name, model.name):
            return model.name
    try:
        entries = set(newest_trusted_rulebook(desk.installation, project).rulebook.entries)
    except UserError:
        entries = set()
    if model.name not in entries:
        raise Refused(f"There is no model {model.name} in {project.name}; {or_near(model.name, entries)}.")
    return model.name


def card_of(desk: Desk, project: Project, name: str, version: str | None) -> Evidence:
    """Return what a card of a version is made of, or of what the last environment serves; `Refused` without any."""
    model = known_model(desk, project, ModelName(name=name))
    version = version or _champion_of_last(desk, project, model)
    with desk.installation.database.reading() as work:
        found = [
            promotion
            for promotion in work.promotions.of_model(project.name, model)
            if promotion.evidence_digest is not None and version in {None, promotion.version}
        ]
    if not found:
        if version is not None:
            project.stages[0].registry.version(model, version)  # one that does not exist is told so
        wanted = model if version is None else f"{model} v{version}"
        raise Refused(
            f"Nothing was measured for {wanted} yet, so it has no card. "
            f"Next: mlops promote {model} {version or 'VERSION'} to {project.environments[0]}."
        )
    measured = [promotion for promotion in found if promotion.kind is Kind.PROMOTE]
    return desk.installation.evidence.get(str((measured or found)[-1].evidence_digest))


def _champion_of_last(desk: Desk, project: Project, model: str) -> str | None:
    """Return the version that the last environment serves; None when it serves nothing."""
    with desk.installation.database.reading() as work:
        champion = work.lanes.get(project.lane(model, project.environments[-1])).champion
    return None if champion is None else champion.version
