"""Is our SQL said in Spark's words, and nothing that is quoted changed?"""

import pytest

from gates.measure.scan.dialect import name, text
from gates.measure.scan.sparksql import spoken


@pytest.mark.parametrize(
    ("ours", "sparks"),
    [
        ("CAST(x AS HUGEINT)", "CAST(x AS DECIMAL(38,0))"),
        ("CAST(hugeints AS VARCHAR)", "CAST(hugeints AS STRING)"),
        (f"{name('a `b` HUGEINT')} = {text('HUGEINT')}", "`a ``b`` HUGEINT` = 'HUGEINT'"),
        (name('a "b"'), '`a "b"`'),
        (text('it\'s \\n "x"'), "'it\\'s \\\\n \"x\"'"),
        (text(""), "''"),
        (text("'") + " || " + text("a"), "'\\'' || 'a'"),
        ("floor(x * 2.0)", "exact_floor(x * 2.0)"),
        ("arg_min(t, u) + 1.5E10", "min_by(t, u) + 1.5E10"),
    ],
)
def test_words_are_changed_and_what_is_quoted_stays(ours: str, sparks: str) -> None:
    assert spoken(ours) == sparks
