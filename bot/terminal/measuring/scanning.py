"""How does a measurement open its rows, and how does it end?"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bot.exchange import ExitCode
from bot.terminal.measuring.bar import Bar
from bot.terminal.out import Out
from gates.measure.scan.duck import DuckEngine
from gates.measure.scan.engine import View, opened
from gates.measure.scan.said import said_source
from gates.measure.unusable import UnusableError
from gates.outcome import Outcome
from gates.refusal import UserError

CODES: Mapping[Outcome, ExitCode] = {
    Outcome.PASS: ExitCode.DONE,
    Outcome.WARN: ExitCode.DONE,
    Outcome.INCONCLUSIVE: ExitCode.WAITING,
    Outcome.FAIL: ExitCode.REFUSED,
    Outcome.ERROR: ExitCode.WRONG_USAGE,
}
"""How a measurement ends; where there is not enough data to tell, a person has to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """An open engine, and where its rows are named."""

    engine: DuckEngine
    tell: Callable[[float], None]
    """Told how much of a query is done."""

    def view(self, as_: str, data: str) -> View:
        """Open the rows that a person named."""
        return self.engine.view(as_, said_source(data), said=data)


@contextmanager
def scanned(out: Out) -> Iterator[Scanning]:
    """Open an engine for the body, with a bar for long scans; what cannot be measured at all is bad input."""
    bar = Bar(out.stderr)
    try:
        with opened(tell=bar.tell) as engine:
            yield Scanning(engine=engine, tell=bar.tell)
    except UnusableError as error:
        text = str(error)
        raise UserError(text[:1].upper() + text[1:]) from error
    finally:
        bar.wipe()
