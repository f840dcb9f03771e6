"""Does the validator tell what is, and what is not, as a description says?

The description here is a small one, in the style of GitHub's. GitHub's own is 13 MB and comes from npm: with it
at hand, as `make test-all` has it, every test over the stand-in is a test of the validator too.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.github.contract.corrections import ACCOUNT, correct
from tests.github.contract.description import Description, Node, load
from tests.github.contract.validator import Validator
from tests.github.standin.client import as_bot
from tests.github.standin.contract_watch import VARIABLE
from tests.github.standin.github import GitHub
from tests.github.standin.server import github_standin


def answers(schema: Node) -> Node:
    return {"content": {"application/json": {"schema": schema}}}


REF: Node = {"$ref": "#/components/schemas/ref"}
PERSON: Node = {"$ref": "#/components/schemas/person"}
SENT: Node = {
    "type": "object",
    "required": ["sha"],
    "properties": {"sha": {"type": "string"}, "force": {"type": "boolean"}},
}
PULL: Node = {
    "type": "object",
    "required": ["action"],
    "properties": {"action": {"type": "string", "enum": ["opened"]}},
}
DOCUMENT: Node = {
    "paths": {
        "/repos/{owner}/{repo}/git/ref/{ref}": {
            "parameters": [{"$ref": "#/components/parameters/depth"}],
            "get": {"responses": {"200": answers(REF), "204": {"description": "nothing"}}},
        },
        "/repos/{owner}/{repo}/git/refs/{ref}": {
            "patch": {"requestBody": {"required": True, **answers(SENT)}, "responses": {"200": answers(REF)}},
            "delete": {"responses": {"204": {"description": "gone"}, "422": {"description": "refused"}}},
        },
        "/repos/{owner}/{repo}/commits/{ref}": {"get": {"responses": {"200": answers({"type": "object"})}}},
        "/repos/{owner}/{repo}/commits/{ref}/status": {"get": {"responses": {"200": answers({"type": "array"})}}},
        "/repos/{owner}/{repo}/compare/{base}...{head}": {"get": {"responses": {"200": answers({"type": "array"})}}},
        "/user": {"get": {"responses": {"200": answers({"nullable": True, "oneOf": [PERSON, REF]})}}},
    },
    "x-webhooks": {"pull-request-opened": {"post": {"requestBody": answers(PULL)}}},
    "components": {
        "parameters": {"depth": {"name": "depth", "in": "query"}},
        "schemas": {
            "ref": {"type": "object", "required": ["ref"], "properties": {"ref": {"type": "string"}}},
            "person": {
                "type": "object",
                "required": ["login", "id"],
                "properties": {"login": {"type": "string"}, "id": {"type": "integer"}},
            },
            "basic-error": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}},
        },
    },
}
Look = Callable[..., list[str]]


@pytest.fixture
def description(tmp_path: Path) -> Description:
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    return load(tmp_path / "api.json")


@pytest.fixture
def look(description: Description) -> Look:
    def exchange(method: str, path: str, status: int, received: object, sent: object = None, **query: str) -> list[str]:
        return Validator(description).exchange(
            method=method, path=path, query=query, sent=sent, status=status, received=received
        )

    return exchange


REFS = "/repos/acme/models/git/ref/heads/mlops/P1"
PATCHED = "/repos/acme/models/git/refs/heads/x"


@pytest.mark.parametrize(
    ("path", "template"),
    [
        (REFS, "/repos/{owner}/{repo}/git/ref/{ref}"),
        ("/repos/a/b/commits/x/y", "/repos/{owner}/{repo}/commits/{ref}"),
        ("/repos/a/b/commits/x/y/status", "/repos/{owner}/{repo}/commits/{ref}/status"),
        ("/repos/a/b/compare/x...y", "/repos/{owner}/{repo}/compare/{base}...{head}"),
        ("/user", "/user"),
    ],
)
def test_an_operation_is_found_by_its_path_and_literal_parts_win(
    description: Description, path: str, template: str
) -> None:
    found = description.operation("GET", path)
    assert found is not None
    assert found.template == template


@pytest.mark.parametrize(("method", "path"), [("POST", "/user"), ("GET", "/users"), ("GET", "/repos/a/b/compare/xy")])
def test_what_is_not_described_is_not_found(description: Description, method: str, path: str) -> None:
    assert description.operation(method, path) is None


def test_an_exchange_that_is_described_is_in_order(look: Look) -> None:
    assert look("GET", REFS, 200, {"ref": "refs/heads/mlops/P1"}, depth="1") == []
    assert look("PATCH", PATCHED, 200, {"ref": "x"}, {"sha": "0", "force": True}) == []
    assert look("DELETE", PATCHED, 204, None) == []


def test_an_answer_that_lacks_a_field_is_told_with_its_place(look: Look) -> None:
    assert look("GET", REFS, 200, {"url": "x"}) == [f"GET {REFS} -> 200: answered $: 'ref' is a required property"]


def test_a_field_of_the_wrong_kind_is_told_with_its_place(look: Look) -> None:
    assert look("GET", REFS, 200, {"ref": 7}) == [f"GET {REFS} -> 200: answered $.ref: 7 is not of type 'string'"]


def test_a_status_that_is_not_described_is_told(look: Look) -> None:
    assert look("GET", REFS, 202, None) == [f"GET {REFS} -> 202: this status is not described"]
    assert look("GET", REFS, 404, {"message": "Not Found"}) == []
    assert look("GET", REFS, 404, {"text": "no"}) == [
        f"GET {REFS} -> 404: answered $: 'message' is a required property"
    ]
    assert look("GET", REFS, 502, {"message": "Server Error"}) == []


def test_a_body_where_none_is_described_is_told(look: Look) -> None:
    assert look("DELETE", PATCHED, 204, {"a": 1}) == [
        f"DELETE {PATCHED} -> 204: a body is answered, and none is described: {{'a': 1}}"
    ]
    assert look("DELETE", PATCHED, 422, {"message": "refused"}) == []


def test_a_request_that_lacks_what_is_required_is_told_unless_it_was_refused(look: Look) -> None:
    words = f"PATCH {PATCHED} -> 200: sent $: 'sha' is a required property"
    assert look("PATCH", PATCHED, 200, {"ref": "x"}, {"force": True}) == [words]
    assert look("PATCH", PATCHED, 200, {"ref": "x"}) == [
        f"PATCH {PATCHED} -> 200: no body is sent, and one is required"
    ]
    assert look("PATCH", PATCHED, 422, {"message": "sha is missing"}, {"force": True}) == []


def test_a_request_that_says_what_github_would_silently_ignore_is_told(look: Look) -> None:
    assert look("PATCH", PATCHED, 200, {"ref": "x"}, {"sha": "0", "forced": True}) == [
        f"PATCH {PATCHED} -> 200: sent the field forced, which is not described"
    ]
    assert look("GET", REFS, 200, {"ref": "x"}, depht="1") == [f"GET {REFS} -> 200: the query depht is not described"]
    assert look("DELETE", PATCHED, 204, None, {"a": 1}) == [
        f"DELETE {PATCHED} -> 204: a body is sent, and none is described: {{'a': 1}}"
    ]


def test_a_path_that_github_does_not_have_is_told_unless_it_was_not_found(look: Look) -> None:
    assert look("GET", "/nowhere", 200, {}) == ["GET /nowhere is not described"]
    assert look("GET", "/nowhere", 404, {"message": "Not Found"}) == []


def test_null_passes_where_github_says_nullable_also_beside_alternatives(look: Look) -> None:
    assert look("GET", "/user", 200, None) == []


def test_of_several_forms_the_nearest_is_told(look: Look) -> None:
    assert look("GET", "/user", 200, {"login": 7, "ref": 7}) == [
        "GET /user -> 200: answered $.ref: 7 is not of type 'string'"
    ]


def test_an_event_is_compared_by_its_name_and_action(description: Description) -> None:
    validator = Validator(description)
    assert validator.event("pull_request", "opened", {"action": "opened"}) == []
    assert validator.event("pull_request", "opened", {"action": "eaten"}) == [
        "event pull_request opened: $.action: 'eaten' is not one of ['opened']"
    ]
    assert validator.event("pull_request", "eaten", {}) == ["the event pull_request eaten is not described"]


def test_a_correction_that_is_no_longer_needed_fails() -> None:
    account: Node = {"allOf": []}
    document: Node = account
    for part in reversed(ACCOUNT):
        document = {part: document}
    correct(document)
    assert account == {"anyOf": []}
    with pytest.raises(KeyError):
        correct(document)


def test_the_stand_in_fails_the_test_that_strays_from_the_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "api.json"))

    def stray() -> GitHub:
        with github_standin(tmp_path / "github") as github:
            github.repository("acme/models")
            as_bot(github).get("/repos/acme/models/git/ref/heads/main?nonsense=1")
        return github

    with pytest.raises(AssertionError, match="the query nonsense is not described"):
        stray()


@pytest.mark.full
def test_githubs_own_description_holds_what_we_use() -> None:
    description = load(Path(os.environ[VARIABLE]))
    found = description.operation("POST", "/repos/acme/models/check-runs")
    assert found is not None
    assert description.event("check_run", "requested_action") is not None
    assert Validator(description).event("check_run", "requested_action", {"action": "requested_action"}) != []
