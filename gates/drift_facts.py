"""How far has a column, a prediction or a model's performance moved? Every share is of rows, from 0 to 1."""

from enum import StrEnum

from pydantic import Field

from gates.label_facts import Labels
from gates.values import Value


class Shift(StrEnum):
    """What is concluded of one comparison."""

    DRIFTED = "drifted"
    """The size of effect is above its limit, and chance alone does not explain that there is one."""
    STABLE = "stable"
    """It is not, and these rows would have shown a drift of twice the limit."""
    INCONCLUSIVE = "inconclusive"
    """Too few rows to tell."""
    UNUSABLE = "unusable"
    """It could not be measured at all; `problem` says why."""


class Role(StrEnum):
    """What a column is to the model."""

    FEATURE = "feature"
    PREDICTION = "prediction"
    SCORE = "score"
    LABEL = "label"


class Bin(Value):
    """One of the classes that PSI, Jensen-Shannon and chi-squared compare."""

    name: str
    reference: int
    current: int


class OneSided(Value):
    """Categories that only one side has: how many, which share of that side's values, and the most frequent of them."""

    count: int = 0
    share: float = 0.0
    named: tuple[str, ...] = ()


class Missing(Value):
    """How the share of missing values (NULL and NaN) moved."""

    reference: int
    current: int
    reference_share: float
    current_share: float
    difference: float
    """Current share minus reference share."""
    limit: float
    p_value: float
    p_adjusted: float = 1.0
    """Corrected (Holm 1979) for all the tests of the whole comparison."""
    drifted: bool = False


class ColumnDrift(Value):
    """One column of both sides."""

    name: str
    role: Role = Role.FEATURE
    kind: str = ""
    """`number`, `truth`, `text`, `time` (seconds), or `text in buckets`."""
    reference_rows: int = 0
    """Rows with a value."""
    current_rows: int = 0
    psi: float | None = None
    """Population stability index over `bins`, natural logarithm."""
    psi_error_bound: float | None = None
    """How far `psi` can be from that of the exact deciles, where a histogram was read; None for an exact one."""
    jensen_shannon: float | None = None
    """Distance (square root of the divergence, base 2) over `bins`, from 0 to 1."""
    jensen_shannon_adjusted: float | None = None
    """The same without the part that chance gives to samples of these sizes; held against `limit`."""
    wasserstein: float | None = None
    """In units of the column; None where a value is infinite, for the distance would be, too."""
    wasserstein_error_bound: float | None = None
    """How far `wasserstein` can be from the exact one, where a histogram was read; None for an exact one."""
    wasserstein_normalised: float | None = None
    """In standard deviations of the reference; None where it has none."""
    ks: float | None = None
    ks_error_bound: float | None = None
    """How far `ks` can be from the exact one, where a histogram was read; None for an exact one."""
    ks_p_value: float | None = None
    chi2: float | None = None
    chi2_p_value: float | None = None
    degrees_of_freedom: int | None = None
    cramers_v: float | None = None
    bins: tuple[Bin, ...] = ()
    """At most twenty of them; the most frequent ones of a column with more."""
    categories: int | None = None
    """Distinct values of both sides; None for numbers."""
    new: OneSided = Field(default_factory=OneSided)
    vanished: OneSided = Field(default_factory=OneSided)
    reference_median: float | None = None
    current_median: float | None = None
    missing: Missing | None = None
    limit: float | None = None
    decided_by: str = "jensen_shannon"
    """The size of effect that is held against `limit`."""
    test: str = ""
    p_value: float | None = None
    """Of the test that both sides are samples of the same."""
    p_adjusted: float | None = None
    """Corrected (Holm 1979) for all the tests of the whole comparison."""
    detectable: float | None = None
    """Smallest effect that these rows show with a power of 80 %, as `limit` is measured."""
    shift: Shift
    drifted: bool = False
    """Are the values drifted, or the share of missing ones?"""
    problem: str = ""
    """One line, when the column could not be compared."""
    sentence: str


class Telling(Value):
    """A column by which a classifier tells both sides apart."""

    name: str
    loss: float
    """How much of the area under the curve is lost when the column is shuffled, on rows not learnt from."""


