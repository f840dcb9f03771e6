"""Under which name is something kept that was heard? The same thing heard twice has the same one."""

from pydantic import JsonValue

from storage.canonical import canonical_digest


def key_of(kind: str, *parts: JsonValue) -> str:
    """Name something that was heard, by what makes it the same; no two different things share a name."""
    return f"{kind}:{canonical_digest(list(parts))[:40]}"
