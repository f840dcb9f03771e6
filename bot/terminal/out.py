"""What does a terminal show?"""

import os
import re
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pydantic import JsonValue

    from bot.exchange import Reply

NARROWEST = 40
COLOURS = {
    "32": ("pass", "promoted", "approved", "authorised", "done", "ok"),
    "33": ("warn", "warning", "inconclusive", "waiting", "evaluating", "deploying"),
    "31": ("fail", "failed", "error", "blocked", "rejected", "refused", "frozen", "bad", "no"),
}
FIRST_WORD = re.compile(r"^(\W*)([A-Za-z]+)")
COLUMNS = re.compile(r"\S {2,}\S")


class Out:
    """Where replies, progress and mistakes go: people's text, or exactly one JSON document."""

    def __init__(
        self,
        *,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        as_json: bool = False,
        width: int | None = None,
        colours: bool = False,
    ) -> None:
        """Write to this process's own streams unless told otherwise; `width` None leaves long lines as they are."""
        self.stdout = stdout or sys.stdout
        self.stderr = stderr or sys.stderr
        self.as_json = as_json
        self.width = width
        self.colours = colours

    def progress(self, line: str) -> None:
        """Show one short line during a long step, beside the answer; not for a program that reads JSON."""
        if not self.as_json or self.stderr.isatty():
            print(_printable(line), file=self.stderr, flush=True)

    def reply(self, reply: "Reply") -> None:
        """Show an answer."""
        if self.as_json:
            self._document(reply.data or {"text": reply.text})
        elif reply.text:
            print(self._dressed(reply.text), file=self.stdout, flush=True)

    def mistake(self, text: str, code: int) -> None:
        """Show why there is no answer."""
        if self.as_json:
            self._document({"error": text, "code": code})
        else:
            print(self._folded(_printable(text)), file=self.stderr, flush=True)

    def _document(self, data: "dict[str, JsonValue]") -> None:
        import json  # noqa: PLC0415 - only `--json` needs it, and help has to be quick

        print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False), file=self.stdout, flush=True)

    def _dressed(self, text: str) -> str:
        folded = self._folded(_printable(text))
        return "\n".join(map(_coloured, folded.splitlines())) if self.colours else folded

    def _folded(self, text: str) -> str:
        """Fold long lines under their own indentation; lines in columns stay whole."""
        if self.width is None:
            return text
        return "\n".join(_fold(line, max(self.width, NARROWEST)) for line in text.splitlines())


def terminal_out(*, as_json: bool) -> Out:
    """Return the output of this process; colours and folding only where a person looks."""
    watched = sys.stdout.isatty()
    width = os.get_terminal_size(sys.stdout.fileno()).columns or None if watched else None
    colours = watched and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Out(as_json=as_json, width=width, colours=colours)


def _printable(text: str) -> str:
    """Drop characters that act on a terminal: names and comments are other people's text.

    The joiner stays: in Markdown that goes into a pull request it breaks mentions and addresses.
    """
    return "".join(c for c in text if c in "\n\t\N{WORD JOINER}" or c.isprintable())


def _fold(line: str, width: int) -> str:
    if len(line) <= width or COLUMNS.search(line):
        return line
    import textwrap  # noqa: PLC0415 - help has to be quick

    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(line, width, subsequent_indent=indent + "  ", break_long_words=False, break_on_hyphens=False)


def _coloured(line: str) -> str:
    """Colour a line's first word if it is an outcome or a state."""
    match = FIRST_WORD.match(line)
    if not match:
        return line
    code = next((code for code, words in COLOURS.items() if match[2].lower() in words), None)
    return f"{match[1]}\x1b[{code}m{match[2]}\x1b[0m{line[match.end() :]}" if code else line
