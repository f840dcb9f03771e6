"""Has this change of the rulebook been accepted by those who govern it?

Decided under main's present rulebook, never under the changed one: a change could otherwise appoint its own judges.
"""

from collections.abc import Mapping, Sequence

from policies.decision import Decision
from policies.people import GOVERNOR, People
from policies.tally import Ballot, Tally, count

RulebookTally = Tally
"""Where the approvals of a change stand; the seats are the governors'."""


def rulebook_tally(
    *, people: People, decisions: Sequence[Decision], barred: Mapping[str, str], digest: str
) -> RulebookTally:
    """Count the decisions on a change that makes the rulebook `digest`.

    `people` are those of main's present rulebook. `barred` holds a sentence for the author and everyone else who has
    a hand in the change, `{"alice": "alice wrote this change"}`; they may still reject it if they govern.
    """
    ballot = Ballot(seats={GOVERNOR: people.governors}, people=people, barred=barred, requester=None, digest=digest)
    return count(ballot, decisions)
