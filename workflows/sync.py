"""Is what serves what was authorised?

Sync converges an environment to the newest authorised state, never to main's head as such. What somebody else did is
an alarm: the lane freezes, main's strange commit gets a revert pull request (`workflows/alarms.py`), and a person with
the right role mends both with `sync MODEL in ENVIRONMENT --restore`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import JsonValue

from gates.evidence import VersionRef
from gates.refusal import Unavailable, UserError
from policies.manifest import manifest_path
from reports.escaping import plain
from storage.database import Work
from storage.lanes import LaneState
from workflows.alarms import frozen, judge_main, mend_main
from workflows.installation import Installation, Project, Stage
from workflows.main_should import asks_for, is_moving, main_should
from workflows.outbox import ask_for_look
from workflows.reverting import put_right
from workflows.subject import fetch_version
from workflows.target import Placement


def sync_main(installation: Installation, payload: Mapping[str, JsonValue]) -> bool:
    """Judge main's new commits, and mend main when a person said so."""
    project = installation.project(str(payload["project"]))
    with project.forge.moment():
        judge_main(installation, project)
    if payload["restored_by"] is not None:
        mend_main(installation, project, authorised_by=str(payload["restored_by"]))
    return False


def sync_lane(installation: Installation, payload: Mapping[str, JsonValue]) -> bool:
    """Compare one environment of one model with what was authorised; mend it when a person said so."""
    project = installation.project(str(payload["project"]))
    lane = project.lane(str(payload["model"]), str(payload["environment"]))
    stage = project.stage(lane.environment)
    if is_moving(installation, lane):
        return False
    with installation.database.reading() as work:
        state = work.lanes.get(lane)
    try:
        state = _notice(installation, project, stage, state)
        if payload["restored_by"] is not None and state.frozen:
            _restore(installation, project, stage, state, str(payload["restored_by"]))
    finally:  # what was authorised serves on, also while the registry sleeps
        if installation.lasting and state.champion is not None:
            _revive(installation, project, stage, state, state.champion)
    return False


def _notice(installation: Installation, project: Project, stage: Stage, state: LaneState) -> LaneState:
    """Freeze the lane for whatever is strange and was not noticed before; each thing is one alarm."""
    strange = [] if state.frozen else list(_strange_on_main(project, state))
    strange += _strange_elsewhere(installation, project, stage, state)
    fresh = [detail for detail in strange if detail not in state.frozen_detail]
    if not fresh:
        return state
    now = installation.clock()
    detail = " ".join([*([state.frozen_detail] if state.frozen else []), *fresh])
    with installation.database.transaction() as work:
        for sentence in fresh:
            work.ledger.append(
                kind="alarm", project=state.lane.project, subject=str(state.lane), body={"detail": sentence}, at=now
            )
        return _saved(work, frozen(state, detail, state.since or now), cause=f"frozen at {now}", at=now)


def _saved(work: Work, state: LaneState, *, cause: str, at: int) -> LaneState:
    """Save a lane that froze or thawed, and let what is open in it be looked at."""
    for promotion in work.promotions.open_in_lane(state.lane):
        ask_for_look(work, promotion, cause=cause, at=at)
    return work.lanes.save(state)


def _strange_on_main(project: Project, state: LaneState) -> Iterator[str]:
    """Say that main asks for something else than was authorised for this lane."""
    champion = state.champion
    try:
        asked = asks_for(project, state.lane)
    except UserError as unreadable:
        yield f"main's file for this lane cannot be read ({plain(unreadable)}); somebody changed main."
        return
    found = None if asked is None else (asked.version, asked.digest)
    if found != (None if champion is None else (champion.version, champion.digest)):
        version = None if asked is None else asked.version
        other = " with another digest" if champion is not None and version == champion.version else ""
        wanted = _named(None if champion is None else champion.version)
        yield f"main asks for {_named(version)}{other} there, and {wanted} was authorised; somebody changed main."


