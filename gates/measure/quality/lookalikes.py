"""Which texts would a reader take for the same, while a program does not?

Two texts look alike when their skeletons are equal (after Unicode Technical Standard 39, section 4): compatibility
forms, upper and lower case, invisible characters and runs of spaces make no difference, nor do the Cyrillic and Greek
letters that most fonts draw as Latin ones.
"""

import re
import unicodedata
from collections.abc import Iterable

LOOK = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0432\u043d\u043a\u043c\u0442"
        "\u03bf\u03b1\u03bd\u03b9\u03ba\u03c1\u03c5\u03c7\u03f2\u03b2\u03b6\u03b7\u03c4\u03b5",
        "aeopcyxijshdqwbhkmtoavikpyxcbzhte",
        strict=True,
    )
)
"""Letters, after case folding, by the Latin letters that they look like in one case; not mu: 5 \u03bcg are not 5 mg."""
ASCII = 127


def skeleton(text: str) -> str:
    """Return what is left of a text to a reader's eye."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(_drawn(letter) for letter in folded if unicodedata.category(letter) != "Cf")
    return re.sub(r"\s+", " ", seen).strip()


def _drawn(letter: str) -> str:
    digit = unicodedata.decimal(letter, None) if ord(letter) > ASCII else None
    return LOOK.get(letter, letter) if digit is None else str(digit)


def lookalikes(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of different texts that look alike, each sorted; blank ones are another matter."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(skeleton(text), []).append(text)
    return sorted(tuple(sorted(group)) for seen, group in groups.items() if seen and len(group) > 1)


def shown(text: str) -> str:
    """Return a text in quotes, with what cannot be told apart written as escapes."""
    return ascii(text if len(text) <= 60 else f"{text[:57]}...")  # noqa: PLR2004 - of one line
