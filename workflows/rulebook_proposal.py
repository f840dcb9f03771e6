"""What does a pull request propose as rules, and what is wrong with that?"""

from gates.refusal import UserError
from policies.problem import Problem, RulebookError
from policies.rulebook import Rulebook, is_rulebook_path, load_rulebook
from workflows.forge import PullRequest
from workflows.installation import Project
from workflows.rulebook import rulebook_files


def read_proposal(
    project: Project, pull_request: PullRequest, current: Rulebook
) -> tuple[str, Rulebook | None, tuple[Problem, ...]]:
    """Return what is wrong with a proposed rulebook, the rulebook if it can be read, and its mistakes if not."""
    try:
        base = project.forge.merge_base(pull_request.head)
    except UserError as unrelated:
        return str(unrelated), None, ()
    try:
        proposed = load_rulebook(rulebook_files(project, pull_request.head))
    except RulebookError as mistake:
        text = f"The proposed rulebook has mistakes: {' '.join(map(str, mistake.problems))}"
        return text, None, mistake.problems
    return _objection(project, pull_request, base, proposed, current), proposed, ()


def _objection(project: Project, pull_request: PullRequest, base: str, proposed: Rulebook, current: Rulebook) -> str:
    """Say why a readable proposal cannot be accepted as it stands, or return an empty text."""
    strangers = [
        change.path for change in project.forge.changes(base, pull_request.head) if not is_rulebook_path(change.path)
    ]
    if pull_request.fork:
        return "It comes from a fork: open it from a branch of the repository itself."
    if not pull_request.into_main:
        return "It would not be merged into main: set its base to main."
    if strangers:
        return f"It also changes {', '.join(strangers[:5])}: put those in a pull request of their own."
    if digest_at(project, base) != current.digest:
        return "The rulebook on main has changed since this branch left it: merge main into the branch."
    if proposed.digest == current.digest:
        return "It changes no rule any more: close it, or push a change."
    refused = project.forge.would_merge(pull_request.number)
    return "" if refused is None else str(refused)


def digest_at(project: Project, commit: str) -> str | None:
    """Return the digest of the rulebook in a commit's tree, or None when none can be read there."""
    try:
        return load_rulebook(rulebook_files(project, commit)).digest
    except UserError:  # the branch left main while main was broken, or the commit is gone
        return None


def proposed_at(project: Project, commit: str) -> str:
    """Return the digest of the rulebook in a commit's tree; empty when none can be read there."""
    return digest_at(project, commit) or ""
