"""Which of the servers that still run did a former run of ours leave behind?

A server ends with its owner; this is for the day when that went wrong. Its record names it and its owner by process id
*and* start time, so that a process that merely got the same id is never taken for it.
"""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

Identity = Mapping[str, float]
"""`pid` and `start`, seconds since 1970 as the system tells it."""
KILL_SECONDS = 5.0


def write_record(record: Path, *, server: int) -> None:
    """Write down a server that this process has just started."""
    known = {"owner": identity(os.getpid()), "server": identity(server)}
    beside = record.with_suffix(".new")
    beside.write_text(json.dumps(known))
    beside.replace(record)  # in one step: a record is there whole or not at all


def forget(record: Path) -> None:
    """Remove a stopped server's record and its home."""
    shutil.rmtree(record.with_suffix(""), ignore_errors=True)
    record.unlink(missing_ok=True)


def sweep(runs: Path) -> None:
    """End every recorded server whose owner is gone, and remove what it left in `runs`."""
    for record in sorted(runs.glob("*.json")):
        try:
            known = json.loads(record.read_bytes())
            owned, server = _lives(known["owner"]), known["server"]
        except (ValueError, KeyError, TypeError):
            continue  # not written by us: it names nobody
        if not owned:
            _end(server)
            forget(record)


def kill_family(pid: int) -> None:
    """Kill every process below this one; the one itself is left, to see its children end."""
    import psutil  # noqa: PLC0415 - only a process that serves needs it

    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(pid).children(recursive=True)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=KILL_SECONDS)


def identity(pid: int) -> Identity:
    """Return what tells a running process from every other one, before and after it."""
    import psutil  # noqa: PLC0415 - only a process that serves needs it

    return {"pid": pid, "start": psutil.Process(pid).create_time()}


def _lives(known: Identity) -> bool:
    import psutil  # noqa: PLC0415 - only where a record was found

    try:
        process = psutil.Process(int(known["pid"]))
        return process.create_time() == known["start"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _end(known: Identity) -> None:
    """Kill a recorded server and all below it, if it is still that process."""
    import psutil  # noqa: PLC0415 - only where a record was found

    if not _lives(known):
        return
    kill_family(int(known["pid"]))
    with suppress(psutil.NoSuchProcess):
        server = psutil.Process(int(known["pid"]))
        if _lives(known):  # it ends by itself when its child does; its id may belong to someone else by now
            server.kill()
            server.wait(timeout=KILL_SECONDS)
