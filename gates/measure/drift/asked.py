"""What is compared between two sources, and which sizes of effect count as drift?"""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes of effect above which something is called drifted, and how often chance may do so."""

    jensen_shannon: float = 0.1
    """Adjusted distance, of every kind of column. It decides because one number means the same for numbers and
    categories, it is bounded, needs no pseudo-counts for empty bins, and sees changes of location, spread and shape
    alike (KS hardly sees spread). 0.1 is near KS 0.1 and PSI 0.06: a normal column moved by a quarter of its standard
    deviation, or spread by a sixth."""
    missing: float = 0.05
    """Difference of the shares of missing values."""
    auc: float = 0.6
    """Of the classifier that tells both sides apart; about that of one normal column moved by 0.36 standard
    deviations."""
    calibration: float = 0.05
    """Calibration error of the reference above which performance is not estimated without labels."""
    performance: float = 0.02
    """How far a metric may fall, in its own units; for errors of a regression, as a share of the reference's."""
    alpha: float = 0.05
    """False-alarm rate of all columns together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftAsked:
    """Roles of columns; columns that have another role are not features, and the others are unless `columns` says."""

    columns: tuple[str, ...] | None = None
    """Features; None for all the columns that both sides have or only one has, without a role."""
    prediction: str | None = None
    score: str | None = None
    """Binary: the probability of `positive`."""
    label: str | None = None
    """May be empty (NULL) in rows whose label has not arrived, or missing on the current side."""
    positive: str | None = None
    """The positive class as text; by default the second of two classes in order."""
    ignored: tuple[str, ...] = ()
    """Ids and the like."""
    decision_time: str | None = None
    """When a row was decided; needed for `maturation`."""
    maturation: timedelta | None = None
    """How long labels need; younger rows do not count."""
    now: str | None = None
    """ISO 8601; ages are counted back from it. The newest decision by default."""
    by: tuple[str, ...] = ()
    """Features whose groups are compared for their labels' coverage."""
    multivariate: bool = True
    """Whether to train the classifier; it costs about two seconds."""
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
