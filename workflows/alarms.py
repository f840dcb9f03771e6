"""What did somebody do to main behind our back, and how is it mended?

Each commit that nobody authorised is one alarm: an entry of the ledger, a revert pull request that waits, and frozen
lanes. A person who may restore any of those lanes has main put back to what was authorised.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import JsonValue

from gates.refusal import UserError
from reports.escaping import plain
from storage.database import Work
from storage.lanes import LaneState
from storage.ledger import Entry
from workflows.branch import own_paths
from workflows.forge import Commit
from workflows.installation import Installation, Project
from workflows.main_line import all_lanes, authorised, is_ours, lanes_of, lost, ours, unjudged
from workflows.main_should import guarded_paths, wrong_on_main
from workflows.outbox import ask_for_look
from workflows.reasons import Reason
from workflows.reverting import Revert, answer_for, merge_or_close, open_revert, put_right
from workflows.rulebook import main_subject

PROMOTION = re.compile(r"P([1-9][0-9]{0,17})")
TITLE = 80
"""Characters of a commit's title that an alarm quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that nobody authorised on main."""

    commit: str
    """The strange commit; or main's head when its history was rewritten."""
    detail: str
    paths: tuple[str, ...]
    """What has to be put right."""
    lanes: tuple[str, ...]
    """The lanes that freeze."""
    revert: int | None
    """The pull request that takes it back; None when main holds again what it should."""
    author: str = ""
    """Who the commit says wrote it; proof of nothing."""
    lost: tuple[str, ...] = ()
    """Commits that were authorised and are not on main any more."""


def judge_main(installation: Installation, project: Project) -> None:
    """Judge main's new commits: each was authorised, or touches nothing of ours, or is an alarm and a revert."""
    new = unjudged(installation, project)
    if new.rewritten:
        _judge_history(installation, project, new.head)
    for commit in new.commits:
        paths = ours(project, commit)
        if paths and not _known(installation, project, commit) and not authorised(installation, project, commit):
            _raise(installation, project, _of_commit(installation, project, commit, paths))
    if new.commits:
        with installation.database.transaction() as work:
            work.lanes.set_main_seen(project.name, new.commits[-1].sha)


def open_alarms(work: Work, project: str) -> list[Alarm]:
    """Return the alarms about main that nobody has mended, oldest first."""
    alarms = [_from_entry(entry) for entry in work.ledger.of(main_subject(project)) if entry.kind == "alarm"]
    return [alarm for alarm in alarms if work.ledger.find(kind="mended", key=_key(project, alarm)) is None]


def mend_main(installation: Installation, project: Project, *, authorised_by: str) -> None:
    """Put main back to what was authorised, on a person's word: by the waiting reverts, and what else it takes."""
    with installation.database.reading() as work:
        alarms = open_alarms(work, project.name)
    for alarm in reversed(alarms):
        if alarm.revert is not None:
            revert = Revert(commit=alarm.commit, number=alarm.revert, url="")
            merge_or_close(installation, project, revert, alarm.paths, authorised_by=authorised_by)
    paths = guarded_paths(installation, project).union(*(alarm.paths for alarm in alarms))
    put_right(installation, project, wrong_on_main(installation, project, paths), authorised_by=authorised_by)
    for alarm in alarms:
        _close(installation, project, alarm, authorised_by)


def frozen(state: LaneState, detail: str, at: int) -> LaneState:
    """Return a lane's state, frozen for what somebody did behind our back."""
    return replace(state, frozen=Reason.OUT_OF_BAND.value, frozen_detail=detail, since=at)


def _known(installation: Installation, project: Project, commit: Commit) -> bool:
    """Was this commit an alarm before? A history that was rewritten is judged from its beginning."""
    with installation.database.reading() as work:
        return work.ledger.find(kind="alarm", key=f"{project.name}:alarm:{commit.sha}") is not None


def _of_commit(installation: Installation, project: Project, commit: Commit, paths: tuple[str, ...]) -> Alarm:
    title = plain(commit.summary)[:TITLE]
    detail = f"main's commit {commit.sha[:12]} ({title}) was not authorised"
    files = wrong_on_main(installation, project, paths)
    revert = None
    if files:
        why = f"nobody authorised it: {title}"
        subject = main_subject(project.name)
        revert = open_revert(installation, project, commit.sha, files, why=why, subject=subject).number
        detail = f"{detail}; pull request {revert} takes it back"
    lanes = lanes_of(installation, project, paths)
    return Alarm(
        commit=commit.sha, detail=f"{detail}.", paths=paths, lanes=lanes, revert=revert, author=plain(commit.author)
    )


