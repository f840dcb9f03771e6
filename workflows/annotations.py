"""At which lines of a pull request's files do its mistakes lie?"""

from collections.abc import Iterable

from policies.manifest import ManifestError, parse_manifest
from policies.problem import Problem
from storage.promotions import Promotion
from workflows.branch import own_paths
from workflows.forge import Annotation
from workflows.installation import Project
from workflows.reasons import Reason


def annotations_of(project: Project, promotion: Promotion, head: str) -> tuple[Annotation, ...]:
    """Return what is wrong with the environment file that a blocked promotion asks with, line by line."""
    reasons = [line for line in promotion.blocked_by if line.reason_code == Reason.BAD_MANIFEST]
    path = own_paths(promotion).manifest
    content = project.forge.read(head, path) if reasons else None
    if content is None:
        return ()
    try:
        parse_manifest(content, path)
    except ManifestError as mistakes:
        return annotated(mistakes.problems)
    return tuple(Annotation(path=path, line=_line_of(content, "digest"), text=line.summary) for line in reasons)


def annotated(problems: Iterable[Problem]) -> tuple[Annotation, ...]:
    """Return each mistake at its line; one that is about a whole file at the first."""
    return tuple(Annotation(path=one.path, line=one.line or 1, text=f"{one.text}.") for one in problems)


def _line_of(content: bytes, field: str) -> int:
    """Return the line, from 1, where a field is set; the first where it is not."""
    lines = content.decode(errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{field}:")), 1)
