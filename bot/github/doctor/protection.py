"""Does main ask for `mlops/promotion`, from nobody but our App, and does it let the App merge?

Two kinds of rules are read, as GitHub has them: the protection of a branch, and rulesets. What only administrators see
is left out where the App lacks `administration`; the permission's own line says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.github.connection import PoliteRequester
from bot.github.doctor.about_repository import AboutBranch, AboutRepository, Protection, RequiredCheck, Rule
from bot.github.doctor.asking import said
from bot.github.refusals import Declined
from reports.escaping import plain
from workflows.show import PROMOTION_CHECK

T = TypeVar("T")
ANYBODY = (None, -1)
"""As the source of a check."""
UPGRADE = "upgrade to github"
"""How GitHub's refusal begins where the plan has no protected branches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that main asks for; `protection` is None where there is none or we may not see it."""

    checks: tuple[RequiredCheck, ...]
    protection: Protection | None
    rulesets: tuple[Rule, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of rules that rulesets apply."""
        return frozenset(rule.type for rule in self.rulesets)

    @property
    def reviews(self) -> int:
        """How many approving reviews GitHub itself asks for."""
        asked = [rule.parameters.required_approving_review_count for rule in self.rulesets]
        own = None if self.protection is None else self.protection.required_pull_request_reviews
        return max([*asked, 0 if own is None else own.required_approving_review_count])

    @property
    def is_strict(self) -> bool:
        """Must a branch hold all of main before it is merged?"""
        own = None if self.protection is None else self.protection.required_status_checks
        asked = [rule.parameters.strict_required_status_checks_policy for rule in self.rulesets]
        return any([*asked, own is not None and own.strict])

    @property
    def is_linear(self) -> bool:
        """Does main take no merge commits?"""
        own = self.protection is not None and self.protection.required_linear_history.enabled
        return own or "required_linear_history" in self.kinds


class NoPlanError(Exception):
    """The repository's plan on GitHub has no protected branches."""


def look_at_protection(
    requester: PoliteRequester, project: str, about: AboutRepository, *, app_id: int, slug: str
) -> Iterator[Diagnosis]:
    """Read main's rules and say what they let through. Raises Unavailable."""
    try:
        rules = _rules(requester, about)
    except NoPlanError:
        text = f"{project}: this plan of GitHub's protects no branch of a private repository: anybody may merge early"
        yield warn(text, "such a merge raises an alarm and is taken back; upgrade, make it public, or accept that")
        return
    for one in (_required(rules, app_id, slug), *_gaps(rules), *_hindrances(rules, about, slug)):
        text = f"{project}: {plain(about.default_branch)} {one.text}"
        todo = f"{one.todo} at {about.html_url}/settings/{_page(rules)}" if one.todo else ""
        yield Diagnosis(state=one.state, text=text, todo=todo)


def _page(rules: Rules) -> str:
    return "rules" if rules.rulesets and rules.protection is None else "branches"


def _rules(requester: PoliteRequester, about: AboutRepository) -> Rules:
    """Ask for both kinds; `NoPlanError` when GitHub has none for this repository."""
    path, name = f"/repos/{about.full_name}", quote(about.default_branch, safe="")
    rulesets = _or_none(requester, list[Rule], f"{path}/rules/branches/{name}") or []
    branch = said(requester, AboutBranch, f"{path}/branches/{name}")
    own = _or_none(requester, Protection, f"{path}/branches/{name}/protection") if branch.protected else None
    brief = branch.protection.required_status_checks if branch.protected else None
    from_rulesets = [
        RequiredCheck(context=check.context, app_id=check.integration_id)
        for rule in rulesets
        for check in rule.parameters.required_status_checks
    ]
    checks = (*(() if brief is None else brief.checks), *from_rulesets)
    return Rules(checks=checks, protection=own, rulesets=tuple(rulesets))


def _or_none(requester: PoliteRequester, form: type[T], path: str) -> T | None:
    """Ask; None where there is nothing, or nothing for our eyes."""
    try:
        return said(requester, form, path)
    except Declined as declined:
        if declined.status == HTTPStatus.FORBIDDEN and UPGRADE in declined.words.lower():
            raise NoPlanError from declined
        if declined.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            raise
        return None


def _required(rules: Rules, app_id: int, slug: str) -> Diagnosis:
    """Say whether our check is asked for, and from whom."""
    sources = {check.app_id for check in rules.checks if check.context == PROMOTION_CHECK}
    source = f"choose {plain(slug)} as the source of {PROMOTION_CHECK}"
    if others := sources - {app_id, *ANYBODY}:
        return bad(
            f"asks for {PROMOTION_CHECK} from another App ({min(others, key=str)}): it never turns green", source
        )
    if app_id in sources:
        return ok(f"asks for {PROMOTION_CHECK}, from this App alone")
    if sources:
        return warn(f"takes {PROMOTION_CHECK} from anybody who can write a status", source)
    return warn(f"does not ask for {PROMOTION_CHECK}: anybody may merge early", f"require it, and {source},")


def _gaps(rules: Rules) -> Iterator[Diagnosis]:
    """Name the ways around the rules."""
    own = rules.protection
    if own is None:
        return
    if not own.enforce_admins.enabled:
        yield warn("lets administrators merge past its rules", "tick Do not allow bypassing the above settings")
    if own.allow_force_pushes.enabled:
        yield warn("allows force pushes, which rewrite what was promoted", "untick Allow force pushes")


def _hindrances(rules: Rules, about: AboutRepository, slug: str) -> Iterator[Diagnosis]:
    """Name the rules that keep the App from merging, or people's decisions from being enough."""
    own = rules.protection
    allowed = None if own is None or own.restrictions is None else [app.slug for app in own.restrictions.apps]
    if allowed is not None and slug not in allowed:
        yield bad("lets only chosen people push, and not this App: it cannot merge", f"add {plain(slug)} to them")
    if "update" in rules.kinds:
        yield warn("may be updated by those alone who bypass a ruleset", f"put {plain(slug)} on its bypass list")
    if "merge_queue" in rules.kinds:
        yield bad("merges by a queue, which the App cannot enter", "untick Require merge queue")
    if own is not None and own.lock_branch.enabled:
        yield bad("is locked: nothing can be merged", "untick Lock branch")
    if rules.is_linear and about.allow_merge_commit is not False:
        yield bad("takes no merge commits, with which the App merges here", "untick Require linear history")
    if rules.is_strict:
        text = "takes no branch that lacks its newest commit: promotions wait for somebody to update theirs"
        yield warn(text, "untick Require branches to be up to date before merging")
    if rules.reviews:
        text = f"also asks for {rules.reviews} of GitHub's own approvals: a button, comment or terminal gives none"
        yield warn(text, "set the number of required approvals to 0")
