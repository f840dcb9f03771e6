"""Does every column of a table have a name of its own?"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gates.refusal import UserError


def distinct(path: Path | str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a file's columns; `UserError` where two are the same but for upper and lower case."""
    listed = tuple(names)
    folded = Counter(name.casefold() for name in listed)
    twice = sorted({name for name in listed if folded[name.casefold()] > 1})
    if twice:
        also = ", which differ in case only" if len(twice) > 1 and folded[twice[0].casefold()] == len(twice) else ""
        said = [name or "''" for name in twice]
        raise UserError(f"{path} has more than one column named {', '.join(said)}{also}: rename them.")
    return listed
