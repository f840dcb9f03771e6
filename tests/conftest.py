"""What holds for every test: no network beyond this machine, laws that repeat, answers that can be accepted."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import pytest_socket

from tests.conversation import Golden
from tests.measured_once import measured_once

MEMORY = Path("/dev/shm")  # noqa: S108 - made for it: pytest makes a folder of its own there
ROOMY = 4 * 2**30  # bytes; a whole run leaves about one at a time
LOOPBACK = ["127.0.0.1", "::1", "localhost"]

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="write what the program says now into golden conversations and pages"
    )


def pytest_configure() -> None:
    """Keep temporary files in memory where there is room: Git and SQLite ask for each write to reach the disk.

    A shell's background job ignores Ctrl-C, and so would each process that a test starts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOMY:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that take long, and leave out what `make test-all` is for; the summary says what that was."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if os.environ.get("GATEHOUSE_FULL"):
        return
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(pytest.mark.skip(reason="left out here: make test-all runs it, and sets up what it needs"))


def pytest_collection_finish() -> None:
    """Leave what is loaded now out of each search for garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let Python tidy up at its end as it always does."""
    gc.unfreeze()


def pytest_runtest_setup() -> None:
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def _measuring() -> Iterator[None]:
    """Measure the same rows once."""
    with measured_once():
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Golden files; `--accept` writes them."""
    return Golden(accept=bool(request.config.getoption("--accept")))
