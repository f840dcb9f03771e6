"""What is decided about, and what is known of it?

A `Subject` is what a decision binds to; `Facts` are everything measured or looked up about it, collected once;
`Evidence` is both, named elsewhere by the SHA-256 of its canonical JSON. Nothing here holds a clock reading: the same
subject measured twice gives the same bytes.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from gates.answer_facts import Answers
from gates.confidence import Confidence
from gates.fairness_facts import Criterion
from gates.importance_facts import Importance
from gates.learning_facts import Learning
from gates.principle_facts import Principle
from gates.quality_facts import Quality
from gates.slice_facts import Slices
from gates.treatment_facts import Treatment
from gates.values import Value


class Kind(StrEnum):
    """Why a version is to become champion."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    RETIRE = "retire"


class VersionRef(Value):
    """One version of the subject's model: as its registry names it, and its content."""

    version: str
    digest: str


class Subject(Value):
    """What is decided about; any change of it voids the decisions made before."""

    project: str
    model: str
    environment: str
    target: str
    kind: Kind
    challenger: VersionRef | None
    """None only for `retire`: nothing serves afterwards."""
    champion: VersionRef | None
    anchor: VersionRef | None = None
    """The last version proven better than the one before it; margins are held against it too, so that they do not add
    up. None without a champion, and where nothing is compared."""
    evaluation_data: str
    """SHA-256 that the rulebook pins."""
    entry: dict[str, JsonValue]
    """The model's rulebook entry, as JSON."""
    policy: dict[str, JsonValue]
    """The effective policy, as JSON, without the names of people."""


class ModelFile(Value):
    """One file of a version: path relative to the version's root, content, and its format as recognised."""

    path: str
    sha256: str
    size: int
    format: str
    """A name from `gates.model_format` such as `skops`, `onnx`, `yaml`, `pickle`, or `unknown`."""


class ScoringStatus(StrEnum):
    """How a scoring process ended."""

    SCORED = "scored"
    NOT_BUILT = "not_built"
    """Its environment could not be built from the recorded requirements."""
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    WRONG_SHAPE = "wrong_shape"
    FILES_GONE = "files_gone"
    """Neither our store nor the registry has its files any more."""


class Scoring(Value):
    """Did this version answer for the evaluation data, in a process of its own?"""

    version: VersionRef
    status: ScoringStatus
    rows: int = 0
    """Rows answered for."""
    detail: str = ""
    """The cause in one line, when not scored."""
    environment: str = ""
    """Digest of the locked requirements it ran with."""
    signature: bool = False
    """Does the version declare its inputs and outputs?"""


class EvaluationData(Value):
    """The evaluation data as found, beside what the rulebook pins."""

    uri: str
    version: str
    sha256: str
    """What the rulebook pins."""
    found_sha256: str | None
    """What the bytes are; None when they could not be read."""
    registered_by: str
    rows: int = 0
    rows_left_out: int = 0
    """Rows without a label, or without the `cluster` that the entry names: no metric can use them."""
    problem: str = ""
    """One line, when the data could not be used."""


class Lineage(Value):
    """Where a version comes from, as its registry tells it."""

    run_id: str | None = None
    trainer: str | None = None
    """The account of the run's user at the registry."""
    trainer_person: str | None = None
    """The person that account belongs to."""
    registered_by: str | None = None
    source_commit: str | None = None
    source_author: str | None = None
    """E-mail address of the source commit's author, where the model repository has that commit."""
    training_data: tuple[str, ...] = ()
    """Digests or names of the run's logged inputs."""
    saw_evaluation_data: bool | None = None
    """True when a logged input is the evaluation data; None when the run logged no inputs."""
    parameters: dict[str, str] = Field(default_factory=dict)
    tags: dict[str, str] = Field(default_factory=dict)


