"""What does a program read of drift, beside its columns? Metrics and groups by their names, for lists have no paths."""

from collections import defaultdict
from typing import cast

from pydantic import JsonValue

from gates.drift_facts import Drift, Performance
from gates.label_facts import Coverage, Labels

Json = dict[str, JsonValue]


def whole_drift(found: Drift) -> Json:
    """Return everything but the columns."""
    document = cast("Json", found.model_dump(mode="json", exclude={"columns", "label_free", "performance"}))
    return document | {"label_free": _label_free(found), "performance": _performance(found.performance)}


def _label_free(found: Drift) -> JsonValue:
    free = found.label_free
    if free is None:
        return None
    document = cast("Json", free.model_dump(mode="json", exclude={"metrics"}))
    return document | {"metrics": {one.metric: one.model_dump(mode="json") for one in free.metrics}}


def _performance(found: Performance | None) -> JsonValue:
    if found is None:
        return None
    document = cast("Json", found.model_dump(mode="json", exclude={"metrics", "labels", "reference_labels"}))
    metrics: Json = {one.metric: one.model_dump(mode="json") for one in found.metrics}
    before = None if found.reference_labels is None else _labels(found.reference_labels)
    return document | {"labels": _labels(found.labels), "reference_labels": before, "metrics": metrics}


def _labels(found: Labels) -> Json:
    document = cast("Json", found.model_dump(mode="json", exclude={"by_group", "by_prediction"}))
    return document | {"by_group": _covered(found.by_group), "by_prediction": _covered(found.by_prediction)}


def _covered(parts: tuple[Coverage, ...]) -> JsonValue:
    document: dict[str, Json] = defaultdict(dict)
    for one in parts:
        document[one.feature][one.group] = one.model_dump(mode="json", exclude={"feature", "group"})
    return cast("JsonValue", dict(document))
