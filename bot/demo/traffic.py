"""Is anyone refused while a new version takes over?

Keeps asking a served model about real applications, one after another, from a thread of its own, and counts what comes
back. It never gives up on a refusal and never repeats a question: a question asked in vain is counted as one.
"""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import httpx
    from pydantic import JsonValue

    Question = dict[str, list[dict[str, JsonValue]]]

VERSION_HEADER = "X-Gatehouse-Version"
UNNAMED = "unnamed"
"""Stands for the version of an answer that does not say which one gave it."""
PAUSE_SECONDS = 0.05
"""Between two questions: at most twenty a second, which is no load to speak of."""
ANSWER_SECONDS = 10.0
MOST_QUESTIONS = 20_000
"""Where it stops by itself, should nobody end it."""
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What came back so far."""

    answered: Mapping[str, int]
    """Answers by the version that gave them, in the order of their first answer."""
    refused: Mapping[str, int]
    """Refusals by their cause."""

    @property
    def asked(self) -> int:
        """Return how many questions were asked."""
        return sum(self.answered.values()) + sum(self.refused.values())


class Traffic:
    """Asks `url` (the front's address, without a path) about `rows` in turn, while the `with` block runs.

    Rows are features by name. Entering waits until the first question is settled, so that the block never begins
    without traffic; leaving waits for the question in flight. No thread is left behind.
    """

    def __init__(self, url: str, rows: Sequence[Mapping[str, "JsonValue"]], *, most: int = MOST_QUESTIONS) -> None:
        if not rows:
            raise ValueError("Traffic needs at least one row to ask about.")
        self._address = f"{url.rstrip('/')}/invocations"
        self._questions: list[Question] = [{"dataframe_records": [dict(row)]} for row in rows]
        self._most = most
        self._answered: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._first, self._done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._ask_on, name="traffic", daemon=True)

    def __enter__(self) -> Self:
        """Start asking."""
        self._thread.start()
        self._first.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop asking."""
        self._done.set()
        self._thread.join()

    @property
    def count(self) -> Count:
        """Return what came back so far; may be read while the block runs."""
        with self._counting:
            return Count(answered=dict(self._answered), refused=dict(self._refused))

    def _ask_on(self) -> None:
        import httpx  # noqa: PLC0415 - a tenth of a second that only the demo spends

        try:
            with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as client:
                for question, _ in zip(cycle(self._questions), range(self._most), strict=False):
                    self._ask(client, question)
                    if self._done.wait(PAUSE_SECONDS):
                        return
        finally:
            self._first.set()

    def _ask(self, client: "httpx.Client", question: "Question") -> None:
        import httpx  # noqa: PLC0415 - as above

        try:
            answer = client.post(self._address, json=question)
        except httpx.HTTPError as error:
            self._note(self._refused, type(error).__name__)
            return
        if answer.status_code == OK:
            self._note(self._answered, answer.headers.get(VERSION_HEADER, UNNAMED))
        else:
            self._note(self._refused, f"HTTP {answer.status_code}")

    def _note(self, counter: Counter[str], what: str) -> None:
        with self._counting:
            counter[what] += 1
        self._first.set()
