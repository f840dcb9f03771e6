"""Where is GitHub's description itself wrong?

Each correction says how it is known, and fails when GitHub has corrected it by itself.
"""

Path = tuple[str, ...]

JSON: Path = ("content", "application/json", "schema")
ACCOUNT: Path = (
    "paths", "/app/installations", "get", "responses", "200", *JSON, "items", "properties", "account",
)  # fmt: skip
"""An account is a user or an enterprise, as the schema `installation` has it; here it would have to be both at once."""
CONTENTS: Path = ("paths", "/repos/{owner}/{repo}/contents/{path}", "get", "responses", "200", *JSON)
"""The kind of a content is told by its field `type`; but a folder is a list, which has no fields."""
BLOB_REFUSED: Path = ("paths", "/repos/{owner}/{repo}/git/blobs", "post", "responses", "422", *JSON)
"""An error is to have exactly one of two forms, neither of which asks for anything: so none could ever be right."""


def correct(document: dict[str, object]) -> None:
    """Correct a parsed description in place; what it does not hold is left alone."""
    _rename(_at(document, ACCOUNT), "allOf", "anyOf")
    _rename(_at(document, CONTENTS), "discriminator", "x-discriminator")
    _rename(_at(document, BLOB_REFUSED), "oneOf", "anyOf")


def _rename(place: dict[str, object] | None, wrong: str, right: str) -> None:
    if place is not None:
        place[right] = place.pop(wrong)


def _at(place: object, path: Path) -> dict[str, object] | None:
    for part in path:
        place = place.get(part) if isinstance(place, dict) else None
    return place if isinstance(place, dict) else None
