"""Entities are right when their type and both ends are, as seqeval counts them in its strict mode."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gates.measure.estimated import Estimated
from gates.measure.tagged.estimates import by_type
from gates.measure.unusable import UnusableError
from tests.measure.tagged.set_rows import ENTITIES, Lists, measured, prepared, texts, values

NAMED = ("entity_f1", "entity_precision", "entity_recall")
TAG = st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-it's", "I-it's"])
ROW = st.integers(0, 8).flatmap(lambda size: st.tuples(*[st.lists(TAG, min_size=size, max_size=size)] * 3))
ROWS = st.lists(ROW, min_size=1, max_size=30)

Entity = tuple[int, int, int, str]


def entities(rows: Lists) -> set[Entity]:
    """Return row, first and last token and type of each entity, read token by token."""
    found, start = set(), -1
    for row, tags in enumerate(rows):
        for at, tag in enumerate([*tags, "O"]):
            if start >= 0 and tag != f"I-{tags[start][2:]}":
                found.add((row, start, at - 1, tags[start][2:]))
                start = -1
            if tag.startswith("B-"):
                start = at
    return found


def table(rows: list[tuple[list[str], ...]]) -> dict[str, Any]:
    return {who: texts(column) for who, column in zip(WHO, zip(*rows, strict=True), strict=True)}


WHO = ("label", "challenger", "champion")


def compared_with_plain_python(rows: list[tuple[list[str], ...]]) -> None:
    label, *answers = (entities(list(column)) for column in zip(*rows, strict=True))
    if not label or not all(answers):
        return
    found = values(measured(ENTITIES, table(rows), *NAMED))
    hits = [len(label & answer) for answer in answers]
    told = [len(answer) for answer in answers]
    assert found["entity_precision"] == pytest.approx(tuple(h / t for h, t in zip(hits, told, strict=True)), rel=1e-9)
    assert found["entity_recall"] == pytest.approx(tuple(h / len(label) for h in hits), rel=1e-9)
    expected = tuple(2 * h / (t + len(label)) for h, t in zip(hits, told, strict=True))
    assert found["entity_f1"] == pytest.approx(expected, rel=1e-9)


@settings(max_examples=3, deadline=None)
@given(rows=ROWS)
def test_entities_are_those_of_a_plain_reading(rows: list[tuple[list[str], ...]]) -> None:
    compared_with_plain_python(rows)


@pytest.mark.full
@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_entities_of_many_rows_are_those_of_a_plain_reading(rows: list[tuple[list[str], ...]]) -> None:
    compared_with_plain_python(rows)


@pytest.mark.parametrize(
    ("label", "answer", "right"),
    [
        ("B-PER I-PER O", "B-PER I-PER O", 1),
        ("B-PER I-PER O", "B-PER O O", 0),
        ("B-PER I-PER O", "B-LOC I-LOC O", 0),
        ("B-PER B-PER O", "B-PER I-PER O", 0),
        ("B-PER I-LOC O", "B-PER O O", 1),
        ("O B-PER I-PER", "O B-PER I-PER", 1),
    ],
)
def test_ends_and_type_must_be_exact(label: str, answer: str, right: int) -> None:
    found = values(measured(ENTITIES, {"label": [label], "challenger": [answer]}, "entity_precision"))
    assert found["entity_precision"][0] == right


def example(count: int = 400) -> dict[str, Any]:
    rng = np.random.default_rng(9)
    rows: dict[str, list[list[str]]] = {who: [] for who in WHO}
    for _ in range(count):
        kinds = rng.choice(["PER", "LOC"], 3, p=[0.7, 0.3])
        tags = [tag for kind in kinds for tag in ("O", f"B-{kind}", f"I-{kind}")]
        rows["label"].append(tags)
        for who, wrong in (("challenger", 0.05), ("champion", 0.08)):
            rows[who].append([tag if rng.random() > wrong else "O" for tag in tags])
    return {who: texts(column) for who, column in rows.items()}


def test_each_type_is_measured_by_itself() -> None:
    rows = example()
    with prepared(ENTITIES, rows) as found:
        types = by_type(found, NAMED)
    assert list(types) == ["LOC", "PER"]
    label, answer = (entities(rows[who].to_pylist()) for who in ("label", "challenger"))
    for type_, metrics in types.items():
        true, told = ({some for some in of if some[3] == type_} for of in (label, answer))
        assert values(metrics)["entity_recall"][0] == pytest.approx(len(true & told) / len(true), rel=1e-9)


def test_documents_are_the_units_of_an_interval() -> None:
    found = measured(ENTITIES, example(), "entity_f1")["entity_f1"]
    assert isinstance(found, Estimated)
    assert found.difference is not None
    assert found.effective <= 400
    assert found.difference.lower(0.025) < found.challenger - (found.champion or 0) < found.difference.upper(0.025)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"label": ["O O"], "challenger": ["O"]}, "label and challenger have lists of different lengths in 1 row."),
        ({"label": ["O"], "challenger": ["E-PER"]}, "the challenger has tags such as 'E-PER' in 1 row: a tag is O"),
        ({"label": ["B-"], "challenger": ["O"]}, "the label has tags such as 'B-' in 1 row"),
    ],
)
def test_sequences_that_cannot_be_compared_are_refused(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(UnusableError, match=said), prepared(ENTITIES, columns):
        pass


def test_a_model_that_finds_nothing_has_a_recall_and_no_precision() -> None:
    found = measured(ENTITIES, {"label": ["B-A O"], "challenger": ["O O"]}, *NAMED, "f1_micro")
    assert found["entity_precision"] == "the challenger tells of nothing."
    assert values({"entity_recall": found["entity_recall"]})["entity_recall"][0] == 0
    assert found["f1_micro"] == f"it is no metric of {ENTITIES}."


def test_order_and_threads_change_no_bit_of_entities() -> None:
    rows = example(300)
    order = np.random.default_rng(2).permutation(300)
    shuffled = {who: column.take(order) for who, column in rows.items()}
    assert measured(ENTITIES, rows, "entity_f1", threads=2) == measured(ENTITIES, shuffled, "entity_f1", threads=1)
