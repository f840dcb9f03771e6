"""Which evidence do cards tell of? One where people supplied everything, and other tasks."""

from gates.evidence import Evidence, Facts, GroupMetric, MetricComparison, ModelFile
from gates.principle_facts import Principle
from tests.reports.loan_evidence import APART, BLACK, ENTRY, FACTS, ORIGIN, READ, TOO_FEW, WHITE, regression, subject

WORDS: dict[str, object] = {
    "intended_users": "Loan officers of the bank.",
    "out_of_scope": "- Refusing anybody without a person looking\n- Applications other than for mortgages",
    "relevant_factors": "Race and sex of the applicant; the branch, which is not recorded.",
    "decision_threshold": "0.5, as loan officers see no score.",
    "training_data": "The other half of 1,989 applications in Boston around 1990.",
    "ethical_considerations": "Race and sex are sensitive; a refusal can cost somebody their home.",
    "risks_and_harms": "Whoever was refused unfairly then would be again.",
    "mitigations": "The officer decides; groups are compared before every promotion.",
    "license": "CC-BY-4.0",
    "citation": "Hunter and Walker (1996)",
    "more_information": "https://doi.org/10.1007/BF00134201",
    "language": ["en"],
}
PRINCIPLES = (
    Principle(
        principle="Fairness", text="People in the same situation are treated alike.", gates=("fairness", "data_quality")
    ),
    Principle(principle="Reliability and safety", text="It does what it is made for.", gates=("comparison",)),
    Principle(
        principle="Privacy and security", text="Nobody learns of a person what they should not.", gates=("format",)
    ),
    Principle(principle="Transparency", text="Those concerned know that a model has a say."),
)
BLACK_WOMEN = BLACK.model_copy(
    update={
        "feature": "race,sex",
        "group": "black,female",
        "rows": 9,
        "low": None,
        "high": None,
        "too_few": "9 rows; intervals of a rate hold from 10 on.",
    }
)
WHITE_MEN = WHITE.model_copy(update={"feature": "race,sex", "group": "white,male", "rows": 622})
SUPPLIED = Evidence(
    subject=subject(
        entry={
            **ENTRY,
            **WORDS,
            "intersections": [["race", "sex"]],
            "evaluation": {
                **dict(ENTRY["evaluation"]),  # type: ignore[call-overload] # it is a mapping, as the fixture wrote it
                "motivation": "The same lender and years as in training, never seen by it.",
                "preprocessing": "Applications with missing values were left out.",
            },
        }
    ),
    facts=FACTS.model_copy(
        update={
            "groups": (BLACK, WHITE, BLACK_WOMEN, WHITE_MEN),
            "criteria": (APART, TOO_FEW),
            "principles": PRINCIPLES,
            "lineage": ORIGIN.model_copy(
                update={"tags": {"date": "2026-11-20", "license": "MIT", "language": "en, es, Klingon"}}
            ),
        }
    ),
)


def _classes() -> Evidence:
    """Return evidence of a classification into three classes, with metrics that the Hub knows by other names."""
    names = ("accuracy", "f1_macro", "roc_auc_ovr", "matthews_corrcoef", "expected_calibration_error")
    metrics = tuple(MetricComparison(metric=name, challenger=0.5 + 0.1 * at, rows=300) for at, name in enumerate(names))
    entry = {
        **ENTRY,
        "task": "multiclass-classification",
        "positive": None,
        "metrics": list(names),
        "sensitive_features": ["region, as told"],
    }
    group = GroupMetric(feature="region, as told", group="north", metric="accuracy", rows=120, challenger=0.5)
    file = ModelFile(path="model.onnx", sha256="ab" * 32, size=3, format="onnx")
    facts = Facts(data=READ, metrics=metrics, groups=(group,), files=(file,))
    return Evidence(subject=subject(champion=None, entry=entry), facts=facts)


CLASSES = _classes()
ERRORS = regression()
