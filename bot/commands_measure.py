"""What can be asked of files alone? One frozen value for each command; everything in it as it was typed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCompare:
    """Compare two models' answers, row by row, without a server; everything as it was typed."""

    data: str
    label: str | None = None
    challenger: str | None = None
    champion: str | None = None
    challenger_score: str | None = None
    champion_score: str | None = None
    by: tuple[str, ...] = ()
    positive: str | None = None
    metric: tuple[str, ...] = ()
    margin: str | None = None
    cluster: str | None = None
    task: str | None = None
    reference: str | None = None
    id: str | None = None
    time: str | None = None
    series: str | None = None
    horizon: str | None = None
    season: str | None = None
    quantile: str | None = None
    detail: bool = False
    pictures: str | None = None
    seed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFairness:
    """Hold one model's groups against each other, without a server."""

    data: str
    label: str
    prediction: str | None = None
    score: str | None = None
    by: tuple[str, ...] = ()
    positive: str | None = None
    metric: tuple[str, ...] = ()
    limit: str | None = None
    cluster: str | None = None
    task: str | None = None
    scorecard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDrift:
    """Do two sets of rows come from the same world?"""

    reference: str
    current: str
    columns: tuple[str, ...] = ()
    label: str | None = None
    prediction: str | None = None
    score: str | None = None
    positive: str | None = None
    ignore: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    time: str | None = None
    matured_after: str | None = None
    now: str | None = None
    limit: str | None = None
    margin: str | None = None
    seed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureQuality:
    """Can these rows be trusted?"""

    data: str
    reference: str | None = None
    label: str | None = None
    prediction: tuple[str, ...] = ()
    id: str | None = None
    time: str | None = None
    signature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureExplain:
    """Why did a model answer so for one row?"""

    data: str
    model: str
    row: str
    of: str | None = None
    task: str | None = None
    columns: tuple[str, ...] = ()
    seed: str | None = None
