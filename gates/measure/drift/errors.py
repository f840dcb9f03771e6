"""How far are predicted numbers from the right ones?"""

from gates.measure.drift.measured import Measured
from gates.measure.scan.dialect import double, finest, fixed
from gates.measure.scan.engine import Engine, View

NAMES = ("mean_absolute_error", "root_mean_squared_error")
LARGEST = 1e70
"""Errors beyond it have no fourth power that a double holds; such rows are left out, as are those of NaN."""


def of_numbers(engine: Engine, view: View, columns: tuple[str, str]) -> dict[str, Measured]:
    """Measure the errors of a regression, from the SQL of label and prediction; sums are those of integers."""
    label, said = columns
    inner = f"SELECT abs({said} - {label}) AS error FROM {view.name}"  # noqa: S608 - quoted
    rows = f"FROM ({inner}) WHERE error <= {double(LARGEST)}"
    known = engine.reduce(f"SELECT count(*) AS rows, max(error) AS largest {rows}").to_pylist()[0]
    if not known["rows"]:
        return {name: Measured(value=None) for name in NAMES}
    bits = {power: finest(known["largest"] ** power, known["rows"]) for power in (1, 2, 4)}
    powers = {1: "error", 2: "error * error", 4: "(error * error) * (error * error)"}
    sums = ", ".join(f"CAST(sum({fixed(powers[at], bits[at])}) AS VARCHAR) AS sum_{at}" for at in powers)
    row = engine.reduce(f"SELECT {sums} {rows}").to_pylist()[0]
    means = [int(row[f"sum_{at}"]) / 2 ** bits[at] / known["rows"] for at in powers]
    return _of_means((means[0], means[1], means[2]), known["rows"])


def _of_means(means: tuple[float, float, float], rows: int) -> dict[str, Measured]:
    """Return the metrics, of the means of errors, of their squares and of their fourth powers."""
    mean, square, fourth = means
    root = square**0.5
    error = (max(0.0, square - mean**2) / max(rows - 1, 1)) ** 0.5
    of_square = (max(0.0, fourth - square**2) / max(rows - 1, 1)) ** 0.5
    return {
        "mean_absolute_error": Measured(value=mean, standard_error=error, rows=rows, used=rows),
        "root_mean_squared_error": Measured(
            value=root, standard_error=of_square / (2 * root) if root else 0.0, rows=rows, used=rows
        ),
    }
