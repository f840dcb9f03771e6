"""What may a promotion's pull request contain? Exactly one environment file, and the bot's own bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gates.evidence import Evidence, Kind
from gates.refusal import UserError
from policies.manifest import Manifest, manifest_path, parse_manifest, render_manifest
from reports.evidence_page import render_evidence_page
from reports.pictures.picture import file_of
from reports.scorecard.page import render_scorecard
from storage.promotions import Promotion
from workflows.blocked import blocked
from workflows.cards import card_file
from workflows.effects import Intent, carry_out
from workflows.forge import PullRequest
from workflows.installation import Installation, Project
from workflows.pictures.painter import painted_evidence
from workflows.reasons import Reason
from workflows.verdicts import verdict_of

PICTURE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""The name of a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPaths:
    """The paths that the bot writes in a promotion's branch."""

    manifest: str
    evidence: str
    page: str
    scorecard: str
    card: str

    @property
    def written(self) -> frozenset[str]:
        """All but the manifest and the pictures: what people have no business in."""
        return frozenset({self.evidence, self.page, self.scorecard, self.card})

    def picture(self, name: str) -> str:
        """Return where a picture lies, by its name: beside the page."""
        return file_of(self.page.removesuffix(".md"), name)

    def holds(self, path: str) -> bool:
        """Is this the path of a file that the bot writes, a picture among them?"""
        before, after = self.picture("\0").split("\0")
        name = path.removeprefix(before).removesuffix(after)
        return path in self.written or (path == self.picture(name) and PICTURE.fullmatch(name) is not None)


def own_paths(promotion: Promotion) -> OwnPaths:
    """Return where the bot writes for this promotion."""
    folder = f"models/{promotion.model}"
    evidence = f"{folder}/evidence/{promotion.environment}/{promotion.name}"
    return OwnPaths(
        manifest=manifest_path(promotion.model, promotion.environment),
        evidence=f"{evidence}.json",
        page=f"{evidence}.md",
        scorecard=f"{evidence}.html",
        card=f"{folder}/MODEL_CARD.md",
    )


def ensure_pull_request(installation: Installation, project: Project, promotion: Promotion) -> PullRequest:
    """Open the promotion's branch and pull request, or return what is open already."""
    if promotion.pull_request is not None:
        return project.forge.pull_request(promotion.pull_request)
    manifest = Manifest(
        model=promotion.model, environment=promotion.environment, version=promotion.version, digest=promotion.digest
    )
    branch = branch_name(promotion)
    intent = Intent(
        project=project.name,
        subject=promotion.name,
        key=f"{project.name}:{promotion.name}:pull_request",
        what="open a pull request",
        body={"branch": branch},
    )

    def act() -> str:
        files = {own_paths(promotion).manifest: render_manifest(manifest)}
        project.forge.commit(branch, files, message=title(promotion), at=promotion.created_at)
        return str(_open(project, promotion, branch).number)

    installation.tell(promotion.name, "opening the pull request")
    return project.forge.pull_request(int(carry_out(installation, intent, act)))


def _open(project: Project, promotion: Promotion, branch: str) -> PullRequest:
    try:
        return project.forge.open_pull_request(
            branch,
            title=title(promotion),
            body=promotion.reason,
            author=promotion.requester_account,
            labels=("mlops", promotion.kind.value, promotion.environment),
        )
    except UserError as nothing:
        # Main asks for this version although it does not serve: somebody put that there past the bot.
        raise blocked(
            Reason.OUT_OF_BAND,
            f"No pull request can be opened, for main has this already: {nothing}",
            what_next=f"mlops sync {promotion.model} in {promotion.environment} --restore, "
            f"then mlops recheck {promotion.name}",
        ) from nothing


def branch_name(promotion: Promotion) -> str:
    """Return `mlops/P12-churn-7-production`."""
    version = promotion.version or "none"
    words = f"{promotion.model}-{version}-{promotion.environment}".lower()
    slug = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in words)
    return f"mlops/{promotion.name}-{slug}"


