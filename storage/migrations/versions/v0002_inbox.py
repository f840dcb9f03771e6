"""The inbox: what the platforms told, and until when each project was asked for what they did not."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("surface", "key")),
        sa.Column("heard", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("received_at", "due_at")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("surface", "key", name="uq_inbox_surface_key"),
    )
    op.create_index("ix_inbox_surface_settled_at_due_at", "inbox", ["surface", "settled_at", "due_at"])
    op.create_table(
        "inbox_mark",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("surface", "project")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("surface", "project", name="pk_inbox_mark"),
    )


def downgrade() -> None:
    """Refuse: what was remembered is not thrown away."""
    raise NotImplementedError("Gatehouse only moves forward: restore the backup made before the upgrade.")
