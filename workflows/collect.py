"""What is true of this subject? Scored, measured and looked up once, and frozen as evidence."""

import shutil
from pathlib import Path

from gates.anchor import needs_anchor
from gates.evidence import (
    EvaluationData,
    Evidence,
    Facts,
    Kind,
    ModelFile,
    Scoring,
    ScoringStatus,
    Subject,
    VersionRef,
)
from gates.importance_facts import Importance
from gates.measure.measure import Measured
from gates.measure.table import as_parquet, columns, labelled
from gates.model_format import recognise_file
from gates.refusal import UserError
from policies.entry import ModelEntry
from storage.content import ContentChangedError
from storage.files import StoredFiles
from storage.promotions import Promotion
from workflows.data_quality import quality_of
from workflows.importance import challenger_importance
from workflows.installation import Installation, Project
from workflows.looks import take_look
from workflows.measuring import against_anchor, measured_of, question_of
from workflows.origin import origins_of
from workflows.scoring import Scored, ScoringJob
from workflows.subject import Standing, fetch_version


def collect(installation: Installation, project: Project, promotion: Promotion, standing: Standing) -> Evidence:
    """Return the evidence of a subject: the same subject and the same bytes give the same evidence."""
    subject = standing.subject
    if standing.challenger is None or subject.challenger is None:
        return Evidence(subject=subject, facts=Facts(principles=standing.principles))
    data, table = _evaluation_data(installation, project, standing.entry)
    challenger = _score(installation, standing, subject.challenger, table, promotion)
    champion = None
    if subject.kind is Kind.PROMOTE and subject.champion is not None:
        champion = _score(installation, standing, subject.champion, table, promotion)
    anchor = _score_anchor(installation, standing, table, promotion)
    installation.tell(promotion.name, "measuring quality and fairness")
    asked = question_of(standing, table, (challenger, champion), seed=installation.seed)
    looks = None if asked is None else take_look(installation, subject)  # before there is any number to see
    measured = measured_of(asked, challenger)
    origins = origins_of(project, standing, promotion, data)
    facts = Facts(
        files=_files(standing.challenger),
        challenger=None if challenger is None else challenger.scoring,
        champion=None if champion is None else champion.scoring,
        data=_counted(data, measured),
        lineage=origins.challenger,
        champion_files=_champion_files(installation, standing, champion),
        champion_lineage=origins.champion,
        learning=origins.learning,
        metrics=measured.metrics,
        groups=measured.groups,
        criteria=measured.criteria,
        answers=measured.answers,
        slices=measured.slices,
        treatment=measured.treatment,
        importance=_importance(installation, standing, challenger, table),
        quality=quality_of(standing, table),
        looks=looks,
        anchor=None if anchor is None else anchor.scoring,
        anchor_metrics=against_anchor(asked, standing.policy, anchor),
        principles=standing.principles,
        receipt=_receipt(installation, project, subject),
        problems=measured.problems,
    )
    return Evidence(subject=subject, facts=facts)


def _counted(data: EvaluationData, measured: Measured) -> EvaluationData:
    """Prefer the rows that were measured: measuring also leaves out labels that are no numbers."""
    if not measured.rows:
        return data
    return data.model_copy(update={"rows": measured.rows, "rows_left_out": measured.rows_left_out})


def _files(stored: StoredFiles) -> tuple[ModelFile, ...]:
    return tuple(
        ModelFile(path=path, sha256=sha256, size=size, format=recognise_file(stored.path / path, path))
        for path, (sha256, size) in sorted(stored.files.items())
    )


def _champion_files(installation: Installation, standing: Standing, champion: Scored | None) -> tuple[ModelFile, ...]:
    """Return the champion's files, which are in our store once it was scored."""
    version = standing.subject.champion
    return () if champion is None or version is None else _files(installation.files.by_digest(version.digest))


def _evaluation_data(
    installation: Installation, project: Project, entry: ModelEntry
) -> tuple[EvaluationData, Path | None]:
    pinned = entry.evaluation
    known = EvaluationData(
        uri=pinned.uri,
        version=pinned.version,
        sha256=pinned.sha256,
        found_sha256=None,
        registered_by=pinned.registered_by,
    )
    try:
        source, found = installation.files.data(pinned.uri, project.data_base)
    except UserError as unreadable:
        return known.model_copy(update={"problem": str(unreadable)}), None
    known = known.model_copy(update={"found_sha256": found})
    if found != pinned.sha256:
        problem = f"{pinned.uri} has changed: the rulebook pins {pinned.sha256[:12]}, the bytes are {found[:12]}."
        return known.model_copy(update={"problem": problem}), None
    try:
        table = _table(installation, source, found)
        rows, left_out = labelled(table, entry.label)
        return known.model_copy(update={"rows": rows, "rows_left_out": left_out}), table
    except UserError as unreadable:
        return known.model_copy(update={"problem": str(unreadable)}), None


