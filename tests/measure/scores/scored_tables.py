"""Tables of labels and scores, and what a view of them holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gates.measure.prepared import Prepared

BINARY = ("roc_auc", "average_precision", "log_loss", "brier_score", "expected_calibration_error")
Columns = Mapping[str, Any]


def prepared(engine: Any, view: str, columns: Columns, problems: Mapping[str, str]) -> Prepared:  # noqa: ANN401 - an engine
    """Say what a view of such columns holds."""
    classes = len([name for name in columns if name.startswith("challenger_score_")]) or 2
    scored = [who for who in ("challenger", "champion") if any(name.startswith(f"{who}_score") for name in columns)]
    return Prepared(
        engine=engine,
        view=view,
        task="binary-classification" if classes == 2 else "multiclass-classification",
        count=len(columns["label"]),
        classes=tuple(f"class {place}" for place in range(classes)),
        champion="champion_score" in columns or "champion_score_0" in columns or "champion" in columns,
        scored=tuple(scored),
        score_problems=problems,
        clusters=len(set(np.asarray(columns["cluster"]).tolist())) if "cluster" in columns else None,
        groups={name: name for name in columns if name.startswith("group_")},
    )


def table(rows: int = 600, seed: int = 1, *, prevalence: float = 0.4, decimals: int | None = None) -> dict[str, Any]:
    """Return labels and two correlated models' scores."""
    random = np.random.default_rng(seed)
    signal = random.normal(size=rows) + np.log(prevalence / (1 - prevalence))
    columns: dict[str, Any] = {"label": (random.random(rows) < 1 / (1 + np.exp(-signal))).astype(np.int64)}
    for who, noise in (("challenger", 0.5), ("champion", 0.9)):
        score = 1 / (1 + np.exp(-(signal + noise * random.normal(size=rows))))
        columns[f"{who}_score"] = score if decimals is None else np.round(score, decimals)
    return columns
