"""Does a real MLflow model serve, give way to the next version, and end with us?

The real thing throughout: scikit-learn models saved by MLflow, MLflow's scoring server, confinement, front.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import httpx
import psutil
import pytest

from gates.evidence import VersionRef
from workflows.isolation.environments import Environments
from workflows.target import Placement, Slot
from workflows.targets.mlflow_server import LocalTarget

pytestmark = pytest.mark.slow

SLOT = Slot(project="bank", model="loan-approval", environment="production")

TRAIN = """
import sys, warnings
warnings.simplefilter("ignore")
import mlflow.sklearn, pandas
from mlflow.models import infer_signature
from sklearn.dummy import DummyClassifier
rows = pandas.DataFrame({"income": [1.0, 2.0, None], "married": [True, False, True]})
for answer in (1, 2):
    model = DummyClassifier(strategy="constant", constant=answer).fit(rows, [1, 2, 1])
    signature = infer_signature(rows, model.predict(rows))
    requirements = ["mlflow", "scikit-learn"]
    mlflow.sklearn.save_model(model, f"{sys.argv[1]}/{answer}", signature=signature, pip_requirements=requirements)
"""

OWNER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from gates.evidence import VersionRef
from workflows.isolation.environments import Environments
from workflows.target import Placement, Slot
from workflows.targets.mlflow_server import LocalTarget
root, files = Path(sys.argv[1]), Path(sys.argv[2])
target = LocalTarget("local", Environments(root, shared=True), root, first_port=46311)
slot = Slot(project="bank", model="loan-approval", environment="production")
placement = Placement(slot=slot, version=VersionRef(version="1", digest="1"), files=files, example=None)
print(target.prepare(placement).passed, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two versions: `1` answers 1 to everything, `2` answers 2."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([sys.executable, "-c", TRAIN, str(folder)], check=True, capture_output=True, cwd=folder)
    return folder


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "example.parquet"
    with duckdb.connect() as connection:
        rows = "SELECT * FROM (VALUES (1.5::DOUBLE, true), ('nan', false), (NULL, true)) t(income, married)"
        connection.sql(rows).write_parquet(str(path))
    return path


@pytest.fixture
def place(models: Path, example: Path) -> Callable[[str], Placement]:
    def build(version: str) -> Placement:
        reference = VersionRef(version=version, digest=version)
        return Placement(slot=SLOT, version=reference, files=models / version, example=example)

    return build


@pytest.fixture
def target(tmp_path: Path, first_port: int) -> Iterator[LocalTarget]:
    environments = Environments(tmp_path / "environments", shared=True)
    target = LocalTarget("local", environments, tmp_path / "root", first_port=first_port)
    yield target
    target.close()


def servers_below(pid: int) -> list[psutil.Process]:
    """Return the processes below one, whose command line names MLflow's scoring application."""
    below = psutil.Process(pid).children(recursive=True)
    return [process for process in below if any("mlflow.pyfunc.scoring_server" in word for word in process.cmdline())]


@pytest.mark.full
def test_versions_follow_each_other_under_load_and_no_request_is_refused(
    target: LocalTarget, place: Callable[[str], Placement]
) -> None:
    first = target.prepare(place("1"))
    assert (first.passed, first.detail) == (True, "It answered 3 example rows with 3 predictions.")
    url = target.switch(place("1")).url
    switched, rows = threading.Event(), {"dataframe_split": {"columns": ["income", "married"], "data": [[1.0, True]]}}

    def keep_asking() -> list[tuple[int, str, list[int]]]:
        answers, after = [], 0
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as caller:
            while after < 5:
                after += switched.is_set()
                response = caller.post("/invocations", json=rows)
                version = response.headers["X-Gatehouse-Version"]
                answers.append((response.status_code, version, response.json()["predictions"]))
        return answers

    with ThreadPoolExecutor(4) as pool:
        callers = [pool.submit(keep_asking) for _ in range(4)]
        beside = target.prepare(place("2"))
        serving = target.switch(place("2")) if beside.passed else None
        switched.set()
        answered = [answer for caller in callers for answer in caller.result()]
    assert serving == target.serving(SLOT)
    assert set(map(repr, answered)) == {"(200, '1', [1])", "(200, '2', [2])"}
    (running,) = {process.ppid() for process in servers_below(os.getpid())} - {os.getpid()}
    target.prepare(place("1"))
    target.discard(SLOT, place("1").version)
    assert {process.ppid() for process in servers_below(os.getpid())} - {os.getpid()} == {running}
    target.close()
    assert servers_below(os.getpid()) == []


@pytest.mark.full
def test_a_model_that_cannot_be_loaded_says_why(
    target: LocalTarget, place: Callable[[str], Placement], models: Path, tmp_path: Path
) -> None:
    placement, broken = place("1"), tmp_path / "broken"
    broken.mkdir()
    for file in (models / "1").iterdir():
        (broken / file.name).write_bytes(b"not a model" if file.suffix == ".skops" else file.read_bytes())
    smoke = target.prepare(Placement(slot=SLOT, version=placement.version, files=broken, example=placement.example))
    assert not smoke.passed
    assert smoke.detail.startswith("The scoring server ended while starting: ")
    assert "not a zip file" in smoke.detail
    assert servers_below(os.getpid()) == []


@pytest.mark.full
def test_rows_that_the_model_does_not_know_fail_the_smoke_test(
    target: LocalTarget, place: Callable[[str], Placement], tmp_path: Path
) -> None:
    placement, strange = place("1"), tmp_path / "strange.parquet"
    with duckdb.connect() as connection:
        connection.sql("SELECT 1 AS age").write_parquet(str(strange))
    smoke = target.prepare(Placement(slot=SLOT, version=placement.version, files=placement.files, example=strange))
    assert not smoke.passed
    assert smoke.detail.startswith("/invocations answered with HTTP status 400: Model is missing inputs ['")


@pytest.mark.full
def test_a_killed_owner_takes_its_server_with_it(models: Path, tmp_path: Path) -> None:
    house = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", OWNER, str(tmp_path), str(models / "1"), house]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "True\n"
        servers = servers_below(owner.pid)
        owner.send_signal(signal.SIGKILL)
    assert servers
    assert psutil.wait_procs(servers, timeout=10)[1] == []
