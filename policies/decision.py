"""What did one person say about one evidence, and how surely was it them?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An approval or a rejection of exactly one evidence digest, as it was heard."""

    person: str | None
    """Login in `policies/people.yaml`; None when the account is linked to nobody."""
    account: str
    """The account on the surface's platform, as the platform names it."""
    approves: bool
    reason: str
    surface: str
    """Where it was said: `terminal`, `console`, `github`, `github_review`, `slack`, `teams`."""
    assurance: str
    """`platform` (a verified signature, token or login) or `asserted` (`--as`)."""
    evidence_digest: str
    """Empty when what the person saw held no evidence."""
    at: int
    """Seconds since 1970, UTC."""
    source: str = ""
    """What it was said by, where that can be taken back: "review 80" of the forge."""
    revoked: str = ""
    """Why it counts no longer, in words; empty while it stands."""
