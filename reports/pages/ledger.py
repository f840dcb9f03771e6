"""What do the pages of the ledger show: what somebody looks for, one entry whole, and whether the trail holds?"""

from dataclasses import dataclass

from reports.markup import render_markup
from reports.pages.moment import Moment
from reports.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry, in one line."""

    seq: int
    at: Moment
    kind: str
    project: str
    subject: str
    about: str
    """Address of what it is about."""
    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What somebody filled in to find entries; empty fields ask for nothing."""

    kind: str = ""
    subject: str = ""
    project: str = ""
    person: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """A stretch of the ledger, newest first."""

    lines: tuple[EntryLine, ...]
    amount: int
    """Entries that fit the filters."""
    size: int
    """All entries."""
    filters: Filters
    filtered: bool
    kinds: tuple[str, ...]
    projects: tuple[str, ...]
    newer: str
    """Address of the stretch after this one; empty at the newest entry."""
    older: str
    csv: str
    """Address of the file that holds what the filters let through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One entry, whole."""

    line: EntryLine
    fields: tuple[tuple[str, str], ...]
    """What its body says, by field."""
    key: str
    content: str
    """Its canonical bytes."""
    leaf: str
    """SHA-256 of a zero byte and those bytes, in hexadecimal, as it was computed just now."""
    kept: str
    """The hash that is kept beside them."""
    newer: str
    older: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a check of the whole trail found."""

    at: Moment
    problems: tuple[str, ...]
    entries: int
    sealed: int
    receipts: int
    evidence: int
    root: str
    key: str
    """Of the signatures; empty where nothing was signed yet."""


def render_ledger(site: Site, page: LedgerPage) -> str:
    """Return the page with a stretch of the ledger."""
    return render_markup("page_ledger.html.j2", site=site, page=page)


def render_entry(site: Site, entry: EntryPage) -> str:
    """Return the page of one entry."""
    return render_markup("page_entry.html.j2", site=site, entry=entry)


def render_examination(site: Site, found: Examination | None, *, running: bool) -> str:
    """Return the page that says whether the trail holds; None before anybody asked."""
    return render_markup("page_verify.html.j2", site=site, found=found, running=running)
