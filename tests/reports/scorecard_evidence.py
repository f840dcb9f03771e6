"""Which evidence do scorecards tell of? The loan model's with everything measured, other tasks', and every ruin."""

from collections.abc import Iterator

from gates.answer_facts import Answered, Answers, Confusion, ReliabilityPoint
from gates.evidence import Evidence, Facts
from gates.fairness_facts import Criterion, Extremes, GroupSize
from gates.importance_facts import FeatureImportance, Importance
from gates.outcome import Finding, Outcome, Verdict
from gates.slice_facts import Slice, Slices, Where
from gates.treatment_facts import GroupCalibration, GroupNumber, Representation, Treatment
from tests.reports.loan_evidence import ENTRY, FACTS, RESTS_ON, regression, subject
from tests.reports.loan_findings import COMPARED, FAIR, FORMAT, UNCERTAIN, UNFAIR

SIZES = {("race", "white"): 832, ("race", "black"): 97, ("sex", "male"): 810, ("sex", "female"): 173}
CROSSED = {"white,male": 696, "white,female": 136, "black,male": 114, "black,female": 27}
METRICS = {"selection_rate": 0.9, "true_positive_rate": 0.95, "false_positive_rate": 0.4, "false_negative_rate": 0.05}


def _number(feature: str, group: str, metric: str, value: float, rows: int) -> GroupNumber:
    """Make one number; groups of fewer than thirty rows have no interval."""
    sure, less = rows >= 30, 0.1 if "black" in group else 0.02
    reference = group in {"white", "male", "white,male"}
    value = value if reference else round(value - less, 6)
    apart = {} if reference else {"difference": -less, "ratio": 0.88}
    limits = {"difference_low": -less - 0.05, "difference_high": -less + 0.05, "ratio_low": 0.8, "ratio_high": 0.96}
    return GroupNumber(
        feature=feature,
        group=group,
        metric=metric,
        rows=rows,
        challenger=value,
        **({"low": value - 0.04, "high": value + 0.03} if sure else {}),
        champion=value + 0.01,
        reference=reference,
        **apart,
        **(limits if sure and not reference else {}),
        change=-0.01,
        change_low=-0.02,
        change_high=0.01,
        too_few="" if sure else f"{rows} rows that {metric} counts; its intervals hold from 30 on.",
    )


def _numbers() -> Iterator[GroupNumber]:
    for (feature, group), rows in SIZES.items():
        yield from (_number(feature, group, metric, value, rows) for metric, value in METRICS.items())
    for group, rows in CROSSED.items():
        yield from (_number("race,sex", group, metric, value, rows) for metric, value in METRICS.items())


def _criterion(feature: str, criterion: str, value: float, *, sure: bool = True) -> Criterion:
    return Criterion(
        feature=feature,
        criterion=criterion,
        groups=2,
        challenger=value,
        low=value * 0.5 if sure else None,
        high=value * 0.75 + 0.25 if sure else None,
        champion=value * 0.9,
        extremes=(Extremes(metric="selection_rate", highest="white", lowest="black"),),
        too_few="" if sure else "black,female: 27 rows that selection_rate counts.",
    )


POINTS = (
    ReliabilityPoint(low=0.2, high=0.26, rows=40, mean_score=0.22, share=0.3, share_low=0.18, share_high=0.45),
    ReliabilityPoint(low=0.8, high=0.86, rows=57, mean_score=0.83, share=0.8, share_low=0.68, share_high=0.88),
)
TREATMENT = Treatment(
    sizes=(
        *(
            GroupSize(feature=feature, group=group, rows=rows, share=rows / 983, positives=0.8, reference=rows > 800)
            for (feature, group), rows in SIZES.items()
        ),
        *(
            GroupSize(feature="race,sex", group=group, rows=rows, share=rows / 983, positives=0.7)
            for group, rows in CROSSED.items()
        ),
    ),
    representation=(
        Representation(feature="race", groups=2, missing=12),
        Representation(feature="race,sex", groups=4, absent=("asian,female",), absent_count=3),
    ),
    numbers=tuple(_numbers()),
    criteria=(
        _criterion("race", "demographic_parity_difference", 0.1),
        _criterion("race", "demographic_parity_ratio", 0.7),
        _criterion("race", "equalized_odds_difference", 0.12),
        _criterion("race", "equalized_odds_ratio", 0.8),
        _criterion("race", "false_negative_rate_difference", 0.05),
        _criterion("race,sex", "demographic_parity_difference", 0.2, sure=False),
        _criterion("race,sex", "demographic_parity_ratio", 0.6, sure=False),
    ),
    calibration=tuple(
        GroupCalibration(
            feature="race",
            group=group,
            who="challenger",
            rows=rows,
            mean_score=0.7,
            share=0.68,
            share_low=0.6,
            share_high=0.75,
            points=POINTS,
        )
        for group, rows in (("white", 832), ("black", 97))
    ),
    added=("race,sex",),
    left_out=("expected_calibration_error of sex: the challenger gives no scores.",),
)
PUBREC = Where(feature="pubrec", above=0.0)
SLICES = Slices(
    loss="error rate",
    whole=Slice(where=(), rows=983, challenger=0.135, challenger_low=0.114, challenger_high=0.157),
    looked_at=41,
    level=0.95,
    worst=(
        Slice(
            where=(Where(feature="race", among=("black",)),),
            rows=97,
            challenger=0.33,
            champion=0.124,
            difference=0.206,
            low=0.048,
            high=0.364,
        ),
    ),
    errors=(
        Slice(where=(PUBREC,), rows=65, challenger=0.4, challenger_low=0.2, challenger_high=0.6),
        Slice(
            where=(
                Where(feature="pubrec", upto=0.0, missing=True),
                Where(feature="opened", above=1.5e15, upto=1.6e15, times=True),
                Where(feature="town", among=("Boston", "Quincy"), others=True),
            ),
            rows=838,
            challenger=0.099,
        ),
    ),
    left_out=("gdlin is the same in nearly all rows.",),
)
ANSWERS = Answers(
    rows=983,
    confusion=Confusion(
        classes=("0", "1"),
        cells=(
            Answered(label="0", challenger="0", champion="1", rows=17),
            Answered(label="1", challenger="0", champion="1", rows=74),
            Answered(label="1", challenger="1", champion="1", rows=892),
        ),
    ),
)
TOLD = Evidence(
    subject=subject(entry={**ENTRY, "intersections": [["race", "sex"]]}),
    facts=FACTS.model_copy(
        update={"treatment": TREATMENT, "slices": SLICES, "answers": ANSWERS, "importance": RESTS_ON}
    ),
)
FOUND = Verdict(findings=(COMPARED, UNFAIR, UNCERTAIN, FAIR, FORMAT))


