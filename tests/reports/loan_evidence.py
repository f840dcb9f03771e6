"""Which evidence do the faces tell of? A loan model's, whole and in each kind of ruin."""

from gates.evidence import (
    EvaluationData,
    Evidence,
    Facts,
    GroupMetric,
    Kind,
    Lineage,
    Looks,
    MetricComparison,
    ModelFile,
    Scoring,
    ScoringStatus,
    Subject,
    VersionRef,
)
from gates.fairness_facts import Criterion, Extremes
from gates.importance_facts import FeatureImportance, Importance
from tests.reports.pictured_evidence import BINARY, LEARNING, NUMBERS, OLD_FILES, SLICES

V0 = VersionRef(version="0", digest="1b2c3d4e5f60" * 5 + "7788")
V1 = VersionRef(version="1", digest="0787b0b14e53" * 5 + "b6b6")
V2 = VersionRef(version="2", digest="0e7d17b491ef" * 5 + "6652")
V3 = VersionRef(version="3", digest="5b2711b1b1ac" * 5 + "9911")
DATA = "9c602a815ce7" * 5 + "49cb"

ENTRY: dict[str, object] = {
    "model": "loan-approval",
    "task": "binary-classification",
    "owner": "alice",
    "risk": "high",
    "description": "Estimates whether an application will be approved (data set loanapp; Hunter and Walker 1996).",
    "intended_use": "Suggests which applications to look at first.\n\nThe officer decides.",
    "limitations": "Groups are small:\n- 65 approved black applicants\n- 41 approved Hispanic applicants\n",
    "contact": "alice@example.org",
    "evaluation": {"uri": "evaluation/loanapp.parquet", "version": "1", "sha256": DATA, "registered_by": "dana"},
    "label": "approve",
    "positive": 1,
    "features": None,
    "ignored": ["application"],
    "sensitive_features": ["race", "sex"],
    "metrics": ["roc_auc", "balanced_accuracy", "brier_score"],
    "channel": "#loan-approval",
}


def subject(
    *,
    challenger: VersionRef | None = V2,
    champion: VersionRef | None = V1,
    kind: Kind = Kind.PROMOTE,
    entry: dict[str, object] | None = None,
    anchor: VersionRef | None = None,
) -> Subject:
    """Return what is decided about."""
    return Subject.model_validate(
        {
            "project": "default",
            "model": "loan-approval",
            "environment": "production",
            "target": "local",
            "kind": kind,
            "challenger": challenger,
            "champion": champion,
            "anchor": anchor,
            "evaluation_data": DATA,
            "entry": ENTRY if entry is None else entry,
            "policy": {"policies": ["lending"], "risk": "high"},
        }
    )


FILES = (
    ModelFile(path="MLmodel", sha256="67bf44edd58b" * 5, size=1446, format="mlmodel"),
    ModelFile(path="model.skops", sha256="bf307c167167" * 5, size=141_222, format="skops"),
    ModelFile(path="requirements.txt", sha256="0fad292c3403" * 5, size=91, format="requirements"),
)
READ = EvaluationData(
    uri="evaluation/loanapp.parquet", version="1", sha256=DATA, found_sha256=DATA, registered_by="dana", rows=983
)
ORIGIN = Lineage(
    run_id="4e902583127741288337",
    trainer="alice",
    trainer_person="alice",
    training_data=("6ddf8b80a35f840c777a", "loanapp-training"),
    saw_evaluation_data=False,
    parameters={"features": "obrat, loanprc", "algorithm": "logistic regression"},
)
BEFORE = ORIGIN.model_copy(
    update={
        "run_id": "1a8b0c7f2d3e4f5a6b7c",
        "training_data": ("51c0ffee00aa11bb22cc", "loanapp-training-2025"),
        "parameters": {"features": "obrat, loanprc, unver", "algorithm": "logistic regression", "C": "1.0"},
        "source_commit": "1f" * 20,
        "source_author": "alice@example.org",
    }
)
AFTER = ORIGIN.model_copy(update={"source_commit": "2e" * 20, "source_author": "alice@example.org"})
ROC_AUC = MetricComparison(
    metric="roc_auc",
    challenger=0.842361603804,
    challenger_low=0.798916554192,
    challenger_high=0.885806653416,
    champion=0.748216716841,
    difference=0.0941448869629,
    low=0.0400245965344,
    high=0.148265177391,
    baseline=0.5,
    rows=983,
    method="paired DeLong",
    minimum_detectable=0.0686587828431,
)
BRIER = MetricComparison(
    metric="brier_score",
    lower_is_better=True,
    challenger=0.0672489449292,
    challenger_low=0.0541609969964,
    challenger_high=0.080336892862,
    champion=0.090527828976,
    difference=0.0232788840468,
    low=0.0121942828187,
    high=0.0343634852749,
    baseline=0.10794079204,
    rows=983,
    method="paired differences of rows, normal",
    minimum_detectable=0.0140622901798,
)
BLACK = GroupMetric(
    feature="race",
    group="black",
    metric="true_positive_rate",
    rows=65,
    challenger=0.938461538462,
    low=0.852178481345,
    high=0.975810945034,
    champion=0.984615384615,
    difference=-0.0403744403744,
    difference_low=-0.127036445435,
    difference_high=-0.000847903439671,
    power=0.938939903127,
    power_against=0.15,
)
WHITE = GroupMetric(
    feature="race",
    group="white",
    metric="true_positive_rate",
    rows=756,
    challenger=0.978835978836,
    low=0.965898863595,
    high=0.986931482256,
    champion=0.986772486772,
    reference=True,
)
FEMALE = GroupMetric(
    feature="sex",
    group="female",
    metric="true_positive_rate",
    rows=150,
    challenger=0.973333333333,
    difference=-0.00279026217228,
    difference_low=-0.043661964197,
    difference_high=0.0186752619387,
    power=0.999100649614,
)

