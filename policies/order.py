"""Must this version pass through another environment first?"""

from collections.abc import Collection, Sequence

from gates.refusal import UserError
from policies.near import or_near


def next_in_order(
    environments: Sequence[str], environment: str, *, digest: str, promoted: Collection[tuple[str, str]]
) -> str | None:
    """Return the first environment that this content must serve in before, or None when `environment` is next.

    `environments` are in promotion order; `promoted` holds environment and digest of each promotion that was finished,
    whether or not it still serves: what counts is that people let this content through.
    """
    if environment not in environments:
        raise UserError(f"There is no environment `{environment}`; {or_near(environment, environments)}")
    before = environments[: environments.index(environment)]
    return next((earlier for earlier in before if (earlier, digest) not in promoted), None)