def _of_regression() -> Evidence:
    numbers = tuple(
        GroupNumber(
            feature="sex",
            group=group,
            metric=metric,
            rows=500,
            challenger=value,
            low=value - 1,
            high=value + 1,
            reference=group == "m",
            difference=None if group == "m" else 2.0,
        )
        for group in ("m", "f")
        for metric, value in (("mean_absolute_error", 12.5), ("mean_error", -3.25))
    )
    plain = regression()
    gap = Criterion(
        feature="sex", criterion="mean_absolute_error_difference", groups=2, challenger=2.0, low=0.0, high=4.0
    )
    treatment = Treatment(numbers=numbers, criteria=(gap,))
    return plain.model_copy(update={"facts": plain.facts.model_copy(update={"treatment": treatment})})


REGRESSION = _of_regression()


def crowd(groups: int) -> Evidence:
    """Return evidence of very many groups of very many features."""
    numbers = tuple(
        GroupNumber(
            feature=f"branch {place % 40}",
            group=f"group {place}",
            metric="selection_rate",
            rows=50,
            challenger=place / groups,
            low=place / groups - 0.01,
            high=place / groups + 0.01,
            reference=place < 40,
            difference=place / groups,
        )
        for place in range(groups)
    )
    sizes = tuple(GroupSize(feature="branch", group=one.group, rows=50, share=1 / groups) for one in numbers)
    return Evidence(
        subject=subject(), facts=FACTS.model_copy(update={"treatment": Treatment(numbers=numbers, sizes=sizes)})
    )


def nasty_facts(facts: Facts, text: str) -> Facts:
    """Return facts that say `text` wherever a scorecard shows somebody else's words."""
    number = _number(text, text, text, 0.5, 40).model_copy(update={"reference": False})
    where = Where(feature=text, among=(text, text), others=True, missing=True)
    part = Slice(where=(where, where), rows=60, challenger=0.5, champion=0.4, difference=0.1)
    gap = _criterion(text, f"{text}_difference", 0.3)
    extremes = (Extremes(metric=text, highest=text, lowest=text),)
    calibrated = TREATMENT.calibration[0].model_copy(update={"feature": text, "group": text})
    shuffled = FeatureImportance(feature=text, drop=0.1, rows=60, correlated_with=(text,), too_few=text)
    return facts.model_copy(
        update={
            "treatment": Treatment(
                sizes=(GroupSize(feature=text, group=text, rows=9, share=0.5),),
                representation=(Representation(feature=text, groups=1, missing=2, absent=(text,), absent_count=9),),
                numbers=(number, number.model_copy(update={"group": f"{text}2"})),
                criteria=(gap.model_copy(update={"extremes": extremes, "problem": text}),),
                calibration=(calibrated,),
                added=(text,),
                left_out=(text,),
            ),
            "slices": SLICES.model_copy(
                update={"loss": text, "worst": (part,), "errors": (part,), "left_out": (text,)}
            ),
            "importance": Importance(
                metric=text,
                value=0.5,
                rows=60,
                rows_of=60,
                repeats=2,
                features=(shuffled, shuffled.model_copy(update={"group_feature": text, "group": text})),
                warnings=(text,),
            ),
        }
    )


def unfair(text: str) -> Finding:
    """Return what a fairness gate says of `text`."""
    return UNFAIR.model_copy(update={"gate": f"fairness: {text}", "outcome": Outcome.ERROR, "summary": text})