APART = Criterion(
    feature="race",
    criterion="equal_opportunity_difference",
    groups=2,
    challenger=0.0403744403744,
    low=0.000847903439671,
    high=0.127036445435,
    champion=0.00215710215710,
    extremes=(Extremes(metric="true_positive_rate", highest="white", lowest="black"),),
    method="upper limit of the outermost pair: the largest of all pairs'; lower limit: simultaneous for 1 pairs",
)
TOO_FEW = APART.model_copy(
    update={
        "feature": "race,sex",
        "criterion": "equal_opportunity_ratio",
        "groups": 4,
        "challenger": 0.931,
        "low": None,
        "high": None,
        "champion": None,
        "extremes": (Extremes(metric="true_positive_rate", highest="white,female", lowest="black,female"),),
        "too_few": "black,female: 9 rows; intervals of a rate hold from 10 on.",
    }
)
RESTS_ON = Importance(
    metric="roc_auc",
    value=0.842361603804,
    rows=983,
    rows_of=983,
    repeats=5,
    scored=10_813,
    features=(
        FeatureImportance(feature="credit", drop=0.081, low=0.052, high=0.11, rows=983, correlated_with=("obrat",)),
        FeatureImportance(feature="loan_to|value", drop=0.004, rows=983, too_few="12 rows of the rarer class"),
        FeatureImportance(feature="credit", group_feature="race", group="black", drop=0.09, rows=74),
    ),
    warnings=("credit goes along with other features.",),
)


def _scored(version: VersionRef) -> Scoring:
    return Scoring(
        version=version, status=ScoringStatus.SCORED, rows=983, environment="c346ca41cccd" * 5, signature=True
    )


FACTS = Facts(
    files=FILES,
    challenger=_scored(V2),
    champion=_scored(V1),
    data=READ,
    lineage=ORIGIN,
    metrics=(ROC_AUC, BRIER),
    groups=(BLACK, WHITE, FEMALE),
)


def regression() -> Evidence:
    entry = {**ENTRY, "task": "regression", "positive": None, "sensitive_features": [], "metrics": ["mae"]}
    error = MetricComparison(
        metric="mae",
        lower_is_better=True,
        challenger=12_345.678,
        challenger_low=12_000.0,
        challenger_high=12_700.5,
        baseline=1.5e15,
        rows=1_200,
        method="normal",
    )
    unknown = MetricComparison(metric="r2", challenger=None, problem="the label never changes")
    return Evidence(
        subject=subject(champion=None, entry=entry),
        facts=FACTS.model_copy(
            update={"champion": None, "metrics": (error, unknown), "groups": (), "answers": NUMBERS}
        ),
    )


_EMPTY = BLACK.model_copy(
    update={
        "group": "",
        "rows": 0,
        "challenger": None,
        "low": None,
        "high": None,
        "difference": None,
        "power": None,
        "problem": "the group has no rows",
    }
)
PROMOTE = Evidence(subject=subject(), facts=FACTS)
THOROUGH = Evidence(
    subject=subject(
        anchor=V0, entry={**ENTRY, "intersections": [["race", "sex"], ["race", "age"]], "cluster": "household"}
    ),
    facts=FACTS.model_copy(
        update={
            "criteria": (APART, TOO_FEW),
            "importance": RESTS_ON,
            "looks": Looks(number=2, challengers=2),
            "anchor": _scored(V0),
            "lineage": AFTER,
            "champion_lineage": BEFORE,
            "answers": BINARY,
            "slices": SLICES,
            "learning": LEARNING,
            "champion_files": OLD_FILES,
        }
    ),
)
CRASH = Evidence(
    subject=subject(champion=None),
    facts=Facts(
        files=FILES[:1],
        challenger=Scoring(version=V2, status=ScoringStatus.CRASHED, detail="KeyError: 'income'"),
        data=READ.model_copy(update={"found_sha256": None, "rows_left_out": 12}),
        problems=("v2 did not answer, so nothing was measured.",),
    ),
)
ROLLBACK = Evidence(
    subject=subject(challenger=V1, champion=V2, kind=Kind.ROLLBACK),
    facts=Facts(files=FILES, challenger=_scored(V1), data=READ, lineage=ORIGIN, receipt=V1.digest),
)
RETIRE = Evidence(subject=subject(challenger=None, champion=V2, kind=Kind.RETIRE), facts=Facts())
BARE = Evidence(subject=subject(challenger=V2, champion=None, entry={}), facts=Facts())
GROUPS = Evidence(subject=subject(), facts=FACTS.model_copy(update={"groups": (_EMPTY, WHITE)}))
MANY = Evidence(
    subject=subject(),
    facts=FACTS.model_copy(
        update={
            "groups": tuple(BLACK.model_copy(update={"group": f"branch {n}"}) for n in range(250)),
            "files": tuple(FILES[0].model_copy(update={"path": f"part-{n}.json"}) for n in range(250)),
        }
    ),
)
