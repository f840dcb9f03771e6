"""Where does a test get an empty database of its own? A copy of one that was migrated once in this process."""

import tempfile
from functools import cache
from pathlib import Path

from storage.database import Database


def fresh_database(path: Path) -> Database:
    """Return a database at this program's schema, new at `path`.

    A migration takes thirty times as long as a copy; tests/storage/test_database.py and test_migrations.py run it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_migrated())
    return Database(f"sqlite:///{path}")


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        database.close()
        return path.read_bytes()
