"""How is MLflow kept from talking, phoning home and waiting for minutes?

Its settings are environment variables, read when it is imported or used; whoever set one keeps it.
"""

import logging
import os
import warnings
from types import ModuleType

SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",  # at once; the engine tries again by its own rules
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
}


LOGGERS = ("mlflow", "alembic", "urllib3.connectionpool")


def quiet_mlflow() -> ModuleType:
    """Import MLflow and return it, with its notices about progress, migrations and versions turned off."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations among its own dependencies are not ours to mend
        import mlflow  # noqa: PLC0415 - 1.6 seconds and 200 MB that only registries and training spend

        _configure_tables()
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    module: ModuleType = mlflow
    return module


def _configure_tables() -> None:
    """Let SQLAlchemy warn of MLflow's tables now, where nobody listens, and not at the first question."""
    import mlflow.store.model_registry.dbmodels.models  # noqa: PLC0415 - as above
    import mlflow.store.tracking.dbmodels.models  # noqa: F401, PLC0415 - as above
    from sqlalchemy.orm import configure_mappers  # noqa: PLC0415 - as above

    configure_mappers()
