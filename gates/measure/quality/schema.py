"""Are the columns the ones that the model declares?"""

from collections.abc import Iterator

from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.finding import found
from gates.measure.quality.looked import Looked
from gates.measure.quality.outline import Outline
from gates.measure.quality.signature import Field, Signature
from gates.measure.scan.near import near
from gates.measure.scan.view import Kind
from gates.quality_facts import QualityFinding
from gates.wording import count, percent

NUMBERS = frozenset({"integer", "long", "float", "double"})
WHOLE = {"integer": 2.0**31, "long": 2.0**63}
"""Whole numbers, by the size that they must stay below."""
KINDS = {
    **dict.fromkeys(NUMBERS, frozenset({Kind.NUMBER})),
    "boolean": frozenset({Kind.TRUTH}),
    "string": frozenset({Kind.TEXT}),
    "datetime": frozenset({Kind.TIME}),
    **dict.fromkeys(("binary", "array", "object", "map", "sparkml vector"), frozenset({Kind.OTHER})),
}
"""Kinds of columns by MLflow's types; a type that is not here takes any."""


def against_signature(looked: Looked, asked: QualityAsked, signature: Signature) -> Iterator[QualityFinding]:
    """Compare the columns with the declared inputs."""
    declared = {field.name for field in signature.inputs}
    for field in signature.inputs:
        outline = looked.outlines.get(field.name)
        if outline is not None:
            yield from _typed(looked, field, outline)
        elif field.required:
            yield _missing(looked, field)
    roles = {asked.label, asked.id, asked.time, *asked.answers}
    for column in looked.outlines:
        if column not in declared and column not in roles:
            yield found("extra_column", f"{column} is no input that the model declares: it is ignored.", column=column)


def _missing(looked: Looked, field: Field) -> QualityFinding:
    close = near(field.name, looked.outlines)
    hint = f" (there is {', '.join(close)})" if close else ""
    sentence = f"The model declares an input {field.name} ({field.type}), which is not among the columns{hint}: add it."
    return found("missing_column", sentence, column=field.name)


def _typed(looked: Looked, field: Field, outline: Outline) -> Iterator[QualityFinding]:
    column, kinds = outline.column, KINDS.get(field.type)
    if not outline.valued:
        return
    if kinds is not None and column.kind not in kinds:
        sentence = (
            f"{field.name} is {column.type}; the model declares {field.type}: convert it where the data are made."
        )
        yield found("wrong_type", sentence, column=field.name)
    elif field.type in WHOLE:
        yield from _whole(looked, field, outline)


def _whole(looked: Looked, field: Field, outline: Outline) -> Iterator[QualityFinding]:
    """Find whole numbers that cannot be: missing ones, fractions, and larger ones than the type holds."""
    missing = outline.nulls + outline.nan
    if missing:
        share = missing / looked.view.rows
        sentence = (
            f"{field.name} lacks a value in {count(missing, 'row')} ({percent(share)}), and the model declares it as "
            f"{field.type}, which has no nulls: declare it as double, or fill it."
        )
        yield found("integer_nulls", sentence, column=field.name, value=share, rows=missing)
    wrong = _not_whole(looked, outline, WHOLE[field.type])
    if wrong:
        sentence = (
            f"{field.name} is no {field.type} in {count(wrong, 'row')}, as the model declares it: there are fractions "
            "or numbers too large. Declare it as double, or correct it."
        )
        yield found("wrong_type", sentence, column=field.name, value=wrong / looked.view.rows, rows=wrong)


def _not_whole(looked: Looked, outline: Outline, most: float) -> int:
    low, high = outline.low, outline.high
    fits = low is not None and high is not None and -most <= low and high < most
    if outline.column.integer and fits:
        return 0
    number = outline.number
    wrong = f"{number} <> floor({number}) OR {number} < {-most:.17e} OR {number} >= {most:.17e}"
    query = f"SELECT count(CASE WHEN {wrong} THEN 1 END) AS n FROM {looked.view.name}"  # noqa: S608 - quoted names
    return int(looked.engine.reduce(query).to_pylist()[0]["n"]) + outline.infinite
