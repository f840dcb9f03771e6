"""What does this model answer for these rows?

Run as a script by the model's own interpreter, confined; nothing of ours can be imported here. It reads its order from
the command line, and leaves two files: the answers (Parquet, plain and uncompressed, so that whoever reads them need
not trust a decompressor) and, last, how it went (JSON).
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SUM_TOLERANCE = 1e-3
"""How far the probabilities of one row may be from one in sum: single precision, many classes."""
LARGEST_INTEGER = {"integer": 2**31, "long": 2**63}
BINARY, REGRESSION = "binary-classification", "regression"
CLASSES_OF_BINARY = 2


class WrongShapeError(Exception):
    """The answer is not one that the task can use; the text says what came and what was expected."""


def main() -> None:
    """Carry out the order in the first argument."""
    order = json.loads(sys.argv[1])
    status: dict[str, object]
    try:
        classes, seconds = answer(order)
        status = {"status": "scored", "classes": classes, "seconds": seconds}
    except WrongShapeError as error:
        status = {"status": "wrong_shape", "detail": str(error)}
    except MemoryError:
        traceback.print_exc()
        status = {"status": "out_of_memory"}
    except BaseException as error:  # noqa: BLE001 - a model may raise anything, SystemExit too
        traceback.print_exc()
        status = {"status": "crashed", "detail": traceback.format_exception_only(type(error), error)[-1].strip()}
    unfinished = Path(order["status"] + ".new")
    unfinished.write_text(json.dumps(status), encoding="utf-8")
    unfinished.replace(order["status"])


def answer(order: dict[str, str]) -> tuple[list[Any], float]:
    """Load the model, let it predict, and write its answers.

    Returns the classes in the order of their scores, and the seconds that it took to predict all rows at once.
    """
    pa.set_cpu_count(1)
    rows = pq.read_table(order["data"]).to_pandas()
    model = mlflow.pyfunc.load_model(order["model"])
    features = as_signature_wants(rows, model.metadata.get_input_schema())
    began = time.perf_counter()
    came = model.predict(features)
    seconds = time.perf_counter() - began
    prediction, classes, scores = understood(came, len(rows), order["task"])
    if scores is None and order["task"] != REGRESSION:
        classes, scores = probabilities(model, features, order["task"])
    columns = {"prediction": prediction}
    columns |= {f"score_{label}": scores[:, place] for place, label in enumerate(classes)}
    table = pa.table({name: column(name, values) for name, values in columns.items()})
    pq.write_table(table, order["answers"], compression="none", use_dictionary=False)
    return classes, seconds


def as_signature_wants(rows: pd.DataFrame, schema: Any) -> pd.DataFrame:  # noqa: ANN401 - mlflow.types.Schema has no types
    """Return the columns that the model declares, in its order and number types; all of them if it declares none."""
    if schema is None:
        return rows
    if not schema.has_input_names():
        return rows.astype(schema.inputs[0].type) if schema.is_tensor_spec() else rows
    missing = [spec.name for spec in schema.inputs if spec.name not in rows and getattr(spec, "required", True)]
    if missing:
        names = ", ".join(map(repr, missing))
        raise WrongShapeError(f"the model's signature asks for {names}, which is not among its features here")
    present = [spec for spec in schema.inputs if spec.name in rows]
    frame = rows[[spec.name for spec in present]].copy()
    for spec in present:
        frame[spec.name] = as_declared(frame[spec.name], str(getattr(spec.type, "name", spec.type)).lower())
    return frame


def as_declared(values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """Return a column as the type that MLflow will insist on, where no value changes by it."""
    if not pd.api.types.is_numeric_dtype(values):
        return values
    if kind in {"double", "float"}:
        return values.astype("float64" if kind == "double" else "float32")
    if values.isna().any():
        return values
    if kind in LARGEST_INTEGER and (values % 1 == 0).all() and (values.abs() < LARGEST_INTEGER[kind]).all():
        return values.astype("int64" if kind == "long" else "int32")
    return values.astype("bool") if kind == "boolean" and values.isin((0, 1)).all() else values


def understood(came: Any, rows: int, task: str) -> tuple[Any, list[Any], Any]:  # noqa: ANN401 - a model answers anything
    """Return predictions, and classes with their probabilities where the model answers with those."""
    frame = as_frame(came, rows)
    if frame.shape[1] > 1:
        return from_probabilities(frame, task)
    values = frame.iloc[:, 0]
    if task == REGRESSION or not is_fractional(values) or (task == BINARY and values.between(0, 1).all()):
        return values, [], None  # a fraction is the probability of whichever class the rulebook calls positive
    raise WrongShapeError(f"numbers such as {values.iloc[0]} came; expected one class label a row, or probabilities")


def as_frame(came: Any, rows: int) -> pd.DataFrame:  # noqa: ANN401 - a model answers anything
    """Return an answer of any accepted kind as a table with a row for each row of the data."""
    if isinstance(came, (list, tuple)):
        wide = bool(came) and isinstance(came[0], (list, tuple, np.ndarray))
        came = pd.DataFrame(list(came)) if wide else pd.Series(list(came), dtype=None if came else "object")
    shape = tuple(getattr(came, "shape", ()))
    if not isinstance(came, (pd.DataFrame, pd.Series, np.ndarray)) or len(shape) not in {1, 2}:
        of_shape = f" of shape {shape}" if shape else ""
        raise WrongShapeError(f"{type(came).__name__}{of_shape} came; expected {rows} predictions, or as many rows")
    if shape[0] != rows:
        raise WrongShapeError(f"{shape[0]} predictions came; expected {rows}, one for each row")
    frame = pd.DataFrame(came).reset_index(drop=True)
    if frame.shape[1] == 0:
        raise WrongShapeError(f"a table without columns came; expected {rows} predictions")
    return frame


def is_fractional(values: pd.Series[Any]) -> bool:
    """Say whether these are numbers that are not all whole: no labels, then."""
    return pd.api.types.is_float_dtype(values) and bool((values.dropna() % 1 != 0).any())


def from_probabilities(frame: pd.DataFrame, task: str) -> tuple[Any, list[Any], Any]:
    """Return the most likely class of each row, with the classes and their probabilities."""
    came = f"{frame.shape[1]} columns came ({', '.join(map(repr, frame.columns[:5].tolist()))})"
    if task == REGRESSION:
        raise WrongShapeError(f"{came}; expected one number a row")
    if task == BINARY and frame.shape[1] != CLASSES_OF_BINARY:
        raise WrongShapeError(f"{came}; expected one label a row, or the probabilities of 2 classes")
    try:
        scores = frame.to_numpy(dtype="float64")
    except (TypeError, ValueError):
        raise WrongShapeError(f"{came} that are not all numbers; expected labels, or probabilities") from None
    if not (np.abs(scores.sum(axis=1) - 1) <= SUM_TOLERANCE).all():
        raise WrongShapeError(f"{came} that do not add up to 1 in each row; expected labels, or probabilities")
    classes = column_classes(frame.columns.tolist())
    return [classes[place] for place in scores.argmax(axis=1)], classes, scores


def column_classes(names: list[Any]) -> list[Any]:
    """Return the classes that columns are named after; whole numbers in text are numbers, as labels are."""
    if all(isinstance(name, str) and name.lstrip("-").isdigit() for name in names):
        return [int(name) for name in names]
    one_kind = all(isinstance(name, str) for name in names) or all(isinstance(name, int) for name in names)
    return names if one_kind else list(range(len(names)))


def probabilities(model: Any, features: pd.DataFrame, task: str) -> tuple[list[Any], Any]:  # noqa: ANN401 - mlflow has no types
    """Return the classes and what the model beneath thinks of each, or nothing where it does not say."""
    try:
        raw = model.get_raw_model()
        classes = np.asarray(raw.classes_).tolist()
        scores = np.asarray(raw.predict_proba(features), dtype="float64")
    except Exception:  # noqa: BLE001 - its labels are an answer; without probabilities some metrics cannot be had
        traceback.print_exc()
        return [], None
    usable = scores.shape == (len(features), len(classes)) and (task != BINARY or len(classes) == CLASSES_OF_BINARY)
    return (classes, scores) if usable else ([], None)


def column(name: str, values: Any) -> pa.Array:  # noqa: ANN401 - whatever a model answers
    """Return one column as whole numbers, numbers, booleans or text; complain of gaps and of anything else."""
    try:
        found = pa.array(pd.Series(values), from_pandas=True)
    except (pa.ArrowException, TypeError) as error:
        raise WrongShapeError(f"{name} holds values of several kinds: {error}") from None
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    if pa.types.is_dictionary(found.type):
        found = found.dictionary_decode()
    if found.null_count:
        raise WrongShapeError(f"{found.null_count} of {len(found)} values of {name} are missing (None or NaN)")
    return found.cast(kept_as(name, found.type))


def kept_as(name: str, came: pa.DataType) -> pa.DataType:
    """Return the type in which such values are written."""
    known = (
        (pa.types.is_boolean, pa.bool_()),
        (pa.types.is_integer, pa.int64()),
        (pa.types.is_floating, pa.float64()),
        (pa.types.is_string, pa.string()),
        (pa.types.is_large_string, pa.string()),
    )
    for is_known, kept in known:
        if is_known(came):
            return kept
    raise WrongShapeError(f"{name} came as {came}; expected numbers, text or booleans")


if __name__ == "__main__":
    main()
