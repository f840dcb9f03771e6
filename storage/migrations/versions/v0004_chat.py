"""The chats: what each shows of a promotion, how it can be spoken to unasked, and codes that tie accounts together."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Take the step."""
    _posts()
    op.create_table(
        "conversation",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("platform", "key")),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "key", name="pk_conversation"),
    )
    op.create_table(
        "link_code",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("code_hash", "platform", "account", "project")),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_link_code"),
        sa.UniqueConstraint("platform", "account", name="uq_link_code_platform_account"),
    )
    op.create_table(
        "link_try",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("platform", "account")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("forgotten_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", name="pk_link_try"),
    )


def downgrade() -> None:
    """Refuse: what was remembered is not thrown away."""
    raise NotImplementedError("Gatehouse only moves forward: restore the backup made before the upgrade.")


def _posts() -> None:
    op.create_table(
        "post",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("platform", "promotion", "project", "channel")),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("asked_about", sa.String(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("mentioned", "reminded")),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "promotion", name="pk_post"),
    )
    op.create_index("ix_post_platform_due_at", "post", ["platform", "due_at"])
