"""Where in the rulebook is a mistake, and what is it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from gates.refusal import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in one file; `str()` is the line a person reads."""

    path: str
    line: int | None
    """Counted from 1; None when the mistake is the file as a whole, such as its absence."""
    text: str
    """A sentence without its full stop."""
    warning: bool = False
    """A warning is reported and stops nothing."""

    def __str__(self) -> str:
        """Return path, line and sentence."""
        place = self.path if self.line is None else f"{self.path}, line {self.line}"
        stop = "" if self.text.endswith("?") else "."
        return f"{place}: {'warning: ' if self.warning else ''}{self.text}{stop}"


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Sort by file and line, each mistake once."""
    return tuple(sorted(set(problems), key=lambda found: (found.path, found.line or 0, found.warning, found.text)))


class RulebookError(UserError):
    """A rulebook that cannot be used; its text lists every mistake, one a line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the mistakes beside their text."""
        self.problems = in_order(problems)
        super().__init__("\n".join(["The rulebook has mistakes; correct them on main:", *map(str, self.problems)]))


class UnreadableError(Exception):
    """A file that is not the kind of YAML we read."""

    def __init__(self, path: str, line: int | None, text: str) -> None:
        """Keep where and what as one problem."""
        self.problem = Problem(path=path, line=line, text=text)
        super().__init__(str(self.problem))
