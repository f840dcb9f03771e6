"""Numbers have the digits that matter, and what is not known is said."""

import pytest

from gates import wording
from gates.outcome import Measure
from reports.aligned import aligned
from reports.rendering import amount, interval, moment, number, percent, sentence, short, signed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.8423616, "0.842"),
        (-0.0, "0.000"),
        (0.00084790, "0.00085"),
        (12_345.678, "12,345.7"),
        (1.5e15, "1.5e+15"),
        (-1e300, "-1e+300"),
        (None, "not measured"),
    ],
)
def test_a_measure_has_three_decimals_or_as_many_as_make_sense(value: float | None, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0941, "+0.094"), (-0.003, "-0.003"), (0.0, "+0.000"), (2e13, "+2e+13"), (None, "—")]
)
def test_a_difference_has_its_sign(value: float | None, shown: str) -> None:
    assert signed(value) == shown


def test_findings_tell_huge_numbers_by_their_size_too() -> None:
    told = (wording.number(3.7591e150), wording.signed(-1e300), wording.interval(-1.5e12, 2.0))
    assert told == ("3.76e+150", "-1e+300", "95 % interval [-1.5e+12, +2.000]")


def test_an_interval_has_two_ends_or_none() -> None:
    assert interval(0.1, 0.2) == "0.100 to 0.200"
    assert interval(-0.1, 0.2, signed) == "-0.100 to +0.200"
    assert interval(None, 0.2) == interval(0.1, None) == "—"


def test_what_counts_things_has_no_decimals() -> None:
    rows = Measure(name="labelled rows", value=983.0, limit=500.0)
    assert (amount(rows.value, rows), amount(rows.limit, rows)) == ("983", "500")
    perfect = Measure(name="accuracy", value=1.0, low=0.9, high=1.0, limit=1.0)
    assert amount(perfect.value, perfect) == "1.000"
    assert amount(None, Measure(name="unknown")) == "not measured"


@pytest.mark.parametrize(
    ("share", "shown"), [(0.9389, "94 %"), (0.9991, "over 99 %"), (1.0, "100 %"), (2.0, "100 %"), (None, "unknown")]
)
def test_only_what_is_certain_is_a_hundred_per_cent(share: float | None, shown: str) -> None:
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("at", "shown"),
    [(1_795_250_640, "2026-11-21 08:44 UTC"), (None, "never"), (10**30, f"{10**30} s after 1970")],
)
def test_a_time_is_told_in_utc(at: int | None, shown: str) -> None:
    assert moment(at) == shown


def test_a_digest_is_told_by_its_beginning() -> None:
    assert short("9c602a815ce79ca8ece7") == "9c602a815ce7"
    assert short(None) == ""


@pytest.mark.parametrize(("text", "ended"), [("no rows", "no rows."), ("Gone. ", "Gone. "), ("Why?", "Why?"), ("", "")])
def test_a_sentence_ends_before_the_next_begins(text: str, ended: str) -> None:
    assert sentence(text) == ended


def test_a_table_lines_up_whatever_its_cells_hold() -> None:
    table = aligned("| who | rows |\n|---|---:|\n| a\\|b | 1 |\n| 漢字 | 1,000 |\n| e\u0301\u2060 | |\n")
    assert table == (
        "| who  |  rows |\n| ---- | ----: |\n| a\\|b |     1 |\n| 漢字 | 1,000 |\n| e\u0301\u2060    |       |\n"
    )
