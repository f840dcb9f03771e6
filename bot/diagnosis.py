"""How is one thing that was looked at, and what is to be done about it?"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing looked at: how it is, and what to do."""

    state: Literal["ok", "warn", "bad"]
    text: str
    todo: str = ""

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.state:<5} {self.text}" + (f" - {self.todo}" if self.todo else "")


def ok(text: str) -> Diagnosis:
    """Say that something is as it should be."""
    return Diagnosis(state="ok", text=text)


def warn(text: str, todo: str) -> Diagnosis:
    """Say what works, and could go wrong."""
    return Diagnosis(state="warn", text=text, todo=todo)


def bad(text: str, todo: str = "") -> Diagnosis:
    """Say what keeps Gatehouse from working."""
    return Diagnosis(state="bad", text=text, todo=todo)
