"""What do a model's answers rest on? Over all rows, within groups of people, and for one row."""

from pydantic import JsonValue

from gates.values import Value


class FeatureImportance(Value):
    """How much worse a metric gets when a feature's values are shuffled among the rows (Breiman 2001, section 10).

    It tells what this model uses, not what causes the outcome. A feature that others can stand in for looks
    unimportant: `correlated_with` names them.
    """

    feature: str
    group_feature: str | None = None
    group: str | None = None
    """None for all rows; otherwise a sensitive feature and the group whose rows alone are counted."""
    drop: float | None = None
    """Mean worsening of the metric over the repeats; above zero the feature is of use."""
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval: other rows and other shuffles."""
    rows: int
    correlated_with: tuple[str, ...] = ()
    too_few: str = ""
    """One line, when there is no drop, or no interval that could be trusted."""


class Importance(Value):
    """Permutation importance of all features for one metric."""

    metric: str
    value: float | None = None
    """The metric on the rows as they are."""
    rows: int = 0
    """Rows that were shuffled and scored."""
    rows_of: int = 0
    """Labelled rows that they were taken from."""
    repeats: int = 0
    scored: int = 0
    """Rows that the model was asked for, all shuffled copies included."""
    features: tuple[FeatureImportance, ...] = ()
    """All rows first, the most important feature first; then group by group."""
    warnings: tuple[str, ...] = ()
    problem: str = ""
    """One line, when nothing could be measured."""


class Contribution(Value):
    """What one feature's value adds to one prediction."""

    feature: str
    value: JsonValue
    """The row's value, as JSON can hold it."""
    contribution: float
    error: float | None = None
    """Standard error, where orders of features were drawn; None where all were counted."""


class Explanation(Value):
    """Shapley values of one prediction (Lundberg and Lee 2017), against a background of other rows.

    `base` and the contributions add up to `prediction`; `gap` is what is missing.
    """

    of: str
    """Which number is explained, such as the probability of a class."""
    base: float
    """Mean prediction for the background."""
    prediction: float
    contributions: tuple[Contribution, ...]
    """The largest first."""
    gap: float
    explainer: str
    """`exact` or `permutation`."""
    background_rows: int
    scored: int
    """Rows that the model was asked for."""
    warnings: tuple[str, ...] = ()
