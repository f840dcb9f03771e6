"""Where does each promotion stand, and which ones are open?"""

from dataclasses import asdict, dataclass, fields
from typing import NamedTuple

from pydantic import JsonValue
from sqlmodel import Session, col, func, select

from gates.evidence import Kind
from gates.refusal import UserError
from storage.lanes import Lane
from storage.tables import PromotionTable

OPEN_STATES = frozenset({"evaluating", "blocked", "waiting", "authorised", "deploying"})
"""States in which a promotion holds its lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedBy:
    """One thing that stands in the way: the code, one sentence, who can act, and what they type."""

    reason_code: str
    summary: str
    who: tuple[str, ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One request to make a version the champion of an environment."""

    id: int
    project: str
    model: str
    version: str | None
    """None only for `retire`."""
    environment: str
    kind: Kind
    state: str
    requester: str
    """The person's login, or the account when it is linked to nobody."""
    requester_account: str
    reason: str
    surface: str
    message_id: str | None
    """The message that asked for it; the same message asks once."""
    created_at: int
    updated_at: int
    assurance: str = ""
    """How surely the requester is who they say: `platform` or `asserted`."""
    digest: str | None = None
    """Digest of the version's files; None until they were fetched."""
    branch: str | None = None
    pull_request: int | None = None
    pull_request_url: str | None = None
    head: str | None = None
    """The last head of the branch that the bot saw."""
    subject_digest: str | None = None
    evidence_digest: str | None = None
    blocked_by: tuple[BlockedBy, ...] = ()
    waiting_since: int | None = None
    deadline: int | None = None
    superseded_by: int | None = None
    authorised_head: str | None = None
    authorised_tree: str | None = None
    merge_commit: str | None = None
    problem: str = ""
    """Text of the last error."""

    @property
    def name(self) -> str:
        """The id as people write it: `P12`."""
        return f"P{self.id}"

    @property
    def lane(self) -> Lane:
        """The lane it passes through."""
        return Lane(project=self.project, model=self.model, environment=self.environment)


class Created(NamedTuple):
    """A promotion, and whether the same message had asked for it before."""

    promotion: Promotion
    repeated: bool


