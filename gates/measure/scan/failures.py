"""What is said when an engine could not read rows?"""

from collections.abc import Iterator
from contextlib import contextmanager

from gates.measure.unusable import UnusableError
from gates.refusal import UserError

INTERRUPTED = "Query interrupted"
"""What DuckDB raises as a plain RuntimeError where Ctrl-C stopped it."""


class TooLittleMemoryError(UserError):
    """An engine's memory does not hold what has to be held at once."""


@contextmanager
def said_as(what: str) -> Iterator[None]:
    """Raise what DuckDB says against the rows as an error of ours, about `what`; its complaints about SQL are bugs."""
    import duckdb  # noqa: PLC0415 - heavy

    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        ours = _ours(error, what)
        if ours is None:
            raise
        raise ours from error


def _ours(error: Exception, what: str) -> BaseException | None:
    import duckdb  # noqa: PLC0415 - heavy

    unreadable = (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)
    if isinstance(error, duckdb.InterruptException) or str(error) == INTERRUPTED:
        return KeyboardInterrupt()
    if isinstance(error, duckdb.OutOfMemoryException):
        return TooLittleMemoryError(f"{what} needs more memory than there is: {first_lines(error)}")
    if isinstance(error, (duckdb.ConversionException, duckdb.OutOfRangeException)):
        return UnusableError(f"the rows have a number too large or infinite: {_core(error)}")
    if isinstance(error, unreadable) or type(error) is duckdb.Error:  # a page that is none is told by no other name
        return UserError(f"{what} cannot be read: {first_lines(error)}")
    return None


def first_lines(error: BaseException) -> str:
    """Return the first two lines of an error's text, as one; what DuckDB quotes of its SQL tells a person nothing."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip(" ^") and not line.startswith("LINE ")]
    return " ".join(lines[:2])


def _core(error: BaseException) -> str:
    return first_lines(error).partition(": ")[2] or first_lines(error)
