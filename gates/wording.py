"""How are numbers and names said, so that every sentence says them alike?"""

HUGE = 1e12
"""From here on a number is told by its size, not by its digits."""
LARGE = 100
SMALL = 0.001


EMPTY = "(empty)"
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that have no shape of their own: a joiner of graphemes, fillers, the Braille blank."""
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def number(value: float) -> str:
    """Say a value with three decimals; fewer for large ones, a few significant digits for tiny and huge ones."""
    size = abs(value)
    if size >= HUGE:
        return f"{value:.3g}"
    if size >= LARGE:
        return f"{value:,.1f}"
    if 0 < size < SMALL:
        return f"{value:.2g}"
    return f"{value + 0.0:.3f}"


def signed(value: float) -> str:
    """Say a difference with its sign; no difference is `+0.000`."""
    return f"+{number(abs(value))}" if value >= 0 else f"-{number(-value)}"


def interval(low: float, high: float) -> str:
    """Say a two-sided 95 % interval of a difference."""
    return f"95 % interval [{signed(low)}, {signed(high)}]"


def percent(share: float) -> str:
    """Say a probability; what is not certain is not called 100 %, nor impossible 0 %."""
    rounded = round(share * 100)
    if rounded >= 100 and share < 1:  # noqa: PLR2004 - per cent
        return "over 99 %"
    return "under 1 %" if rounded <= 0 < share else f"{rounded} %"


def level(alpha: float) -> str:
    """Say a level of proof with three significant digits, such as 0.917 %."""
    return f"{alpha * 100:.3g} %"


def p_value(p: float) -> str:
    """Say a p-value; a tiny one is not said to more digits than anyone needs."""
    return "p under 0.001" if p < SMALL else f"p {p:.3f}"


def count(amount: int, noun: str) -> str:
    """Say how many: `1 row`, `1,200 rows`."""
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"


def listed(names: tuple[str, ...], *, most: int = 5) -> str:
    """Name a few and count the rest."""
    rest = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {rest} more" if rest > 0 else shown


def visible(name: str) -> str:
    """Say a value of a column so that no two look alike: nothing in it stays unseen, and blanks at its ends are quoted.

    Joiners stay where some scripts and emoji need them.
    """
    if not name:
        return EMPTY
    quoted = name == EMPTY or name != name.strip(" ")
    shown = "".join(map(_letter, ("", *name[:-1]), name, (*name[1:], "")))
    return f'"{shown}"' if quoted else shown


def _letter(before: str, letter: str, after: str) -> str:
    if letter == " ":
        return letter if before != " " else "⟨U+0020⟩"
    if letter in _JOINERS and not (before.isascii() or after.isascii()):
        return letter
    return letter if letter.isprintable() and letter not in _UNSEEN else f"⟨U+{ord(letter):04X}⟩"
