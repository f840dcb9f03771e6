"""Which rows do we keep, and what must be unique among them?

Migrations create exactly these tables; a test compares the two. Times are seconds since 1970, UTC. Only this room sees
these classes: everybody else gets frozen values.
"""

from typing import ClassVar

from pydantic import JsonValue
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}


class Table(SQLModel):
    """What all tables share: constraints with names that a migration can refer to."""

    metadata = MetaData(naming_convention=NAMES)


def _promotion_reference() -> Column[int]:
    # Deferred: two rows that name each other are written in one transaction, in any order.
    return Column(Integer, ForeignKey("promotion.id", deferrable=True, initially="DEFERRED"))


class PromotionTable(Table, table=True):
    """One promotion; see `storage.promotions.Promotion`."""

    __tablename__: ClassVar[str] = "promotion"
    __table_args__ = (
        UniqueConstraint("project", "message_id"),
        Index(None, "project", "model", "environment"),
        Index(None, "project", "pull_request"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    project: str
    model: str
    version: str | None
    digest: str | None
    environment: str
    kind: str
    state: str = Field(index=True)
    requester: str
    requester_account: str
    reason: str
    surface: str
    message_id: str | None
    assurance: str
    branch: str | None
    pull_request: int | None
    pull_request_url: str | None
    head: str | None
    subject_digest: str | None
    evidence_digest: str | None
    blocked_by: list[dict[str, JsonValue]] = Field(sa_column=Column(JSON, nullable=False))
    waiting_since: int | None = Field(sa_type=BigInteger)
    deadline: int | None = Field(sa_type=BigInteger)
    superseded_by: int | None = Field(sa_column=_promotion_reference())
    authorised_head: str | None
    authorised_tree: str | None
    merge_commit: str | None
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)
    problem: str


class RulebookChangeTable(Table, table=True):
    """One pull request that changes the rulebook; see `storage.rulebook_changes.RulebookChange`."""

    __tablename__: ClassVar[str] = "rulebook_change"
    __table_args__ = (UniqueConstraint("project", "pull_request"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    project: str
    pull_request: int
    url: str
    head: str
    digest: str
    author: str
    state: str
    problem: str
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)


class DecisionTable(Table, table=True):
    """One decision of one account; never changed, never removed."""

    __tablename__: ClassVar[str] = "decision"
    __table_args__ = (UniqueConstraint("subject", "decider", "approves", "evidence_digest"),)

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    subject: str
    decider: str
    """The person, or the account where no person is known: what makes a decision the same one."""
    person: str | None
    account: str
    approves: bool
    reason: str
    surface: str
    assurance: str
    evidence_digest: str
    at: int = Field(sa_type=BigInteger)


class RevocationTable(Table, table=True):
    """A decision that was taken back, such as a review that was dismissed; never changed, never removed."""

    __tablename__: ClassVar[str] = "revocation"

    decision: int = Field(sa_column=Column(ForeignKey("decision.id"), primary_key=True, autoincrement=False))
    why: str
    at: int = Field(sa_type=BigInteger)


class LaneTable(Table, table=True):
    """What one lane remembers; see `storage.lanes.LaneState`."""

    __tablename__: ClassVar[str] = "lane"

    project: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    environment: str = Field(primary_key=True)
    champion_version: str | None
    champion_digest: str | None
    champion_promotion: int | None = Field(sa_column=_promotion_reference())
    frozen: str
    frozen_detail: str
    since: int | None = Field(sa_type=BigInteger)
    main_commit: str | None


class MainSeenTable(Table, table=True):
    """The last commit of a project's main that was judged."""

    __tablename__: ClassVar[str] = "main_seen"

    project: str = Field(primary_key=True)
    commit_sha: str


class LedgerTable(Table, table=True):
    """One entry of the audit trail: canonical bytes (`content`), their leaf hash, and what they are found by."""

    __tablename__: ClassVar[str] = "ledger"
    __table_args__ = (
        Index("uq_ledger_kind_key", "kind", "key", unique=True, sqlite_where=text("key <> ''"),
              postgresql_where=text("key <> ''")),
    )  # fmt: skip

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: int = Field(sa_type=BigInteger)
    kind: str
    project: str
    subject: str = Field(index=True)
    key: str
    content: bytes = Field(sa_type=LargeBinary)
    leaf: bytes = Field(sa_type=LargeBinary)


class OutboxTable(Table, table=True):
    """One workflow to start; see `storage.outbox.OutboxRow`."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (Index(None, "done_at", "due_at"),)

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    key: str = Field(unique=True)
    kind: str
    lane: str
    payload: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    due_at: int = Field(sa_type=BigInteger)
    attempts: int
    done_at: int | None = Field(sa_type=BigInteger)
    last_error: str


class MessageTable(Table, table=True):
    """What one message was answered with."""

    __tablename__: ClassVar[str] = "message"

    surface: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    reply: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    at: int = Field(sa_type=BigInteger)


class InboxTable(Table, table=True):
    """One thing that a platform told us; see `storage.inbox.InboxRow`."""

    __tablename__: ClassVar[str] = "inbox"
    __table_args__ = (UniqueConstraint("surface", "key"), Index(None, "surface", "settled_at", "due_at"))

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    surface: str
    key: str
    heard: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    received_at: int = Field(sa_type=BigInteger)
    due_at: int = Field(sa_type=BigInteger)
    attempts: int
    settled_at: int | None = Field(sa_type=BigInteger)
    problem: str


class InboxMarkTable(Table, table=True):
    """Until when a project was asked for what no delivery told."""

    __tablename__: ClassVar[str] = "inbox_mark"

    surface: str = Field(primary_key=True)
    project: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)


class PostTable(Table, table=True):
    """What a chat shows of one promotion; see `storage.posts.PostRow`."""

    __tablename__: ClassVar[str] = "post"
    __table_args__ = (Index(None, "platform", "due_at"),)

    platform: str = Field(primary_key=True)
    promotion: str = Field(primary_key=True)
    project: str
    channel: str
    message: str | None
    digest: str
    told_seq: int
    asked_about: str
    mentioned: list[str] = Field(sa_column=Column(JSON, nullable=False))
    reminded: list[str] = Field(sa_column=Column(JSON, nullable=False))
    due_at: int | None = Field(sa_type=BigInteger)
    attempts: int
    problem: str


class ConversationTable(Table, table=True):
    """How a chat can be spoken to unasked; see `storage.conversations.Conversations`."""

    __tablename__: ClassVar[str] = "conversation"

    platform: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    reference: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    at: int = Field(sa_type=BigInteger)


class LinkCodeTable(Table, table=True):
    """One code that ties two accounts together; see `storage.link_codes.LinkCode`."""

    __tablename__: ClassVar[str] = "link_code"
    __table_args__ = (UniqueConstraint("platform", "account"),)

    code_hash: str = Field(primary_key=True)
    platform: str
    account: str
    project: str
    expires_at: int = Field(sa_type=BigInteger)


class LinkTryTable(Table, table=True):
    """How often an account guessed wrong lately."""

    __tablename__: ClassVar[str] = "link_try"

    platform: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    count: int
    forgotten_at: int = Field(sa_type=BigInteger)
