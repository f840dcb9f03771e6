"""What does GitHub say about a repository and the rules of its branches? Exactly what is read here."""

from typing import Annotated

from pydantic import BeforeValidator

from bot.github.doctor.asking import Said


class AboutRepository(Said):
    """A repository and how it merges; None where GitHub does not say."""

    full_name: str
    html_url: str
    default_branch: str
    fork: bool = False
    archived: bool = False
    disabled: bool = False
    allow_merge_commit: bool | None = None
    allow_squash_merge: bool | None = None
    allow_rebase_merge: bool | None = None


class Switch(Said):
    """Something that is on or off."""

    enabled: bool = False


class RequiredCheck(Said):
    """A check that a branch asks for; `app_id` is None or -1 where anybody may write it."""

    context: str
    app_id: int | None = None


class ClassicChecks(Said):
    """The required checks of a branch's protection."""

    checks: tuple[RequiredCheck, ...] = ()
    strict: bool = False


class Asked(Said):
    """How many approving reviews GitHub itself asks for."""

    required_approving_review_count: int = 0


class Actor(Said):
    """An App or account that a rule names."""

    slug: str = ""
    login: str = ""


class Restricted(Said):
    """Who alone may push."""

    apps: tuple[Actor, ...] = ()


class Brief(Said):
    """What everybody who can read sees of a protection."""

    required_status_checks: ClassicChecks | None = None


class AboutBranch(Said):
    """A branch."""

    protected: bool = False
    protection: Brief = Brief()


class Protection(Said):
    """A branch's protection, as administrators see it."""

    required_status_checks: ClassicChecks | None = None
    enforce_admins: Switch = Switch()
    required_pull_request_reviews: Asked | None = None
    restrictions: Restricted | None = None
    required_linear_history: Switch = Switch()
    allow_force_pushes: Switch = Switch()
    lock_branch: Switch = Switch()


class RulesetCheck(Said):
    """A check that a ruleset asks for."""

    context: str
    integration_id: int | None = None


class Parameters(Said):
    """What a rule of a ruleset asks for."""

    required_status_checks: tuple[RulesetCheck, ...] = ()
    strict_required_status_checks_policy: bool = False
    required_approving_review_count: int = 0


def _empty(value: object) -> object:
    return {} if value is None else value


class Rule(Said):
    """One rule of a ruleset."""

    type: str
    parameters: Annotated[Parameters, BeforeValidator(_empty)] = Parameters()


class Role(Said):
    """What an account may do in a repository."""

    permission: str


class Content(Said):
    """A file."""

    content: str
