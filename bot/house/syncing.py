"""What happens when somebody asks whether the world is as it was decided?"""

from pydantic import JsonValue

from bot.commands import RulebookTrust, Sync
from bot.exchange import ExitCode, Reply, Request
from bot.house.desk import Desk
from bot.house.persons import actor
from gates.refusal import Refused, UserError
from policies.effective import may_restore
from policies.near import or_near
from policies.people import GOVERNOR
from policies.rulebook import Rulebook, load_rulebook
from storage.lanes import Lane, LaneState
from storage.ledger import Entry
from workflows.alarms import Alarm, open_alarms
from workflows.discovery import discover
from workflows.installation import Project
from workflows.main_should import MOVING
from workflows.outbox import ask_for_sync, ask_for_sync_main
from workflows.rulebook import acceptance_key, first_accepted, main_subject, newest_trusted_rulebook, rulebook_files

SHORTEST_SHA = 7
"""As short as Git abbreviates."""


def sync(desk: Desk, request: Request, command: Sync) -> Reply:
    """Compare everything, or one environment, with what was authorised; mend it on the word of who may."""
    project = desk.project(None if command.model is None else command.model.project)
    rulebook = newest_trusted_rulebook(desk.installation, project).rulebook
    lanes = _lanes(desk, project, rulebook, command)
    restored_by = _restorer(request, command, rulebook) if command.restore else None
    found = discover(desk.installation, project)
    now = desk.installation.clock()
    with desk.installation.database.transaction() as work:
        ask_for_sync_main(work, project.name, restored_by=restored_by, at=now)
    desk.drain()
    with desk.installation.database.transaction() as work:
        before = work.ledger.size()
        for lane in lanes:
            ask_for_sync(
                work,
                project.name,
                model=lane.model,
                environment=lane.environment,
                restored_by=restored_by,
                at=now,
            )
    desk.drain()
    return _reply(desk, project, lanes, found, restored=_restored_since(desk, lanes, before))


def everything(desk: Desk, project: Project, rulebook: Rulebook) -> list[Lane]:
    """Return every lane: those of the models that the rulebook has, and those that remember something."""
    with desk.installation.database.reading() as work:
        remembered = [state.lane for state in work.lanes.all(project.name)]
    known = [project.lane(model, name) for model in sorted(rulebook.entries) for name in project.environments]
    others = [lane for lane in remembered if lane not in known and lane.environment in project.environments]
    return [*known, *others]


def trust(desk: Desk, request: Request, command: RulebookTrust) -> Reply:
    """Accept the first rulebook; every later one is decided in a pull request."""
    project = desk.project(None)
    commit = _commit_on_main(project, command.commit)
    rulebook = load_rulebook(rulebook_files(project, commit))
    who = actor(request.speaker, rulebook)
    if GOVERNOR not in who.person.roles:
        known = ", ".join(person.login for person in rulebook.people.with_role(GOVERNOR)) or "nobody"
        raise Refused(f"{who.person.login} does not hold the role governor in that rulebook; it names {known}.")
    with desk.installation.database.transaction() as work:
        if first_accepted(work, project.name) is not None:
            raise Refused("A rulebook was accepted already; a change of it is a pull request that a governor approves.")
        work.ledger.append(
            kind="rulebook_accepted",
            project=project.name,
            subject=main_subject(project.name),
            key=acceptance_key(project.name, rulebook.digest),
            body={
                "digest": rulebook.digest,
                "commit": commit,
                "people": [who.person.login],
                "assurance": who.assurance,
                "first": True,
            },
            at=desk.installation.clock(),
        )
    text = f"The rulebook of {commit[:12]} ({rulebook.digest[:12]}) is in force, on the word of {who.person.login}."
    return Reply(text=text, code=ExitCode.DONE, data={"commit": commit, "digest": rulebook.digest})


def _commit_on_main(project: Project, wanted: str) -> str:
    found = project.forge.find_commit(wanted) if len(wanted) >= SHORTEST_SHA else None
    if found is None or not project.forge.on_main(found):
        raise UserError(
            f"{wanted} names no single commit on main: git log main shows them, give at least {SHORTEST_SHA} "
            "characters."
        )
    return found


