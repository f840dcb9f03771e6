"""Does the program still say what it said? Golden files: conversations, and whole pages.

A conversation is a text file. A line that starts with `> ` is what a person typed; the lines up to the next one are the
answer. Everything before the first such line is a note for the reader. `pytest --accept` writes the present answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TYPED = "> "


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """Compares with golden files, or writes them anew."""

    accept: bool

    def conversation(self, path: Path, answer: Callable[[str], str]) -> None:
        """Have the conversation in `path` once more, line by line, and compare all of it."""
        before = path.read_text(encoding="utf-8")
        self.page(path, "\n".join(_again(before, answer)).rstrip() + "\n")

    def page(self, path: Path, now: str) -> None:
        """Compare a whole page with what it should be now."""
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if self.accept and now != before:
            path.write_text(now, encoding="utf-8")
            return
        assert now == before, f"{path.name} says something else; look at it, then: pytest --accept"


def _again(text: str, answer: Callable[[str], str]) -> Iterator[str]:
    """Yield the note, then each typed line with its present answer and an empty line."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith(TYPED)), len(lines))
    yield from lines[:first]
    for line in lines[first:]:
        if line.startswith(TYPED):
            yield line
            yield answer(line.removeprefix(TYPED)).rstrip()
            yield ""
