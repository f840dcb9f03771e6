"""What was written down, as far as somebody looks for it?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from pydantic import JsonValue

from bot.house.desk import Desk
from bot.house.trails import event_from
from bot.house.window import Window
from bot.pages.answer import Answer, Asked, Download, NotFoundError, Page, WrongInputError
from bot.pages.links import subject_address
from reports.pages.addresses import entry_address, ledger_address, with_query
from reports.pages.ledger import EntryLine, EntryPage, Filters, LedgerPage, render_entry, render_ledger
from reports.pages.ledger_csv import csv_lines
from reports.pages.moment import Moment, moment
from reports.pages.site import Site
from storage.ledger import Ledger, RawEntry
from storage.ledger_search import Between, Wanted
from storage.merkle import leaf_hash

MOST = 50
"""Entries on a page."""
STRETCH = 500
"""Entries that are read at once for a file: nobody's slow line keeps a transaction open."""
FIELDS = ("kind", "subject", "project", "person", "since", "until")
NOBODY = Moment(iso="", words="")


def show_ledger(window: Window, asked: Asked, site: Site) -> Answer:
    """Show the newest entries that fit, or those before or after one."""
    filters = _filters(asked)
    wanted, said = _wanted(filters), _said(filters)
    with window.desk.installation.database.reading() as work:
        found = _stretch(work.ledger, wanted, asked.number("after"), asked.number("before"))
        amount, size, kinds = work.ledger.amount(wanted), work.ledger.size(), work.ledger.kinds()
    seqs = [row.number for row in found.rows]
    page = LedgerPage(
        lines=tuple(map(line_of, found.rows)),
        amount=amount,
        size=size,
        filters=filters,
        filtered=bool(said),
        kinds=kinds,
        projects=tuple(window.projects),
        newer=ledger_address(**said, after=str(seqs[0])) if found.newer else "",
        older=ledger_address(**said, before=str(seqs[-1])) if found.older else "",
        csv=with_query("/ledger/export.csv", **said),
    )
    return Page(html=render_ledger(site, page))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Entries of one page, newest first, and whether there are others around them."""

    rows: tuple[RawEntry, ...]
    newer: bool = False
    older: bool = False


def _stretch(ledger: Ledger, wanted: Wanted, after: int | None, before: int | None) -> _Stretch:
    """Read the entries just above `after`, or those just below `before`, or the newest."""
    upwards = after is not None and before is None
    between = Between(above=after or 0, below=before, oldest_first=upwards)
    found = ledger.stretch(wanted, between, MOST + 1)
    rows, more = found[:MOST], len(found) > MOST
    if not rows:
        return _Stretch(rows=())
    if upwards:
        older = bool(ledger.stretch(wanted, Between(below=rows[0].number), 1))
        return _Stretch(rows=rows[::-1], newer=more, older=older)
    newer = before is not None and bool(ledger.stretch(wanted, Between(above=rows[0].number, oldest_first=True), 1))
    return _Stretch(rows=rows, newer=newer, older=more)


def show_entry(window: Window, asked: Asked, site: Site) -> Answer:
    """Show one entry: what it says, its very bytes, and their hash."""
    number = asked.path["seq"]
    with window.desk.installation.database.reading() as work:
        size = work.ledger.size()
        seq = int(number) if number.isascii() and number.isdigit() and len(number) < len("9007199254740991") else 0
        found = work.ledger.at(seq)
    if found is None:
        raise NotFoundError(f"The ledger has no entry {number[:20]}; its newest is {size}.")
    page = EntryPage(
        line=line_of(found),
        fields=_fields(found),
        key=str(found.key),
        content=found.bytes.decode("utf-8", errors="backslashreplace"),
        leaf=leaf_hash(found.bytes).hex(),
        kept=found.leaf.hex() if isinstance(found.leaf, bytes) else str(found.leaf),
        newer=entry_address(seq + 1) if seq < size else "",
        older=entry_address(seq - 1) if seq > 1 else "",
    )
    return Page(html=render_entry(site, page))


def export_trail(window: Window, _asked: Asked, _site: Site) -> Answer:
    """Hand out the whole trail, as `mlops audit export` writes it: one entry's canonical bytes a line."""
    lines = (row.bytes + b"\n" for row in _rows(window.desk, Wanted()))
    return Download(parts=_together(lines), media_type="application/jsonl", name="ledger.jsonl")


def export_table(window: Window, asked: Asked, _site: Site) -> Answer:
    """Hand out what the filters let through, for a spreadsheet."""
    wanted = _wanted(_filters(asked))
    lines = csv_lines(map(line_of, _rows(window.desk, wanted)))
    return Download(parts=_together(lines), media_type="text/csv; charset=utf-8", name="ledger.csv")


def line_of(row: RawEntry) -> EntryLine:
    """Return an entry in one line; one that cannot be read says so."""
    event = event_from(row)
    return EntryLine(
        seq=row.number,
        at=moment(event.at) or NOBODY,
        kind=event.kind,
        project=str(row.project),
        subject=event.subject,
        about=subject_address(event.subject),
        text=event.text,
        address=entry_address(row.number),
    )


def _fields(row: RawEntry) -> tuple[tuple[str, str], ...]:
    entry = row.entry()
    return () if entry is None else tuple((name, _shown(value)) for name, value in sorted(entry.body.items()))


def _together(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield many lines at once: sending each alone takes longer than making it."""
    while part := b"".join(islice(lines, STRETCH)):
        yield part


def _rows(desk: Desk, wanted: Wanted) -> Iterator[RawEntry]:
    """Yield entries, oldest first, up to the newest one of now; each stretch is a look of its own."""
    with desk.installation.database.reading() as work:
        end, reached = work.ledger.size() + 1, 0
    while True:
        with desk.installation.database.reading() as work:
            found = work.ledger.stretch(wanted, Between(above=reached, below=end, oldest_first=True), STRETCH)
        yield from found
        if len(found) < STRETCH:
            return
        reached = found[-1].number


def _filters(asked: Asked) -> Filters:
    return Filters(**{name: asked.word(name) for name in FIELDS})


def _said(filters: Filters) -> Mapping[str, str]:
    return {name: value for name, value in asdict(filters).items() if value}


def _wanted(filters: Filters) -> Wanted:
    until = _day(filters.until, "until")
    return Wanted(
        kinds=(filters.kind,) if filters.kind else (),
        subjects=(filters.subject,) if filters.subject else (),
        project=filters.project,
        person=filters.person,
        since=_day(filters.since, "since"),
        until=None if until is None else until + int(timedelta(days=1).total_seconds()),
    )


def _day(said: str, name: str) -> int | None:
    if not said:
        return None
    try:
        found = datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise WrongInputError(f"{name} is to be a date such as 2026-01-31.") from error
    return int(found.timestamp())


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
