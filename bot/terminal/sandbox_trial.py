"""What is a model's process really kept from on this machine? Tried, not looked up."""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from workflows.isolation.sandbox import Confinement, bare_environment, confined

SECONDS = 30
MEMORY = 512 << 20
FILES, NETWORK = "other files", "the network"
TRIAL = """\
import json, socket, sys
def fails(attempt):
    try:
        attempt()
    except OSError:
        return True
    return False
kept = {
    "files": fails(lambda: open(sys.argv[1]).read()),
    "network": fails(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=5).close()),
}
print(json.dumps(kept))
"""


def what_it_keeps() -> Mapping[str, bool]:
    """Start a confined process that tries to reach a file and a port of ours; say which it could not."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        secret = Path(folder) / "secret"
        secret.write_text("ours", encoding="utf-8")
        kept = _try(secret, listener.getsockname()[1])
    return {FILES: kept.get("files", False), NETWORK: kept.get("network", False)}


def _try(secret: Path, port: int) -> dict[str, bool]:
    """Run the trial; a process that cannot even start shows nothing, which counts as not kept."""
    with tempfile.TemporaryDirectory() as home:
        rules = Confinement(read=(), write=(Path(home),), memory_bytes=MEMORY)
        python = Path(sys.executable)
        command = confined([str(python), "-I", "-c", TRIAL, str(secret), str(port)], python=python, confinement=rules)
        try:
            done = subprocess.run(
                command,
                env=bare_environment(Path(home), {}),
                cwd=home,
                capture_output=True,
                check=True,
                timeout=SECONDS,
                start_new_session=True,
            )
            found: dict[str, bool] = json.loads(done.stdout)
        except (OSError, subprocess.SubprocessError, ValueError):
            return {}
        return found
