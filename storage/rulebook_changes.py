"""Which pull requests want to change the rulebook, and how far are they?"""

from dataclasses import dataclass, fields
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from gates.refusal import UserError
from storage.tables import RulebookChangeTable

OPEN_STATES = frozenset({"waiting", "blocked"})
"""The others, `accepted`, `rejected` and `closed`, are final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookChange:
    """One pull request that changes the rulebook, as it stands now."""

    id: int
    project: str
    pull_request: int
    url: str
    head: str
    """The head that `digest` was read at."""
    digest: str
    """Digest of the rulebook as it would be; decisions bind to it."""
    author: str
    state: str
    """`waiting`, `accepted`, `rejected`, `closed` or `blocked`."""
    problem: str
    """Why it is blocked; empty otherwise."""
    created_at: int
    updated_at: int

    @property
    def name(self) -> str:
        """The id as people write it: `R3`."""
        return f"R{self.id}"


class CreatedChange(NamedTuple):
    """A rulebook change, and whether its pull request was known before."""

    change: RulebookChange
    repeated: bool


class RulebookChanges:
    """The rulebook changes of all projects, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def create(
        self,
        *,
        project: str,
        pull_request: int,
        url: str,
        head: str,
        digest: str,
        author: str,
        at: int,
        state: str = "waiting",
        problem: str = "",
    ) -> CreatedChange:
        """Write a new change down under the next id; a pull request known before gets its first change back."""
        first = self.by_pull_request(project, pull_request)
        if first is not None:
            return CreatedChange(first, repeated=True)
        change = RulebookChange(
            id=self._next_id(),
            project=project,
            pull_request=pull_request,
            url=url,
            head=head,
            digest=digest,
            author=author,
            state=state,
            problem=problem,
            created_at=at,
            updated_at=at,
        )
        self._session.add(RulebookChangeTable.model_validate(_columns(change)))
        self._session.flush()
        return CreatedChange(change, repeated=False)

    def save(self, change: RulebookChange) -> RulebookChange:
        """Overwrite the change's row and return it; `LookupError` when it was never created."""
        row = self._session.get(RulebookChangeTable, change.id)
        if row is None:
            raise LookupError(f"{change.name} was never created, so it cannot be saved.")
        row.sqlmodel_update(_columns(change))
        self._session.add(row)
        self._session.flush()
        return change

    def get(self, project: str, change_id: int) -> RulebookChange:
        """Return one change of a project; `UserError` when it has none of this id."""
        change = self.find(change_id)
        if change is None or change.project != project:
            raise UserError(f"There is no rulebook change R{change_id} in {project}: mlops status lists what is open.")
        return change

    def find(self, change_id: int) -> RulebookChange | None:
        """Return the change of this id, whichever project it belongs to, or None."""
        row = self._session.get(RulebookChangeTable, change_id)
        return None if row is None else _change(row)

    def by_pull_request(self, project: str, number: int) -> RulebookChange | None:
        """Return the change that a pull request makes, or None."""
        query = select(RulebookChangeTable).where(
            RulebookChangeTable.project == project, RulebookChangeTable.pull_request == number
        )
        row = self._session.exec(query).first()
        return None if row is None else _change(row)

    def open(self, project: str) -> tuple[RulebookChange, ...]:
        """Return a project's open changes, oldest first."""
        return tuple(change for change in self.all(project) if change.state in OPEN_STATES)

    def all(self, project: str) -> tuple[RulebookChange, ...]:
        """Return all changes of a project, oldest first."""
        query = select(RulebookChangeTable).where(RulebookChangeTable.project == project)
        return tuple(_change(row) for row in self._session.exec(query.order_by(col(RulebookChangeTable.id))))

    def _next_id(self) -> int:
        return (self._session.exec(select(func.max(RulebookChangeTable.id))).one() or 0) + 1


def _columns(change: RulebookChange) -> dict[str, object]:
    return {field.name: getattr(change, field.name) for field in fields(change)}


def _change(row: RulebookChangeTable) -> RulebookChange:
    return RulebookChange(**{field.name: getattr(row, field.name) for field in fields(RulebookChange)})
