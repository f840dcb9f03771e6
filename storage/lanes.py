"""What does each lane remember: its champion, whether it is frozen, and how far main was judged?"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from gates.evidence import VersionRef
from storage.tables import LaneTable, MainSeenTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The queue of one model in one environment of one project."""

    project: str
    model: str
    environment: str

    def __str__(self) -> str:
        """Name it as ledger entries and outbox rows do."""
        return f"{self.project}/{self.model}/{self.environment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """What is so in a lane."""

    lane: Lane
    champion: VersionRef | None = None
    champion_promotion: int | None = None
    """Id of the promotion that made it champion."""
    frozen: str = ""
    """Reason code; empty when the lane is not frozen."""
    frozen_detail: str = ""
    since: int | None = None
    """When it was frozen."""
    main_commit: str | None = None
    """The newest authorised commit of main that concerns this lane."""


class Lanes:
    """The lanes of all projects, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def get(self, lane: Lane) -> LaneState:
        """Return what a lane remembers; a lane never saved has no champion and is not frozen."""
        row = self._session.get(LaneTable, (lane.project, lane.model, lane.environment))
        return LaneState(lane=lane) if row is None else _state(row)

    def save(self, state: LaneState) -> LaneState:
        """Write a lane's state and return it."""
        self._session.merge(_row(state))
        self._session.flush()
        return state

    def all(self, project: str) -> tuple[LaneState, ...]:
        """Return the states of a project's lanes that were ever saved, by model and environment."""
        query = select(LaneTable).where(LaneTable.project == project)
        ordered = query.order_by(col(LaneTable.model), col(LaneTable.environment))
        return tuple(_state(row) for row in self._session.exec(ordered))

    def main_seen(self, project: str) -> str | None:
        """Return the last commit of main that was judged, or None."""
        row = self._session.get(MainSeenTable, project)
        return None if row is None else row.commit_sha

    def set_main_seen(self, project: str, sha: str) -> None:
        """Remember the last commit of main that was judged."""
        self._session.merge(MainSeenTable(project=project, commit_sha=sha))
        self._session.flush()


def _row(state: LaneState) -> LaneTable:
    return LaneTable(
        project=state.lane.project,
        model=state.lane.model,
        environment=state.lane.environment,
        champion_version=None if state.champion is None else state.champion.version,
        champion_digest=None if state.champion is None else state.champion.digest,
        champion_promotion=state.champion_promotion,
        frozen=state.frozen,
        frozen_detail=state.frozen_detail,
        since=state.since,
        main_commit=state.main_commit,
    )


def _state(row: LaneTable) -> LaneState:
    return LaneState(
        lane=Lane(project=row.project, model=row.model, environment=row.environment),
        champion=_champion(row),
        champion_promotion=row.champion_promotion,
        frozen=row.frozen,
        frozen_detail=row.frozen_detail,
        since=row.since,
        main_commit=row.main_commit,
    )


def _champion(row: LaneTable) -> VersionRef | None:
    if row.champion_version is None or row.champion_digest is None:
        return None
    return VersionRef(version=row.champion_version, digest=row.champion_digest)
