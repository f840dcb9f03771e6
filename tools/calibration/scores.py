"""Do intervals of score metrics hold what they say? Pairs of models with known true values, drawn many times.

`score_models` says what is drawn. Each study counts how often the interval of the difference holds the true one; with
"of one model" the challenger's own interval.
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gates.measure.estimated import Estimated
from gates.measure.scores.estimating import of_sample
from tools.calibration.score_models import OTHERS, SHARES, Model, Setting, drawn, truths
from tools.calibration.study import Study

SLACK = 1e-12
"""What rounding may cost."""
GOOD, SURE, STRONG = Model(strength=1.5), Model(strength=1.5, sureness=2.5), Model(strength=3.3)
PAIRS = {
    "equal": (GOOD, GOOD),
    "worse": (Model(strength=1.3), GOOD),
    "strong": (Model(strength=3.0), STRONG),
    "too sure": (SURE, GOOD),
    "both too sure": (SURE, SURE),
    "equal, close": (GOOD, GOOD),
}
ALL, MOST, TWO, HARD = tuple(PAIRS), ("equal", "worse", "strong", "too sure"), ("worse", "strong"), ("strong",)
ROWS: tuple[tuple[int, float, tuple[str, ...]], ...] = (
    (200, 0.5, MOST),
    (200, 0.1, HARD),
    (1000, 0.1, ALL),
    (1000, 0.05, TWO),
    (1000, 0.03, HARD),
    (10_000, 0.1, ("worse",)),
    (10_000, 0.01, MOST),
    (10_000, 0.005, HARD),
    (100_000, 0.1, ("worse",)),
    (100_000, 0.001, ("equal",)),
    (1_000_000, 0.1, ("worse",)),
    (1_000_000, 0.001, HARD),
)
"""Rows, the share of positives, and the pairs."""
CLUSTERS = ((1000, 0.2, 10, MOST), (10_000, 0.05, 100, ("strong", "too sure")), (10_000, 0.2, 10, HARD))
"""Rows, the share of positives, the rows of a cluster, and the pairs."""
SEVERAL = (600, 6000)
"""Rows of three classes."""


def studies(quick: bool) -> Iterator[Study]:  # noqa: FBT001 - the table's only switch, as all families have it
    """Yield the studies of each setting: one for each metric's difference, and some for its value."""
    for setting in settings():
        if not quick or setting.n <= 10_000:  # noqa: PLR2004 - quick
            yield from study(setting, trials_of(setting, quick=quick))


def trials_of(setting: Setting, *, quick: bool) -> int:
    """Return how many trials a setting is given: fewer where each of them takes long."""
    trials = {200: 2000, 1000: 2000, 10_000: 1000, 100_000: 500, 1_000_000: 100}.get(setting.n, 1500)
    if setting.cluster > 1:
        trials = 500
    return max(20, trials // 20) if quick else trials


def settings() -> Iterator[Setting]:
    """Yield sizes and prevalences, clusters and three classes with equal models, a worse challenger, heavy tails."""
    for n, prevalence, names in ROWS:
        yield from (_pair(name, n, prevalence) for name in names)
    for n, prevalence, cluster, names in CLUSTERS:
        for name in names:
            yield replace(_pair(name, n, prevalence), said=f"{name}, clusters of {cluster}", cluster=cluster)
    for n in SEVERAL:
        for name in ("equal", "worse"):
            said = f"{name}, three classes"
            yield replace(_pair(name, n, min(SHARES)), said=said, classes=len(SHARES))


def _pair(name: str, n: int, prevalence: float) -> Setting:
    challenger, champion = PAIRS[name]
    correlation = 0.99 if "close" in name else 0.8
    return Setting(
        said=name, challenger=challenger, champion=champion, n=n, prevalence=prevalence, correlation=correlation
    )


def study(setting: Setting, trials: int) -> Iterator[Study]:
    """Draw and estimate so often, and count."""
    challenger, champion = truths(setting)
    seed = zlib.crc32(f"{setting.said} {setting.prevalence} {setting.n}".encode())
    generator = np.random.default_rng([1, seed])
    tallies = {name: np.zeros(5, dtype=np.int64) for name in setting.names}
    for _ in range(trials):
        found = of_sample(drawn(setting, generator), setting.names)
        for name in setting.names:
            tallies[name] += outcome(name, found.get(name), challenger[name], champion[name])
    equal = setting.challenger == setting.champion
    for name, (lacking, covered, passed, alarmed, own) in tallies.items():
        differing = Study(
            name=name,
            setting=f"{setting.said}, {setting.prevalence:g} {'positive' if setting.classes == 2 else 'of the rarest'}",  # noqa: PLR2004 - binary
            n=setting.n,
            positives=round(setting.n * setting.prevalence),
            trials=trials,
            inconclusive=int(lacking),
            covered=int(covered),
            false_pass=int(passed),
            false_alarm=int(alarmed) if equal else None,
        )
        yield differing
        if not equal:
            yield replace(differing, name=f"{name} of one model", covered=int(own), false_pass=None)


def outcome(name: str, found: Estimated | str | None, challenger: float, champion: float) -> NDArray[np.int64]:
    """Return [no interval, covered, false pass, false alarm, challenger's own interval covers] of a trial."""
    if not isinstance(found, Estimated) or found.difference is None or found.challenger_interval is None:
        return np.array([1, 0, 0, 0, 0])
    true, sure = challenger - champion, found.difference
    low, high = sure.interval()
    passed = sure.upper(0.05) < true - SLACK if name in OTHERS else sure.lower(0.05) > true + SLACK
    alarmed = sure.lower(0.05) > SLACK if name in OTHERS else sure.upper(0.05) < -SLACK
    own = found.challenger_interval[0] - SLACK <= challenger <= found.challenger_interval[1] + SLACK
    return np.array([0, low - SLACK <= true <= high + SLACK, passed, alarmed, own])
