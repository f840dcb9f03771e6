"""Who decided what about which evidence? Rows are added, never changed or removed."""

import re

from sqlmodel import Session, col, select

from policies.decision import Decision
from storage.tables import DecisionTable, RevocationTable

SOURCE = re.compile(r"(review [0-9A-Za-z_=-]+) of ")
"""How a decider begins that said it by something that can be taken back."""


class Decisions:
    """The decisions about promotions and rulebook changes, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work within this session's transaction."""
        self._session = session

    def add(self, subject_name: str, decision: Decision) -> bool:
        """Write a decision down for "P12" or "R3"; False when the same one was there already.

        The same one is the same person (the account, where no person is known) saying the same about the same digest;
        the first stays as it was said.
        """
        if self._present(subject_name, decision):
            return False
        self._session.add(_row(subject_name, decision))
        self._session.flush()
        return True

    def of(self, subject_name: str) -> tuple[Decision, ...]:
        """Return the decisions about "P12" or "R3", in the order they were made."""
        query = (
            select(DecisionTable, RevocationTable)
            .join(RevocationTable, isouter=True)
            .where(DecisionTable.subject == subject_name)
            .order_by(col(DecisionTable.id))
        )
        return tuple(
            _decision(row, None if revoked is None else revoked.why) for row, revoked in self._session.exec(query)
        )

    def revoke(self, subject_name: str, source: str, *, why: str, at: int) -> tuple[Decision, ...]:
        """Note that what was said by a source counts no longer; return what counted until now."""
        query = (
            select(DecisionTable)
            .join(RevocationTable, isouter=True)
            .where(
                DecisionTable.subject == subject_name,
                col(DecisionTable.decider).startswith(f"{source} of ", autoescape=True),
                col(RevocationTable.decision).is_(None),
            )
        )
        rows = list(self._session.exec(query))
        for row in rows:
            self._session.add(RevocationTable(decision=int(row.id or 0), why=why, at=at))
        self._session.flush()
        return tuple(_decision(row, why) for row in rows)

    def _present(self, subject_name: str, decision: Decision) -> bool:
        query = select(DecisionTable.id).where(
            DecisionTable.subject == subject_name,
            DecisionTable.decider == _decider(decision),
            DecisionTable.approves == decision.approves,
            DecisionTable.evidence_digest == decision.evidence_digest,
        )
        return self._session.exec(query).first() is not None


def _decider(decision: Decision) -> str:
    """Return what makes a decision the same one: who said it, and by which source where that can be taken back."""
    who = f"account {decision.account}" if decision.person is None else f"person {decision.person}"
    return f"{decision.source} of {who}" if decision.source else who


def _source(decider: str) -> str:
    found = SOURCE.match(decider)
    return found[1] if found else ""


def _row(subject_name: str, decision: Decision) -> DecisionTable:
    return DecisionTable(
        subject=subject_name,
        decider=_decider(decision),
        person=decision.person,
        account=decision.account,
        approves=decision.approves,
        reason=decision.reason,
        surface=decision.surface,
        assurance=decision.assurance,
        evidence_digest=decision.evidence_digest,
        at=decision.at,
    )


def _decision(row: DecisionTable, revoked: str | None) -> Decision:
    return Decision(
        person=row.person,
        account=row.account,
        approves=row.approves,
        reason=row.reason,
        surface=row.surface,
        assurance=row.assurance,
        evidence_digest=row.evidence_digest,
        at=row.at,
        source=_source(row.decider),
        revoked=revoked or "",
    )
