"""How is the ledger written for a spreadsheet, so that nothing in it is taken for a formula?

RFC 4180: cells with commas, quotation marks or line breaks are quoted, lines end in CR LF. A cell that a spreadsheet
would compute gets an apostrophe in front (OWASP, "CSV Injection").
"""

import csv
import io
from collections.abc import Iterable, Iterator

from reports.pages.ledger import EntryLine

HEADER = ("seq", "at", "kind", "project", "subject", "text")
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - their wide forms compute as well


def csv_lines(lines: Iterable[EntryLine]) -> Iterator[bytes]:
    """Yield the header, then each entry, as UTF-8."""
    yield _line(HEADER)
    for line in lines:
        yield _line((str(line.seq), line.at.iso, *map(cell, (line.kind, line.project, line.subject, line.text))))


def cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not compute."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(COMPUTED) else text


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", errors="replace")
