"""Which look at these evaluation data is this? Written down before there is any number to see."""

from gates.evidence import Looks, Subject
from storage.database import Work
from storage.ledger import Entry
from workflows.installation import Installation

KIND = "looked"


def take_look(installation: Installation, subject: Subject) -> Looks:
    """Return the place of this look among all at the subject's evaluation data in its project.

    It is fixed, in the ledger, when the challenger is first measured against this champion on these data, whoever asks
    and for whichever environment; asking again changes nothing. Counting and writing are one transaction: two
    promotions at once count each other. A look is spent even if nothing comes of it, for nobody could tell whether its
    numbers were seen.
    """
    with installation.database.reading() as work:
        taken = work.ledger.find(kind=KIND, key=_key(subject))
    if taken is None:
        with installation.database.transaction() as work:
            taken = work.ledger.find(kind=KIND, key=_key(subject)) or _write(work, subject, at=installation.clock())
    return Looks.model_validate({field: taken.body[field] for field in ("number", "challengers")})


def _write(work: Work, subject: Subject, *, at: int) -> Entry:
    before = [entry.body["challenger"] for entry in work.ledger.of(_data(subject)) if entry.kind == KIND]
    challenger = _digest(subject)
    return work.ledger.append(
        kind=KIND,
        project=subject.project,
        subject=_data(subject),
        key=_key(subject),
        body={
            "number": len(before) + 1,
            "challengers": len({challenger, *before}),
            "data": subject.evaluation_data,
            "model": subject.model,
            "version": None if subject.challenger is None else subject.challenger.version,
            "challenger": challenger,
            "champion": None if subject.champion is None else subject.champion.digest,
        },
        at=at,
    )


def _data(subject: Subject) -> str:
    """Name the data as entries about them do: worn out in one project, they are fresh in another."""
    return f"{subject.project}/data/{subject.evaluation_data}"


def _key(subject: Subject) -> str:
    champion = "none" if subject.champion is None else subject.champion.digest
    return f"{_data(subject)}/{_digest(subject)}/{champion}"


def _digest(subject: Subject) -> str:
    return "" if subject.challenger is None else subject.challenger.digest
