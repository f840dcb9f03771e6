"""What could there be to tell? Any report at all, for laws that every face keeps."""

from hypothesis import strategies as st

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
)
from gates.evidence import (
    EvaluationData,
    Evidence,
    Facts,
    GroupMetric,
    Kind,
    Lineage,
    MetricComparison,
    ModelFile,
    Scoring,
    ScoringStatus,
    Subject,
    VersionRef,
)
from gates.learning_facts import Learning, LearningCurve
from gates.metric import TASKS
from gates.outcome import Finding, Measure, Outcome
from gates.principle_facts import Principle
from gates.slice_facts import Slice, Slices, Where
from reports.report import BlockedLine, DecisionLine, Report
from tests.reports.nasty import NASTY

words = st.text(max_size=12) | st.sampled_from(NASTY[:40])
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(min_value=0, max_value=10**12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
FIELDS = (
    *("owner", "description", "limitations", "features", "positive", "metrics", "contact", "license", "language"),
    *("sensitive_features", "out_of_scope", "evaluation", "intersections"),
)
entries = st.dictionaries(st.sampled_from(FIELDS), json_values) | st.builds(
    lambda task, label: {"task": task, "label": label}, st.sampled_from(TASKS), words
)
versions = st.builds(VersionRef, version=words, digest=words)
subjects = st.builds(
    Subject,
    project=words,
    model=words,
    environment=words,
    target=words,
    kind=st.sampled_from(Kind),
    challenger=st.none() | versions,
    champion=st.none() | versions,
    evaluation_data=words,
    entry=entries,
    policy=st.dictionaries(st.sampled_from(["policies", "risk"]), json_values, max_size=2),
)
scorings = st.builds(Scoring, version=versions, status=st.sampled_from(ScoringStatus), rows=counts, detail=words)
floats = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(0, 1)
some_words = st.lists(words, max_size=2).map(tuple)
whose = st.sampled_from(["challenger", "champion"])
confusions = st.lists(words, min_size=1, max_size=15, unique=True).flatmap(
    lambda names: st.builds(
        Confusion,
        classes=st.just(tuple(names)),
        cells=st.lists(
            st.builds(
                Answered,
                label=st.sampled_from(names),
                challenger=st.sampled_from(names),
                champion=st.none() | st.sampled_from(names),
                rows=counts,
            ),
            max_size=4,
        ).map(tuple),
    )
)
answers = st.builds(
    Answers,
    rows=counts,
    confusion=st.none() | confusions,
    curves=st.lists(
        st.builds(
            Curve,
            kind=st.sampled_from(["roc", "precision_recall"]),
            who=whose,
            points=st.lists(st.tuples(shares, shares), min_size=1, max_size=4).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    reliabilities=st.lists(
        st.builds(
            Reliability,
            who=whose,
            points=st.lists(
                st.builds(
                    ReliabilityPoint,
                    low=shares,
                    high=shares,
                    rows=counts,
                    mean_score=shares,
                    share=shares,
                    share_low=shares,
                    share_high=shares,
                ),
                max_size=2,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    deciles=st.lists(
        st.builds(
            Decile,
            low=floats,
            high=floats,
            rows=counts,
            challenger=floats,
            champion=numbers,
            challenger_bias=floats,
            champion_bias=numbers,
        ),
        max_size=3,
    ).map(tuple),
    histograms=st.lists(
        st.builds(
            Histogram,
            what=st.sampled_from(["challenger_error", "champion_error", "difference"]),
            low=floats,
            high=floats,
            counts=st.lists(counts, min_size=1, max_size=5).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    changes=st.none() | st.builds(Changes, better=counts, worse=counts, same=counts),
    left_out=some_words,
)
wheres = st.builds(
    Where,
    feature=words,
    among=some_words,
    above=numbers,
    upto=numbers,
    times=st.booleans(),
    others=st.booleans(),
    missing=st.booleans(),
)
one_slice = st.builds(
    Slice,
    where=st.lists(wheres, max_size=2).map(tuple),
    rows=counts,
    challenger=floats,
    champion=numbers,
    difference=numbers,
    low=numbers,
    high=numbers,
    challenger_low=numbers,
    challenger_high=numbers,
    too_few=st.booleans(),
)
slices = st.builds(
    Slices,
    loss=words,
    whole=one_slice,
    looked_at=counts,
    level=shares,
    worst=st.lists(one_slice, max_size=2).map(tuple),
    errors=st.lists(one_slice, max_size=2).map(tuple),
    left_out=some_words,
)
facts = st.builds(
    Facts,
    files=st.lists(st.builds(ModelFile, path=words, sha256=words, size=counts, format=words), max_size=2).map(tuple),
    challenger=st.none() | scorings,
    champion=st.none() | scorings,
    data=st.none()
    | st.builds(
        EvaluationData,
        uri=words,
        version=words,
        sha256=words,
        found_sha256=st.none() | words,
        registered_by=words,
        rows=counts,
        rows_left_out=counts,
    ),
    lineage=st.none()
    | st.builds(
        Lineage,
        run_id=st.none() | words,
        trainer=st.none() | words,
        training_data=st.lists(words, max_size=2).map(tuple),
        parameters=st.dictionaries(words, words, max_size=2),
        tags=st.dictionaries(st.just("license") | words, words, max_size=2),
    ),
    metrics=st.lists(
        st.builds(
            MetricComparison,
            metric=words,
            lower_is_better=st.booleans(),
            challenger=numbers,
            challenger_low=numbers,
            challenger_high=numbers,
            champion=numbers,
            difference=numbers,
            low=numbers,
            high=numbers,
            baseline=numbers,
            rows=counts,
            minimum_detectable=numbers,
            problem=words,
        ),
        max_size=2,
    ).map(tuple),
    groups=st.lists(
        st.builds(
            GroupMetric,
            feature=words,
            group=words,
            metric=words,
            rows=counts,
            challenger=numbers,
            low=numbers,
            high=numbers,
            champion=numbers,
            reference=st.booleans(),
            difference=numbers,
            difference_low=numbers,
            difference_high=numbers,
            power=numbers,
            power_against=numbers,
            problem=words,
        ),
        max_size=2,
    ).map(tuple),
    principles=st.lists(
        st.builds(
            Principle,
            principle=words,
            text=words,
            gates=st.lists(st.sampled_from(["format", "fairness"]) | words, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    problems=st.lists(words, max_size=2).map(tuple),
    answers=st.none() | answers,
    slices=st.none() | slices,
    champion_lineage=st.none() | st.builds(Lineage, parameters=st.dictionaries(words, words, max_size=2)),
    champion_files=st.lists(st.builds(ModelFile, path=words, sha256=words, size=counts, format=words), max_size=2).map(
        tuple
    ),
    learning=st.none()
    | st.builds(
        Learning,
        curves=st.lists(
            st.builds(
                LearningCurve,
                metric=words,
                who=whose,
                points=st.lists(st.tuples(st.integers(-10, 10**9), floats), max_size=3).map(tuple),
                logged=counts,
                not_finite=counts,
            ),
            max_size=2,
        ).map(tuple),
        left_out=some_words,
    ),
)
evidences = st.builds(Evidence, subject=subjects, facts=facts)
measures = st.builds(Measure, name=words, value=numbers, low=numbers, high=numbers, limit=numbers)
findings = st.lists(
    st.builds(
        Finding,
        gate=words,
        outcome=st.sampled_from(Outcome),
        summary=words,
        measures=st.lists(measures, max_size=2).map(tuple),
    ),
    max_size=3,
).map(tuple)
states = st.sampled_from(["evaluating", "blocked", "waiting", "promoted", "rolled_back", "failed"]) | words
reports = st.builds(
    Report,
    id=words,
    project=words,
    model=words,
    version=st.none() | words,
    environment=words,
    kind=st.sampled_from(["promote", "rollback", "retire"]) | words,
    state=states,
    requester=words,
    reason=words,
    problem=words,
    evidence_digest=st.none() | words,
    evidence=st.none() | evidences,
    champion=st.none() | words,
    outcome=st.none() | st.sampled_from(Outcome),
    findings=findings,
    decisions=st.lists(
        st.builds(
            DecisionLine,
            person=words,
            decision=st.sampled_from(["approve", "reject"]) | words,
            reason=words,
            surface=words,
            assurance=words,
            evidence_digest=words,
            counts=st.booleans(),
            why=words,
            at=st.integers(),
        ),
        max_size=2,
    ).map(tuple),
    blocked_by=st.lists(
        st.builds(
            BlockedLine,
            reason_code=st.sampled_from(["gate_failed", "approvals_missing"]) | words,
            summary=words,
            who=st.lists(words, max_size=2).map(tuple),
            next=words,
        ),
        max_size=3,
    ).map(tuple),
    pull_request=st.none() | st.integers(min_value=1),
    pull_request_url=st.none() | words,
    created_at=st.integers(),
    deadline=st.none() | st.integers(),
)
