"""Who hears of a model in the chats, and who may look at it there?

Nothing here is part of what a decision binds to: changing it changes no subject, and voids no approval.
"""

from collections.abc import Sequence

from policies.effective import applying, known_entry
from policies.policy import Notify, Policy
from policies.rulebook import Rulebook
from policies.texts import span

SILENT = Notify(mention=False, remind_after=None)


def notify_of(rulebook: Rulebook, *, model: str, environment: str) -> Notify:
    """Join what the policies say: people are mentioned if one says so, and reminded as early as one says.

    `UserError` when the model is unknown or no policy applies.
    """
    policies = applying(rulebook, known_entry(rulebook, model), environment)
    said = [policy.environments[environment].notify for policy in policies]
    spans = [one.remind_after for one in said if one.remind_after is not None]
    return Notify(mention=any(one.mention for one in said), remind_after=min(spans, default=None))


def guests_may_look(rulebook: Rulebook, *, model: str | None) -> bool:
    """May a guest look at a model, or at everything where none is named? Only if every policy about it says so."""
    about = _about(rulebook, model)
    return bool(about) and all(policy.guests_may_look for policy in about)


def explain_notify(rulebook: Rulebook, *, model: str, environment: str) -> str:
    """Say in one sentence how people hear that they are waited for."""
    notify = notify_of(rulebook, model=model, environment=environment)
    if notify == SILENT:
        return "In a chat, nobody is told that they are waited for."
    mentioned = "mentioned once" if notify.mention else "not mentioned"
    reminded = "not reminded" if notify.remind_after is None else f"reminded once, after {span(notify.remind_after)}"
    return f"In a chat, those who can decide are {mentioned} and {reminded}."


def explain_guests(rulebook: Rulebook, *, model: str) -> str:
    """Say in one sentence whether guests may look at a model."""
    may = guests_may_look(rulebook, model=model)
    return f"Guests of a chat may {'look at it' if may else 'not even look at it'}."


def _about(rulebook: Rulebook, model: str | None) -> Sequence[Policy]:
    policies = [policy for _, policy in sorted(rulebook.policies.items())]
    if model is None:
        return policies
    entry = rulebook.entries.get(model)
    return () if entry is None else [policy for policy in policies if policy.applies(entry)]
