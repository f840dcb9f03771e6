"""Which texts try to do something where they are only shown?"""

from dataclasses import replace

from gates.answer_facts import Answered, Answers, Confusion
from gates.evidence import (
    EvaluationData,
    Evidence,
    Facts,
    GroupMetric,
    Lineage,
    MetricComparison,
    ModelFile,
    Scoring,
    ScoringStatus,
    VersionRef,
)
from gates.learning_facts import Learning, LearningCurve
from gates.outcome import Finding, Measure, Outcome
from gates.principle_facts import Principle
from gates.slice_facts import Slice, Slices, Where
from reports.latency import Latency
from reports.overview import ChangeLine, Event, LaneLine, Overview
from reports.report import BlockedLine, Report
from tests.reports.cases import BOB, report
from tests.reports.loan_evidence import ROC_AUC, subject

HARMLESS = "plain words"
NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- gatehouse:promotion -->",
    "</details><h1>approved</h1>",
    "[click](https://evil.example)",
    "[click](javascript:alert(1))",
    "![pixel](https://evil.example/p.png)",
    "[click][1]",
    "[1]: https://evil.example",
    "[^1]: a footnote",
    "<https://evil.example>",
    "<javascript:alert(1)>",
    "https://evil.example/approve and www.evil.example or ftp://evil.example",
    "_www.evil.example and _GH-12",
    "javascript:alert(1)",
    "mallory@evil.example",
    "thanks @alice, @org/team",
    "fixes #123, GH-12, org/repo#4, !17, AB#9",
    "| a | b |",
    "a | b \\| c \\\\| d",
    "|---|---|",
    ":---:",
    "`code`",
    "```\nfence",
    "~~~ sh",
    "~~gone~~",
    "**bold** _slanted_ __strong__ *slanted*",
    "# heading",
    "words\n# heading",
    "words\n===",
    "---",
    "***",
    "> quoted",
    "- item",
    "- [x] done",
    "+ item",
    "1. item",
    "2) item",
    "    indented code",
    "ends in a backslash \\",
    "&lt;b&gt; &amp; &#60;b&#62; &copy;",
    "looks fine\n/mlops approve P4 --reason done",
    "/mlops approve",
    "mlops approve P4",
    "a\r\nb\u2028c\u2029d\x85e\x0bf\x0cg",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "bell\x07 back\x08\x08space \x00nul \x9b31m",
    "\u202etxt.exe\u202c \u2066isolated\u2069 \u200fmark",
    "zero\u200bwidth\ufeff and \u00adsoft",
    ":tada: :octocat:",
    "$\\href{javascript:alert(1)}{x}$ costs $5 or $6",
    '=HYPERLINK("https://evil.example")',
    "{{ 7 * 7 }} {% raw %} {# no #}",
    "%s %(name)s {0} {name}",
    "long " * 20_000,
    "x" * 100_000,
    "|" * 1_000,
    "[" * 100 + "](" * 100,
)

CARD_TEXTS = (
    "intended_users",
    "out_of_scope",
    "relevant_factors",
    "decision_threshold",
    "training_data",
    "ethical_considerations",
    "risks_and_harms",
    "mitigations",
    "license",
    "citation",
    "more_information",
)
"""What a model's entry says for its card alone."""


def nasty_evidence(text: str) -> Evidence:
    """Return evidence that says `text` wherever somebody else's words can stand."""
    version = VersionRef(version=text, digest=text)
    entry: dict[str, object] = dict.fromkeys(
        ("owner", "task", "risk", "description", "intended_use", "limitations", "contact", "label", "positive"), text
    )
    lists: dict[str, object] = {
        field: [text, text] for field in ("features", "ignored", "sensitive_features", "metrics", "language")
    }
    nested: dict[str, object] = {
        "evaluation": {"motivation": text, "preprocessing": text},
        "intersections": [[text, text]],
    }
    told = dict.fromkeys(CARD_TEXTS, text)
    about = subject(challenger=version, champion=version, entry=entry | told | lists | nested)
    names = {"project": text, "model": text, "environment": text, "target": text, "evaluation_data": text}
    return Evidence(
        subject=about.model_copy(update=names | {"policy": {"policies": [text]}}),
        facts=Facts(
            files=(ModelFile(path=text, sha256=text, size=1, format=text),),
            challenger=Scoring(version=version, status=ScoringStatus.CRASHED, detail=text, environment=text),
            champion=Scoring(version=version, status=ScoringStatus.SCORED, detail=text, environment=text),
            data=EvaluationData(uri=text, version=text, sha256=text, found_sha256=text, registered_by=text),
            lineage=_nasty_lineage(text),
            champion_lineage=_nasty_lineage(f"{text} before"),
            champion_files=(ModelFile(path=text, sha256="other", size=2, format=text),),
            metrics=(
                ROC_AUC.model_copy(update={"metric": text, "method": text}),
                MetricComparison(metric=text, challenger=None, problem=text),
            ),
            groups=(
                GroupMetric(feature=text, group=text, metric=text, rows=1, challenger=None, problem=text),
                GroupMetric(feature=f"{text},{text}", group=text, metric=text, rows=1, challenger=0.5),
            ),
            principles=(
                Principle(principle=text, text=text, gates=(text, "format")),
                Principle(principle=text, text=text),
            ),
            receipt=text,
            problems=(text,),
            answers=_nasty_answers(text),
            slices=_nasty_slices(text),
            learning=_nasty_learning(text),
        ),
    )


