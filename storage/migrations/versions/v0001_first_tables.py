"""The first tables: promotions, rulebook changes, decisions, lanes, the ledger, the outbox and answered messages."""

from typing import TypeVar

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from storage.migrations.guards import make_append_only, require_next_number

revision = "0001"
down_revision = None

T = TypeVar("T")
TEXT = sa.String()
NUMBER = sa.Integer()
TIME = sa.BigInteger()


def upgrade() -> None:
    """Take the step."""
    _promotion()
    _rulebook_change()
    _decision()
    _lane()
    _ledger()
    _outbox()
    _message()


def downgrade() -> None:
    """Refuse: what was remembered is not thrown away."""
    raise NotImplementedError("Gatehouse only moves forward: restore the backup made before the upgrade.")


def _must(name: str, kind: TypeEngine[T]) -> sa.Column[T]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: TypeEngine[T]) -> sa.Column[T]:
    return sa.Column(name, kind, nullable=True)


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=False, autoincrement=False)


def _promotion_key(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_promotion"
    return sa.ForeignKeyConstraint([column], ["promotion.id"], name=name, deferrable=True, initially="DEFERRED")


def _promotion() -> None:
    op.create_table(
        "promotion",
        _id(),
        *(_must(name, TEXT) for name in ("project", "model")),
        *(_may(name, TEXT) for name in ("version", "digest")),
        *(_must(name, TEXT) for name in ("environment", "kind", "state", "requester", "requester_account")),
        *(_must(name, TEXT) for name in ("reason", "surface")),
        _may("message_id", TEXT),
        _must("assurance", TEXT),
        _may("branch", TEXT),
        _may("pull_request", NUMBER),
        *(_may(name, TEXT) for name in ("pull_request_url", "head", "subject_digest", "evidence_digest")),
        _must("blocked_by", sa.JSON()),
        *(_may(name, TIME) for name in ("waiting_since", "deadline")),
        _may("superseded_by", NUMBER),
        *(_may(name, TEXT) for name in ("authorised_head", "authorised_tree", "merge_commit")),
        *(_must(name, TIME) for name in ("created_at", "updated_at")),
        _must("problem", TEXT),
        _promotion_key("promotion", "superseded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_promotion"),
        sa.UniqueConstraint("project", "message_id", name="uq_promotion_project_message_id"),
    )
    op.create_index("ix_promotion_project_model_environment", "promotion", ["project", "model", "environment"])
    op.create_index("ix_promotion_project_pull_request", "promotion", ["project", "pull_request"])
    op.create_index("ix_promotion_state", "promotion", ["state"])


def _rulebook_change() -> None:
    op.create_table(
        "rulebook_change",
        _id(),
        _must("project", TEXT),
        _must("pull_request", NUMBER),
        *(_must(name, TEXT) for name in ("url", "head", "digest", "author", "state", "problem")),
        *(_must(name, TIME) for name in ("created_at", "updated_at")),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook_change"),
        sa.UniqueConstraint("project", "pull_request", name="uq_rulebook_change_project_pull_request"),
    )


def _decision() -> None:
    same = ("subject", "decider", "approves", "evidence_digest")
    op.create_table(
        "decision",
        _must("id", NUMBER),
        *(_must(name, TEXT) for name in ("subject", "decider")),
        _may("person", TEXT),
        _must("account", TEXT),
        _must("approves", sa.Boolean()),
        *(_must(name, TEXT) for name in ("reason", "surface", "assurance", "evidence_digest")),
        _must("at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.UniqueConstraint(*same, name="uq_decision_subject_decider_approves_evidence_digest"),
    )
    twin = " AND ".join(f"{column} = NEW.{column}" for column in same)
    make_append_only("decision", found_by=("id = NEW.id", twin))


def _lane() -> None:
    op.create_table(
        "lane",
        *(_must(name, TEXT) for name in ("project", "model", "environment")),
        *(_may(name, TEXT) for name in ("champion_version", "champion_digest")),
        _may("champion_promotion", NUMBER),
        *(_must(name, TEXT) for name in ("frozen", "frozen_detail")),
        _may("since", TIME),
        _may("main_commit", TEXT),
        _promotion_key("lane", "champion_promotion"),
        sa.PrimaryKeyConstraint("project", "model", "environment", name="pk_lane"),
    )
    op.create_table(
        "main_seen",
        *(_must(name, TEXT) for name in ("project", "commit_sha")),
        sa.PrimaryKeyConstraint("project", name="pk_main_seen"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        _id("seq"),
        _must("at", TIME),
        *(_must(name, TEXT) for name in ("kind", "project", "subject", "key")),
        *(_must(name, sa.LargeBinary()) for name in ("content", "leaf")),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger"),
    )
    op.create_index("ix_ledger_subject", "ledger", ["subject"])
    named = sa.text("key <> ''")
    op.create_index(
        "uq_ledger_kind_key", "ledger", ["kind", "key"], unique=True, sqlite_where=named, postgresql_where=named
    )
    make_append_only("ledger", found_by=("seq = NEW.seq", "key <> '' AND kind = NEW.kind AND key = NEW.key"))
    require_next_number("ledger", "seq")


def _outbox() -> None:
    op.create_table(
        "outbox",
        _must("id", NUMBER),
        *(_must(name, TEXT) for name in ("key", "kind", "lane")),
        _must("payload", sa.JSON()),
        _must("due_at", TIME),
        _must("attempts", NUMBER),
        _may("done_at", TIME),
        _must("last_error", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_done_at_due_at", "outbox", ["done_at", "due_at"])


def _message() -> None:
    op.create_table(
        "message",
        *(_must(name, TEXT) for name in ("surface", "message_id")),
        _must("reply", sa.JSON()),
        _must("at", TIME),
        sa.PrimaryKeyConstraint("surface", "message_id", name="pk_message"),
    )
