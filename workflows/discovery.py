"""Which pull requests did people open by hand, and what became of those we know?"""

from gates.evidence import Kind
from gates.refusal import Refused, UserError
from policies.manifest import Manifest, ManifestError, manifest_of_path, manifest_path, parse_manifest, render_manifest
from policies.rulebook import is_rulebook_path
from reports.escaping import markdown, plain
from storage.promotions import Promotion
from storage.rulebook_changes import RulebookChange
from workflows.annotations import annotated
from workflows.blocked import BlockedError
from workflows.forge import Annotation, Check, CheckState, PullRequest, PullRequestState
from workflows.installation import Installation, Project
from workflows.main_line import is_bot_file, is_ours
from workflows.opening import Ask, open_promotion
from workflows.outbox import ask_for_change, ask_for_look
from workflows.overwriting import put_checks
from workflows.reasons import Reason
from workflows.rulebook import trusted_rulebook
from workflows.rulebook_beginning import begin_change
from workflows.show import MARKER, PROMOTION_CHECK

NOBODY = "somebody unknown"
FROM_A_FORK = (
    "It comes from a fork, and whoever owns that could have a model loaded and scored with our access. "
    "Next: push the branch to this repository itself and open it from there, or: mlops promote."
)


def discover(installation: Installation, project: Project) -> list[str]:
    """Look at every open pull request and everything open of ours; return a line for each new one."""
    lines = []
    for pull_request in project.forge.open_pull_requests():
        with project.forge.moment():
            line = _look_at(installation, project, pull_request)
        if line:
            lines.append(plain(line))
    _wake_open(installation, project)
    return lines


def look_at_pull_request(installation: Installation, project: Project, number: int) -> None:
    """Look at one pull request that somebody told us of: let what it is be looked at, or find out what it is."""
    now = installation.clock()
    with installation.database.transaction() as work:
        promotion = work.promotions.by_pull_request(project.name, number)
        change = work.rulebook_changes.by_pull_request(project.name, number)
        if promotion is not None:
            ask_for_look(work, promotion, cause="notice", at=now)
        if change is not None:
            ask_for_change(work, change, cause="notice", at=now)
    if promotion is None and change is None:
        with project.forge.moment():
            pull_request = project.forge.pull_request(number)
            if pull_request.state is PullRequestState.OPEN:
                _look_at(installation, project, pull_request)


def _wake_open(installation: Installation, project: Project) -> None:
    """Let everything open be looked at: a deadline passes, a head moves and a branch is closed without an event."""
    now = installation.clock()
    with installation.database.transaction() as work:
        for promotion in work.promotions.open(project.name):
            ask_for_look(work, promotion, cause="sweep", at=now)
        for change in work.rulebook_changes.open(project.name):
            ask_for_change(work, change, cause="sweep", at=now)


def _look_at(installation: Installation, project: Project, pull_request: PullRequest) -> str:
    if pull_request.ours or not pull_request.into_main or _known(installation, project, pull_request):
        return ""
    try:
        base = project.forge.merge_base(pull_request.head)
    except UserError as unrelated:
        return _refuse(installation, project, pull_request, Reason.CONFLICT, str(unrelated))
    paths = [change.path for change in project.forge.changes(base, pull_request.head)]
    lanes = [lane for lane in map(manifest_of_path, paths) if lane is not None and lane[1] in project.environments]
    if pull_request.fork and (lanes or any(is_ours(project, path) for path in paths)):
        return _refuse(installation, project, pull_request, Reason.FORK, FROM_A_FORK)
    if lanes:
        return _open_promotion(installation, project, pull_request, lanes[0])
    if any(is_rulebook_path(path) for path in paths):
        return _open_change(installation, project, pull_request)
    return _not_ours(installation, project, pull_request, paths)


def _known(
    installation: Installation, project: Project, pull_request: PullRequest
) -> Promotion | RulebookChange | None:
    with installation.database.reading() as work:
        return work.promotions.by_pull_request(
            project.name, pull_request.number
        ) or work.rulebook_changes.by_pull_request(project.name, pull_request.number)


def _not_ours(installation: Installation, project: Project, pull_request: PullRequest, paths: list[str]) -> str:
    """Leave what is nobody's business of ours alone; what only the bot writes is refused."""
    forged = [path for path in paths if is_bot_file(path)]
    if forged:
        text = f"It changes {', '.join(forged[:5])}, and evidence and cards are written by Gatehouse alone."
        return _refuse(installation, project, pull_request, Reason.UNEXPECTED_FILES, text)
    check = Check(name=PROMOTION_CHECK, state=CheckState.NEUTRAL, summary="It changes no environment and no rule.")
    put_checks(installation, project, _named(pull_request), pull_request.head, [check])
    return ""