class MetricComparison(Value):
    """One metric, champion and challenger on the same rows; higher is better unless `lower_is_better`."""

    metric: str
    lower_is_better: bool = False
    challenger: float | None
    challenger_low: float | None = None
    challenger_high: float | None = None
    champion: float | None = None
    difference: float | None = None
    """Challenger minus champion, signed so that positive is better."""
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval of the difference."""
    baseline: float | None = None
    """The same metric of a trivial model: the most frequent class, or the mean."""
    rows: int = 0
    method: str = ""
    minimum_detectable: float | None = None
    """Smallest true difference that this sample shows with a power of 80 % at one-sided 5 %."""
    champion_low: float | None = None
    champion_high: float | None = None
    standard_error: float | None = None
    """Of the difference."""
    confidence: Confidence | None = None
    """Of the difference, positive is better; None without a champion or with too few rows."""
    effective: int = 0
    """What the interval rests on: rows of the rarer class, discordant rows, clusters."""
    too_few: str = ""
    """One line, when there are values but too few rows for an interval that could be trusted."""
    p_value: float | None = None
    """Of an exact two-sided test that both are as good (McNemar's for accuracy)."""
    error_bound: float | None = None
    """How far values can be from the exact ones, where a histogram was read."""
    problem: str = ""
    """One line, when the metric could not be computed."""


class GroupMetric(Value):
    """One metric within one group of one sensitive feature."""

    feature: str
    group: str
    metric: str
    rows: int
    """Rows that the metric counts (for a true positive rate: the positives)."""
    challenger: float | None
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval of the challenger's value."""
    champion: float | None = None
    reference: bool = False
    """Is this the group the others are compared with (the largest)?"""
    difference: float | None = None
    """Challenger's value here minus its value in the reference group."""
    difference_low: float | None = None
    difference_high: float | None = None
    power: float | None = None
    """Probability of showing a true shortfall of `power_against` here with this sample, one-sided 5 %."""
    power_against: float | None = None
    champion_low: float | None = None
    champion_high: float | None = None
    confidence: Confidence | None = None
    """Of the difference to the reference group, as `difference` is signed."""
    ratio: float | None = None
    """Challenger's value here divided by its value in the reference group."""
    ratio_low: float | None = None
    ratio_high: float | None = None
    """Two-sided 95 % interval; None at the end that has none."""
    change: float | None = None
    """Challenger's value minus the champion's in this group, signed so that positive is better."""
    change_confidence: Confidence | None = None
    """Of `change`, from the same rows of both."""
    too_few: str = ""
    """One line, when there is a value but too few rows for an interval that could be trusted."""
    problem: str = ""


class Looks(Value):
    """How often these evaluation data have answered already, in this project: each look wears them out.

    A look is one challenger against one champion, whoever asked, `compare` included. Measuring the same two again is
    the same look, in whichever environment.
    """

    number: int = Field(ge=1)
    """This look's place among all at these data, from 1; fixed when it was first taken."""
    challengers: int = Field(ge=1)
    """Distinct challengers up to this look, this one included."""


class Facts(Value):
    """Everything measured or looked up about a subject, collected once."""

    files: tuple[ModelFile, ...] = ()
    challenger: Scoring | None = None
    champion: Scoring | None = None
    data: EvaluationData | None = None
    lineage: Lineage | None = None
    """The challenger's."""
    champion_files: tuple[ModelFile, ...] = ()
    champion_lineage: Lineage | None = None
    """None without a champion, where its registry has lost it, and in evidence older than this."""
    learning: Learning | None = None
    """How training went, as the runs of both logged it; None where they logged final values only."""
    metrics: tuple[MetricComparison, ...] = ()
    groups: tuple[GroupMetric, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    """How unlike the groups of each feature fare, as one number for each criterion."""
    looks: Looks | None = None
    """None where nothing was measured, and in evidence older than the counting of looks."""
    anchor: Scoring | None = None
    """How the anchor answered; None where it is the champion or the challenger itself."""
    anchor_metrics: tuple[MetricComparison, ...] = ()
    """As `metrics`, with the anchor in the champion's place."""
    quality: Quality | None = None
    """What the columns of the evaluation data hold; None where nothing was measured."""
    answers: Answers | None = None
    """How the answers look, case by case and in counts; told, not judged."""
    slices: Slices | None = None
    """On which parts of the rows the challenger fares worst; told, not judged."""
    treatment: Treatment | None = None
    """How every group of people fares; told, not judged."""
    importance: Importance | None = None
    """What the challenger's answers rest on; None where the policy does not ask."""
    principles: tuple[Principle, ...] = ()
    """What the team holds its models to; for the card, and judged by nobody."""
    receipt: str | None = None
    """Digest named by the receipt of the version that a rollback returns to; None when there is none."""
    problems: tuple[str, ...] = ()
    """What could not be measured at all, one line each; any of them makes the gates that need it `error`."""


class Evidence(Value):
    """Subject and facts; named by the SHA-256 of its canonical JSON."""

    schema_version: Literal[1] = 1
    subject: Subject
    facts: Facts
