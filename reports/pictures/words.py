"""How do pictures word what they show?"""

import unicodedata
from collections.abc import Iterable

from gates.wording import listed

LONGEST_NAME = 40
"""Letters of a name in a sentence."""
LONG, TOO_LONG = 1e3, 1e9
"""Numbers that are written out with commas, from the first on and below the second."""
WIDEST = frozenset("MW@%mw")
"""Letters of Latin scripts that take half as much room again."""


def percent_of(share: float) -> str:
    """Return a share as whole percent."""
    return f"{share * 100:.0f} %"


def rounded(value: float) -> str:
    """Return a number with three digits that tell: `0.0312`, `64,800`, `6.48e+12`."""
    short = f"{value:.3g}"
    return f"{float(short):,.0f}" if LONG <= abs(float(short)) < TOO_LONG else short


def listed_models(who: Iterable[str]) -> str:
    """Return the models that are in a picture."""
    return listed(tuple(dict.fromkeys(f"the {one}" for one in who)))


def shortened(text: str, most: int) -> str:
    """Return a text that is at most as wide as so many letters; some take more room than one."""
    if sum(map(_width, text[: most + 1])) <= most and len(text) <= most:
        return text
    kept, room = "", most - 1.0
    for letter in text[:most]:
        room -= _width(letter)
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def _width(letter: str) -> float:
    """Return how wide a letter is, in those of a usual name in small Latin letters."""
    if letter in WIDEST:
        return 1.6
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 2.0
    return 1.25 if letter.isupper() else 1.0


def brief(name: str) -> str:
    """Return a name for a sentence: neither empty nor too long to read the rest."""
    return shortened(name, LONGEST_NAME) or "(empty)"
