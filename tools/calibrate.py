"""Do our intervals cover what they say, and our answers err no more often than they say? Simulation tells.

`make calibrate` runs the studies of every family (`tools/calibration/*.py`), two at a time, and writes what they show
to `docs/calibration.md`, and every cell to `docs/calibration.csv`; `--quick` runs a few trials of a few settings,
`--only labels` one family anew beside what was kept of the others in `build/calibration`, and `--into FILE` writes
elsewhere.
"""

import argparse
import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import tools.calibration
from tools.calibration.page import page, table
from tools.calibration.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "calibration.md"
KEPT = ROOT / "build" / "calibration"


def families() -> tuple[str, ...]:
    """Return the names of all families, those of the modules with a function `studies`."""
    names = (found.name for found in pkgutil.iter_modules(tools.calibration.__path__))
    return tuple(sorted(name for name in names if hasattr(_module(name), "studies")))


def _module(family: str) -> object:
    return importlib.import_module(f"tools.calibration.{family}")


def run(family: str, quick: bool) -> tuple[Study, ...]:  # noqa: FBT001 - a pool's task
    """Run the studies of a family."""
    return tuple(_module(family).studies(quick))  # type: ignore[attr-defined]  # `families` looked


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
    wanted.into.with_suffix(".csv").write_text(table(told), encoding="utf-8")
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
