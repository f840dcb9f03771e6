"""Do our intervals cover what they say, and our answers err no more often than they say? Simulation tells.

`make calibrate` runs the studies of every family (`tools/calibration/*.py`), two at a time, and writes what they show
to `docs/calibration.md`; `--quick` runs a few trials of a few settings, `--only labels` one family anew beside what was
kept of the others in `build/calibration`, and `--into FILE` writes elsewhere.
"""

import argparse
import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import tools.calibration
from tools.calibration.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "calibration.md"
KEPT = ROOT / "build" / "calibration"
NOISE = 2.5
"""Monte-Carlo standard errors that are taken for noise."""
COVERAGE, TOLERATED, LEVEL = 0.95, 0.015, 0.05
INTRODUCTION = """\
# Calibration

Written by `make calibrate`. Samples of known truth are drawn, and measured by the functions that measure elsewhere.

- *coverage*: the share of two-sided 95 % intervals that hold the true value, with its Monte-Carlo standard error. Near
  95 % is right. Above it is what exact intervals do where only a few rows can tell models apart: they err on the
  careful side.
- *false pass*: how often a challenger that is truly worse by exactly the margin is shown, at one-sided 5 %, not to be
  that bad. At most 5 %.
- *false alarm*: how often harm is proven, at one-sided 5 %, of a challenger that is as good. At most 5 %.
- *inconclusive*: the share of samples with too few rows for an interval; the other columns are of the rest.
"""
QUICK = """\
This is a quick run (`tools/calibrate.py --quick`): few trials of some of the settings.
"""
HEAD = """\
| measured | n | rarer | trials | coverage | false pass | false alarm | inconclusive |
|---|---|---|---|---|---|---|---|
"""


def families() -> tuple[str, ...]:
    """Return the names of all families, those of the modules with a function `studies`."""
    names = (found.name for found in pkgutil.iter_modules(tools.calibration.__path__))
    return tuple(sorted(name for name in names if hasattr(_module(name), "studies")))


def _module(family: str) -> object:
    return importlib.import_module(f"tools.calibration.{family}")


def run(family: str, quick: bool) -> tuple[Study, ...]:  # noqa: FBT001 - a pool's task
    """Run the studies of a family."""
    return tuple(_module(family).studies(quick))  # type: ignore[attr-defined]  # `families` looked


def page(found: dict[str, Sequence[Study]], *, quick: bool = False) -> str:
    """Return the page: a summary, then a section for each family with a table for each setting."""
    sections = (section for family, studies in found.items() for section in _section(family, studies))
    return "\n".join([INTRODUCTION, *([QUICK] if quick else []), *_summary(found), *sections])


def _summary(found: dict[str, Sequence[Study]]) -> Iterator[str]:
    """Say how many cells hold, and name every one that does not, beyond what chance explains."""
    rows = (
        f"| {family.replace('_', ' ')} | {len(studies):,} | {sum(study.trials for study in studies):,} | "
        f"{sum(1 for study in studies if _too_low(study)):,} | {sum(1 for study in studies if _too_high(study)):,} | "
        f"{sum(1 for study in studies if _too_often(study)):,} |\n"
        for family, studies in found.items()
    )
    names = ("family", "cells", "trials", "coverage under 93.5 %", "over 96.5 %", "errors over 5 %")
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"
    yield (
        f"## Summary\n\nCells outside their bounds by more than {NOISE} Monte-Carlo standard errors. Coverage under "
        f"93.5 % and errors over 5 % are where a claim does not hold.\n\n{head}{''.join(rows)}"
    )
    failing = [study for studies in found.values() for study in studies if _too_low(study) or _too_often(study)]
    if failing:
        rows = (_row(study, told=True) for study in failing)
        yield f"Where a claim does not hold:\n\n{HEAD.replace('| measured', '| measured, setting')}{''.join(rows)}"


def _too_low(study: Study) -> bool:
    return _beyond(study, study.covered, COVERAGE - TOLERATED, -1)


def _too_high(study: Study) -> bool:
    return _beyond(study, study.covered, COVERAGE + TOLERATED, 1)


def _too_often(study: Study) -> bool:
    return any(_beyond(study, count, LEVEL, 1) for count in (study.false_pass, study.false_alarm))


def _beyond(study: Study, count: int | None, bound: float, sign: int) -> bool:
    share, error = study.share(count), study.error(count)
    return share is not None and error is not None and sign * (share - bound) > NOISE * error


def _section(family: str, studies: Sequence[Study]) -> Iterator[str]:
    yield f"## {family.replace('_', ' ').capitalize()}\n"
    for setting in dict.fromkeys(study.setting for study in studies):
        rows = (_row(study) for study in studies if study.setting == setting)
        yield f"{setting[:1].upper()}{setting[1:]}:\n\n{HEAD}{''.join(rows)}"


def _row(study: Study, *, told: bool = False) -> str:
    rarer = "" if study.positives is None else f"{study.positives:,}"
    shares = (_share(study, count) for count in (study.covered, study.false_pass, study.false_alarm))
    inconclusive = f"{study.inconclusive / study.trials:.1%}" if study.inconclusive else ""
    name = f"{study.name}, {study.setting}" if told else study.name
    cells = (name, f"{study.n:,}", rarer, f"{study.trials:,}", *shares, inconclusive)
    return f"| {' | '.join(cells)} |\n"


def _share(study: Study, count: int | None) -> str:
    share, error = study.share(count), study.error(count)
    return "" if share is None or error is None else f"{share:.1%} ± {error:.1%}"


def main() -> None:
    """Run what the command line asks for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--only", action="append", choices=families())
    asked.add_argument("--into", type=Path, default=PAGE)
    wanted = asked.parse_args()
    names = tuple(wanted.only or families())
    with ProcessPoolExecutor(max_workers=2) as pool:
        for family, studies in zip(names, pool.map(run, names, [wanted.quick] * len(names)), strict=True):
            _keep(family, studies, quick=wanted.quick)
            print(f"{family}: {len(studies):,} cells")  # noqa: T201 - a script's output
    found = {family: _kept(family, quick=wanted.quick) for family in families()}
    told = {family: studies for family, studies in found.items() if studies}
    wanted.into.write_text(page(told, quick=wanted.quick), encoding="utf-8")
    print(f"Written to {wanted.into}.")  # noqa: T201 - a script's output


def _place(family: str, *, quick: bool) -> Path:
    return KEPT / f"{family}{'-quick' if quick else ''}.json"


def _keep(family: str, studies: Sequence[Study], *, quick: bool) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    _place(family, quick=quick).write_text(json.dumps([dataclasses.asdict(study) for study in studies]))


def _kept(family: str, *, quick: bool) -> tuple[Study, ...]:
    place = _place(family, quick=quick)
    return tuple(Study(**one) for one in json.loads(place.read_text())) if place.exists() else ()


if __name__ == "__main__":
    main()
