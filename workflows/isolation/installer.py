"""Who finds and installs a model's packages?

uv where it can be had, else pip. Both are asked for wheels only, so that installing runs no code of a package, and both
are the only ones that see the machine's index addresses, proxies and certificates.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gates.refusal import Unavailable
from workflows.isolation.requirements import EnvironmentNotBuiltError

PATIENCE_SECONDS = 900
WHEELS_ONLY = ("--only-binary", ":all:")
FOR_RESOLVER = re.compile(
    r"(UV|PIP|SSL|XDG)_.*|(HTTP|HTTPS|ALL|NO)_PROXY|.*_CA_BUNDLE|HOME|PATH|TMPDIR|NETRC|LANG", re.IGNORECASE
)
OUT_OF_REACH = re.compile(
    r"error sending request|dns error|could not connect|connection (refused|error)|timed? ?out", re.IGNORECASE
)


class Installer(Protocol):
    """Finds and installs packages."""

    def lock(self, lines: Sequence[str], *, python: Path) -> str:
        """Return the exact packages and their SHA-256s that satisfy the requirement lines, as requirement lines."""

    def install(self, lock: str, *, python: Path, folder: Path) -> None:
        """Make a virtual environment in `folder` that holds exactly the locked packages."""


@dataclass(frozen=True, slots=True)
class Uv:
    """Installs with uv; the files are hard links into its cache, so that a second environment costs little."""

    program: str

    def lock(self, lines: Sequence[str], *, python: Path) -> str:
        """Resolve against the machine's index."""
        options = (
            "--quiet",
            "--no-header",
            "--no-annotate",
            "--generate-hashes",
            *WHEELS_ONLY,
            "--python",
            str(python),
        )
        return _run([self.program, "pip", "compile", *options, "-"], given="\n".join(lines))

    def install(self, lock: str, *, python: Path, folder: Path) -> None:
        """Install; compiled at once, for the model's own process may not write here and would compile every time."""
        _run([self.program, "venv", "--quiet", "--no-project", "--python", str(python), str(folder)])
        options = ("--quiet", "--require-hashes", "--compile-bytecode", *WHEELS_ONLY)
        _run([self.program, "pip", "sync", *options, "--python", str(folder / "bin" / "python"), "-"], given=lock)

    def find_python(self, minor: str) -> Path | None:
        """Return an interpreter of this version that is installed here, or None."""
        command = [
            self.program,
            "python",
            "find",
            "--quiet",
            "--no-python-downloads",
            "--no-project",
            "--system",
            minor,
        ]
        try:
            return Path(_run(command).strip())
        except EnvironmentNotBuiltError:
            return None


@dataclass(frozen=True, slots=True)
class Pip:
    """Installs with the pip that comes with each interpreter."""

    def lock(self, lines: Sequence[str], *, python: Path) -> str:
        """Resolve with a dry run, and read the exact packages from its report."""
        with tempfile.TemporaryDirectory() as folder:
            _run([str(python), "-I", "-m", "venv", folder])
            options = ("--quiet", "--dry-run", "--ignore-installed", "--report", "-", *WHEELS_ONLY)
            report = _run([f"{folder}/bin/python", "-I", "-m", "pip", "install", *options, *lines])
        return "".join(sorted(_locked(item) for item in json.loads(report)["install"]))

    def install(self, lock: str, *, python: Path, folder: Path) -> None:
        """Install; pip compiles as it goes."""
        _run([str(python), "-I", "-m", "venv", str(folder)])
        options = ("--quiet", "--no-deps", "--require-hashes", *WHEELS_ONLY, "-r", "/dev/stdin")
        _run([str(folder / "bin" / "python"), "-I", "-m", "pip", "install", *options], given=lock)

    def find_python(self, minor: str) -> Path | None:
        """Return an interpreter of this version that is on the PATH, or None."""
        found = shutil.which(f"python{minor}")
        return None if found is None else Path(found)


def installer() -> Uv | Pip:
    """Return uv if it is installed beside us or on the PATH, else pip."""
    beside_us = Path(sys.executable).parent / "uv"
    program = str(beside_us) if beside_us.is_file() else shutil.which("uv")
    return Pip() if program is None else Uv(program)


def _locked(item: dict[str, dict[str, object]]) -> str:
    """Turn one entry of pip's installation report (version 1) into a requirement line."""
    archive = item["download_info"]["archive_info"]
    sha256 = archive["hashes"]["sha256"] if isinstance(archive, dict) else ""
    return f"{item['metadata']['name']}=={item['metadata']['version']} --hash=sha256:{sha256}\n"


def _run(command: list[str], *, given: str = "") -> str:
    """Run an installer away from any project's settings; return its output, or raise what it complains of."""
    with tempfile.TemporaryDirectory() as neutral:
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
                env=_resolver_environment(), cwd=neutral, timeout=PATIENCE_SECONDS, start_new_session=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"The package index took more than {PATIENCE_SECONDS} s; try again later") from error
    if done.returncode == 0:
        return done.stdout
    complaint = _one_line(done.stderr)
    if OUT_OF_REACH.search(complaint):
        raise Unavailable(f"The package index cannot be reached: {complaint}")
    raise EnvironmentNotBuiltError(complaint or f"{Path(command[0]).name} ended with exit status {done.returncode}")


def _resolver_environment() -> dict[str, str]:
    """Return what an installer needs of our environment; a pip mirror serves uv as well, unless uv has its own."""
    kept = {name: value for name, value in os.environ.items() if FOR_RESOLVER.fullmatch(name)}
    if "PIP_INDEX_URL" in kept and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & kept.keys():
        kept["UV_DEFAULT_INDEX"] = kept["PIP_INDEX_URL"]
    return kept | {"NO_COLOR": "1"}


def _one_line(complaint: str) -> str:
    """Put an installer's complaint on one line, without its drawing and its warnings."""
    drawing = " \t│╰─▶├\N{MULTIPLICATION SIGN}"
    lines = [line.strip(drawing) for line in complaint.splitlines() if not line.lower().startswith("warning")]
    text = re.sub(r"://[^/@\s]+@", "://", " ".join(filter(None, lines)))  # an index address may hold a password
    return text if len(text) <= 300 else f"{text[:297]}..."  # noqa: PLR2004 - the length that a finding shows
