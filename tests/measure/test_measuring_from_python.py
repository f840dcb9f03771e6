"""Does what the guide shows for Python run as it stands?"""

import re
from pathlib import Path

import pyarrow as pa
import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "measuring.md"


def test_the_guides_example_for_python_runs_and_prints_each_metric(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    label = [0, 1, 1, 0] * 50
    old = [0, 1, 0, 0] * 50
    score = [0.1, 0.9, 0.4, 0.2] * 50
    frame = pa.table({"y": label, "new": label, "new_score": score, "old": old, "old_score": score})
    exec(example, {"frame": frame})  # noqa: S102 - our own guide
    told = [line.split()[:3] for line in capsys.readouterr().out.splitlines()]
    assert told == [["accuracy", "1.0", "0.75"], ["roc_auc", "1.0", "1.0"]]
