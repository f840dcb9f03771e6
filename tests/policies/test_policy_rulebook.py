"""A rulebook is read whole, or every mistake in it is named."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.digest import bytes_digest, tree_digest
from gates.refusal import UserError
from policies.rulebook import Rulebook, RulebookError, is_rulebook_path, load_rulebook

Write = Callable[..., dict[str, bytes]]


def mistakes(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(files)
    assert isinstance(refused.value, UserError)
    first, *lines = str(refused.value).splitlines()
    assert first == "The rulebook has mistakes; correct them on main:"
    assert lines == [str(problem) for problem in refused.value.problems]
    return lines


def test_a_sound_rulebook_is_read(rulebook: Rulebook) -> None:
    entry = rulebook.entries["loan-approval"]
    assert (entry.evaluation.version, entry.risk.value, entry.features) == ("1.10", "high", None)
    assert rulebook.policies["lending"].environments["production"].expires_after == 3 * 86_400
    assert rulebook.policies["lending"].environments["staging"].expires_after == 7 * 86_400
    assert [gate.gate for gate in rulebook.policies["lending"].rollback.gates] == ["digest", "format", "serving"]
    assert entry.as_json()["sensitive_features"] == ["race", "sex"]


def test_the_digest_names_every_file_of_the_rulebook_and_no_other(write: Write) -> None:
    files = write() | {"policies/notes/README.md": b"why", "models/loan-approval/staging.yaml": b"x: y", "main.py": b""}
    own = {path: bytes_digest(content) for path, content in files.items() if is_rulebook_path(path)}
    assert load_rulebook(files).digest == tree_digest(own)
    assert len(own) == 4
    assert load_rulebook(files | {"main.py": b"print()"}).digest == load_rulebook(files).digest
    assert load_rulebook(files | {"policies/notes/README.md": b"?"}).digest != load_rulebook(files).digest


LENDING = [
    (
        ("- gate: format\n        allow: [skops]", "- format"),
        [21],
        "item 3 of `gates` must be a mapping, not 'format'.",
    ),
    (("margin: 0.02", "margin: abc"), [12, 17], "`margin` must be a number of at least 0, not 'abc'."),
    (("limit: 0.15", "limit: -1"), [20], "`limit` must be a number of at least 0, not -1."),
    (("limit: 0.15", "limits: 0.15"), [18], "`limit` is missing."),
    (("limit: 0.15", "limits: 0.15"), [20], "`limits` is not a field here; perhaps `limit` is meant."),
    (("gate: format", "gate: formt"), [21], "there is no gate `formt`; perhaps `format` is meant."),
    (("gate: format", "gat: format"), [21], "`gate` is missing; it names which one is meant."),
    (("metric: true_positive_rate", "metric: true_rate"), [19], "perhaps `true_positive_rate` is meant."),
    (
        ("roc_auc: {margin: 0.02", "roc_au: {margin: 0.02"),
        [12, 17],
        "did you mean roc_auc or roc_auc_ovr or roc_auc_ovo?",
    ),
    (("metrics: [roc_auc]", "metrics: [roc]"), [6], "did you mean roc_auc?"),
    (("[{role: validator}]", "[]\n    on_inconclusive: blok"), [14], "perhaps `block` is meant."),
    (("[{role: risk-officer}]", "[]"), [24], "`approvals` must be a list of at least 1 item, not an empty list."),
    (("[{role: validator}, {role: ml-engineer}]", "[{role: a, count: true}]"), [23], "of at least 1, not true."),
    (("[{role: validator}, {role: ml-engineer}]", '[{role: a, count: "1"}]'), [23], "of at least 1, not '1'."),
    (("[{role: validator}, {role: ml-engineer}]", "[validator]"), [23], "of `approvals` must be a mapping, not 'val"),
    (("expires_after: 3d", "expires_after: 3 days"), [25], "'3 days' is no span of time: write a number and s, m, h"),
    (("expires_after: 3d", "expires_after: 0d"), [25], "'0d' is no span of time"),
    (("expires_after: 3d", "expires_after: true"), [25], "'True' is no span of time"),
    (("  staging:", "  Staging:"), [9], "'Staging' must be a slug: lower-case letters, digits and hyphens."),
    (("  staging:", "  model:"), [9], "`model` is no name for an environment"),
    (("risk: [high]", "risk: [huge]"), [2], "item 1 of `risk` must be one of `low`, `medium`, `high`, not 'huge'."),
    (("risk: [high]", "risk: high"), [2], "`risk` must be a list of at least 1 item, not 'high'."),
    (("risk: [high]", "risk: null"), [2], "`risk` must be a list of at least 1 item, not empty."),
    (("risk: [high]", "risk: {a: 1}"), [2], "`risk` must be a list of at least 1 item, not a mapping."),
    (("risk: [high]", "risk: [[]]"), [2], "not an empty list."),
    (("risk: [high]", "risk: [[high]]"), [2], "not a list."),
    (("policy: lending", "policy:"), [1], "`policy` must be text, not empty."),
    (("policy: lending", "name: lending"), [1], "`policy` is missing."),
]


@pytest.mark.parametrize(("change", "lines", "text"), LENDING, ids=lambda value: str(value)[:40])
def test_a_mistake_in_a_policy_is_named_with_its_line(
    write: Write, change: tuple[str, str], lines: list[int], text: str
) -> None:
    found = [line for line in mistakes(write(lending=change)) if text in line]
    assert found
    assert {line.split(": ")[0] for line in found} <= {f"policies/lending.yaml, line {line}" for line in lines}


MODEL = [
    (("owner: alice", "owner: alic"), "line 3: `owner` must be a person of policies/people.yaml, not 'alic'; perhaps"),
    (("registered_by: bob", "registered_by: zzz"), "line 10: `registered_by` must be a person of policies/people.yaml"),
    (("model: loan-approval", "model: loan-rejection"), "line 1: the model is named `loan-rejection` and its folder"),
    (("model: loan-approval", "model: Loan"), "line 1: 'Loan' must be a slug"),
    (("risk: high", "risk: low"), "line 4: `risk` must be at least high, not low (floor of policies/lending.yaml)."),
    (("[race, sex]", "[race]"), "line 13: `sensitive_features` must have `sex` (floor of policies/lending.yaml)."),
    (("[roc_auc, accuracy]", "[accuracy]"), "line 14: `metrics` must have `roc_auc` (floor of policies/lending.yaml)."),
    (("uri: evaluation/", "uri: other/"), "line 7: evaluation data may not come from `other/loans.csv`; permitted is"),
    (
        ("uri: evaluation/", "uri: evaluation/../"),
        "line 7: evaluation data may not come from `evaluation/../loans.csv`",
    ),
    (("uri: evaluation/", "uri: evaluation/%2e%2e/"), "line 7: evaluation data may not come from"),
    (("a" * 64, "a" * 63), "is no SHA-256: 64 digits and letters a to f are."),
    (("positive: 1", "positive: [1]"), "line 12: `positive` must be text, a number, or true or false, not a list."),
    (("positive: 1", "features: [age, approve]"), "the label `approve` may not be among the features."),
    (("positive: 1", "features: [age]\nignored: [age]"), "`age` stands among the features and the ignored columns"),
    (("[race, sex]", "[race, sex, approve]"), "the label `approve` may not be a sensitive feature."),
    (
        ("metrics: [roc_auc, a", "cluster: approve\nmetrics: [roc_auc, a"),
        "the label `approve` may not be the `cluster`",
    ),
    (("metrics: [roc_auc, a", "intersections: [[race]]\nmetrics: [roc_auc, a"), "is of two or more different features"),
    (
        ("metrics: [roc_auc, a", "intersections: [[sex, sex]]\nmetrics: [roc_auc, a"),
        "of two or more different features",
    ),
    (
        ("metrics: [roc_auc, a", "intersections: [[race, age]]\nmetrics: [roc_auc, a"),
        "the intersection asks for `age`, which is no sensitive feature.",
    ),
    (
        ("metrics: [roc_auc, a", "intersections: [[race, sex], [sex, race]]\nmetrics: [roc_auc, a"),
        "the intersection `sex, race` stands there twice.",
    ),
    (("metrics: [roc_auc, a", "intersections: [race, sex]\nmetrics: [roc_auc, a"), "item 1 of `intersections` must be"),
    (("roc_auc, accuracy", "roc_auc, r2"), "r2 is no metric of binary-classification"),
    (("task: binary-", "task: "), "line 2: `task` must be one of `binary-classification`, `multiclass-classification`"),
    (("label: approve\n", ""), "line 1: `label` is missing."),
    (("label: approve", "label: ''"), "line 11: `label` must be text of at least 1 character, not ''."),
    (("  registered_by: bob\n", ""), "line 6: `registered_by` is missing."),
]


@pytest.mark.parametrize(("change", "text"), MODEL, ids=lambda value: str(value)[:40])
def test_a_mistake_in_a_model_is_named_with_its_line(write: Write, change: tuple[str, str], text: str) -> None:
    assert any(line.startswith("models/loan-approval") and text in line for line in mistakes(write(model=change)))


PEOPLE = [
    (
        ("  bob: {", "  'bob smith': {"),
        "line 6: 'bob smith' is no login: letters, digits and `.`, `_`, `@`, `+`, `-` are.",
    ),
    (("alice@example.com", "{a: b}"), "line 5: `git` must be a list, not a mapping."),
    (("carol: {", "Alice: {"), "line 7: the login `Alice` belongs to alice already."),
    (
        ("carol: {", "carol: {accounts: {embedded: [bob]}, "),
        "line 7: the embedded account `bob` belongs to bob already.",
    ),
    (("mlflow:", "mlfow:"), "line 5: there is no platform `mlfow`; perhaps `mlflow` is meant."),
    (("governors: 1", "governors: 0"), "line 10: `governors` must be a whole number of at least 1, not 0."),
    (("rulebook:", "people2: {}\nrulebook:"), "line 10: `people2` is not a field here; perhaps `people` is meant."),
]


@pytest.mark.parametrize(("change", "text"), PEOPLE, ids=lambda value: str(value)[:40])
def test_a_mistake_among_people_is_named_with_its_line(write: Write, change: tuple[str, str], text: str) -> None:
    assert any(text in line for line in mistakes(write(people=change)))


def test_an_empty_set_of_people_is_a_mistake(write: Write) -> None:
    files = write() | {"policies/people.yaml": b"people: {}\n"}
    assert mistakes(files) == [
        "policies/people.yaml, line 1: `people` must be a mapping of at least 1 field, not an empty mapping."
    ]


def test_a_policy_that_asks_for_nothing_or_is_named_twice_is_a_mistake(write: Write) -> None:
    files = write() | {"policies/empty.yaml": b"policy: empty\n", "policies/z.yaml": write()["policies/lending.yaml"]}
    assert mistakes(files) == [
        "policies/empty.yaml, line 1: neither `environments` nor `floors` are given: the policy asks for nothing.",
        (
            "policies/z.yaml, line 1: the policy `lending` stands in policies/lending.yaml already; "
            "give this one another "
            "name."
        ),
    ]


def test_what_looks_like_a_rule_and_would_not_be_read_is_a_mistake(write: Write) -> None:
    files = write() | {"policies/more/strict.yaml": b"", "policies/strict.yml": b"", "policies/README.md": b""}
    text = "is not read: policies lie directly in policies/ and end in .yaml; move or rename it."
    assert mistakes(files) == [f"policies/more/strict.yaml: {text}", f"policies/strict.yml: {text}"]


def test_without_people_nobody_could_decide() -> None:
    assert mistakes({}) == ["policies/people.yaml: is missing; it names everyone who may decide."]


def test_mistakes_in_several_files_are_told_at_once_and_in_order(write: Write) -> None:
    files = write(lending=("limit: 0.15", "limit: x"), model=("risk: high", "risk: hig"))
    files["policies/people.yaml"] = b"\tx"
    assert [line.split(": ")[0] for line in mistakes(files)] == [
        "models/loan-approval/model.yaml, line 4",
        "policies/lending.yaml, line 20",
        "policies/people.yaml, line 1",
    ]


MORE = """\
policy: more
environments:
  staging:
    approvals: []
    gates:
      - {gate: fairness, metric: accuracy, limit: 0.1, features: [age]}
