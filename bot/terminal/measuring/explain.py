"""Why did a model answer so for one row?

The model is code: it is loaded and asked in a confined process of an environment of its own, as in a promotion.
Environments are kept in the person's cache folder, for building one takes a minute.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.commands_measure import MeasureExplain
from bot.exchange import ExitCode, Reply
from bot.grammar.mistake import UsageError
from bot.terminal.measuring.texts import columns, whole
from bot.terminal.measuring.texts import task as read_task
from bot.terminal.out import Out
from gates.digest import file_digest, tree_digest
from gates.evidence import VersionRef
from gates.measure.quality.signature import read_signature
from gates.measure.table import as_parquet
from gates.metric import BINARY, TASKS
from gates.refusal import UserError
from reports.measured_faces import explanation_text
from workflows.explaining import Question, explanation_of
from workflows.isolation.environments import Environments
from workflows.isolation.scorer import LocalScorer
from workflows.scoring import ScoringJob


def measure_explain(out: Out, command: MeasureExplain) -> Reply:
    """Ask the model and tell."""
    model = _model(Path(command.model).expanduser())
    task, row = _task(command.task), whole("row", command.row)
    with tempfile.TemporaryDirectory(prefix="gatehouse-explain-") as folder:
        table = Path(folder) / "data.parquet"
        as_parquet(_data(command.data), table)
        job = ScoringJob(
            version=VersionRef(version=model.name, digest=tree_digest(_files(model))),
            files=model,
            data=table,
            data_sha256=file_digest(table),
            features=_features(command, model),
            task=task,
        )
        question = Question(job=job, label="the label", seed=whole("seed", command.seed))
        scorer = LocalScorer(Environments(cache(os.environ), tell=out.progress), Path(folder) / "answers")
        found = explanation_of(scorer, question, row=row, of=command.of)
    text = explanation_text(found, row, command.data)
    data = {"row": row, "data": command.data, **found.model_dump(mode="json")}
    return Reply(text=text, code=ExitCode.DONE, data=data)


def cache(environment: Mapping[str, str]) -> Path:
    """Return where models' environments are kept for this person."""
    root = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "gatehouse" / "environments"


def _data(said: str) -> Path:
    path = Path(said).expanduser()
    if path.is_file():
        return path
    raise UserError(f"There is no file {said}: to have rows in an order, explain takes one Parquet or CSV file.")


def _model(path: Path) -> Path:
    if path.name == "MLmodel" and path.is_file():
        path = path.parent
    if (path / "MLmodel").is_file():
        return path.resolve()
    raise UserError(f"There is no model in {path}: name a folder with an MLmodel file, as mlflow's save_model writes.")


def _task(text: str | None) -> str:
    task = read_task(text) or BINARY
    if task not in TASKS:
        raise UsageError(f"A {task} is not explained; there are {', '.join(TASKS)}.")
    return task


def _features(command: MeasureExplain, model: Path) -> tuple[str, ...]:
    """Return the columns that the model is shown: those named, or those that its signature declares."""
    if command.columns:
        return columns(command.columns)
    declared = tuple(field.name for field in read_signature(model).inputs)
    if not declared:
        raise UsageError("The model's signature names no inputs: name the columns it takes with --columns.")
    return declared


def _files(model: Path) -> dict[str, str]:
    paths = sorted(path for path in model.rglob("*") if path.is_file())
    return {path.relative_to(model).as_posix(): file_digest(path) for path in paths}
