"""How does a database get from one schema to the next?"""

from io import StringIO

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from gates.refusal import UserError


def upgrade(connection: Connection) -> None:
    """Run every migration that this database has not had, within the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as unknown:
        raise UserError(
            f"The database has a schema that this program does not know ({unknown}): "
            "install the newer Gatehouse and run its mlops db upgrade."
        ) from unknown


def upgrade_script(dialect: str) -> str:
    """Return the SQL that leads from an empty database to the newest schema, for whoever runs migrations by hand."""
    written = StringIO()
    config = _config()
    config.output_buffer = written
    config.attributes["dialect"] = dialect
    command.upgrade(config, "head", sql=True)
    return written.getvalue()


def newest_schema() -> str | None:
    """Return the id of the newest migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    # Found through the package, so that it works from a wheel and needs no alembic.ini.
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config
