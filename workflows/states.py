r"""Which moves may a promotion make?

    evaluating --> waiting --> authorised --> deploying --> promoted --> rolled_back

    evaluating --> blocked                           (a gate stops it, or something stands in its way)
            \----> withdrawn, superseded
            \----> failed                            (somebody merged it past the bot)

       blocked --> evaluating                        (the subject changed, what stood in its way is gone, or recheck)
            \----> rejected, withdrawn, superseded

       waiting --> evaluating                        (the subject changed, or recheck)
            \----> blocked                           (lane frozen, files unexpected, rulebook not trusted)
            \----> rejected, withdrawn, superseded
            \----> expired                           (nobody decided before the deadline)
            \----> failed                            (the prepared version did not pass its smoke test)

    authorised --> evaluating                        (the head or the subject moved before the merge)
            \----> failed                            (the merge can never happen)

     deploying --> failed                            (switching failed: main is reverted, the champion stays)

A rejection is final; nothing expires once authorised.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a promotion stands."""

    EVALUATING = "evaluating"
    BLOCKED = "blocked"
    WAITING = "waiting"
    AUTHORISED = "authorised"
    DEPLOYING = "deploying"
    PROMOTED = "promoted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


_S = State

MOVES: dict[State, frozenset[State]] = {
    _S.EVALUATING: frozenset(
        {_S.WAITING, _S.BLOCKED, _S.WITHDRAWN, _S.SUPERSEDED, _S.FAILED},
    ),
    _S.BLOCKED: frozenset({_S.EVALUATING, _S.REJECTED, _S.WITHDRAWN, _S.SUPERSEDED}),
    _S.WAITING: frozenset(
        {
            _S.EVALUATING, _S.BLOCKED, _S.AUTHORISED, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED, _S.SUPERSEDED, _S.FAILED,
        },
    ),
    _S.AUTHORISED: frozenset({_S.DEPLOYING, _S.EVALUATING, _S.FAILED}),
    _S.DEPLOYING: frozenset({_S.PROMOTED, _S.FAILED}),
    _S.PROMOTED: frozenset({_S.ROLLED_BACK}),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.SUPERSEDED: frozenset(),
    _S.FAILED: frozenset(),
    _S.ROLLED_BACK: frozenset(),
}  # fmt: skip

OPEN = frozenset({_S.EVALUATING, _S.BLOCKED, _S.WAITING, _S.AUTHORISED, _S.DEPLOYING})
"""A lane holds at most one promotion in these."""

UNDECIDED = frozenset({_S.EVALUATING, _S.BLOCKED, _S.WAITING})
"""Before authorisation: still withdrawable and replaceable."""


class IllegalMoveError(Exception):
    """A bug: code asked for a move that the drawing above does not have."""


def moved(present: State, wanted: State) -> State:
    """Return `wanted` if a promotion may go there from `present`; staying is always allowed."""
    if wanted != present and wanted not in MOVES[present]:
        raise IllegalMoveError(f"A promotion cannot go from {present} to {wanted}.")
    return wanted
