"""Decisions that were taken back: reviews that were dismissed."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards import make_append_only

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "revocation",
        sa.Column("decision", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_revocation_decision_decision"),
        sa.PrimaryKeyConstraint("decision", name="pk_revocation"),
    )
    make_append_only("revocation", found_by=("decision = NEW.decision",))


def downgrade() -> None:
    """Refuse: what was remembered is not thrown away."""
    raise NotImplementedError("Gatehouse only moves forward: restore the backup made before the upgrade.")
