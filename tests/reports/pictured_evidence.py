"""Which answers, slices and trainings do the faces tell of? Made up, and consistent with each other."""

from gates.answer_facts import (
    Answered,
    Answers,
    Changes,
    Confusion,
    Curve,
    Decile,
    Histogram,
    Reliability,
    ReliabilityPoint,
    Who,
)
from gates.evidence import Lineage, ModelFile
from gates.learning_facts import Learning, LearningCurve
from gates.slice_facts import Slice, Slices, Where


def _curves(who: Who, bend: float) -> tuple[Curve, Curve]:
    roc = tuple((x / 20, round((x / 20) ** bend, 4)) for x in range(21))
    precise = tuple((x / 20, round(1 - 0.12 * (x / 20) ** 2 / bend, 4)) for x in range(21))
    return Curve(kind="roc", who=who, points=roc), Curve(kind="precision_recall", who=who, points=precise)


def _reliability(who: Who, off: float) -> Reliability:
    return Reliability(
        who=who,
        points=tuple(
            ReliabilityPoint(
                low=low,
                high=low + 0.2,
                rows=40 + int(low * 900),
                mean_score=low + 0.1,
                share=round(low + 0.1 + off * (1 - low), 3),
                share_low=round(low + off * (1 - low), 3),
                share_high=round(min(low + 0.17 + off * (1 - low), 1.0), 3),
            )
            for low in (0.0, 0.2, 0.4, 0.6, 0.8)
        ),
    )


BINARY = Answers(
    rows=983,
    confusion=Confusion(
        classes=("0", "1"),
        cells=(
            Answered(label="0", challenger="0", champion="0", rows=40),
            Answered(label="0", challenger="0", champion="1", rows=21),
            Answered(label="0", challenger="1", champion="0", rows=6),
            Answered(label="0", challenger="1", champion="1", rows=54),
            Answered(label="1", challenger="0", champion="0", rows=4),
            Answered(label="1", challenger="0", champion="1", rows=13),
            Answered(label="1", challenger="1", champion="0", rows=8),
            Answered(label="1", challenger="1", champion="1", rows=837),
        ),
    ),
    curves=(*_curves("challenger", 0.3), *_curves("champion", 0.5)),
    reliabilities=(_reliability("challenger", 0.02), _reliability("champion", 0.09)),
)
SLICES = Slices(
    loss="error rate",
    whole=Slice(where=(), rows=983, challenger=0.0783, champion=0.0936, difference=-0.0153, low=-0.03, high=-0.001),
    looked_at=23,
    level=0.95,
    worst=(
        Slice(
            where=(Where(feature="loan|purpose", among=("refinancing",)),),
            rows=112,
            challenger=0.152,
            champion=0.098,
            difference=0.054,
            low=-0.021,
            high=0.129,
            challenger_low=0.07,
            challenger_high=0.24,
        ),
        Slice(
            where=(Where(feature="obrat", above=33.0, upto=36.25),),
            rows=196,
            challenger=0.087,
            champion=0.082,
            difference=0.005,
            too_few=True,
        ),
    ),
    errors=(
        Slice(
            where=(Where(feature="obrat", above=36.25), Where(feature="purpose", among=("new", "old"), missing=True)),
            rows=150,
            challenger=0.24,
            champion=0.22,
            challenger_low=0.14,
            challenger_high=0.34,
        ),
        Slice(where=(Where(feature="obrat", upto=36.25),), rows=833, challenger=0.049, champion=0.071),
    ),
    left_out=("application has too many different values for parts that mean something.",),
)
LEARNING = Learning(
    curves=(
        LearningCurve(
            metric="loss", who="challenger", points=((0, 0.69), (1, 0.45), (2, 0.33), (3, 0.31)), logged=4, not_finite=0
        ),
        LearningCurve(metric="loss", who="champion", points=((0, 0.7), (1, 0.5)), logged=3, not_finite=1),
        LearningCurve(metric="validation auc", who="challenger", points=((0, 0.6), (3, 0.84)), logged=2),
    ),
    left_out=("Whether 2 more metrics were logged step by step was not asked.",),
)
OLD_ORIGIN = Lineage(
    run_id="1f0e902583127741280000",
    trainer="alice",
    trainer_person="alice",
    source_commit="9f1c2d3e4f50" * 3 + "aaaa",
    training_data=("loanapp-training", "6ddf8b80a35f840c777a"),
    parameters={"features": "obrat", "algorithm": "logistic regression", "C": "0.5"},
    tags={"stage": "first"},
)
OLD_FILES = (
    ModelFile(path="MLmodel", sha256="67bf44edd58b" * 5, size=1446, format="mlmodel"),
    ModelFile(path="model.skops", sha256="aa307c167167" * 5, size=1_139_870, format="skops"),
)
NUMBERS = Answers(
    rows=1_200,
    deciles=tuple(
        Decile(
            low=place * 20.0,
            high=place * 20.0 + 19.5,
            rows=120,
            challenger=2.0 + place**2 / 9,
            champion=2.5 + place / 2,
            challenger_bias=0.5 - place / 9,
            champion_bias=-0.25,
        )
        for place in range(10)
    ),
    histograms=(
        Histogram(
            what="challenger_error", low=-20.5, high=20.5, counts=tuple(max(0, 60 - 3 * abs(n - 20)) for n in range(41))
        ),
        Histogram(
            what="champion_error", low=-20.5, high=20.5, counts=tuple(max(0, 58 - 4 * abs(n - 23)) for n in range(41))
        ),
    ),
)
ITEMS = Answers(
    rows=500,
    histograms=(
        Histogram(what="difference", low=-0.2, high=0.2, counts=(120, *(0,) * 18, 40, 140, 80, *(0,) * 18, 120)),
    ),
    changes=Changes(better=230, worse=170, same=100),
)
_NAMES = tuple(f"class {chr(97 + n)}" for n in range(14))
MANY_CLASSES = Answers(
    rows=14 * 9,
    confusion=Confusion(
        classes=_NAMES,
        cells=tuple(
            Answered(label=label, challenger=_NAMES[(place + turn // 6) % 14], champion=label, rows=9 - turn)
            for place, label in enumerate(_NAMES)
            for turn in (2, 7)
        ),
    ),
    left_out=("Scores are not probabilities.",),
)
