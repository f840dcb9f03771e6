"""How do pictures word what they show?"""

from collections.abc import Iterable

from gates.wording import listed


def percent_of(share: float) -> str:
    """Return a share as whole percent."""
    return f"{share * 100:.0f} %"


def listed_models(who: Iterable[str]) -> str:
    """Return the models that are in a picture."""
    return listed(tuple(dict.fromkeys(f"the {one}" for one in who)))


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
