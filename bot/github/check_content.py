"""What does a check run of ours look like to GitHub, and how do we know again that it is written already?"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.github.cutting import CHECK_LIMIT, Whole, cut, first_words
from workflows.forge import Annotation, Button, Check, CheckState

LONGEST_TITLE = 120
MOST_ANNOTATIONS = 50
"""Annotations in one request; the next ones are added to them."""
LONGEST_MESSAGE = 60_000

STATES: Final[Mapping[CheckState, tuple[str, str | None]]] = {
    CheckState.PENDING: ("in_progress", None),
    CheckState.WAITING: ("completed", "action_required"),
    CheckState.SUCCESS: ("completed", "success"),
    CheckState.NEUTRAL: ("completed", "neutral"),
    CheckState.FAILURE: ("completed", "failure"),
}
"""GitHub's status and conclusion."""
STATUSES: Final[Mapping[CheckState, str]] = {
    CheckState.PENDING: "pending",
    CheckState.WAITING: "pending",
    CheckState.SUCCESS: "success",
    CheckState.NEUTRAL: "success",
    CheckState.FAILURE: "failure",
}
"""The state of a commit status, which knows no more."""
BUTTONS: Final[Mapping[Button, Mapping[str, str]]] = {
    Button.APPROVE: {"label": "Approve", "description": "Let this exact model through.", "identifier": "approve"},
    Button.REJECT: {"label": "Reject", "description": "Turn this model down for good.", "identifier": "reject"},
    Button.RECHECK: {"label": "Re-run", "description": "Measure and judge it again.", "identifier": "recheck"},
}
"""At most three; labels and identifiers of 20 characters, descriptions of 40."""

Output = dict[str, str | list[dict[str, str | int]]]
"""As GitHub's documentation names it: title, summary, text, annotations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that people see of one check run."""

    name: str
    status: str
    conclusion: str | None
    title: str
    summary: str
    text: str
    annotations: tuple[Annotation, ...]
    buttons: tuple[Button, ...]

    @property
    def digest(self) -> str:
        """Names this content; kept in the check run, as GitHub does not show buttons and annotations with it."""
        lines = [[note.path, note.line, note.text] for note in self.annotations]
        seen = [self.name, self.status, self.conclusion, self.title, self.summary, self.text, lines, self.buttons]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    @property
    def actions(self) -> list[dict[str, str]]:
        """The buttons as GitHub takes them."""
        return [dict(BUTTONS[button]) for button in self.buttons]

    def outputs(self) -> Sequence[Output]:
        """Return what is sent: once, and once more for every fifty annotations beyond the first."""
        starts = range(0, max(1, len(self.annotations)), MOST_ANNOTATIONS)
        return [self._output(self.annotations[start : start + MOST_ANNOTATIONS]) for start in starts]

    def _output(self, annotations: Sequence[Annotation]) -> Output:
        output: Output = {"title": self.title, "summary": self.summary}
        if self.text:
            output["text"] = self.text
        if annotations:
            output["annotations"] = [_annotation(annotation) for annotation in annotations]
        return output


def content_of(check: Check, whole: Whole | None) -> Content:
    """Return a check as GitHub can show it."""
    status, conclusion = STATES[check.state]
    return Content(
        name=check.name,
        status=status,
        conclusion=conclusion,
        title=first_words(check.summary, LONGEST_TITLE),
        summary=cut(check.summary, CHECK_LIMIT, None),
        text=cut(check.text, CHECK_LIMIT, whole),
        annotations=check.annotations,
        buttons=check.buttons,
    )


def _annotation(annotation: Annotation) -> dict[str, str | int]:
    return {
        "path": annotation.path,
        "start_line": annotation.line,
        "end_line": annotation.line,
        "annotation_level": "failure",
        "message": first_words(annotation.text, LONGEST_MESSAGE),
    }
