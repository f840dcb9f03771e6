"""How does Gatehouse say no to a person, as opposed to a model?

A bad model is a finding. A bad request is a `UserError`. A sleepy service is `Unavailable`. Anything else is a bug.
"""


class UserError(Exception):
    """A request that cannot be carried out; its text is the reply: what, where, and what to try."""


class Unavailable(Exception):  # noqa: N818 - the design's word; it names a state of the world, not a mistake
    """A service that does not answer now and may later; the engine tries again."""


class Refused(UserError):  # noqa: N818 - the design's word for a well-formed request that is not granted
    """A well-formed request that is not granted now: the person may not, or the world stands otherwise."""
