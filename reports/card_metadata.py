"""What does Hugging Face's front matter say of this model: licence, task, metrics and where they were measured?

Its fields and rules are those of https://github.com/huggingface/hub-docs/blob/main/modelcard.md; what the evidence does
not give is left out. It is YAML, made of other people's words, so every value is one line, without characters that act,
and cut when it is too long; all but plain words stand in double quotes, which every reader of YAML takes for text.
"""

import re
import sys
from collections.abc import Mapping
from typing import ClassVar

import yaml
from pydantic import JsonValue
from yaml.representer import BaseRepresenter

from gates.evidence import Evidence, Lineage, MetricComparison
from gates.metric import BINARY, MULTICLASS, REGRESSION
from reports.card_licences import LICENCES, OTHER
from reports.escaping import plain

LONGEST_VALUE = 200
"""Characters of one value; an address or a name that is longer is cut and says so."""
PIPELINES = {
    BINARY: "tabular-classification",
    MULTICLASS: "tabular-classification",
    REGRESSION: "tabular-regression",
}
"""Hugging Face's tasks, by ours; what a promotion scores are rows of a table."""
LIBRARIES = {
    "skops": "sklearn",  # as skops writes it into its own cards
    "onnx": "onnx",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
    "xgboost-json": "xgboost",
    "xgboost-ubj": "xgboost",
    "keras": "keras",
}
"""The library that a format belongs to; several read safetensors or pickles, so these tell none."""
FORMATS = frozenset({*LIBRARIES, "safetensors", "torch", "hdf5", "joblib", "pickle"})
"""Formats that models are kept in; the others lie beside a model."""
METRICS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mean_absolute_error": ("mae", {}),
    "mean_squared_error": ("mse", {}),
    "root_mean_squared_error": ("rmse", {}),
    "mean_absolute_percentage_error": ("mape", {}),
    "r2": ("r_squared", {}),
    "matthews_corrcoef": ("matthews_correlation", {}),
    "f1_macro": ("f1", {"average": "macro"}),
    "f1_micro": ("f1", {"average": "micro"}),
    "f1_weighted": ("f1", {"average": "weighted"}),
    "precision_macro": ("precision", {"average": "macro"}),
    "recall_macro": ("recall", {"average": "macro"}),
    "roc_auc_ovr": ("roc_auc", {"multi_class": "ovr"}),
    "roc_auc_ovo": ("roc_auc", {"multi_class": "ovo"}),
}
"""Ids and arguments of https://hf.co/metrics, where they differ from scikit-learn's names, which are ours."""
LANGUAGE = re.compile(r"[a-z]{2,3}|multilingual")
_WORD = re.compile(r"[a-z][a-z0-9_-]*")

Fields = dict[str, JsonValue]


def front_matter_of(evidence: Evidence) -> str:
    """Return the front matter between its rules; the same evidence gives the same bytes."""
    text = yaml.dump(
        metadata_of(evidence), Dumper=_Quoting, allow_unicode=True, sort_keys=False, width=sys.maxsize, indent=2
    )
    return f"---\n{text}---\n"


def metadata_of(evidence: Evidence) -> Fields:
    """Return what the front matter holds, in the order of Hugging Face's specification."""
    found: Fields = {
        "language": _languages(evidence),
        **_licence_fields(licence_of(evidence)),
        "library_name": _library(evidence),
        "pipeline_tag": PIPELINES.get(_task(evidence), ""),
        "tags": _tags(evidence),
        "metrics": _metric_ids(evidence),
        "model-index": _model_index(evidence),
    }
    return {field: value for field, value in found.items() if value}


def licence_of(evidence: Evidence) -> str:
    """Return the licence as the version's tag names it, else as the model's entry does; empty when neither does."""
    tags = _of_version(evidence.facts.lineage)
    return tags.get("license") or tags.get("licence") or _text(evidence.subject.entry.get("license"))


