"""Who finishes a short workflow when the process dies in the middle? DBOS does, at the next start.

The only module that imports DBOS. A row of the outbox becomes one DBOS workflow whose steps are single moves; rows of
one lane run one at a time, because the lane is the queue's partition. The outbox stays the truth: losing the
engine's database loses nothing, and what it remembers of a row that is still to be done holds nobody up.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from storage.outbox import OutboxRow
from workflows.engine import MOST_MOVES, Step, give_up, take_step
from workflows.installation import Installation

QUEUE = "lanes"
RELEASE = "gatehouse-1"
"""Fixed, so that a new release takes up what an older one left; changed when a workflow's steps change shape."""
BUSY_SECONDS = 0.02
IDLE_SECONDS = 0.5
"""Between two looks at the queue while there is work, and after a lull: a server that only waits burns no power."""
LULL_SECONDS = 2.0
UNFINISHED = frozenset({"ENQUEUED", "PENDING", "DELAYED"})


class DurableRunner:
    """Runs rows as DBOS workflows on SQLite or PostgreSQL; one in a process."""

    def __init__(self, installation: Installation, *, url: str, executor: str = "local") -> None:
        """Launch the engine on its own database; workflows that a dead process left go on by themselves."""
        _log_as_everyone_does()
        self._installation = installation
        self._closing = threading.Event()
        self._pace = threading.Lock()
        self._lull = threading.Timer(LULL_SECONDS, self._look_seldom)
        DBOS(
            config={
                "name": "gatehouse",
                "system_database_url": url,
                "application_version": RELEASE,
                "executor_id": executor,
                "log_level": "WARNING",
            }
        )
        self._workflow = self._register()
        DBOS.launch()
        self._queue = DBOS.register_queue(QUEUE, partition_concurrency=1, polling_interval_sec=BUSY_SECONDS)

    def _register(self) -> Callable[[int], str]:
        @DBOS.step(name="gatehouse_step")
        def step(row_id: int) -> str:
            return self._unless_closing(take_step, row_id)

        @DBOS.step(name="gatehouse_give_up")
        def stop(row_id: int) -> str:
            return self._unless_closing(give_up, row_id)

        @DBOS.workflow(name="gatehouse_row")
        def workflow(row_id: int) -> str:
            for _ in range(MOST_MOVES):
                outcome = step(row_id)
                if outcome != Step.MORE:
                    return outcome
            return stop(row_id)

        return workflow

    def _unless_closing(self, act: Callable[[Installation, int], Step], row_id: int) -> str:
        """Begin nothing once we are told to stop: the row stays, and the next process does it."""
        return Step.LATER if self._closing.is_set() else act(self._installation, row_id)

    def run(self, rows: Sequence[OutboxRow]) -> None:
        """Enqueue each row in its lane and wait until all have ended."""
        self._look_often()
        handles = []
        for row in rows:
            with SetWorkflowID(_free_id(row)), SetEnqueueOptions(queue_partition_key=row.lane):
                handles.append(DBOS.enqueue_workflow(QUEUE, self._workflow, row.id))
        problems = [problem for handle in handles if (problem := _ended(handle.get_result)) is not None]
        self._look_seldom_after_a_lull()
        if problems:
            raise problems[0]

    def close(self) -> None:
        """Stop the engine; no further move begins."""
        self._closing.set()
        self._look_often()  # the engine's database keeps the pace: the next process begins quickly
        DBOS.destroy(destroy_registry=True)

    def _look_often(self) -> None:
        with self._pace:
            self._lull.cancel()
            self._queue.set_polling_interval_sec(BUSY_SECONDS)

    def _look_seldom_after_a_lull(self) -> None:
        with self._pace:
            self._lull = threading.Timer(LULL_SECONDS, self._look_seldom)
            self._lull.daemon = True
            self._lull.start()

    def _look_seldom(self) -> None:
        with self._pace:
            if not (self._closing.is_set() or self._lull.finished.is_set()):
                self._queue.set_polling_interval_sec(IDLE_SECONDS)


def _free_id(row: OutboxRow) -> str:
    """Return the workflow id of this attempt at a row; the same after a crash, so that what was begun is found again.

    What the engine has ended and the outbox still asks for is begun anew under the next name: our database may be
    older than the engine's after a backup was put back, and a workflow may have failed in its own bookkeeping.
    """
    for number in count():
        name = f"{row.key}@{row.attempts}{f'.{number}' if number else ''}"
        known = DBOS.get_workflow_status(name)
        if known is None or known.status in UNFINISHED:
            return name
    raise AssertionError("Counting does not end.")


def _ended(result: Callable[..., str]) -> Exception | None:
    """Wait for a workflow; return what kept it from writing down how its row ended."""
    try:
        result(polling_interval_sec=BUSY_SECONDS)
    except Exception as problem:  # noqa: BLE001 - the other rows are waited for first
        return problem
    return None


def _log_as_everyone_does() -> None:
    """Keep DBOS from writing to the terminal: with a handler of its own it would add none, and warnings pass on."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    for name in ("dbos", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def database_url(workspace: Path) -> str:
    """Return where the engine keeps its own state: beside our database, and not in it."""
    return f"sqlite:///{(workspace / 'engine.db').resolve()}"
