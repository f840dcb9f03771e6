"""Can labels and answers of both sides be held against each other at all? Raises `UnusableError` where they cannot."""

from collections.abc import Iterable

from gates.measure.drift.asked import DriftAsked
from gates.measure.scan.engine import Kind, View
from gates.measure.unusable import UnusableError
from gates.wording import listed


def check(asked: DriftAsked, reference: View, current: View) -> None:
    """Look at the columns that were named: are they there, on both sides, and of kinds that labels and answers have?"""
    if asked.label not in reference.columns:
        raise UnusableError(
            f"{reference.said} has no labels (no column {asked.label}), which performance is compared with."
        )
    for view in (reference, current):
        for name in (asked.score, asked.prediction):
            if name and name not in view.columns:
                raise UnusableError(f"{view.said} has no column {name}.")
        for name in (asked.label, asked.score, asked.prediction):
            if name and name in view.columns and view.columns[name].kind is Kind.OTHER:
                raise UnusableError(
                    f"{name} of {view.said} holds {view.columns[name].type}; a label or an answer is one value a row."
                )
        if asked.score and view.columns[asked.score].kind is not Kind.NUMBER:
            raise UnusableError(f"{asked.score} of {view.said} holds {_type(view, asked.score)}; a score is a number.")


def numbers(asked: DriftAsked, reference: View, current: View) -> None:
    """Are labels and what is predicted of them numbers on both sides?"""
    for view in (reference, current):
        for name in (asked.label, asked.prediction):
            if name and name in view.columns and view.columns[name].kind is not Kind.NUMBER:
                raise UnusableError(f"{name} of {view.said} holds {_type(view, name)}, where numbers are compared.")


def _type(view: View, name: str) -> str:
    return view.columns[name].type


def alike(asked: DriftAsked, labels: Iterable[str], predicted: Iterable[str], view: View) -> None:
    """Are some of the predicted classes among those of the labels? Else they are written differently."""
    known, said = sorted({*labels}), sorted({*predicted})
    if known and said and not {*known} & {*said}:
        raise UnusableError(
            f"{asked.label} and {asked.prediction} of {view.said} have no class in common: labels are "
            f"{listed(tuple(known))}, predictions {listed(tuple(said))}. Name the column that holds predicted classes, "
            "written as labels are."
        )
