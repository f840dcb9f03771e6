"""Were both models scored, on the very data that the rulebook pins?"""

from gates.evidence import Evidence, Scoring, ScoringStatus, VersionRef

CAUSES = {
    ScoringStatus.NOT_BUILT: "its environment could not be built from the requirements recorded with it",
    ScoringStatus.CRASHED: "its process crashed",
    ScoringStatus.TIMED_OUT: "it did not answer within the time it was given",
    ScoringStatus.OUT_OF_MEMORY: "it needed more memory than it was given",
    ScoringStatus.WRONG_SHAPE: "its answers do not fit the data",
    ScoringStatus.FILES_GONE: "neither our store nor the registry has its files any more",
}


def unmeasured(evidence: Evidence) -> str | None:
    """Say in one sentence why there are no numbers to judge, or None when there are.

    Numbers count only when the data had the pinned digest, challenger and champion (where there is one) were both
    scored, and nothing was in the way of measuring.
    """
    subject, facts = evidence.subject, evidence.facts
    return (
        changed_data(evidence)
        or unscored("challenger", subject.challenger, facts.challenger)
        or (unscored("champion", subject.champion, facts.champion) if subject.champion else None)
        or (f"Nothing could be measured: {'; '.join(facts.problems)}" if facts.problems else None)
    )


def unscored(role: str, wanted: VersionRef | None, scoring: Scoring | None) -> str | None:
    """Say why a version has no scores, or None when it has."""
    if wanted is None:
        return f"There is no {role} to score."
    if scoring is None:
        return f"The {role} v{wanted.version} was not scored."
    if scoring.version != wanted:
        return f"The scores are of v{scoring.version.version}, not of the {role} v{wanted.version}: recheck."
    if scoring.status is not ScoringStatus.SCORED:
        detail = f": {scoring.detail}" if scoring.detail else ""
        return f"The {role} v{wanted.version} was not scored: {CAUSES[scoring.status]}{detail}".rstrip(".") + "."
    return None


def changed_data(evidence: Evidence) -> str | None:
    """Say why the evaluation data are not the ones that the rulebook pins, or None when they are."""
    data, pinned = evidence.facts.data, evidence.subject.evaluation_data
    if data is None:
        return "The evaluation data were not read."
    if data.problem:
        return f"The evaluation data {data.uri} could not be used: {data.problem}"
    if data.found_sha256 is None:
        return f"The evaluation data {data.uri} could not be read."
    if data.found_sha256 != pinned or data.sha256 != pinned:
        return (
            f"The evaluation data {data.uri} have changed: the rulebook pins {pinned[:12]}, found were "
            f"{data.found_sha256[:12]}. Restore them, or pin the new ones in model.yaml."
        )
    return None
