"""What should main hold at a path, by what was authorised, whatever it holds now?"""

import re
from collections.abc import Iterable

from gates.refusal import UserError
from policies.manifest import Manifest, manifest_of_path, manifest_path, parse_manifest, render_manifest
from policies.rulebook import is_rulebook_path
from storage.database import Work
from storage.lanes import Lane, LaneState
from storage.promotions import Promotion
from workflows.installation import Installation, Project
from workflows.rulebook import first_accepted, newest_trusted_rulebook, rulebook_files
from workflows.states import State

MOVING = frozenset({State.AUTHORISED, State.DEPLOYING})
"""Between these two main and the champion may differ rightly."""
EVIDENCE = re.compile(r"P([1-9][0-9]{0,17})(?:\.(?:json|md|html)|-[a-z0-9-]+\.png)")


def main_should(installation: Installation, project: Project, path: str) -> bytes | None:
    """Return the bytes that main should hold at a path of ours; None when it should hold no such file."""
    lane = manifest_of_path(path)
    if lane is not None:
        return _desired_state(installation, project, project.lane(*lane))
    if is_rulebook_path(path):
        trusted = newest_trusted_rulebook(installation, project)
        return at(project, trusted.commit, path)
    return _bot_file(installation, project, path)


def wrong_on_main(installation: Installation, project: Project, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Return what main should hold at those of these paths where it holds something else."""
    head = project.forge.main_head()
    should = {path: main_should(installation, project, path) for path in sorted(set(paths))}
    return {path: content for path, content in should.items() if at(project, head, path) != content}


def guarded_paths(installation: Installation, project: Project) -> set[str]:
    """Return the paths of every rule that main has or should have, and of every lane's desired state."""
    trusted = newest_trusted_rulebook(installation, project).commit
    with installation.database.reading() as work:
        lanes = [state.lane for state in work.lanes.all(project.name)]
    return {
        *rulebook_files(project, project.forge.main_head()),
        *rulebook_files(project, trusted),
        *(manifest_path(lane.model, lane.environment) for lane in lanes),
    }


def at(project: Project, commit: str, path: str) -> bytes | None:
    """Return what a commit has at a path; None too when the commit is gone from the repository."""
    try:
        return project.forge.read(commit, path)
    except UserError:
        return None


def asks_for(project: Project, lane: Lane) -> Manifest | None:
    """Return the desired state that main has for a lane; None when it has none, or nothing shall serve.

    Raises `UserError` when it cannot be read.
    """
    path = manifest_path(lane.model, lane.environment)
    content = project.forge.read(project.forge.main_head(), path)
    manifest = None if content is None else parse_manifest(content, path)
    return None if manifest is None or manifest.retired else manifest


def is_moving(installation: Installation, lane: Lane) -> bool:
    """Is an authorised promotion on its way through this lane?"""
    with installation.database.reading() as work:
        return any(State(promotion.state) in MOVING for promotion in work.promotions.open_in_lane(lane))


def _desired_state(installation: Installation, project: Project, lane: Lane) -> bytes | None:
    path = manifest_path(lane.model, lane.environment)
    if is_moving(installation, lane):
        return at(project, project.forge.main_head(), path)
    with installation.database.reading() as work:
        state = work.lanes.get(lane)
    merged = None if state.main_commit is None else at(project, state.main_commit, path)
    return merged if merged is not None and _says(merged, path, state) else _written(state)


def _says(content: bytes, path: str, state: LaneState) -> bool:
    """Does the file that was merged for this lane ask for its champion? After a failed switch it does not."""
    manifest = parse_manifest(content, path)
    wanted = (None, None) if state.champion is None else (state.champion.version, state.champion.digest)
    return (manifest.version, manifest.digest) == wanted


def _written(state: LaneState) -> bytes | None:
    lane, champion = state.lane, state.champion
    if champion is None:
        return None
    return render_manifest(
        Manifest(model=lane.model, environment=lane.environment, version=champion.version, digest=champion.digest)
    )


def _bot_file(installation: Installation, project: Project, path: str) -> bytes | None:
    """Return evidence or a card as the promotion that wrote it left it; else as the first trusted commit had it."""
    with installation.database.reading() as work:
        writer = _writer(work, project, path)
        first = first_accepted(work, project.name)
    commits = () if writer is None else (writer.merge_commit, writer.authorised_head)
    contents = (at(project, commit, path) for commit in commits if commit is not None)
    written = next((content for content in contents if content is not None), None)
    if written is not None or first is None:
        return written
    return at(project, str(first.body["commit"]), path)


def _writer(work: Work, project: Project, path: str) -> Promotion | None:
    """Return the promotion whose merge brought a bot's file to main: its own evidence, or the last stage's card."""
    _, model, *rest = path.split("/")
    if rest == ["MODEL_CARD.md"]:
        number = work.lanes.get(project.lane(model, project.environments[-1])).champion_promotion
        return None if number is None else work.promotions.find(number)
    name = EVIDENCE.fullmatch(rest[-1])
    found = None if name is None else work.promotions.find(int(name[1]))
    return found if found is not None and found.state in {State.PROMOTED, State.ROLLED_BACK} else None