def _nasty_lineage(text: str) -> Lineage:
    return Lineage(
        run_id=text,
        trainer=text,
        trainer_person=text,
        registered_by=text,
        source_commit=text,
        source_author=text,
        training_data=(text, text),
        parameters={text: text, "algorithm": text},
        tags=dict.fromkeys(("license", "citation", "date", "language", "library_name", "decision_threshold"), text),
    )


def _nasty_answers(text: str) -> Answers:
    cells = (
        Answered(label=text, challenger=text, champion="other", rows=3),
        Answered(label="other", challenger=text, champion=text, rows=2),
    )
    return Answers(rows=5, confusion=Confusion(classes=("other", text), cells=cells), left_out=(text,))


def _nasty_slices(text: str) -> Slices:
    one = Slice(where=(Where(feature=text, among=(text,)),), rows=1, challenger=1.0, champion=0.5, difference=0.5)
    two = (Where(feature=text, above=1.0), Where(feature=text, missing=True))
    return Slices(
        loss=text,
        whole=one.model_copy(update={"where": ()}),
        looked_at=1,
        level=0.95,
        worst=(one,),
        errors=(one.model_copy(update={"where": two}),),
        left_out=(text,),
    )


def _nasty_learning(text: str) -> Learning:
    curve = LearningCurve(metric=text, who="challenger", points=((0, 1.0), (1, 0.5)), logged=2)
    return Learning(curves=(curve,), left_out=(text,))


def nasty_findings(text: str) -> tuple[Finding, ...]:
    """Return findings that quote `text`."""
    measure = Measure(name=text, value=0.5, limit=0.1, detail=text)
    return (
        Finding(gate="format", outcome=Outcome.PASS, summary=f"quoted: {text}", measures=(measure,)),
        Finding(gate=text, outcome=Outcome.ERROR, summary=text, measures=(measure,)),
    )


def nasty_report(text: str, state: str = "blocked") -> Report:
    """Return a promotion that says `text` wherever somebody else's words can stand."""
    findings = nasty_findings(text)
    decision = replace(BOB, person=text, reason=text, assurance=text, why=text)
    line = BlockedLine(reason_code="fork", summary=text, who=(text, text), next=text)
    gate = replace(line, reason_code="gate_error", summary=f"{text}: {text}", next="mend it")
    return replace(
        report(nasty_evidence(text), findings),
        model=text,
        version=text,
        environment=text,
        state=state,
        requester=text,
        reason=text,
        problem=text,
        evidence_digest=text,
        champion=text,
        decisions=(decision, replace(decision, counts=False)),
        blocked_by=() if state == "failed" else (line, gate),
        pull_request_url=text,
        latency=Latency(rows=3, challenger=0.5, champion=0.25),
    )


def nasty_overview(text: str) -> Overview:
    """Return an overview that says `text` wherever somebody else's words can stand."""
    return Overview(
        project=text,
        rulebook=text,
        lanes=(LaneLine(model=text, environment=text, champion=text, promotion=text, url=text, frozen=text),),
        open=(nasty_report(text), nasty_report(text, state="failed")),
        changes=(
            ChangeLine(id="R1", state="waiting", problem=text, author=text, pull_request=1, url=text, who=()),
            ChangeLine(id="R2", state="waiting", problem="", author=text, pull_request=1, url=text, who=(text,)),
        ),
    )


def nasty_events(text: str) -> tuple[Event, ...]:
    """Return a trail that says `text` wherever somebody else's words can stand."""
    return (Event(seq=1, at=0, kind="approved", subject=text, text=text),)
