"""How long does `mlops --help` take, beside starting Python at all? Prints both medians and their ratio."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 21
MLOPS = Path(sys.executable).with_name("mlops")


def median_seconds(*command: str) -> float:
    """Return the median wall time of a command, after one run that warms the caches."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main() -> None:
    """Run both in turn and print what came out."""
    bare = median_seconds(sys.executable, "-c", "pass")
    asked = median_seconds(str(MLOPS), "--help")
    print(f"python -c pass {bare * 1000:.0f} ms, mlops --help {asked * 1000:.0f} ms: {asked / bare:.1f} times")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