def _named(pull_request: PullRequest) -> str:
    """Return how the ledger speaks of a pull request that is no promotion."""
    return f"pull request {pull_request.number}"


def _open_promotion(
    installation: Installation, project: Project, pull_request: PullRequest, lane: tuple[str, str]
) -> str:
    try:
        pull_request = _with_file(installation, project, pull_request, *lane)
        opened = open_promotion(installation, project, _ask(installation, project, pull_request, *lane))
    except Refused as refused:
        why = _why_refused(installation, project, lane)
        return _refuse(installation, project, pull_request, why, str(refused))
    except ManifestError as mistake:
        at = annotated(mistake.problems)
        return _refuse(installation, project, pull_request, Reason.BAD_MANIFEST, str(mistake), annotations=at)
    except UserError as mistake:
        return _refuse(installation, project, pull_request, Reason.BAD_MANIFEST, str(mistake))
    except BlockedError as error:
        text = f"{error} Next: {error.blocked.next}."
        return _refuse(installation, project, pull_request, Reason(error.blocked.reason_code), text)
    return f"Pull request {pull_request.number}, opened by hand, is {opened.name}. Next: mlops status {opened.name}"


def _why_refused(installation: Installation, project: Project, lane: tuple[str, str]) -> Reason:
    with installation.database.reading() as work:
        frozen = work.lanes.get(project.lane(*lane)).frozen
        taken = work.promotions.open_in_lane(project.lane(*lane))
    return Reason.OUT_OF_BAND if frozen and not taken else Reason.ANOTHER_OPEN


def _with_file(
    installation: Installation, project: Project, pull_request: PullRequest, model: str, environment: str
) -> PullRequest:
    """Take a removed environment file for what it means: write down on the branch that nothing shall serve."""
    path = manifest_path(model, environment)
    if project.forge.read(pull_request.head, path) is not None:
        return pull_request
    retired = Manifest(model=model, environment=environment, version=None, digest=None)
    message = f"Retire {model} in {environment}: its file was removed"
    files = {path: render_manifest(retired)}
    project.forge.commit(pull_request.branch, files, message=message, at=installation.clock())
    return project.forge.pull_request(pull_request.number)


def _ask(installation: Installation, project: Project, pull_request: PullRequest, model: str, environment: str) -> Ask:
    rulebook = trusted_rulebook(installation, project).rulebook
    author = pull_request.author or NOBODY
    person = rulebook.people.person_of(project.platform, author)
    path = manifest_path(model, environment)
    manifest = parse_manifest(project.forge.read(pull_request.head, path) or b"", path)
    return Ask(
        model=model,
        version=manifest.version,
        environment=environment,
        kind=Kind.RETIRE if manifest.retired else Kind.PROMOTE,
        person=author if person is None else person.login,
        account=author,
        assurance="asserted" if project.platform == "embedded" else "platform",
        reason=pull_request.title,
        surface="pull_request",
        message_id=f"pull_request:{project.name}:{pull_request.number}",
        pull_request=pull_request.number,
        pull_request_url=pull_request.url,
        branch=pull_request.branch,
    )


def _refuse(
    installation: Installation,
    project: Project,
    pull_request: PullRequest,
    reason: Reason,
    text: str,
    *,
    annotations: tuple[Annotation, ...] = (),
) -> str:
    """Say on the pull request why it cannot begin, and return the line for whoever looks."""
    said = plain(text)
    check = Check(
        name=PROMOTION_CHECK, state=CheckState.FAILURE, summary=f"{reason.value}: {said}", annotations=annotations
    )
    put_checks(installation, project, _named(pull_request), pull_request.head, [check])
    comment = f"This pull request cannot begin. `{reason.value}`: {markdown(said)}"
    project.forge.put_comment(pull_request.number, MARKER, comment)
    return f"Pull request {pull_request.number} cannot begin: {said}"


def _open_change(installation: Installation, project: Project, pull_request: PullRequest) -> str:
    author = pull_request.author or NOBODY
    with installation.database.transaction() as work:
        change = begin_change(work, project.name, pull_request, author=author, at=installation.clock())
    return f"Pull request {pull_request.number} changes the rulebook: {change.name}. Next: mlops status {change.name}"
