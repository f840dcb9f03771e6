"""How does a measurement say that there is nothing to measure?"""


class UnusableError(Exception):
    """Rows that no number can be had from; the text is one line of a report, never a reply by itself."""
