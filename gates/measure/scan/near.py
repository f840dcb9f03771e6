"""Which names look like a mistyped one?"""

from collections.abc import Iterable
from difflib import get_close_matches

MOST = 3


def near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return at most three names, the nearest first; upper and lower case make no difference."""
    names = tuple(known)
    folded = {name.casefold(): name for name in reversed(names)}
    return tuple(folded[match] for match in get_close_matches(word.casefold(), list(folded), n=MOST, cutoff=0.6))