def _table(installation: Installation, source: Path, digest: str) -> Path:
    """Return the evaluation data as Parquet, converted once."""
    table = installation.scratch / f"{digest}.parquet"
    if not table.exists():
        installation.scratch.mkdir(parents=True, exist_ok=True)
        half = table.with_suffix(".part")
        as_parquet(source, half)
        half.replace(table)
    return table


def example_rows(installation: Installation, project: Project, entry: ModelEntry) -> Path | None:
    """Return a Parquet file of a few input rows for the smoke test, or None when there is no usable data."""
    _, table = _evaluation_data(installation, project, entry)
    if table is None:
        return None
    from pyarrow import parquet  # noqa: PLC0415 - heavy, and only needed where a version is tried

    example = table.with_suffix(".example.parquet")
    if not example.exists():
        rows = next(parquet.ParquetFile(table).iter_batches(batch_size=20, columns=list(_features(entry, table))))
        half = table.with_suffix(".example.part")
        parquet.write_table(_as_table(rows), half)
        shutil.move(half, example)
    return example


def _as_table(rows: object) -> object:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only needed where a version is tried

    return pa.Table.from_batches([rows])


def _features(entry: ModelEntry, table: Path) -> tuple[str, ...]:
    if entry.features is not None:
        return tuple(entry.features)
    return tuple(name for name in columns(table) if name not in entry.hidden)


def _score(
    installation: Installation, standing: Standing, version: VersionRef, table: Path | None, promotion: Promotion
) -> Scored | None:
    if table is None:
        return None
    installation.tell(promotion.name, f"scoring v{version.version} on the evaluation data")
    files = _stored(installation, standing, version, promotion)
    return installation.scorer.score(_job(installation, standing, version, files.path, table))


def _job(installation: Installation, standing: Standing, version: VersionRef, files: Path, table: Path) -> ScoringJob:
    return ScoringJob(
        version=version,
        files=files,
        data=table,
        data_sha256=standing.subject.evaluation_data,
        features=_features(standing.entry, table),
        task=standing.entry.task,
        limits=installation.limits,
    )


def _stored(installation: Installation, standing: Standing, version: VersionRef, promotion: Promotion) -> StoredFiles:
    """Return a version's files from our store; one that lost them fetches them again, and takes no others."""
    try:
        return installation.files.by_digest(version.digest)
    except ContentChangedError:
        raise
    except UserError:
        project = installation.project(promotion.project)
        registry = project.stage(promotion.environment).registry
        model = standing.subject.model
        fetched = fetch_version(installation, project, registry, model=model, version=version.version)
    if fetched.digest != version.digest:
        raise UserError(f"Our store lost the files of {model} v{version.version}, and the registry has others now.")
    return fetched


def _score_anchor(
    installation: Installation, standing: Standing, table: Path | None, promotion: Promotion
) -> Scored | None:
    """Score the anchor where it is another version; one whose files are gone for good is told as such."""
    version = standing.subject.anchor
    if version is None or table is None or not needs_anchor(standing.subject):
        return None
    try:
        return _score(installation, standing, version, table, promotion)
    except ContentChangedError:
        raise
    except UserError as gone:
        scoring = Scoring(version=version, status=ScoringStatus.FILES_GONE, detail=str(gone))
        return Scored(scoring=scoring, answers=None)


def _importance(
    installation: Installation, standing: Standing, challenger: Scored | None, table: Path | None
) -> Importance | None:
    """Return what the challenger's answers rest on, where it answered at all."""
    version, stored = standing.subject.challenger, standing.challenger
    if version is None or stored is None or table is None or challenger is None or challenger.answers is None:
        return None
    return challenger_importance(installation, standing, _job(installation, standing, version, stored.path, table))


def _receipt(installation: Installation, project: Project, subject: Subject) -> str | None:
    """Return the digest that was promoted in this lane under the challenger's version, if any."""
    if subject.kind is not Kind.ROLLBACK or subject.challenger is None:
        return None
    with installation.database.reading() as work:
        digests = work.promotions.promoted_digests(project.lane(subject.model, subject.environment))
    return subject.challenger.digest if subject.challenger.digest in digests else None
