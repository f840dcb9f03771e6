"""What is said to a person who wrote a command wrongly?"""

from collections.abc import Iterable

from gates.refusal import UserError


class UsageError(UserError):
    """A command that was not understood: what is wrong, what was probably meant, and how it is written."""

    def __init__(self, problem: str, usage: str = "") -> None:
        """Put the usage line, when one command was meant, below the problem."""
        super().__init__(f"{problem}\nUsage: {usage}" if usage else problem)
        self.problem = problem
        self.usage = usage


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it, and it is slow to import

    found = get_close_matches(word.lower()[:64], sorted(set(known)), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean X?`, or nothing."""
    match = near(word, known)
    return f" Did you mean {match}?" if match else ""


def quoted(text: str, longest: int = 60) -> str:
    """Show what someone typed: in quotes, cut, and without characters that act on a terminal."""
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return f"'{shown}'" if len(shown) <= longest else f"'{shown[:longest]}...'"