def _licence_fields(licence: str) -> Fields:
    """Return the licence as the Hub takes it: an id of its list, or `other` with a name of its own."""
    name = "-".join(re.findall(r"[a-z0-9.+]+", licence[:LONGEST_VALUE].lower()))
    if name in LICENCES:
        return {"license": name}
    return {"license": OTHER, "license_name": name.replace("+", "-").strip("-.")} if plain(licence) else {}


def _of_version(lineage: Lineage | None) -> Mapping[str, str]:
    return {} if lineage is None else lineage.tags


def _languages(evidence: Evidence) -> list[JsonValue]:
    """Return codes of languages from the version's tag, else from the model's entry; other words are left out."""
    tagged = _of_version(evidence.facts.lineage).get("language", "").replace(",", " ").split()
    written = evidence.subject.entry.get("language")
    codes = tagged or (written if isinstance(written, list) else [])
    return [code for code in dict.fromkeys(map(str, codes)) if LANGUAGE.fullmatch(code)]


def _library(evidence: Evidence) -> str:
    """Return the library that the version's tag names, else the one that all its files' formats belong to."""
    tagged = _text(_of_version(evidence.facts.lineage).get("library_name"))
    found = {LIBRARIES.get(name, "") for name in _formats(evidence)}
    return tagged or (found.pop() if len(found) == 1 else "")


def _tags(evidence: Evidence) -> list[JsonValue]:
    task = _task(evidence)
    return [*([task] if task in PIPELINES else []), *_formats(evidence)]


def _formats(evidence: Evidence) -> list[str]:
    return sorted({file.format for file in evidence.facts.files} & FORMATS)


def _task(evidence: Evidence) -> str:
    return _text(evidence.subject.entry.get("task"))


def _metric_ids(evidence: Evidence) -> list[JsonValue]:
    return list(dict.fromkeys(_id_of(metric)[0] for metric in _measured(evidence)))


def _measured(evidence: Evidence) -> list[MetricComparison]:
    """Return metrics that have a value, and a name that is left when it is cleaned."""
    return [one for one in evidence.facts.metrics if one.challenger is not None and _text(one.metric)]


def _id_of(metric: MetricComparison) -> tuple[str, Mapping[str, str]]:
    return METRICS.get(metric.metric, (_text(metric.metric), {}))


def _model_index(evidence: Evidence) -> list[JsonValue]:
    """Return the results as one entry; none where the Hub would miss what it requires: task, data or a value."""
    name, task, dataset = _text(evidence.subject.model), _task(evidence), _dataset(evidence)
    metrics: list[JsonValue] = [_result(metric) for metric in _measured(evidence)]
    if not (name and task in PIPELINES and dataset and metrics):
        return []
    result: Fields = {"task": {"type": PIPELINES[task], "name": task}, "dataset": dataset, "metrics": metrics}
    return [{"name": name, "results": [result]}]


def _dataset(evidence: Evidence) -> Fields:
    data = evidence.facts.data
    if data is None or not (place := _text(data.uri)):
        return {}
    revision: Fields = {"revision": _text(data.found_sha256)} if data.found_sha256 else {}
    return {"type": place, "name": f"{place}, version {_text(data.version)}", **revision}


def _result(metric: MetricComparison) -> Fields:
    known, arguments = _id_of(metric)
    result: Fields = {"type": known, "value": metric.challenger, "name": _text(metric.metric)}
    return {**result, "args": dict(arguments)} if arguments else result


def _text(value: JsonValue) -> str:
    """Return a value as one line of text that fits; empty for what is no text."""
    return plain(value, longest=LONGEST_VALUE) if isinstance(value, str) else ""


def _quoted(dumper: BaseRepresenter, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if _WORD.fullmatch(text) else '"')


class _Quoting(yaml.SafeDumper):
    """Writes plain words as they are, and every other text in double quotes; never an anchor."""

    yaml_representers: ClassVar = {**yaml.SafeDumper.yaml_representers, str: _quoted}

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - yaml asks about each value
        return True
