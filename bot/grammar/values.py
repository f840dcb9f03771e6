"""Is this word a model, a version, an environment or a promotion?"""

import re
from collections.abc import Callable, Mapping

from bot.commands import ModelName, PromotionName
from bot.grammar.mistake import UsageError, quoted
from workflows.link_code import LENGTH as CODE_LENGTH
from workflows.link_code import read_code

LONGEST = 200
PROMOTION = re.compile(r"(?:([^/\s]+)/)?([PR])([1-9][0-9]{0,11})", re.IGNORECASE | re.ASCII)
NAME = re.compile(r"[^\s/\\<>]+")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NUMBERED = re.compile(r"[vV]([0-9]+)", re.ASCII)


def read_promotion(word: str) -> PromotionName:
    """Read `P12`, `p12`, `R3` or `PROJECT/P12`; a bare number might be a pull request's, and is refused."""
    if match := PROMOTION.fullmatch(word):
        project, letter, number = match.groups()
        return PromotionName(project=project, letter="P" if letter in "Pp" else "R", number=int(number))
    digits = word.lstrip("#").isdigit()
    hint = f" Did you mean P{word.lstrip('#')}?" if digits else " See: status"
    raise UsageError(f"{quoted(word)} is no promotion; they are written P12, or R3 for a rulebook change.{hint}")


def names_promotion(word: str) -> bool:
    """Was a promotion meant, even if it is written as a bare number?"""
    return bool(PROMOTION.fullmatch(word)) or word.lstrip("#").isdigit()


def read_model(word: str) -> ModelName:
    """Read `churn` or `PROJECT/churn`."""
    project, slash, name = word.rpartition("/")
    if _is_name(name) and (not slash or _is_name(project)):
        return ModelName(name=name, project=project or None)
    raise UsageError(f"{quoted(word)} is no model name; write MODEL, or PROJECT/MODEL.")


def read_version(word: str) -> str:
    """Read a version as its registry names it; `v7` is what people call version 7."""
    if match := NUMBERED.fullmatch(word):
        return match[1]
    if _is_name(word):
        return word
    raise UsageError(f"{quoted(word)} is no version; write it as the registry names it, such as 7.")


def read_environment(word: str) -> str:
    """Read an environment; phones begin lines with capitals, names of environments have none."""
    if SLUG.fullmatch(word.lower()) and len(word) <= LONGEST:
        return word.lower()
    raise UsageError(f"{quoted(word)} is no environment; they are named like staging or production.")


def read_model_or_promotion(word: str) -> ModelName | PromotionName:
    """Read what `status` is about; `P12` is always a promotion."""
    return read_promotion(word) if PROMOTION.fullmatch(word) else read_model(word)


def read_link_code(word: str) -> str:
    """Read a code as `link` gave it on the other side; phones and people write small letters."""
    if code := read_code(word):
        return code
    raise UsageError(
        f"{quoted(word)} is no code; it has {CODE_LENGTH} letters and digits, such as K7MQ-2XPA: link, said on the "
        "other side, gives you one."
    )


def read_plain(word: str) -> str:
    """Read a path, a commit or words; they are judged where they are used."""
    if not word or "\0" in word:
        raise UsageError("An empty word cannot stand here.")
    return word


def _is_name(word: str) -> bool:
    """Tell whether this can name something in a registry and in a path: printable, bounded, and no `..`."""
    return (
        bool(NAME.fullmatch(word)) and word.isprintable() and len(word) <= LONGEST and not word.startswith((".", "-"))
    )


READERS: Mapping[tuple[str, ...], Callable[[str], object]] = {
    ("MODEL",): read_model,
    ("PROMOTION",): read_promotion,
    ("VERSION",): read_version,
    ("ENVIRONMENT",): read_environment,
    ("MODEL", "PROMOTION"): read_model_or_promotion,
    ("CODE",): read_link_code,
    ("COMMAND",): read_plain,
    ("COMMIT",): read_plain,
    ("PATH",): read_plain,
    ("FOLDER",): read_plain,
    ("DATA",): read_plain,
}
