"""How do several processes of one run of tests make a world once?"""

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hands import Saved


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Saved]) -> Saved:
    """Return a world put aside: the first process of this run that asks makes it, in a folder that is empty.

    Nobody changes it: tests open copies.
    """
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"once-{name}"
    folder.mkdir(exist_ok=True)
    kept = folder / "saved.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = make(folder / "installation")
            kept.write_bytes(pickle.dumps(made))
        return _read(kept)


def _read(kept: Path) -> Saved:
    found = pickle.loads(kept.read_bytes())  # noqa: S301 - this run of tests wrote it
    assert isinstance(found, Saved)
    return found