def _judge_history(installation: Installation, project: Project, head: str) -> None:
    """Raise the alarm when commits that were authorised are gone from main's line."""
    missing = lost(installation, project)
    if not missing:
        return
    commits = tuple(str(entry.body["commit"]) for entry in missing)
    brought = [_brought(installation, project, entry) for entry in missing]
    paths = tuple(sorted({path for some in brought for path in some}))
    named = ", ".join(dict.fromkeys(_name(entry) for entry in missing))
    detail = f"main was set to {head[:12]} and lost what was authorised ({named})."
    lanes = lanes_of(installation, project, paths) if all(brought) else all_lanes(installation, project)
    alarm = Alarm(commit=head, detail=detail, paths=paths, lanes=lanes, revert=None, lost=commits)
    _raise(installation, project, alarm)


def _name(entry: Entry) -> str:
    return entry.subject if entry.kind in {"merged", "rulebook_merged"} and " " not in entry.subject else "main"


def _brought(installation: Installation, project: Project, entry: Entry) -> tuple[str, ...]:
    """Return the paths of ours that a commit had brought to main; none when nobody can tell any more."""
    commit = str(entry.body["commit"])
    if project.forge.author_of(commit) is not None:
        with suppress(UserError):  # it shares no history with what main is now
            changes = project.forge.changes(project.forge.merge_base(commit), commit)
            return tuple(change.path for change in changes if is_ours(project, change.path))
    name = PROMOTION.fullmatch(entry.subject)
    with installation.database.reading() as work:
        promotion = None if name is None else work.promotions.find(int(name[1]))
    if promotion is None:
        return ()
    own = own_paths(promotion)
    return (own.manifest, *sorted(own.written))


def _raise(installation: Installation, project: Project, alarm: Alarm) -> None:
    """Write an alarm down and freeze its lanes; what is open in them is held."""
    now, key = installation.clock(), _key(project.name, alarm)
    body: dict[str, JsonValue] = {
        "commit": alarm.commit, "author": alarm.author, "detail": alarm.detail, "revert": alarm.revert,
        "paths": [*alarm.paths], "lanes": [*alarm.lanes], "lost": [*alarm.lost],
    }  # fmt: skip
    with installation.database.transaction() as work:
        if work.ledger.find(kind="alarm", key=key) is None:
            work.ledger.append(
                kind="alarm", project=project.name, subject=main_subject(project.name), key=key, body=body, at=now
            )
            _freeze(work, project, alarm, now)


def _freeze(work: Work, project: Project, alarm: Alarm, now: int) -> None:
    for name in alarm.lanes:
        _, model, environment = name.split("/")
        state = work.lanes.get(project.lane(model, environment))
        if alarm.detail not in state.frozen_detail:
            whole = " ".join(filter(None, [state.frozen_detail, alarm.detail]))
            work.lanes.save(frozen(state, whole, state.since or now))
        for promotion in work.promotions.open_in_lane(state.lane):
            ask_for_look(work, promotion, cause=f"alarm at {now}", at=now)


def _close(installation: Installation, project: Project, alarm: Alarm, authorised_by: str) -> None:
    """Write down that an alarm is mended, and that its commits are none any more."""
    if not alarm.lost:
        answer_for(installation, project, "reverted", alarm.commit, authorised_by=authorised_by)
    for commit in alarm.lost:
        answer_for(installation, project, "reapplied", commit, authorised_by=authorised_by)
    now, key = installation.clock(), _key(project.name, alarm)
    with installation.database.transaction() as work:
        if work.ledger.find(kind="mended", key=key) is None:
            body: dict[str, JsonValue] = {"commit": alarm.commit, "authorised_by": authorised_by}
            subject = main_subject(project.name)
            work.ledger.append(kind="mended", project=project.name, subject=subject, key=key, body=body, at=now)


def _key(project: str, alarm: Alarm) -> str:
    """Return what an alarm is found by: the strange commit, or what was lost, wherever main stands meanwhile."""
    if alarm.lost:
        return f"{project}:rewritten:{alarm.lost[0]}:{alarm.lost[-1]}"
    return f"{project}:alarm:{alarm.commit}"


def _from_entry(entry: Entry) -> Alarm:
    body = entry.body
    revert = body["revert"]
    return Alarm(
        commit=str(body["commit"]),
        detail=str(body["detail"]),
        paths=_texts(body["paths"]),
        lanes=_texts(body["lanes"]),
        revert=revert if isinstance(revert, int) else None,
        author=str(body["author"]),
        lost=_texts(body["lost"]),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
