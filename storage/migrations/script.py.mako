"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Take the step."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Refuse: what was remembered is not thrown away."""
    raise NotImplementedError("Gatehouse only moves forward: restore the backup made before the upgrade.")
