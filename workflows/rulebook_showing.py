"""How do people see where a change of the rules stands? Two checks and one comment, written and never read."""

from reports.escaping import markdown
from storage.rulebook_changes import RulebookChange
from workflows.forge import Annotation, Button, Check, CheckState
from workflows.installation import Installation, Project
from workflows.overwriting import put_checks

CHECK = "mlops/rulebook"
MARKER = "gatehouse:rulebook"
PROMOTION_CHECK = "mlops/promotion"


def show_change(
    installation: Installation,
    project: Project,
    change: RulebookChange,
    state: CheckState,
    summary: str,
    *,
    annotations: tuple[Annotation, ...] = (),
) -> None:
    """Write both checks: where `mlops/promotion` is the one that main requires, it lets rules in by the same word."""
    buttons = (Button.APPROVE, Button.REJECT) if state is CheckState.WAITING else ()
    own = Check(name=CHECK, state=state, summary=summary, annotations=annotations, buttons=buttons)
    also = Check(name=PROMOTION_CHECK, state=state, summary=f"{change.name} changes the rulebook: see {CHECK}.")
    put_checks(installation, project, change.name, change.head, [own, also])


def say_about(project: Project, change: RulebookChange, text: str) -> None:
    """Write the one comment on a change."""
    project.forge.put_comment(change.pull_request, MARKER, f"{change.name} {markdown(text)}")
