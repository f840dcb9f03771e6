"""May this pull request change the rules? Decided under the rules it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from gates.refusal import UserError
from policies.approvals import Tally
from policies.decision import Decision
from policies.problem import RulebookError
from policies.rulebook import Rulebook, is_rulebook_path, load_rulebook
from policies.rulebook_approval import rulebook_tally
from reports.escaping import markdown, plain
from storage.rulebook_changes import OPEN_STATES, RulebookChange
from workflows.blocked import BlockedError
from workflows.deciding import decisions_of
from workflows.effects import Intent, carry_out
from workflows.forge import Check, CheckState, MergeRefusedError, PullRequest, PullRequestState
from workflows.installation import Installation, Project
from workflows.merging import merged_key
from workflows.outbox import ask_for_change, ask_for_look
from workflows.rulebook import acceptance_key, accepted_entry, rulebook_files, trusted_rulebook

CHECK = "mlops/rulebook"
MARKER = "gatehouse:rulebook"


def advance_change(installation: Installation, change_id: int) -> bool:
    """Look at a rulebook change: read it, count the governors, and accept exactly what they decided."""
    with installation.database.reading() as work:
        change = work.rulebook_changes.find(change_id)
    if change is None:
        raise LookupError(f"There is no rulebook change R{change_id}.")
    if change.state not in OPEN_STATES:
        return False
    project = installation.project(change.project)
    pull_request = project.forge.pull_request(change.pull_request)
    if pull_request.state is not PullRequestState.OPEN:
        _ended(installation, project, change, pull_request)
        return False
    try:
        _look(installation, project, change, pull_request)
    except BlockedError as error:
        held = replace(change, head=pull_request.head)
        _hold(installation, project, held, f"{error.blocked.summary} Next: {error.blocked.next}.")
    return False


def _ended(installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest) -> None:
    """Take a pull request that is merged or closed for what it is: a merge of what was accepted is the acceptance."""
    with installation.database.reading() as work:
        granted = accepted_entry(work, change.name, change.digest)
    merged = pull_request.merge_commit
    exact = granted is not None and granted.body["head"] == pull_request.head
    if merged and exact and _digest_at(project, merged) == change.digest:
        _accepted(installation, project, change, merged)
    elif merged:
        problem = f"pull request {change.pull_request} was merged before it was accepted; mlops sync reverts it"
        _end(installation, project, change, "closed", problem)
    else:
        _end(installation, project, change, "closed", f"pull request {change.pull_request} is closed")


def _look(installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest) -> None:
    current = trusted_rulebook(installation, project).rulebook
    problem, proposed = _read(project, pull_request, current)
    if proposed is None:
        _hold(installation, project, replace(change, head=pull_request.head), problem)
        return
    if proposed.digest != change.digest or pull_request.head != change.head:
        change = _save(installation, replace(change, digest=proposed.digest, head=pull_request.head))
    counted = tally_of(installation, project, change, pull_request, current)
    if counted.rejected_by is not None:
        _end(installation, project, change, "rejected", f"{counted.rejected_by} rejected it")
        return
    if problem:
        _hold(installation, project, change, problem)
    elif counted.complete:
        _accept(installation, project, change, pull_request, counted)
    else:
        _wait(installation, project, change, counted)


def tally_of(
    installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest, current: Rulebook
) -> Tally:
    """Count the governors' decisions on what the change proposes now; its author and committers are excluded."""
    return ballot_of(project, change, pull_request, current).count(decisions_of(installation, change.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBallot:
    """Before whom a rulebook change lies: main's governors, without those who wrote it."""

    rulebook: Rulebook
    barred: Mapping[str, str]
    digest: str

    def count(self, decisions: Sequence[Decision]) -> Tally:
        """Count the decisions on exactly this proposal."""
        return rulebook_tally(people=self.rulebook.people, decisions=decisions, barred=self.barred, digest=self.digest)


def ballot_of(project: Project, change: RulebookChange, pull_request: PullRequest, current: Rulebook) -> ChangeBallot:
    """Return the ballot of a rulebook change."""
    author = _person(project, current, pull_request.author)
    hands = {login: f"{login} worked on this change" for login in (
        _person(project, current, account) for account in sorted(pull_request.contributors)
    ) if login is not None}  # fmt: skip
    if author is not None:
        hands[author] = f"{author} wrote this change"
    return ChangeBallot(rulebook=current, barred=hands, digest=change.digest)


def _person(project: Project, current: Rulebook, account: str | None) -> str | None:
    for platform in (project.platform, "git"):
        person = None if account is None else current.people.person_of(platform, account)
        if person is not None:
            return person.login
    return None


def _read(project: Project, pull_request: PullRequest, current: Rulebook) -> tuple[str, Rulebook | None]:
    """Return what is wrong with a proposed rulebook, and the rulebook if it can be read."""
    try:
        base = project.forge.merge_base(pull_request.head)
    except UserError as unrelated:
        return str(unrelated), None
    try:
        proposed = load_rulebook(rulebook_files(project, pull_request.head))
    except RulebookError as mistake:
        return f"The proposed rulebook has mistakes: {' '.join(map(str, mistake.problems))}", None
    return _objection(project, pull_request, base, proposed, current), proposed


def _objection(project: Project, pull_request: PullRequest, base: str, proposed: Rulebook, current: Rulebook) -> str:
    """Say why a readable proposal cannot be accepted as it stands, or return an empty text."""
    strangers = [
        change.path for change in project.forge.changes(base, pull_request.head) if not is_rulebook_path(change.path)
    ]
    if strangers:
        return f"It also changes {', '.join(strangers[:5])}: put those in a pull request of their own."
    if _digest_at(project, base) != current.digest:
        return "The rulebook on main has changed since this branch left it: merge main into the branch."
    if proposed.digest == current.digest:
        return "It changes no rule any more: close it, or push a change."
    refused = project.forge.would_merge(pull_request.number)
    return "" if refused is None else str(refused)


def _digest_at(project: Project, commit: str) -> str | None:
    try:
        return load_rulebook(rulebook_files(project, commit)).digest
    except RulebookError:  # the branch left main while main was broken
        return None


def _accept(
    installation: Installation,
    project: Project,
    change: RulebookChange,
    pull_request: PullRequest,
    counted: Tally,
) -> None:
    """Write the acceptance down, then merge: a restart in between merges what was accepted."""
    _write_acceptance(installation, project, change, pull_request, counted)
    project.forge.put_check(pull_request.head, Check(name=CHECK, state=CheckState.SUCCESS, summary="accepted"))
    intent = Intent(
        project=project.name,
        subject=change.name,
        key=f"{project.name}:{change.name}:merge:{pull_request.head}",
        what="merge a rulebook change",
        body={"pull_request": change.pull_request, "head": pull_request.head},
    )

    def act() -> str:
        return project.forge.merge(
            change.pull_request,
            expected_head=pull_request.head,
            message=f"{change.name}: {pull_request.title}",
            at=installation.clock(),
        )

    try:
        commit = carry_out(installation, intent, act)
    except MergeRefusedError as refused:
        _hold(installation, project, change, str(refused))
        return
    _accepted(installation, project, change, commit)


def _write_acceptance(
    installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest, counted: Tally
) -> None:
    """Write down who accepted which rulebook at which head; the same rulebook may be accepted again years later."""
    people: list[JsonValue] = [item.decision.person for item in counted.counted if item.counts]
    key = f"{acceptance_key(project.name, change.digest)}:{change.name}:{pull_request.head}"
    with installation.database.transaction() as work:
        if work.ledger.find(kind="rulebook_accepted", key=key) is None:
            work.ledger.append(
                kind="rulebook_accepted",
                project=project.name,
                subject=change.name,
                key=key,
                body={"digest": change.digest, "head": pull_request.head, "people": people},
                at=installation.clock(),
            )


def _accepted(installation: Installation, project: Project, change: RulebookChange, commit: str) -> None:
    now = installation.clock()
    with installation.database.transaction() as work:
        work.rulebook_changes.save(replace(change, state="accepted", problem="", updated_at=now))
        work.ledger.append(
            kind="rulebook_merged",
            project=project.name,
            subject=change.name,
            key=merged_key(project.name, commit),
            body={"commit": commit, "digest": change.digest},
            at=now,
        )
        for promotion in work.promotions.open(project.name):
            ask_for_look(work, promotion, cause=f"rulebook {change.name}", at=now)
        for other in work.rulebook_changes.open(project.name):
            ask_for_change(work, other, cause=f"rulebook {change.name}", at=now)
    project.forge.put_comment(change.pull_request, MARKER, f"{change.name} is accepted: main has it.")


def _hold(installation: Installation, project: Project, change: RulebookChange, problem: str) -> None:
    said = plain(problem)
    change = _save(installation, replace(change, state="blocked", problem=said))
    check = Check(name=CHECK, state=CheckState.FAILURE, summary=said)
    project.forge.put_check(change.head, check)
    project.forge.put_comment(change.pull_request, MARKER, f"{change.name} is blocked. {markdown(said)}")


def _wait(installation: Installation, project: Project, change: RulebookChange, counted: Tally) -> None:
    change = _save(installation, replace(change, state="waiting", problem=""))
    who = ", ".join(login for missing in counted.missing for login in missing.who) or "nobody who may decide is left"
    summary = f"Waiting for a governor: {who}. Next: mlops approve {change.name}."
    project.forge.put_check(change.head, Check(name=CHECK, state=CheckState.PENDING, summary=summary))
    project.forge.put_comment(change.pull_request, MARKER, f"{change.name} changes the rulebook. {markdown(summary)}")


def _end(installation: Installation, project: Project, change: RulebookChange, state: str, problem: str) -> None:
    with installation.database.transaction() as work:
        work.rulebook_changes.save(replace(change, state=state, problem=problem, updated_at=installation.clock()))
        work.ledger.append(
            kind=f"rulebook_{state}",
            project=project.name,
            subject=change.name,
            body={"problem": problem, "digest": change.digest},
            at=installation.clock(),
        )
    if state == "rejected":
        project.forge.close(change.pull_request, comment=f"{change.name}: {problem}.")


def _save(installation: Installation, change: RulebookChange) -> RulebookChange:
    with installation.database.transaction() as work:
        before = work.rulebook_changes.find(change.id)
        if before == change:
            return change
        return work.rulebook_changes.save(replace(change, updated_at=installation.clock()))


def who_may_accept(
    installation: Installation, project: Project, change: RulebookChange, current: Rulebook
) -> tuple[str, ...]:
    """Return the governors whose approval would help now."""
    pull_request = project.forge.pull_request(change.pull_request)
    counted = tally_of(installation, project, change, pull_request, current)
    return tuple(sorted({login for missing in counted.missing for login in missing.who}))
