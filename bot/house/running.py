"""Which engine runs the workflows, and when is it started? When the first one is due: looking starts none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from storage.outbox import OutboxRow
from workflows.engine import InlineRunner, Runner
from workflows.installation import Installation


class LateRunner:
    """Starts the chosen runner at its first row."""

    def __init__(self, installation: Installation, *, engine: Literal["dbos", "inline"], workspace: Path) -> None:
        """Choose; nothing starts yet."""
        self._installation = installation
        self._engine = engine
        self._workspace = workspace
        self._runner: Runner | None = None

    def run(self, rows: Sequence[OutboxRow]) -> None:
        """Run each row until it is done, put off or broken."""
        if self._runner is None:
            self._runner = self._start()
        self._runner.run(rows)

    def close(self) -> None:
        """Stop what was started."""
        if self._runner is not None:
            self._runner.close()

    def _start(self) -> Runner:
        if self._engine == "inline":
            return InlineRunner(installation=self._installation)
        from workflows.durable import DurableRunner, database_url  # noqa: PLC0415 - DBOS takes 1.5 s to import

        return DurableRunner(self._installation, url=database_url(self._workspace))