class Multivariate(Value):
    """Can a classifier tell rows of both sides apart (Lopez-Paz and Oquab 2017)?"""

    auc: float | None = None
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval."""
    p_value: float | None = None
    """One-sided, that it cannot."""
    limit: float
    reference_rows: int = 0
    current_rows: int = 0
    """Rows of the sample."""
    left_out: int = 0
    """Rows of the sample that are copies of a row too frequent for a sample by content."""
    telling: tuple[Telling, ...] = ()
    shift: Shift
    problem: str = ""
    sentence: str


class EstimatedMetric(Value):
    """A metric of the current rows, estimated without their labels."""

    metric: str
    reference: float | None
    """As the reference's labels have it."""
    reference_estimated: float | None
    """As the same method would have had it on the reference: how good the method is here."""
    current: float | None
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval of the value that the labels of these rows would give."""


class LabelFree(Value):
    """Confidence-based performance estimation (CBPE) and what it takes for granted."""

    metrics: tuple[EstimatedMetric, ...] = ()
    calibration_error: float | None = None
    """Root mean squared, of the scores on the reference, ten classes of equal size, without what chance adds."""
    calibration_limit: float
    left_out: int = 0
    """Current rows without a score."""
    assumptions: tuple[str, ...] = ()
    problem: str = ""
    """One line, when nothing is estimated."""


class Explanation(StrEnum):
    """Which kind of change do predictions, and labels where there are any, look like?"""

    NO_CHANGE = "no change"
    LABEL_SHIFT = "label shift"
    COVARIATE_SHIFT = "covariate shift"
    EITHER = "label shift or covariate shift"
    NEITHER = "neither"
    UNKNOWN = "unknown"


class LabelShift(Value):
    """Did the labels' frequencies change, or what the labels are given for?"""

    explanation: Explanation
    reference_shares: dict[str, float] = Field(default_factory=dict)
    """Share of each label in the reference."""
    current_shares: dict[str, float] = Field(default_factory=dict)
    """The same in the current rows if it was a label shift, estimated from the predictions (Lipton et al. 2018)."""
    observed_shares: dict[str, float] = Field(default_factory=dict)
    """The same as counted, where labels arrived."""
    no_change_p_value: float | None = None
    label_shift_p_value: float | None = None
    """That predictions for each label are what they were."""
    covariate_shift_p_value: float | None = None
    """That labels for each prediction are what they were; needs labels of the current rows."""
    problem: str = ""
    sentence: str


class PerformanceMetric(Value):
    """One metric where labels arrived, on both sides."""

    metric: str
    lower_is_better: bool = False
    reference: float | None
    reference_low: float | None = None
    reference_high: float | None = None
    current: float | None
    current_low: float | None = None
    current_high: float | None = None
    difference: float | None = None
    """Current minus reference, signed so that positive is better."""
    low: float | None = None
    high: float | None = None
    p_adjusted: float | None = None
    """One-sided, that it fell by `limit` or less; Holm-corrected for all metrics."""
    limit: float
    shift: Shift
    problem: str = ""
    sentence: str


class Performance(Value):
    """What arrived labels say."""

    labels: Labels
    reference_labels: Labels | None = None
    left_out: int = 0
    """Current rows with a label that counts, but without an answer, or whose error is no finite number."""
    reference_left_out: int = 0
    """The same of the reference."""
    metrics: tuple[PerformanceMetric, ...] = ()


class Drift(Value):
    """Everything that moved between a reference and current rows."""

    reference: str
    current: str
    """What messages call them."""
    reference_rows: int
    current_rows: int
    alpha: float
    """False alarms: with nothing changed, any column at all is called drifted at most this often."""
    columns: tuple[ColumnDrift, ...] = ()
    multivariate: Multivariate | None = None
    label_free: LabelFree | None = None
    label_shift: LabelShift | None = None
    performance: Performance | None = None
    performance_problem: str = ""
    """One line: why metrics are not compared, though labels were asked for."""
    performance_shift: Shift | None = None
    """What that makes of the whole; None where labels are only awaited, or nothing was named to hold against them."""
    drifted: tuple[str, ...] = ()
    """Names of drifted columns."""
    inconclusive: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    shift: Shift
    """Of the whole: drifted if any part is, then unusable, then inconclusive."""
    sentence: str