def _restorer(request: Request, command: Sync, rulebook: Rulebook) -> str:
    who = actor(request.speaker, rulebook)
    if command.model is None or command.environment is None:
        raise UserError("Say what to restore: mlops sync MODEL in ENVIRONMENT --restore.")
    allowed = [
        person.login for person in may_restore(rulebook, model=command.model.name, environment=command.environment)
    ]
    if who.person.login not in allowed:
        raise Refused(
            f"{who.person.login} may not restore {command.model} in {command.environment}; "
            f"{', '.join(allowed) or 'nobody'} may."
        )
    return who.person.login


def _lanes(desk: Desk, project: Project, rulebook: Rulebook, command: Sync) -> list[Lane]:
    """Return the lanes to compare, in promotion order."""
    known = everything(desk, project, rulebook)
    models = {lane.model for lane in known}
    if command.model is not None and command.model.name not in models:
        raise UserError(f"There is no model {command.model} in {project.name}; {or_near(command.model.name, models)}.")
    if command.environment is not None:
        project.stage(command.environment)
    return [
        lane
        for lane in known
        if (command.model is None or command.model.name == lane.model)
        and command.environment in {None, lane.environment}
    ]


def _restored_since(desk: Desk, lanes: list[Lane], before: int) -> list[Entry]:
    """Return the entries of lanes that were put back just now; one that is in order is left alone."""
    with desk.installation.database.reading() as work:
        entries = [entry for lane in lanes for entry in work.ledger.of(str(lane))]
    return [entry for entry in entries if entry.kind == "restored" and entry.seq > before]


def _reply(desk: Desk, project: Project, lanes: list[Lane], found: list[str], *, restored: list[Entry]) -> Reply:
    names = {str(lane) for lane in lanes}
    with desk.installation.database.reading() as work:
        states = [work.lanes.get(lane) for lane in lanes]
        alarms = [alarm for alarm in open_alarms(work, project.name) if not alarm.lanes or names & {*alarm.lanes}]
        moving = [one.name for lane in lanes for one in work.promotions.open_in_lane(lane) if one.state in MOVING]
    frozen = [state for state in states if state.frozen]
    let_be = [str(entry.body["let_be"]) for entry in restored if entry.body["let_be"]]
    lines = [*map(_line, states), *(f"  {sentence[0].upper()}{sentence[1:]}" for sentence in let_be)]
    lines += [
        f"  {name} is on its way there; it is compared when it has arrived: mlops status {name}" for name in moving
    ]
    return Reply(
        text="\n".join([_head(states, frozen, alarms, restored), *lines, *found]),
        code=ExitCode.REFUSED if frozen or alarms else ExitCode.DONE,
        data={
            "in_order": not (frozen or alarms),
            "lanes": [_lane_document(state) for state in states],
            "alarms": [
                {"commit": alarm.commit, "detail": alarm.detail, "pull_request": alarm.revert} for alarm in alarms
            ],
            "found": list(found),
        },
    )


def _head(states: list[LaneState], frozen: list[LaneState], alarms: list[Alarm], restored: list[Entry]) -> str:
    if frozen:
        return f"ALARM: {len(frozen)} of {len(states)} lanes {'is' if len(frozen) == 1 else 'are'} frozen."
    if alarms:
        return f"ALARM: {' '.join(alarm.detail for alarm in alarms)}"
    start = "Restored" if restored else "In order"
    return f"{start}: what serves is what was authorised."


def _lane_document(state: LaneState) -> dict[str, JsonValue]:
    return {
        "model": state.lane.model,
        "environment": state.lane.environment,
        "champion": None if state.champion is None else state.champion.version,
        "frozen": state.frozen,
        "detail": state.frozen_detail,
        "since": state.since,
    }


def _line(state: LaneState) -> str:
    where = f"{state.lane.model} in {state.lane.environment}"
    if state.frozen:
        return f"  {where}: FROZEN: {state.frozen_detail} Next: mlops sync {where} --restore"
    return f"  {where}: {'nothing' if state.champion is None else f'v{state.champion.version}'}"