rollback:
  gates:
    - {gate: comparison, metrics: {r2: {margin: 0.1}}}
"""


def test_gates_that_could_only_be_an_error_for_a_model_are_mistakes(write: Write) -> None:
    size = (
        write()["models/loan-approval/model.yaml"]
        .replace(b"loan-approval", b"loan-size")
        .replace(b"binary-classification", b"regression")
        .replace(b"[roc_auc, accuracy]", b"[r2]")
        .replace(b"sensitive_features: [race, sex]\n", b"")
    )
    found = mistakes(write() | {"models/loan-size/model.yaml": size, "policies/more.yaml": MORE.encode()})
    told = "\n".join(found)
    assert "policies/more.yaml, line 6: the fairness gate asks for `age`, which is no sensitive feature of" in told
    assert "policies/more.yaml, line 6: the fairness gate has no groups to compare: loan-size" in told
    assert "policies/more.yaml, line 6: the fairness gate does not fit loan-size" in told
    assert "policies/more.yaml, line 9: the comparison does not fit loan-approval" in told
    assert "policies/lending.yaml, line 11: the comparison does not fit loan-size" in told
    assert "line 6: the fairness gate does not fit loan-approval" not in told


def test_a_value_pydantic_alone_can_judge_keeps_its_text(write: Write) -> None:
    huge = "x" * 200
    files = write() | {f"policies/{name}.yaml": f"policy: {name}\n{huge}: 1\n".encode() for name in ("one",)}
    assert any(
        "`xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...` is not a field here; there is" in m for m in mistakes(files)
    )


yaml_like = st.text(alphabet=":-[]{}&*!|>'\"#\n\t ab01~.e", max_size=80)


@given(st.sampled_from(["policies/lending.yaml", "policies/people.yaml", "models/loan-approval/model.yaml"]), st.data())
def test_any_damage_to_a_file_is_a_list_of_problems_never_a_traceback(
    write: Write, path: str, data: st.DataObject
) -> None:
    files = write()
    content = files[path]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 30)))
    inserted = data.draw(st.binary(max_size=20) | yaml_like.map(str.encode))
    with suppress(RulebookError):
        assert load_rulebook(files | {path: content[:start] + inserted + content[end:]}).people.persons


@given(
    st.sampled_from(["policies/lending.yaml", "policies/people.yaml", "models/loan-approval/model.yaml"]),
    st.binary(max_size=200) | yaml_like.map(str.encode),
)
def test_any_bytes_in_place_of_a_file_are_problems(write: Write, path: str, content: bytes) -> None:
    with pytest.raises(RulebookError):
        load_rulebook(write() | {path: content})