def title(promotion: Promotion) -> str:
    """Return the pull request's title."""
    if promotion.version is None:
        return f"{promotion.name}: retire {promotion.model} in {promotion.environment}"
    if promotion.kind is Kind.ROLLBACK:
        return f"{promotion.name}: roll back {promotion.model} in {promotion.environment} to {promotion.version}"
    return f"{promotion.name}: promote {promotion.model} {promotion.version} to {promotion.environment}"


def manifest_at(project: Project, promotion: Promotion, head: str) -> Manifest:
    """Return the desired state that the branch asks for; raises `BlockedError` when it cannot be read."""
    path = own_paths(promotion).manifest
    content = project.forge.read(head, path)
    try:
        if content is None:
            raise UserError(f"{path} is not in the pull request.")  # noqa: TRY301 - one answer for all that is wrong with it
        manifest = parse_manifest(content, path)
    except UserError as mistake:
        raise blocked(Reason.BAD_MANIFEST, str(mistake), what_next=f"mend {path} on the branch") from mistake
    if (manifest.model, manifest.environment) != (promotion.model, promotion.environment):
        raise blocked(
            Reason.BAD_MANIFEST,
            f"{path} speaks of {manifest.model} in {manifest.environment}.",
            what_next=f"mend {path} on the branch",
        )
    return manifest


def expect_only_own_files(project: Project, promotion: Promotion, pull_request: PullRequest) -> None:
    """Raise `BlockedError` if the branch changes anything but the environment file and the bot's own files."""
    own = own_paths(promotion)
    base = _base_of(project, pull_request)
    changed = {change.path for change in project.forge.changes(base, pull_request.head)}
    strangers = sorted(path for path in changed - {own.manifest} if not own.holds(path))
    if strangers:
        raise blocked(
            Reason.UNEXPECTED_FILES,
            f"The pull request also changes {', '.join(strangers[:5])}{' and more' if len(strangers) > 5 else ''}.",  # noqa: PLR2004 - a line's worth
            what_next="put those changes in a pull request of their own",
        )


def _base_of(project: Project, pull_request: PullRequest) -> str:
    try:
        return project.forge.merge_base(pull_request.head)
    except UserError as unrelated:
        raise blocked(
            Reason.CONFLICT, str(unrelated), what_next="start the branch from main and push it again"
        ) from unrelated


def commit_evidence(
    installation: Installation, project: Project, promotion: Promotion, pull_request: PullRequest, evidence: Evidence
) -> str:
    """Write card, evidence and its pictures on the branch, one commit for each evidence digest; return the head."""
    own = own_paths(promotion)
    verdict = verdict_of(evidence)
    digest = installation.evidence.put(evidence)
    challenger = evidence.subject.challenger
    manifest = Manifest(
        model=promotion.model,
        environment=promotion.environment,
        version=promotion.version,
        digest=None if challenger is None else challenger.digest,
    )
    pictures = painted_evidence(installation.painter, evidence)
    base = project.forge.merge_base(pull_request.head)
    files: dict[str, bytes | None] = {
        **dict.fromkeys(_pictures_of_before(project, own, base, pull_request.head)),
        **{own.picture(name): png for name, png in pictures.items()},
        own.manifest: render_manifest(manifest),
        own.evidence: installation.evidence.bytes(digest),
        own.page: render_evidence_page(
            promotion.name, digest, evidence, verdict, beside=promotion.name if pictures else ""
        ).encode(),
    }
    if evidence.subject.kind is Kind.PROMOTE:
        files[own.scorecard] = render_scorecard(evidence, verdict, digest).encode()
    last = promotion.environment == project.environments[-1]
    files[own.card] = card_file(installation, promotion, evidence) if last else project.forge.read(base, own.card)
    return project.forge.commit(
        pull_request.branch,
        files,
        message=f"{promotion.name}: evidence {digest[:12]}",
        at=installation.clock(),
    )


def _pictures_of_before(project: Project, own: OwnPaths, base: str, head: str) -> Iterator[str]:
    """Yield the pictures that the branch has brought, whoever put them there: those of now are laid over them."""
    changes = project.forge.changes(base, head)
    return (change.path for change in changes if own.holds(change.path) and change.path not in own.written)
