"""What does MLflow know about this version?

Speaks to an MLflow database directly (SQLite, the embedded default) or to a tracking server. MLflow has no history of
aliases and no approvals: here it is asked, and told where an alias points, and nothing more is believed of it.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from gates.refusal import Unavailable, UserError
from policies.near import or_near
from storage.quiet_mlflow import quiet_mlflow
from storage.registry import RegisteredVersion

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

T = TypeVar("T")
PAGE = 1000
LOGGED_MODEL = "models:/m-"
LONGEST = 300
"""Characters of MLflow's own text that a reply repeats."""
ABSENT = frozenset({"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"})
"""What MLflow answers about what it does not have; the second for an alias."""
REFUSED = frozenset({"PERMISSION_DENIED", "UNAUTHENTICATED", "CUSTOMER_UNAUTHORIZED"})
TRANSIENT = frozenset({"INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED", "ENDPOINT_NOT_FOUND"})
REGISTERED_BY = "gatehouse.registered_by"
"""Tag of a version: the account that registered it, which MLflow itself forgets."""
TRAINED_BY = "mlflow.user"
SOURCE_COMMIT = "mlflow.source.git.commit"


class MlflowRegistry:
    """Implements `storage.registry.Registry`; opens nothing before the first question."""

    def __init__(self, tracking_uri: str) -> None:
        """Name MLflow's database (`sqlite:///...`) or its tracking server (`http://...`)."""
        self._uri = tracking_uri

    def models(self) -> tuple[str, ...]:
        """Return the names of all registered models, sorted."""
        with self._asking():
            return tuple(sorted(str(model.name) for model in _all_pages(self._client.search_registered_models)))

    def versions(self, model: str) -> tuple[str, ...]:
        """Return a model's versions, oldest first; empty when the model is not registered."""
        if "'" in model:  # cannot be quoted in MLflow's search, and is no model's name here
            return ()
        search = partial(self._client.search_model_versions, f"name='{model}'")
        with self._asking():
            found = sorted(int(version.version) for version in _all_pages(search))
        return tuple(str(version) for version in found)

    def version(self, model: str, version: str) -> RegisteredVersion:
        """Return one version; `UserError` names the latest version, or the nearest model, when there is none."""
        found = self._version(model, version)
        run = self._run(found)
        data = None if run is None else run.data
        tags = {} if data is None else dict(data.tags)
        return RegisteredVersion(
            model=model,
            version=version,
            run_id=None if run is None else str(run.info.run_id),
            trainer=tags.get(TRAINED_BY),
            registered_by=found.tags.get(REGISTERED_BY) or found.user_id or None,
            source_commit=tags.get(SOURCE_COMMIT),
            inputs=_inputs(run),
            parameters={} if data is None else dict(data.params),
            metrics={} if data is None else dict(data.metrics),
            tags=dict(found.tags),
            description=found.description or "",
        )

    def history(self, run_id: str, metric: str) -> tuple[tuple[int, float], ...]:
        """Return step and value of each time a run logged a metric, by step and then by time; empty without any."""
        found = self._or_none(lambda: self._client.get_metric_history(run_id, metric)) or []
        ordered = sorted(found, key=lambda one: (one.step, one.timestamp))
        return tuple((int(one.step), float(one.value)) for one in ordered)

    def fetch(self, model: str, version: str, into: Path) -> None:
        """Copy the version's files into the empty folder `into`, with their relative paths."""
        self._version(model, version)
        arriving = Path(tempfile.mkdtemp(dir=into, prefix=".arriving-"))
        try:
            source = self._download(model, version, arriving)
            for path in list(source.iterdir()) if source.is_dir() else [source]:
                path.rename(into / path.name)
        finally:
            shutil.rmtree(arriving)

    def alias(self, model: str, alias: str) -> str | None:
        """Return the version that an alias names, or None."""
        found = self._or_none(lambda: self._client.get_model_version_by_alias(model, alias))
        return None if found is None else str(found.version)

    def set_alias(self, model: str, alias: str, version: str | None) -> None:
        """Point an alias at a version, or remove it; repeating it changes nothing."""
        if self.alias(model, alias) == version:
            return
        if version is not None:
            self._version(model, version)
        with self._asking():
            if version is None:
                self._client.delete_registered_model_alias(model, alias)
            else:
                self._client.set_registered_model_alias(model, alias, version)

    @cached_property
    def _client(self) -> "MlflowClient":
        return quiet_mlflow().MlflowClient(tracking_uri=self._uri, registry_uri=self._uri)

    @property
    def _place(self) -> str:
        parts = urlsplit(self._uri)
        return f"{parts.scheme}://{parts.hostname or parts.path}"  # without a password

    def _version(self, model: str, version: str) -> "ModelVersion":
        found = self._or_none(lambda: self._client.get_model_version(model, version))
        if found is not None:
            return found
        known = self.versions(model)
        if known:
            raise UserError(f"There is no {model} v{version}; the latest is v{known[-1]}.")
        raise UserError(f"No model {model} is registered at {self._place}: {or_near(model, self.models())}.")

    def _run(self, version: "ModelVersion") -> "Run | None":
        run_id = version.run_id
        if not run_id and version.model_id:
            logged = self._or_none(lambda: self._client.get_logged_model(version.model_id))
            run_id = None if logged is None else logged.source_run_id
        return self._or_none(lambda: self._client.get_run(run_id)) if run_id else None

    def _download(self, model: str, version: str, into: Path) -> Path:
        uri = self._source(model, version)
        fetch = partial(quiet_mlflow().artifacts.download_artifacts, uri, dst_path=str(into))
        local = self._or_none(lambda: fetch(tracking_uri=self._uri, registry_uri=self._uri))
        if local is None:
            raise UserError(f"The files of {model} v{version} are gone from {uri}: register it again.")
        return Path(local)

    def _source(self, model: str, version: str) -> str:
        with self._asking():
            uri = str(self._client.get_model_version_download_uri(model, version))
            if uri.startswith(LOGGED_MODEL):
                # Asked for by this name, MLflow would add a file of its own to the model's.
                uri = str(self._client.get_logged_model(uri.removeprefix("models:/")).artifact_location)
        return uri

    def _or_none(self, ask: Callable[[], T]) -> T | None:
        from mlflow.exceptions import MlflowException  # noqa: PLC0415 - 1.6 seconds, paid at the first question

        with self._asking():
            try:
                return ask()
            except FileNotFoundError:
                return None
            except MlflowException as answer:
                if answer.error_code in ABSENT:
                    return None
                raise

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn a service that does not answer into `Unavailable`, and one that says no into `UserError`."""
        quiet_mlflow()
        from mlflow.exceptions import MlflowException  # noqa: PLC0415 - 1.6 seconds, paid at the first question

        try:
            yield
        except MlflowException as answer:
            text = str(answer).partition("\n")[0].replace(self._uri, self._place)[:LONGEST]
            if answer.error_code in TRANSIENT:
                raise Unavailable(f"MLflow at {self._place} does not answer: {text}") from answer
            if answer.error_code in REFUSED:
                raise UserError(f"MLflow at {self._place} refuses: {text}. Check its credentials.") from answer
            raise


def _all_pages(search: Callable[..., Any]) -> Iterator[Any]:
    page = search(max_results=PAGE)
    yield from page
    while page.token:
        page = search(max_results=PAGE, page_token=page.token)
        yield from page


def _inputs(run: "Run | None") -> tuple[tuple[str, str], ...]:
    if run is None or run.inputs is None:
        return ()
    return tuple((str(given.dataset.name), str(given.dataset.digest)) for given in run.inputs.dataset_inputs)
