"""What did the simulations show? A page for people, and a table with every cell for those who want to look closer."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from tools.calibration.study import Study

NOISE = 2.5
"""Monte-Carlo standard errors that are taken for noise."""
COVERAGE, TOLERATED, LEVEL = 0.95, 0.015, 0.05
INTRODUCTION = """\
# Calibration

Written by `make calibrate`. Samples of known truth are drawn, and measured by the functions that measure elsewhere.

- *coverage*: the share of two-sided 95 % intervals that hold the true value. Near 95 % is right. Above it is what exact
  intervals do where only a few rows can tell models apart: they err on the careful side.
- *false pass*: how often a challenger that is truly worse by exactly the margin is shown, at one-sided 5 %, not to be
  that bad. At most 5 %. Of drift it is how often a real one is not seen.
- *false alarm*: how often harm is proven, at one-sided 5 %, of a challenger that is as good; of drift, how often it is
  told where nothing drifted. At most 5 %.
- *inconclusive*: the share of samples with too few rows for an interval; the other columns are of the rest.

A number is the mean over all settings (prevalence of the class, how alike the models are, how sure, how skewed the
errors, clusters); in brackets stands the worst setting, which noise makes look worse than it is: a cell of 1,000 trials
has a standard error of 0.7 points. [Every cell](calibration.csv) names its setting, its trials and its standard errors.
"""
QUICK = "This is a quick run (`tools/calibrate.py --quick`): few trials of some of the settings.\n"
HEAD = """\
| measured | n | cells | trials | coverage | false pass | false alarm | inconclusive |
|---|---|---|---|---|---|---|---|
"""
FAILING = """\
| measured, setting | n | rarer | trials | coverage | false pass | false alarm | inconclusive |
|---|---|---|---|---|---|---|---|
"""
COLUMNS = ("family", "measured", "setting", "n", "rarer", "trials", "inconclusive", "coverage", "coverage_error")
ERRORS = ("false_pass", "false_pass_error", "false_alarm", "false_alarm_error")


def page(found: Mapping[str, Sequence[Study]], *, quick: bool = False) -> str:
    """Return the page: a summary, every cell that does not hold, then a table for each family."""
    sections = (_section(family, studies) for family, studies in found.items())
    return "\n".join([INTRODUCTION, *([QUICK] if quick else []), *_summary(found), *sections])


def table(found: Mapping[str, Sequence[Study]]) -> str:
    """Return every cell as a line of CSV."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow((*COLUMNS, *ERRORS))
    lines.writerows(_line(family, study) for family, studies in found.items() for study in studies)
    return written.getvalue()


def _line(family: str, study: Study) -> Iterator[object]:
    yield from (family, study.name, study.setting, study.n, study.positives, study.trials, study.inconclusive)
    for count in (study.covered, study.false_pass, study.false_alarm):
        for number in (study.share(count), study.error(count)):
            yield None if number is None else f"{number:.4f}"


def _summary(found: Mapping[str, Sequence[Study]]) -> Iterator[str]:
    """Say how many cells hold, and name every one that does not, beyond what chance explains."""
    rows = (
        f"| {family.replace('_', ' ')} | {len(studies):,} | {sum(study.trials for study in studies):,} | "
        f"{sum(map(_too_low, studies)):,} | {sum(map(_too_high, studies)):,} | {sum(map(_too_often, studies)):,} |\n"
        for family, studies in found.items()
    )
    names = ("family", "cells", "trials", "coverage under 93.5 %", "over 96.5 %", "errors over 5 %")
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"
    yield (
        f"## Summary\n\nCells outside their bounds by more than {NOISE} Monte-Carlo standard errors, as chance\n"
        f"alone makes one of 160 that lie on a bound.\n\n{head}{''.join(rows)}"
    )
    failing = [study for studies in found.values() for study in studies if _too_low(study) or _too_often(study)]
    if failing:
        yield f"Where a claim does not hold:\n\n{FAILING}{''.join(map(_row, failing))}"


def _too_low(study: Study) -> bool:
    return _beyond(study, study.covered, COVERAGE - TOLERATED, -1)


def _too_high(study: Study) -> bool:
    return _beyond(study, study.covered, COVERAGE + TOLERATED, 1)


def _too_often(study: Study) -> bool:
    return any(_beyond(study, count, LEVEL, 1) for count in (study.false_pass, study.false_alarm))


def _beyond(study: Study, count: int | None, bound: float, sign: int) -> bool:
    share, error = study.share(count), study.error(count)
    return share is not None and error is not None and sign * (share - bound) > NOISE * error


def _row(study: Study) -> str:
    rarer = "" if study.positives is None else f"{study.positives:,}"
    shares = (_share(study, count) for count in (study.covered, study.false_pass, study.false_alarm))
    inconclusive = f"{study.inconclusive / study.trials:.1%}" if study.inconclusive else ""
    cells = (f"{study.name}, {study.setting}", f"{study.n:,}", rarer, f"{study.trials:,}", *shares, inconclusive)
    return f"| {' | '.join(cells)} |\n"


def _share(study: Study, count: int | None) -> str:
    share, error = study.share(count), study.error(count)
    return "" if share is None or error is None else f"{share:.1%} ± {error:.1%}"


def _section(family: str, studies: Sequence[Study]) -> str:
    places = sorted({(study.name, study.n) for study in studies})
    rows = (_pooled(name, n, [one for one in studies if (one.name, one.n) == (name, n)]) for name, n in places)
    return f"## {family.replace('_', ' ').capitalize()}\n\n{HEAD}{''.join(rows)}"


def _pooled(name: str, n: int, cells: Sequence[Study]) -> str:
    trials = sum(one.trials for one in cells)
    shares = (
        _mean([(one.covered, one.told) for one in cells], min),
        _mean([(one.false_pass, one.told) for one in cells], max),
        _mean([(one.false_alarm, one.told) for one in cells], max),
    )
    lacking = sum(one.inconclusive for one in cells)
    told = (name, f"{n:,}", f"{len(cells):,}", f"{trials:,}", *shares, f"{lacking / trials:.0%}" if lacking else "")
    return f"| {' | '.join(told)} |\n"


LEAST_TOLD = 100
"""A setting with fewer intervals than this says nothing by itself."""


def _mean(counts: Sequence[tuple[int | None, int]], worst: Callable[[Sequence[float]], float]) -> str:
    known = [(count, of) for count, of in counts if count is not None and of]
    if not known:
        return ""
    shares = [count / of for count, of in known if of >= LEAST_TOLD]
    mean = f"{sum(count for count, _ in known) / sum(of for _, of in known):.1%}"
    return f"{mean} ({worst(shares):.1%})" if len(shares) > 1 else mean
