"""What does Teams ask in a card: a reason, what to promote? And what does it say where nothing was decided?"""

from collections.abc import Sequence

from reports.chat_asked import Fact, decided_about
from reports.chat_rendering import render_object
from reports.chat_teams_card import About, Card
from reports.chat_text import shortened, shown, units
from reports.escaping import plain
from reports.report import Report

LONGEST_TITLE = 120
LONGEST_NAME = 100
LONGEST_REASON = 2_000
MOST_CHOICES = 50


def reason_card(report: Report, *, approves: bool) -> Card:
    """Return the question before a decision: what it is about, and why; a rejection needs a reason."""
    verb = "Approve" if approves else "Reject"
    return _decision(
        report,
        title=f"{verb} {report.id}?",
        asks=verb,
        verb=verb.lower(),
        style="positive" if approves else "destructive",
        reason_label="Reason" if approves else "Reason, for whoever asked",
        reason_required=not approves,
        facts=decided_about(report),
    )


def changed_card(report: Report, *, what: str) -> Card:
    """Return what is said instead of deciding, when the subject changed meanwhile."""
    told = ("Nothing was decided: this changed after the card you saw.", shown(what, 1_000))
    return _decision(report, title=f"{report.id} has changed", told=told, facts=decided_about(report))


def refused_card(report: Report, *, why: str) -> Card:
    """Return why this person cannot decide, and who can."""
    told = tuple(shortened(line, 1_000) for line in why.splitlines() if line.strip())[:10]
    return _decision(report, title=f"{report.id}: nothing was decided", told=told)


def promote_card(
    *,
    models: Sequence[str],
    versions: Sequence[str],
    environments: Sequence[str],
    model: str = "",
    version: str = "",
    environment: str = "",
    reason: str = "",
    problem: str = "",
) -> Card:
    """Return the question what to promote, with what is known already filled in; `problem` says why it is asked."""
    return render_object(
        "teams_promote.json.j2",
        models=_offered(models, model),
        versions=_offered(versions, version),
        environments=_offered(environments, environment),
        model=_word(model),
        version=_word(version),
        environment=_word(environment),
        reason=shortened(reason, LONGEST_REASON),
        problem=shortened(problem, 1_000),
    )


def _decision(
    report: Report,
    *,
    title: str,
    asks: str = "",
    verb: str = "",
    style: str = "default",
    reason_label: str = "",
    reason_required: bool = False,
    told: tuple[str, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Card:
    return render_object(
        "teams_decision.json.j2",
        title=shortened(title, LONGEST_TITLE),
        about=About.of(report),
        asks=asks,
        verb=verb,
        style=style,
        reason_label=reason_label,
        reason_required=reason_required,
        told=told,
        facts=facts,
    )


def _offered(names: Sequence[str], known: str) -> tuple[str, ...]:
    """Return what can be chosen, what was said already among it; none where there is too much to list."""
    usable = tuple(dict.fromkeys(filter(None, map(_word, [*names, known]))))
    return usable if names and len(usable) <= MOST_CHOICES else ()


def _word(word: str) -> str:
    """Return a word that reads as it is; one that reads otherwise would promote something else."""
    return word if word == plain(word) and units(word) <= LONGEST_NAME else ""
