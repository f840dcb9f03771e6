"""What happened, as the ledger has it: to a model, or to one promotion or rulebook change?"""

from collections.abc import Iterator
from itertools import islice

from pydantic import JsonValue

from bot.commands import Audit, History
from bot.exchange import ExitCode, Reply
from bot.house.desk import Desk
from bot.house.entry_words import words_of
from bot.house.looks import known_model
from reports.overview import Event, events_document, render_events
from storage.ledger import Entry, RawEntry
from storage.ledger_search import Between, Wanted
from workflows.installation import Project
from workflows.rulebook import main_subject

TOLD = frozenset(
    {
        "requested",
        "approved",
        "rejection",
        "authorised",
        "promoted",
        "rolled_back",
        "rejected",
        "withdrawn",
        "expired",
        "superseded",
        "failed",
        "blocked",
        "evidence",
        "subject_changed",
        "alarm",
        "restored",
        "decision_refused",
    }
)
"""Kinds of entries that a history tells; `audit` tells all of them."""
CHANGED = "This entry cannot be read, for its bytes were changed: verifying the trail says more."
MOST_RECENT = 1_000
"""Entries that are looked through for the newest events of a model."""


def history(desk: Desk, command: History) -> Reply:
    """Tell what happened to a model: every promotion, and every alarm in its lanes."""
    project = desk.project_of(command.model)
    model = known_model(desk, project, command.model)
    events = tuple(_told_of(desk, project, model, Between(oldest_first=True), None))
    text = render_events(f"History of {model}" if events else f"Nothing has happened to {model} yet.", events)
    return Reply(text=text, code=ExitCode.DONE, data={"model": model, "events": events_document(events)})


def audit(desk: Desk, command: Audit) -> Reply:
    """Show every ledger entry about one promotion or rulebook change, with its receipt."""
    name = str(command.promotion)
    if command.promotion.is_rulebook_change:
        desk.change(command.promotion)
        found = None
    else:
        desk.promotion(command.promotion)
        receipt = desk.installation.receipts.path(name)
        found = str(receipt) if receipt.exists() else None
    with desk.installation.database.reading() as work:
        rows = work.ledger.stretch(Wanted(subjects=(name,)), Between(oldest_first=True), None)
    text = render_events(f"Trail of {name}", tuple(map(event_from, rows)))
    if found:
        text += f"Receipt: {found}\n"
    text += "Next: mlops audit verify checks the whole trail.\n"
    return Reply(
        text=text,
        code=ExitCode.DONE,
        data={"id": name, "entries": [_whole(row) for row in rows], "receipt": found},
    )


def events_of(desk: Desk, name: str, *, after: int) -> tuple[Event, ...]:
    """Return what a history tells of one promotion beyond an entry of the ledger, oldest first."""
    wanted = Wanted(kinds=tuple(sorted(TOLD)), subjects=(name,))
    with desk.installation.database.reading() as work:
        rows = work.ledger.stretch(wanted, Between(above=after, oldest_first=True), None)
    return tuple(map(event_from, rows))


def newest_events(desk: Desk, project: Project, model: str, most: int) -> tuple[Event, ...]:
    """Return the newest of what a history tells of a model, newest first; no more than these are read."""
    return tuple(islice(_told_of(desk, project, model, Between(), max(most, MOST_RECENT)), most))


def _told_of(desk: Desk, project: Project, model: str, between: Between, most: int | None) -> Iterator[Event]:
    with desk.installation.database.reading() as work:
        names = {promotion.name for promotion in work.promotions.of_model(project.name, model)}
        lanes = {str(project.lane(model, environment)) for environment in project.environments}
        wanted = Wanted(
            kinds=tuple(sorted(TOLD)),
            subjects=tuple(sorted(names | lanes | {main_subject(project.name)})),
            project=project.name,
        )
        rows = work.ledger.stretch(wanted, between, most)
    return (event_from(row) for row in rows if _row_is_about(row, names | lanes, lanes))


def _row_is_about(row: RawEntry, subjects: set[str], lanes: set[str]) -> bool:
    entry = row.entry()
    return row.subject in subjects if entry is None else _is_about(entry, subjects, lanes)


def _is_about(entry: Entry, subjects: set[str], lanes: set[str]) -> bool:
    """Is an entry about one of these, or about main and one of these lanes?"""
    touched = entry.body.get("lanes")
    return entry.subject in subjects or (isinstance(touched, list) and not lanes.isdisjoint(map(str, touched)))


def event_from(row: RawEntry) -> Event:
    """Return a row as a line that a person reads; what cannot be read says so, and hides nothing else."""
    entry = row.entry()
    if entry is not None and (words := _words(entry)) is not None:
        return Event(seq=entry.seq, at=entry.at, kind=entry.kind, subject=entry.subject, text=words)
    at = row.at if isinstance(row.at, int) else 0
    return Event(seq=row.number, at=at, kind=str(row.kind), subject=str(row.subject), text=CHANGED)


def _words(entry: Entry) -> str | None:
    try:
        return words_of(entry)
    except (LookupError, TypeError, ValueError):  # no entry of this kind was ever written like that
        return None


def _whole(row: RawEntry) -> JsonValue:
    entry = row.entry()
    if entry is None:
        return {"seq": row.number, "unreadable": row.bytes.decode("utf-8", errors="backslashreplace")}
    return {"seq": entry.seq, "at": entry.at, "kind": entry.kind, "key": entry.key, "body": dict(entry.body)}
