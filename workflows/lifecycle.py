"""How is a promotion's next state written down? With its ledger entry, in one transaction."""

from dataclasses import replace

from pydantic import JsonValue

from gates.refusal import Unavailable
from storage.database import Work
from storage.promotions import BlockedBy, Promotion
from workflows.installation import Installation
from workflows.states import State, moved


class MovedMeanwhileError(Unavailable):
    """Somebody moved the promotion since it was read, so what was found about its former state is void."""


def move(
    installation: Installation,
    promotion: Promotion,
    state: State,
    *,
    kind: str,
    body: dict[str, JsonValue] | None = None,
    blocked_by: tuple[BlockedBy, ...] = (),
    **changes: object,
) -> Promotion:
    """Save the promotion in its next state beside a ledger entry of `kind`; return it as saved."""
    with installation.database.transaction() as work:
        return move_in(work, installation, promotion, state, kind=kind, body=body, blocked_by=blocked_by, **changes)


def move_in(
    work: Work,
    installation: Installation,
    promotion: Promotion,
    state: State,
    *,
    kind: str,
    body: dict[str, JsonValue] | None = None,
    blocked_by: tuple[BlockedBy, ...] = (),
    **changes: object,
) -> Promotion:
    """Do what `move` does inside a transaction that also holds something else."""
    _expect_unmoved(work, promotion)
    now = installation.clock()
    after = replace(
        promotion,
        state=moved(State(promotion.state), state).value,
        blocked_by=blocked_by,
        updated_at=now,
        **changes,  # type: ignore[arg-type] # the field names are the caller's, checked by dataclasses.replace
    )
    work.promotions.save(after)
    work.ledger.append(
        kind=kind,
        project=after.project,
        subject=after.name,
        key="",
        body={"state": after.state, "from": promotion.state, **(body or {})},
        at=now,
    )
    return after


def remember(installation: Installation, promotion: Promotion, **changes: object) -> Promotion:
    """Save what was learned about a promotion that stays where it is: no ledger entry, for nothing was decided."""
    after = replace(promotion, **changes)  # type: ignore[arg-type] # as in `move_in`
    if after == promotion:
        return promotion
    after = replace(after, updated_at=installation.clock())
    with installation.database.transaction() as work:
        _expect_unmoved(work, promotion)
        work.promotions.save(after)
    return after


def _expect_unmoved(work: Work, promotion: Promotion) -> None:
    """Raise when the promotion left its state since it was read: a withdrawal counts, however long scoring took."""
    present = work.promotions.find(promotion.id)
    if present is not None and present.state != promotion.state:
        raise MovedMeanwhileError(f"{promotion.name} became {present.state} meanwhile; it is looked at again.")


def as_blocked(body: BlockedBy) -> dict[str, JsonValue]:
    """Return a reason as the ledger keeps it."""
    return {"reason_code": body.reason_code, "summary": body.summary}
