"""How do pictures word what they show?"""

import unicodedata
from collections.abc import Iterable

from gates.wording import listed

LONGEST_NAME = 40
"""Letters of a name in a sentence."""


def percent_of(share: float) -> str:
    """Return a share as whole percent."""
    return f"{share * 100:.0f} %"


def listed_models(who: Iterable[str]) -> str:
    """Return the models that are in a picture."""
    return listed(tuple(dict.fromkeys(f"the {one}" for one in who)))


def shortened(text: str, most: int) -> str:
    """Return a text that is at most as wide as so many letters: of some scripts, each takes the room of two."""
    if sum(map(_width, text[: most + 1])) <= most and len(text) <= most:
        return text
    kept, room = "", most - 1
    for letter in text[:most]:
        room -= _width(letter)
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def _width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def brief(name: str) -> str:
    """Return a name for a sentence: neither empty nor too long to read the rest."""
    return shortened(name, LONGEST_NAME) or "(empty)"
