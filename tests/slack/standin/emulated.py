"""How is emulate's Slack, which nobody here wrote, started beside the stand-in?"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "node" / "emulate_slack.mjs"
EMULATE = Path(__file__).parents[2] / "github" / "node" / "node_modules" / "emulate"
"""Installed once for all tests, by tools/test-all.sh."""
END_SECONDS = 10


@contextmanager
def emulated(seed: Mapping[str, object], *, events: str) -> Iterator[str]:
    """Serve emulate's Slack and give its address; signed events go to `events`."""
    command = [os.environ.get("GATEHOUSE_NODE", "node"), str(SCRIPT), str(EMULATE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"seed": {"slack": dict(seed)}, "events": events}) + "\n")
            process.stdin.flush()
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.stdin.close()
            process.wait(END_SECONDS)