def _strange_elsewhere(installation: Installation, project: Project, stage: Stage, state: LaneState) -> list[str]:
    """Say what somebody else did to this lane's alias or version."""
    model, champion = state.lane.model, state.champion
    gone = _gone(stage, model, champion)
    strange = [gone] if gone and gone not in _let_be(installation, state) else []
    alias, wanted = stage.registry.alias(model, stage.alias), _alias(champion, gone)
    if alias != wanted:
        strange.append(
            f"the alias {stage.alias} of {model} points to {_named(alias)}, and {_named(wanted)} was authorised; "
            "somebody moved it by hand."
        )
    if champion is not None and not gone:
        strange += _altered(installation, project, stage, model, champion)
    return strange


def _alias(champion: VersionRef | None, gone: str) -> str | None:
    """Return the version that the alias should name: none that the registry does not have."""
    return None if champion is None or gone else champion.version


def _gone(stage: Stage, model: str, champion: VersionRef | None) -> str:
    if champion is None:
        return ""
    try:
        stage.registry.version(model, champion.version)
    except UserError:
        return (
            f"the champion {model} v{champion.version} was deleted from the registry; "
            "it goes on serving from our own copy."
        )
    return ""


def _altered(
    installation: Installation, project: Project, stage: Stage, model: str, champion: VersionRef
) -> Iterator[str]:
    try:
        now = fetch_version(installation, project, stage.registry, model=model, version=champion.version)
    except UserError as unreadable:
        changed = f"they cannot be fetched now ({plain(unreadable)})"
    else:
        if now.digest == champion.digest:
            return
        changed = f"they are {now.digest[:12]} now"
    ours = installation.files.by_digest(champion.digest).path
    yield (
        f"the files of the champion {model} v{champion.version} were altered: {champion.digest[:12]} was authorised, "
        f"{changed}. Nothing but those files put back ends this (our copy: {ours}), or a rollback."
    )


def _named(version: str | None) -> str:
    return "nothing" if version is None else f"v{version}"


def _let_be(installation: Installation, state: LaneState) -> str:
    """Return what the last restore of this lane found beyond mending and let be."""
    with installation.database.reading() as work:
        restored = [entry for entry in work.ledger.of(str(state.lane)) if entry.kind == "restored"]
    return str(restored[-1].body["let_be"]) if restored else ""


def _restore(installation: Installation, project: Project, stage: Stage, state: LaneState, restored_by: str) -> None:
    """Put main and the alias back to what was authorised, and thaw the lane unless something strange remains.

    A version that was deleted cannot be brought back. Somebody with the right to restore has seen that now: it goes
    on serving from our own copy, and the lane is free for its successor.
    """
    model, champion = state.lane.model, state.champion
    path = manifest_path(model, state.lane.environment)
    put_right(installation, project, {path: main_should(installation, project, path)}, authorised_by=restored_by)
    gone = _gone(stage, model, champion)
    wanted = _alias(champion, gone)
    found = stage.registry.alias(model, stage.alias)
    if found != wanted:
        stage.registry.set_alias(model, stage.alias, wanted)
    left = [detail for detail in _strange_elsewhere(installation, project, stage, state) if detail != gone]
    now = installation.clock()
    body: dict[str, JsonValue] = {
        "by": restored_by, "alias_found": found, "alias_set": wanted, "was": state.frozen_detail, "let_be": gone,
        "left": " ".join(left),
    }  # fmt: skip
    thawed = replace(state, frozen="", frozen_detail="", since=None)
    after = frozen(state, " ".join(left), state.since or now) if left else thawed
    with installation.database.transaction() as work:
        work.ledger.append(kind="restored", project=project.name, subject=str(state.lane), body=body, at=now)
        _saved(work, after, cause=f"restored at {now}", at=now)


def _revive(installation: Installation, project: Project, stage: Stage, state: LaneState, champion: VersionRef) -> None:
    """Let the champion answer if nothing does, or something else; from our own store, whatever the registry lost."""
    slot = project.slot(state.lane.model, state.lane.environment)
    serving = stage.target.serving(slot)
    if serving is not None and serving.healthy and serving.version == champion:
        return
    installation.tell(str(state.lane), f"starting v{champion.version} in {state.lane.environment}")
    files = installation.files.by_digest(champion.digest).path
    try:
        stage.target.switch(Placement(slot=slot, version=champion, files=files, example=None))
    except Unavailable as reason:
        raise Unavailable(f"{slot} could not be started: {reason}") from reason
