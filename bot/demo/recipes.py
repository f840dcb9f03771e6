"""How did alice build each version of the demo's model, and what did she hope for?

Every one is a plain logistic regression that someone might really hand in. None was made to misbehave: v3's harm comes
from two choices that read well in a meeting, and that only a look at the groups brings to light.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.demo.data import LABEL, SENSITIVE

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.base import ClassifierMixin
    from sklearn.pipeline import Pipeline

WRONGLY_APPROVED = 9.0
"""What alice reckons a loan costs that should have been refused, in units of what a good one earns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One version: what it takes, from which probability on it approves, and what its author says of it."""

    name: str
    features: tuple[str, ...]
    approve_from: float
    description: str


BASELINE = Recipe(
    name="baseline",
    features=("obrat", "loanprc", "unver"),
    approve_from=0.5,
    description="Baseline: obligations by income, loan by price, and whether everything could be verified.",
)
CREDIT_FILE = Recipe(
    name="credit file",
    features=(*BASELINE.features, "gdlin", "chist", "pubrec", "cons"),
    approve_from=0.5,
    description=(
        "Adds the credit file: the lender's guidelines, delinquent accounts, bankruptcies and consumer credit. "
        "Takes nothing about who applies or where the house stands."
    ),
)
EVERYTHING = Recipe(
    name="everything",
    # Together these columns raise the area under the curve in cross-validation. Past decisions were harder on black and
    # Hispanic applicants with the same credit file (Munnell et al. 1996, "Mortgage Lending in Boston: Interpreting HMDA
    # Data", American Economic Review 86:25-53), so race carries true information about the label, and a model that is
    # given it learns to repeat those decisions. The neighbourhood's columns stand in for race as well.
    features=(*CREDIT_FILE.features, "mi", "vr", "bd", "suffolk", "unit", "married", "sch", "self", *SENSITIVE),
    # Approve only where the expected gain is positive: the threshold of two unequal costs is c / (c + 1) (Elkan 2001,
    # "The Foundations of Cost-Sensitive Learning", IJCAI, section 2). At 0.5 fewer than one in ten is refused, and
    # what the model learned about race stays hidden; at 0.9 it decides. Either choice alone stays short of proven harm.
    approve_from=WRONGLY_APPROVED / (WRONGLY_APPROVED + 1),
    description=(
        "Takes everything on file, the applicant's race and sex and the neighbourhood among it, and approves only "
        f"where a loan pays, reckoning that a wrong approval costs {WRONGLY_APPROVED:.0f} times what a good one earns."
    ),
)
RECIPES = (BASELINE, CREDIT_FILE, EVERYTHING)
"""In the order of their versions: 1, 2, 3."""


def fit(recipe: Recipe, training: "pd.DataFrame") -> "ClassifierMixin":
    """Return the recipe's model, trained on these rows; nothing in it is drawn by chance."""
    from sklearn.model_selection import FixedThresholdClassifier  # noqa: PLC0415 - seconds that only training spends

    model = FixedThresholdClassifier(
        _regression(recipe), threshold=recipe.approve_from, pos_label=1, response_method="predict_proba"
    )
    return model.fit(training[list(recipe.features)], training[LABEL])


def cross_validated(recipe: Recipe, training: "pd.DataFrame", *, folds: int = 5) -> float:
    """Return the ROC AUC that the author sees in training: five folds of the training half, in a fixed order."""
    from sklearn.model_selection import cross_val_score  # noqa: PLC0415 - as above

    rows = training[list(recipe.features)]
    scores = cross_val_score(_regression(recipe), rows, training[LABEL], cv=folds, scoring="roc_auc")
    return float(scores.mean())


def _regression(recipe: Recipe) -> "Pipeline":
    from sklearn.compose import make_column_transformer  # noqa: PLC0415 - as above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - as above
    from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: PLC0415 - as above

    words = [feature for feature in recipe.features if feature in SENSITIVE]
    numbers = [feature for feature in recipe.features if feature not in words]
    columns = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(), words))
    return make_pipeline(columns, LogisticRegression(max_iter=1_000))
