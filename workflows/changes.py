"""What changed since it was approved?"""

from gates.evidence import Subject, VersionRef


def what_changed(before: Subject, now: Subject) -> tuple[str, ...]:
    """Say each difference between two subjects in one sentence; empty when they are equal."""
    sentences = []
    for field, words in _WORDS.items():
        old, new = getattr(before, field), getattr(now, field)
        if old != new:
            sentences.append(f"{words} changed{_from_to(old, new)}.")
    return tuple(sentences)


_WORDS = {
    "project": "The project",
    "model": "The model",
    "environment": "The environment",
    "target": "The target",
    "kind": "The kind of promotion",
    "challenger": "The version asking",
    "champion": "The champion",
    "anchor": "The anchor (the last version proven better)",
    "evaluation_data": "The evaluation data",
    "entry": "The model's rulebook entry",
    "policy": "The policy",
}


def _from_to(old: object, new: object) -> str:
    if isinstance(old, dict) or isinstance(new, dict):
        return _fields(old, new)
    return f" from {_short(old)} to {_short(new)}"


def _fields(old: object, new: object) -> str:
    before = old if isinstance(old, dict) else {}
    after = new if isinstance(new, dict) else {}
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return f" ({', '.join(names)})"


def _short(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, VersionRef):
        return f"v{value.version} ({value.digest[:12]})"
    text = str(value)
    return text[:12] if len(text) == 64 else text  # noqa: PLR2004 - a SHA-256 in hexadecimal
