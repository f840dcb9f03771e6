"""Which word did they probably mean?"""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 80
"""Characters of a word that are compared; the comparison is quadratic, and the word comes from outside."""


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to a mistyped one, or None when none is near."""
    return next(iter(get_close_matches(word[:LONGEST], sorted(known), n=1, cutoff=0.6)), None)


def or_near(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown word: the near match, or everything there is."""
    names = sorted(known)
    if meant := near(word, names):
        return f"perhaps `{meant}` is meant"
    return f"there is {', '.join(f'`{name}`' for name in names)}" if names else "there is none yet"
