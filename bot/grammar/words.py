"""Which words did a person type into a chat?

Phones turn `--` into a dash and straight quotes into curly ones, and nobody quotes a reason: an unquoted text after
`--reason` runs to the end of the line. Nothing here fails; what makes no sense is left for the parser to name.
"""

import re

QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "„": "“”", "‘": "’", "’": "’", "«": "»", "`": "`"}  # noqa: RUF001 - phones type these
PHONE_DASH = re.compile(r"[—–―−](?=[A-Za-z])")  # noqa: RUF001 - as above
ADDRESS = re.compile(r"^[/@$]?mlops[:,]?$", re.IGNORECASE)
TEXT_OPTION = re.compile(r"^--reason(?:=|$)", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """Split a chat line into words, without a leading `mlops`, `/mlops` or `@mlops`."""
    words: list[str] = []
    rest = text.strip()
    while rest:
        word, quoted, rest = _first(rest)
        word = word if quoted else PHONE_DASH.sub("--", word, count=1) if PHONE_DASH.match(word) else word
        words.append(word)
        if not quoted and TEXT_OPTION.match(word):
            rest = _take_text(words, rest)
    return words[1:] if words and ADDRESS.match(words[0]) else words


def _first(rest: str) -> tuple[str, bool, str]:
    """Return the first word, whether it was in quotes, and what follows."""
    if (end := _closing(rest)) is not None:
        return rest[1:end], True, rest[end + 1 :].strip()
    word, *more = rest.split(maxsplit=1)
    return word, False, more[0] if more else ""


def _closing(rest: str) -> int | None:
    """Return where the quote that opens `rest` closes: before a space or at the end, as in 'it's fine'."""
    closers = QUOTES.get(rest[0], "")
    for index in range(1, len(rest)):
        if rest[index] in closers and (index + 1 == len(rest) or rest[index + 1].isspace()):
            return index
    return None


def _take_text(words: list[str], rest: str) -> str:
    """Add the text of a `--reason`, and return what follows it: something only after a text in quotes."""
    option, equals, start = words[-1].partition("=")
    text = f"{start} {rest}".strip() if equals else rest
    words[-1] = option
    if not text:
        return ""
    first, quoted, after = _first(text)
    if quoted and (not after or after.startswith("--") or PHONE_DASH.match(after)):
        words.append(first)
        return after
    words.append(" ".join(text.split()))
    return ""
