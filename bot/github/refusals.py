"""What does it mean for us when GitHub says no?

Nothing of PyGithub's leaves the forge. An answer that a caller did not expect is `Declined`: a state of the world that
the operator mends, so that the engine tries again. A caller that can answer a refusal asks for its status.
"""

from http import HTTPStatus

from gates.refusal import Unavailable
from reports.escaping import plain

LONGEST_WORDS = 300
SECRETIVE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""What GitHub answers to those whom it does not trust; 404 as well, so that nobody learns what there is."""


class Declined(Unavailable):
    """GitHub refused one request; `status` is for code, the text for people."""

    def __init__(self, asked: str, status: int, words: str) -> None:
        """Say what was asked, what GitHub said, and where to look."""
        super().__init__(_sentence(asked, status, words))
        self.status = status
        self.words = words
        """GitHub's own words, errors included; plain text."""


class LostAnswerError(Unavailable):
    """GitHub was asked to do something and did not say whether it did: look before asking again."""


def _sentence(asked: str, status: int, words: str) -> str:
    said = f"GitHub refuses {asked} ({status}: {words or 'no words'})."
    if status in SECRETIVE:
        return f"{said} Its App may lack an installation or a permission: `mlops doctor` says what to mend."
    return said


def words_of(document: object) -> str:
    """Return what a refusal's JSON says to people, in one plain line."""
    if not isinstance(document, dict):
        return ""
    errors = document.get("errors")
    details = [_detail(error) for error in errors] if isinstance(errors, list) else []
    sentences = [str(document.get("message") or ""), *filter(None, details)]
    return plain("; ".join(filter(None, sentences)), longest=LONGEST_WORDS)


def _detail(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)
    return str(error.get("message") or f"{error.get('field', 'it')} is {error.get('code', 'wrong')}")
