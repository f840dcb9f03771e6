"""What do a branch's rules ask for before it moves?"""

from dataclasses import dataclass, field

from tests.github.standin.accounts import Account
from tests.github.standin.answers import Json, unprocessable
from tests.github.standin.checks import CheckRun, latest_runs
from tests.github.standin.repository import Repository
from tests.github.standin.statuses import Status, latest_statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Rules of one branch."""

    contexts: dict[str, int | None] = field(default_factory=dict)
    """Required checks, each with the id of the App that must have written it, or None for anybody."""
    strict: bool = False
    """Must the head hold the newest base?"""
    reviews: int = 0
    enforce_admins: bool = True
    switched_on: frozenset[str] = frozenset()
    """What else is on, such as `lock_branch`."""
    pushers: frozenset[str] | None = None
    """Slugs of the Apps that alone may push; None lets everybody."""
    other_rules: tuple[str, ...] = ()
    """Kinds of rules that a ruleset has besides."""


def rules_of(repository: Repository, branch: str) -> list[Protection]:
    """Return what applies to a branch: its protection and its ruleset."""
    found = (repository.protections.get(branch), repository.rulesets.get(branch))
    return [one for one in found if one is not None]


def missing_checks(repository: Repository, rules: list[Protection], sha: str) -> list[str]:
    """Say which required checks a commit lacks, in GitHub's words."""
    runs, statuses = latest_runs(repository, sha), latest_statuses(repository, sha)
    wanted = [(name, app) for rule in rules for name, app in rule.contexts.items()]
    said = [_missing(repository, name, app, runs, statuses) for name, app in wanted]
    return [words for words in said if words]


def _missing(
    repository: Repository, name: str, app: int | None, runs: list[CheckRun], statuses: list[Status]
) -> str | None:
    robots = {one.robot: one.id for one in repository.hub.apps.values()}
    told = [
        run.passes if run.status == "completed" else None
        for run in runs
        if run.name == name and app in (None, run.app.id)
    ]
    told += [_told(one) for one in statuses if one.context == name and app in (None, robots.get(one.creator))]
    if not told:
        return f'Required status check "{name}" is expected.'
    if False in told:
        return f'Required status check "{name}" is failing.'
    return f'Required status check "{name}" is in progress.' if None in told else None


def _told(status: Status) -> bool | None:
    return None if status.state == "pending" else status.state == "success"


def refuse_move(repository: Repository, actor: Account, branch: str, old: str | None, new: str | None) -> None:
    """Refuse a push to a branch whose rules the new commit does not satisfy."""
    rules = [rule for rule in rules_of(repository, branch) if rule.enforce_admins or not repository.may(actor, "admin")]
    if not rules or old is None:
        return
    if new is None:
        raise unprocessable("Cannot delete this protected branch")
    missing = missing_checks(repository, rules, new)
    if any(rule.reviews for rule in rules):
        missing.insert(0, "Changes must be made through a pull request.")
    if missing:
        raise unprocessable(missing[0])


def protection_json(repository: Repository, branch: str, rule: Protection) -> Json:
    """Describe a branch's protection."""
    api = f"{repository.api}/branches/{branch}/protection"
    off = {"enabled": False}
    described: Json = {
        "url": api,
        "enforce_admins": {"url": f"{api}/enforce_admins", "enabled": rule.enforce_admins},
        "required_signatures": {"url": f"{api}/required_signatures", "enabled": False},
        **dict.fromkeys(
            (
                "required_linear_history",
                "allow_force_pushes",
                "allow_deletions",
                "block_creations",
                "required_conversation_resolution",
                "lock_branch",
                "allow_fork_syncing",
            ),
            off,
        ),
    }
    if rule.contexts:
        described["required_status_checks"] = {
            "url": f"{api}/required_status_checks",
            "strict": rule.strict,
            "contexts": list(rule.contexts),
            "contexts_url": f"{api}/required_status_checks/contexts",
            "checks": [{"context": name, "app_id": app} for name, app in rule.contexts.items()],
        }
    if rule.reviews:
        described["required_pull_request_reviews"] = {
            "url": f"{api}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "require_last_push_approval": False,
            "required_approving_review_count": rule.reviews,
        }
    if rule.pushers is not None:
        described["restrictions"] = _restrictions(f"{api}/restrictions", rule.pushers)
    return described | {name: {"enabled": True} for name in rule.switched_on}


def _restrictions(api: str, pushers: frozenset[str]) -> Json:
    apps = [{"slug": slug, "name": slug.title()} for slug in sorted(pushers)]
    urls = {f"{who}_url": f"{api}/{who}" for who in ("users", "teams", "apps")}
    return {"url": api, **urls, "users": [], "teams": [], "apps": apps}


def rules_json(repository: Repository, branch: str) -> list[Json]:
    """Describe the rules of rulesets that apply to a branch; a classic protection is none of them."""
    rule = repository.rulesets.get(branch)
    if rule is None:
        return []
    source: Json = {"ruleset_source_type": "Repository", "ruleset_source": repository.full_name, "ruleset_id": 42}
    checks = [
        {"context": name, **({"integration_id": app} if app is not None else {})} for name, app in rule.contexts.items()
    ]
    parameters = {"required_status_checks": checks, "strict_required_status_checks_policy": rule.strict}
    others: list[Json] = [{"type": kind, **source} for kind in rule.other_rules]
    return [{"type": "required_status_checks", "parameters": parameters, **source}, *others]
