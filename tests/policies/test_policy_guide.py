"""The guide names every field of every file, as the schema has it; `pytest --accept` rewrites its tables."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from gates.data_quality import NOT_OF_PROMOTIONS
from gates.gate import Gate
from gates.metric import TASKS, metrics_of
from gates.metric_rule import MetricRule
from gates.quality_facts import CHECKS, RULES
from policies.entry import Evaluation, ModelEntry
from policies.manifest import Manifest
from policies.people import PeopleFile, PersonEntry, RulebookRules, TeamEntry
from policies.policy import (
    AppliesTo,
    Approval,
    EnvironmentRules,
    EvaluationRules,
    ExtraApprovals,
    Floors,
    Notify,
    Policy,
    RestoreRules,
    RetireRules,
    RollbackRules,
)
from policies.principles import PrincipleEntry, PrinciplesFile
from policies.rulebook import load_rulebook
from policies.schema import Schema
from policies.texts import span

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "policy.md"
GATES: tuple[type[BaseModel], ...] = get_args(get_args(Gate)[0])
SECTIONS: tuple[type[BaseModel], ...] = (
    *(ModelEntry, Evaluation, Manifest, PeopleFile, PersonEntry, TeamEntry, RulebookRules),
    *(PrinciplesFile, PrincipleEntry),
    *(Policy, AppliesTo, Floors, EnvironmentRules, EvaluationRules, Approval, ExtraApprovals, Notify),
    *(RollbackRules, RetireRules, RestoreRules),
    *GATES,
    MetricRule,
)
SPANS = ("expires_after", "remind_after")
TABLE = re.compile(r"<!-- fields of (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


def described(section: type[BaseModel]) -> dict[str, str]:
    """Return the text that stands under each field in the source."""
    (body,) = [node.body for node in ast.parse(inspect.getsource(section)).body if isinstance(node, ast.ClassDef)]
    texts = {}
    for field, text in pairwise(body):
        said = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and said:
            texts[field.target.id] = " ".join(str(ast.literal_eval(text.value)).split())  # type: ignore[attr-defined]  # `said` knows
    return texts


def default(section: type[BaseModel], name: str) -> str:
    field = section.model_fields[name]
    if field.is_required() or name == "gate":  # a gate's own name has a default in code, and is what YAML tells it by
        return "must be given"
    value = json.loads(section.__pydantic_serializer__.to_json(section.model_construct()).decode()).get(name)
    if value in (None, [], {}, "") or isinstance(value, dict) or (value and isinstance(value, list) and len(value) > 3):
        return ""
    if isinstance(value, list) and isinstance(value[0], dict):
        return ""
    return f"`{span(value)}`" if name in SPANS else f"`{json.dumps(value)}`"


def rows(section: type[BaseModel]) -> Iterator[str]:
    yield "| field | is | by default | means |"
    yield "|---|---|---|---|"
    schema, texts = Schema(section), described(section)
    for name in section.model_fields:
        shape = schema.phrase([name]).replace("a mapping or a mapping", "a mapping")
        means = texts.get(name, "Names the gate." if name == "gate" else "")
        yield f"| `{name}` | {shape} | {default(section, name)} | {means} |"


def table(section: type[BaseModel]) -> str:
    return "".join(f"{row}\n" for row in rows(section))


def rewritten(text: str) -> str:
    known = {section.__name__: section for section in SECTIONS}
    return TABLE.sub(lambda found: f"<!-- fields of {found[1]} -->\n{table(known[found[1]])}<!-- end -->", text)


def test_the_guide_has_every_field_as_the_schema_has_it(request: pytest.FixtureRequest) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    if request.config.getoption("--accept", default=False):
        GUIDE.write_text(rewritten(text), encoding="utf-8")
    assert [found[1] for found in TABLE.finditer(text)] == [section.__name__ for section in SECTIONS]
    assert GUIDE.read_text(encoding="utf-8") == rewritten(text)


def test_every_gate_and_metric_has_its_place_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for task in TASKS:
        assert f"| {task} | {', '.join(f'`{name}`' for name in metrics_of(task))} |\n" in text
    for gate in GATES:
        assert f"### `{gate.model_fields['gate'].default}`\n" in text


def test_every_check_of_data_quality_stands_in_the_guide_with_its_rule() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| [^|]+ \| `(\w+)` above ([\d.]+) \| [^|]+?( \*)? \|$", text, re.MULTILINE)
    assert [(check, outcome, float(above)) for check, outcome, above, _ in told] == [
        (check, RULES[check].outcome, RULES[check].above) for check in CHECKS
    ]
    assert {check for check, _, _, mark in told if mark} == NOT_OF_PROMOTIONS


def test_the_guides_own_files_are_a_sound_rulebook() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    files = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", text, re.DOTALL))
    policies = {f"policies/{name}.yaml" for name in ("lending", "people", "principles")}
    assert set(files) == {"models/loan-approval/model.yaml"} | policies
    rulebook = load_rulebook({path: content.encode() for path, content in files.items()})
    assert rulebook.entries
    assert [one.gates for one in rulebook.principles] == [("fairness",), ()]
