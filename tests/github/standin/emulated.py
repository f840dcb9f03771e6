"""How is emulate's GitHub, which nobody here wrote, started beside the stand-in?"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NODE = Path(__file__).parent.parent / "node"
END_SECONDS = 10


@contextmanager
def emulated(seed: dict[str, object]) -> Iterator[str]:
    """Serve emulate's GitHub and give its address; it ends when its input does."""
    command = [os.environ.get("GATEHOUSE_NODE", "node"), str(NODE / "emulate.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(seed) + "\n")
            process.stdin.flush()
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.stdin.close()
            process.wait(END_SECONDS)
