"""What may a model's process reach, and how is it started so?

`confined` turns a command into one that first gives up, through `confine.py`, what it does not need: files, network,
privileges. A small parent stays beside it (`supervisor.py`): it passes signals on, ends as the command ends,
and takes every process with it that the command left behind.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflows.isolation.confine import Order

START = "import sys; sys.path.append(sys.argv.pop(1)); from workflows.isolation.confine import main; main()"
OUR_CODE = Path(__file__).parents[2]

SYSTEM_READ = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/passwd",
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/mime.types",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
    "/proc/self",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/proc/version",
    "/proc/filesystems",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/kernel/osrelease",
    "/sys/devices/system/cpu",
    "/sys/kernel/mm/transparent_hugepage",
)
"""What Python, numpy and OpenBLAS look at. Neither all of /etc nor all of /proc: both tell what is not the model's."""

DEVICES = ("/dev/null",)

SINGLE_THREADED = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


RESERVED = 2 << 30
"""Bytes of private memory beyond the limit that a process may reserve and not use, as allocators and threads do.

Measured for scikit-learn on mlflow 3.17: 1.4 GiB reserved at 0.4 GiB used, of which arrow's allocator alone 1 GiB.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What one process may use; everything else is denied where the system allows."""

    read: tuple[Path, ...]
    write: tuple[Path, ...]
    """Files and folders that it may read and change."""
    memory_bytes: int
    """What its processes may use together; a watcher outside must see to that, here no single one can take far more."""
    port: int | None = None
    """TCP port that it may listen on; None for a process without any network."""
    outlives_us: bool = False
    """Does it go on when the process that started it ends? Otherwise it is killed then."""


def confined(command: Sequence[str], *, python: Path, confinement: Confinement) -> list[str]:
    """Return the command line that confines itself first and then becomes `command`.

    `python` is the interpreter that the command runs: what it is installed with becomes readable. The first word of the
    command must be an absolute path. Start it with `start_new_session=True`, and end it with SIGTERM or by its group.
    """
    order = Order(
        read=[*SYSTEM_READ, *sorted({str(path) for path in (*confinement.read, *interpreter_folders(python))})],
        write=[str(path) for path in confinement.write],
        devices=list(DEVICES),
        private_bytes=confinement.memory_bytes + RESERVED,
        port=confinement.port,
        outlives_us=confinement.outlives_us,
    )
    # -I and -S: neither our variables nor a package's start-up file run before the doors are closed.
    return [sys.executable, "-I", "-S", "-c", START, str(OUR_CODE), json.dumps(order), *command]


def bare_environment(home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a model's process: nothing of ours, no secrets, one thread for each library."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "USER": "model",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        **dict.fromkeys(SINGLE_THREADED, "1"),
        **extra,
    }


def interpreter_folders(python: Path) -> tuple[Path, ...]:
    """Return the folders that an interpreter is made of: its environment's, and that of the Python it was made from."""
    environment = python.absolute().parent.parent
    homes = {environment, python.resolve().parent.parent}
    settings = environment / "pyvenv.cfg"
    if settings.is_file():
        homes.update(_home(line) for line in settings.read_text("utf-8").splitlines() if line.startswith("home"))
    return tuple(sorted(home for home in homes if home not in {Path("/"), Path("/usr")}))


def _home(line: str) -> Path:
    """Return the installation that a line `home = /opt/python/bin` of pyvenv.cfg names."""
    return Path(line.partition("=")[2].strip()).parent.resolve()