class Promotions:
    """The promotions of all projects, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def create(
        self,
        *,
        project: str,
        model: str,
        version: str | None,
        environment: str,
        kind: Kind,
        requester: str,
        requester_account: str,
        reason: str,
        surface: str,
        message_id: str | None,
        at: int,
        state: str = "evaluating",
        assurance: str = "",
        digest: str | None = None,
        branch: str | None = None,
        pull_request: int | None = None,
        pull_request_url: str | None = None,
        head: str | None = None,
    ) -> Created:
        """Write a new promotion down under the next id; a message that asked before gets its first promotion back."""
        first = None if message_id is None else self.by_message(project, message_id)
        if first is not None:
            return Created(first, repeated=True)
        promotion = Promotion(
            id=self._next_id(),
            project=project,
            model=model,
            version=version,
            digest=digest,
            environment=environment,
            kind=kind,
            state=state,
            requester=requester,
            requester_account=requester_account,
            reason=reason,
            surface=surface,
            message_id=message_id,
            assurance=assurance,
            branch=branch,
            pull_request=pull_request,
            pull_request_url=pull_request_url,
            head=head,
            created_at=at,
            updated_at=at,
        )
        return self._added(promotion)

    def _added(self, promotion: Promotion) -> Created:
        self._session.add(PromotionTable.model_validate(_columns(promotion)))
        self._session.flush()
        return Created(promotion, repeated=False)

    def save(self, promotion: Promotion) -> Promotion:
        """Overwrite the promotion's row and return it; `LookupError` when it was never created."""
        row = self._session.get(PromotionTable, promotion.id)
        if row is None:
            raise LookupError(f"{promotion.name} was never created, so it cannot be saved.")
        row.sqlmodel_update(_columns(promotion))
        self._session.add(row)
        self._session.flush()
        return promotion

    def get(self, project: str, promotion_id: int) -> Promotion:
        """Return one promotion of a project; `UserError` when it has none of this id."""
        found = self._first(PromotionTable.project == project, PromotionTable.id == promotion_id)
        if found is None:
            raise UserError(f"There is no promotion P{promotion_id} in {project}: mlops status lists what is open.")
        return found

    def find(self, promotion_id: int) -> Promotion | None:
        """Return the promotion of this id, whichever project it belongs to, or None."""
        return self._first(PromotionTable.id == promotion_id)

    def by_message(self, project: str, message_id: str) -> Promotion | None:
        """Return the promotion that this message asked for, or None."""
        return self._first(PromotionTable.project == project, PromotionTable.message_id == message_id)

    def by_pull_request(self, project: str, number: int) -> Promotion | None:
        """Return the newest promotion of a pull request, or None."""
        found = self._where(PromotionTable.project == project, PromotionTable.pull_request == number)
        return found[-1] if found else None

    def open_in_lane(self, lane: Lane) -> tuple[Promotion, ...]:
        """Return what is open in a lane, oldest first; the first one holds it."""
        return self._where(*_in_lane(lane), col(PromotionTable.state).in_(OPEN_STATES))

    def open(self, project: str) -> tuple[Promotion, ...]:
        """Return a project's open promotions, oldest first."""
        return self._where(PromotionTable.project == project, col(PromotionTable.state).in_(OPEN_STATES))

    def stirred(self, project: str, since: int) -> tuple[Promotion, ...]:
        """Return what is open or was changed since a time, oldest first."""
        moving = col(PromotionTable.state).in_(OPEN_STATES) | (col(PromotionTable.updated_at) >= since)
        return self._where(PromotionTable.project == project, moving)

    def of_model(self, project: str, model: str) -> tuple[Promotion, ...]:
        """Return all promotions of a model, oldest first."""
        return self._where(PromotionTable.project == project, PromotionTable.model == model)

    def of_lane(self, lane: Lane) -> tuple[Promotion, ...]:
        """Return all promotions of a lane, oldest first."""
        return self._where(*_in_lane(lane))

    def all(self, project: str) -> tuple[Promotion, ...]:
        """Return all promotions of a project, oldest first."""
        return self._where(PromotionTable.project == project)

    def latest_promoted(self, lane: Lane) -> Promotion | None:
        """Return the newest promotion of a lane that is `promoted` now, or None."""
        found = self._where(*_in_lane(lane), PromotionTable.state == "promoted")
        return found[-1] if found else None

    def promoted_digests(self, lane: Lane) -> frozenset[str]:
        """Return the digests of every version that was ever champion of a lane, rolled back later or not."""
        found = self._where(*_in_lane(lane), col(PromotionTable.state).in_({"promoted", "rolled_back"}))
        return frozenset(promotion.digest for promotion in found if promotion.digest is not None)

    def _next_id(self) -> int:
        # There is one writer, so the largest id cannot grow under us; and ids have no gaps.
        return (self._session.exec(select(func.max(PromotionTable.id))).one() or 0) + 1

    def _first(self, *conditions: object) -> Promotion | None:
        found = self._where(*conditions)
        return found[0] if found else None

    def _where(self, *conditions: object) -> tuple[Promotion, ...]:
        query = select(PromotionTable).where(*conditions).order_by(col(PromotionTable.id))  # type: ignore[arg-type]  # comparisons of columns are typed bool
        return tuple(_promotion(row) for row in self._session.exec(query))


def _in_lane(lane: Lane) -> tuple[object, ...]:
    return (
        PromotionTable.project == lane.project,
        PromotionTable.model == lane.model,
        PromotionTable.environment == lane.environment,
    )


def _columns(promotion: Promotion) -> dict[str, object]:
    columns: dict[str, object] = {field.name: getattr(promotion, field.name) for field in fields(promotion)}
    columns["kind"] = promotion.kind.value
    columns["blocked_by"] = [asdict(blocked) | {"who": list(blocked.who)} for blocked in promotion.blocked_by]
    return columns


def _promotion(row: PromotionTable) -> Promotion:
    columns = {field.name: getattr(row, field.name) for field in fields(Promotion)}
    columns["kind"] = Kind(row.kind)
    columns["blocked_by"] = tuple(_blocked_by(blocked) for blocked in row.blocked_by)
    return Promotion(**columns)


def _blocked_by(stored: dict[str, JsonValue]) -> BlockedBy:
    who = stored["who"]
    return BlockedBy(
        reason_code=str(stored["reason_code"]),
        summary=str(stored["summary"]),
        who=tuple(str(login) for login in who) if isinstance(who, list) else (),
        next=str(stored["next"]),
    )
