"""How is the same question about the same rows measured once in a run of tests?

Measuring is a pure function of a question and the bytes it names: tests/measure show that. Hundreds of promotions of
the same few versions need its answer, and `make test` has minutes; `make test-all` measures each time.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gates.digest import file_digest
from gates.measure.measure import Measured, Question, measure

Measure = Callable[[Question], Measured]
NOWHERE = Path("nowhere")


@contextmanager
def measured_once() -> Iterator[None]:
    """Let the workflows measure through a memory, for the body."""
    if os.environ.get("GATEHOUSE_FULL"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workflows.measuring.measure", _remembering(measure))
        yield


def _remembering(measuring: Measure) -> Measure:
    known: dict[tuple[str, ...], Measured] = {}

    def remembered(question: Question) -> Measured:
        if not all(file is None or file.is_file() for file in _files(question)):
            return measuring(question)
        key = _key(question)
        if key not in known:
            known[key] = measuring(question)
        return known[key]

    return remembered


def _key(question: Question) -> tuple[str, ...]:
    """Name a question by what it asks, and by the bytes it asks about."""
    asked = replace(question, data=NOWHERE, challenger=NOWHERE, champion=None)
    return (repr(asked), *("" if file is None else file_digest(file) for file in _files(question)))


def _files(question: Question) -> tuple[Path | None, ...]:
    return question.data, question.challenger, question.champion
