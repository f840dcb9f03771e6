"""How many requests does one promotion on GitHub take, and how many of them cost quota?

Plays a promotion over the stand-in of the tests: asked for in a terminal, opened, measured, checked, reviewed, merged,
deployed; every webhook is delivered. A sweep while it waits is counted apart. An answer "not modified" costs no quota.
"""

import sys
import tempfile
from collections import Counter
from http import HTTPStatus
from pathlib import Path

from tests.github.world import GitHubWorld, github_world
from tests.world import evaluation_table


def main() -> None:
    """Play and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = evaluation_table(folder / "evaluation" / "churn.parquet")
        with github_world(folder) as world:
            world.world.register(table.scores(0.3))
            began = len(world.github.requests)
            number = world.ask()
            opened = len(world.github.requests)
            world.sweep()
            swept = len(world.github.requests)
            world.review("bob-at-work", number)
            _tell("asked, opened, measured, shown", world, began, opened)
            _tell("a sweep while it waits", world, opened, swept)
            _tell("reviewed, merged, deployed, shown", world, swept, len(world.github.requests))
            if world.world.state(1) != "promoted":
                sys.exit("The promotion did not get through, so the counts mean nothing.")


def _tell(what: str, world: GitHubWorld, begin: int, end: int) -> None:
    """Print the counts of one part."""
    part = world.github.requests[begin:end]
    free = sum(1 for one in part if one.status == HTTPStatus.NOT_MODIFIED)
    writes = Counter(one.method for one in part if one.method != "GET")
    written = ", ".join(f"{count} {method}" for method, count in sorted(writes.items())) or "none"
    print(f"{what}: {len(part)} requests, {len(part) - free} of them cost quota; writes: {written}")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
