"""Are names of tables, columns and types understood, and near ones suggested?"""

import pytest

from gates.measure.scan.kinds import column_of
from gates.measure.scan.near import near
from gates.measure.scan.tables import chosen
from gates.measure.scan.view import Kind
from gates.refusal import UserError

FOUND = [("public", "scored"), ("public", "a.b"), ("risk", "scored"), ("a", "b"), ("x.y", "z")]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("scored", ("public", "scored")),
        ("public.scored", ("public", "scored")),
        ("risk.scored", ("risk", "scored")),
        ("a.b", ("public", "a.b")),
        ("x.y.z", ("x.y", "z")),
    ],
)
def test_a_table_is_found_by_its_name_with_or_without_a_schema(said: str, meant: tuple[str, str]) -> None:
    assert chosen(said, FOUND, where="The database", default="public") == meant


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("risk.scord", "The database has no table 'risk.scord'; did you mean risk.scored or scored?"),
        ("SCORED", "The database has no table 'SCORED'; did you mean scored or risk.scored?"),
        ("other", "The database has no table 'other'; it has a.b, a.b, scored, risk.scored, x.y.z."),
    ],
)
def test_a_table_that_is_not_there_is_answered_with_those_that_are(said: str, answer: str) -> None:
    with pytest.raises(UserError) as refused:
        chosen(said, FOUND, where="The database", default="public")
    assert str(refused.value) == answer


def test_a_database_without_tables_says_so() -> None:
    with pytest.raises(UserError, match=r"^f.db has no tables that can be read.$"):
        chosen("t", [], where="f.db", default="main")


@pytest.mark.parametrize(
    ("word", "close"),
    [("Label", ("label",)), ("lable", ("label", "labels")), ("zzz", ()), ("scroe", ("score", "score_2"))],
)
def test_near_names_do_not_hang_on_upper_and_lower_case(word: str, close: tuple[str, ...]) -> None:
    assert near(word, ["label", "labels", "score", "score_2", "amount"])[: len(close) or None] == close


@pytest.mark.parametrize(
    ("type_", "kind", "integer"),
    [
        ("UHUGEINT", Kind.NUMBER, True),
        ("DECIMAL(18,3)", Kind.NUMBER, False),
        ("DECIMAL(20,0)", Kind.NUMBER, True),
        ("ENUM('DOUBLE', 'a(b)')", Kind.TEXT, False),
        ("JSON", Kind.TEXT, False),
        ("INTERVAL", Kind.OTHER, False),
        ("UNION(a INTEGER)", Kind.OTHER, False),
        ("INTEGER[]", Kind.OTHER, False),
        ("INTEGER[3]", Kind.OTHER, False),
        ("MAP(VARCHAR, INTEGER)", Kind.OTHER, False),
        ("TIMESTAMP_NS", Kind.TIME, False),
        ("what comes next year", Kind.OTHER, False),
    ],
)
def test_a_type_is_of_one_kind(type_: str, kind: Kind, integer: bool) -> None:  # noqa: FBT001 - pytest's
    column = column_of("x", type_)
    assert (column.kind, column.integer, column.type) == (kind, integer, type_)
