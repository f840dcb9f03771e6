"""What does the rulebook know of one model: who owns it, on which data it is judged, what may be asked of it?"""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, model_validator

from gates.metric import METRICS, metric_problem
from gates.values import Value
from policies.document import Document, Place
from policies.problem import Problem
from policies.risk import Risk
from policies.sentences import shown, validated
from policies.texts import Sha256, Slug, Text, listed

AS_WRITTEN: tuple[Place, ...] = (("model",), ("evaluation", "version"), ("evaluation", "sha256"))
"""Names that look like numbers and are none: version 1.10 is not 1.1."""

LANGUAGE = re.compile(r"[a-z]{2,3}|multilingual")


class Task(StrEnum):
    """What kind of answer the model gives."""

    BINARY = "binary-classification"
    MULTICLASS = "multiclass-classification"
    REGRESSION = "regression"


def _scalar(value: object) -> object:
    if isinstance(value, dict | list):
        raise ValueError(f"`positive` must be text, a number, or true or false, not {shown(value)}")  # noqa: TRY004 - pydantic turns ValueError into a finding
    return value


def _language(code: str) -> str:
    if not LANGUAGE.fullmatch(code):
        raise ValueError(f"'{code[:40]}' is no language: write its code of ISO 639, such as en, or multilingual")
    return code


def _unsaid(value: object) -> bool:
    return not value


Told = Annotated[str, Field(exclude_if=_unsaid)]
"""A text for the card; one that nobody wrote is no part of a subject, so that older subjects stay what they were."""
Languages = Annotated[
    tuple[Annotated[str, AfterValidator(_language)], ...], BeforeValidator(listed), Field(exclude_if=_unsaid)
]
Scalar = Annotated[str | bool | int | float | None, BeforeValidator(_scalar)]


class Evaluation(Value):
    """The evaluation data: where they lie, and exactly which bytes they are."""

    uri: Text
    """Path relative to the installation, or a `file://` address."""
    version: Text
    """The name people give to this state of the data."""
    sha256: Sha256
    """SHA-256 of the file; other bytes are an error, never a result."""
    registered_by: Text
    """Login of the person who registered the data; someone other than the trainer."""
    motivation: Told = ""
    """Why these data are the right ones to judge it on, for its card."""
    preprocessing: Told = ""
    """How these data were prepared, for its card."""


class ModelEntry(Value):
    """One `models/<model>/model.yaml`."""

    model: Slug
    """The model's name, the same as its folder and as in the registry."""
    task: Task
    """The kind of answer it gives."""
    owner: Text
    """Login of the person who answers for the model."""
    risk: Risk
    """How much can go wrong; policies may ask more of a higher risk."""
    description: str = ""
    """What the model does, for its card."""
    intended_use: str = ""
    """What it is made for, for its card."""
    intended_users: Told = ""
    """Who it is made for, for its card."""
    out_of_scope: Told = ""
    """What it is not made for, though somebody might think so, for its card."""
    limitations: str = ""
    """What it must not be used for, and where it is weak, for its card."""
    contact: str = ""
    """Whom to ask, for its card."""
    relevant_factors: Told = ""
    """Groups, instruments and surroundings that its quality may depend on, measured or not, for its card."""
    decision_threshold: Told = ""
    """From which score on it answers yes, and why, for its card; a version's own tag goes before."""
    training_data: Told = ""
    """What it was trained on and how that was prepared, for its card; the run's logged inputs stand beside it."""
    ethical_considerations: Told = ""
    """What was weighed: sensitive data, human life, contested uses, for its card."""
    risks_and_harms: Told = ""
    """Who could be harmed and how, for its card."""
    mitigations: Told = ""
    """What was done against that, for its card."""
    license: Told = ""
    """Its licence, for its card, as Hugging Face or SPDX name it; a version's own tag `license` goes before."""
    citation: Told = ""
    """How to cite it, for its card; a version's own tag `citation` goes before."""
    more_information: Told = ""
    """A paper, or where else to read on, for its card."""
    language: Languages = ()
    """Languages of its data, one or a list, by ISO 639 such as `en`, for its card."""
    evaluation: Evaluation
    """The data every version is judged on."""
    label: Text
    """Column with the true answer."""
    positive: Scalar = None
    """Value of the label that counts as positive; needed for binary classification."""
    features: tuple[Text, ...] | None = Field(default=None, min_length=1)
    """Columns the model is shown; by default all but the label and the ignored ones."""
    ignored: tuple[Text, ...] = ()
    """Columns the model is not shown."""
    sensitive_features: tuple[Text, ...] = ()
    """Columns whose groups are compared."""
    intersections: tuple[tuple[Text, ...], ...] = ()
    """Lists of sensitive features whose combinations are compared too, such as `[[race, sex]]`."""
    cluster: Text | None = None
    """Column of what several rows have in common, such as a person: rows that depend on each other say less. The model
    is not shown it unless `features` names it."""
    metrics: tuple[Text, ...] = Field(min_length=1)
    """What is measured; the first is the primary one."""
    channel: str = ""
    """Where news of the model is told."""

    @model_validator(mode="after")
    def _columns_have_one_part(self) -> Self:
        """The label is what is asked for: shown to the model, it would be its own answer."""
        shown_columns = set(self.features or ())
        if self.label in shown_columns:
            raise ValueError(f"the label `{self.label}` may not be among the features")
        if both := sorted(shown_columns & set(self.ignored)):
            raise ValueError(f"`{both[0]}` stands among the features and the ignored columns; keep one")
        if self.label in self.sensitive_features:
            raise ValueError(f"the label `{self.label}` may not be a sensitive feature")
        if self.label == self.cluster:
            raise ValueError(f"the label `{self.label}` may not be the `cluster`: name what rows have in common")
        return self

    @model_validator(mode="after")
    def _intersections_are_of_sensitive_features(self) -> Self:
        named: set[frozenset[str]] = set()
        for several in self.intersections:
            if len(set(several)) < 2 or len(set(several)) != len(several):  # noqa: PLR2004 - it takes two to meet
                raise ValueError(f"an intersection is of two or more different features, not `{', '.join(several)}`")
            if unknown := sorted(set(several) - set(self.sensitive_features)):
                raise ValueError(f"the intersection asks for `{unknown[0]}`, which is no sensitive feature")
            if frozenset(several) in named:
                raise ValueError(f"the intersection `{', '.join(several)}` stands there twice")
            named.add(frozenset(several))
        return self

    @model_validator(mode="after")
    def _metrics_fit_the_task(self) -> Self:
        for name in self.metrics:
            if problem := metric_problem(name, METRICS, self.task.value):
                raise ValueError(problem)
        return self

    @property
    def grouped_by(self) -> tuple[str, ...]:
        """What groups are made by: each sensitive feature, and each intersection as `race,sex`."""
        return (*self.sensitive_features, *(",".join(several) for several in self.intersections))

    @property
    def hidden(self) -> frozenset[str]:
        """Columns that a model is not shown where `features` does not say which ones it is shown."""
        return frozenset({self.label, *self.ignored, *([] if self.cluster is None else [self.cluster])})

    def as_json(self) -> dict[str, JsonValue]:
        """Return the entry as a subject holds it; texts for the card are in it where somebody wrote them."""
        return self.model_dump(mode="json")


def read_entry(document: Document) -> ModelEntry | tuple[Problem, ...]:
    """Read a model's entry, or return every mistake in it."""
    return validated(ModelEntry, document, document.with_text(*AS_WRITTEN))
