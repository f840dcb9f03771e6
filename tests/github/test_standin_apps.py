"""Does the stand-in know Apps, installations and tokens as GitHub does?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.standin.answers import Json
from tests.github.standin.apps import private_key
from tests.github.standin.client import Client, as_app, as_bot, as_nobody, as_person, signed
from tests.github.standin.github import GitHub
from tests.github.standin.server import github_standin, now

REPO = "/repos/acme/models"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    with github_standin(tmp_path) as github:
        github.repository("acme/models")
        yield github


def tokens(github: GitHub) -> str:
    return f"/app/installations/{github.installation.id}/access_tokens"


def test_an_app_is_known_by_its_signature(github: GitHub) -> None:
    answer = as_app(github).get("/app")
    assert (answer.status, answer.body["slug"], answer.body["installations_count"]) == (200, "gatehouse", 1)


def test_an_app_may_sign_with_its_number_too(github: GitHub) -> None:
    claims: Json = {"iat": now(), "exp": now() + 60, "iss": str(github.app.id)}
    client = Client(github, signed(claims, github.app.private_key))
    assert client.get("/app").status == 200


@pytest.mark.parametrize(
    ("issued", "lives", "says"),
    [(-3600, 540, "future time"), (0, 3600, "too far in the future"), (300, 60, "Issued at")],
)
def test_a_signature_of_the_wrong_time_is_refused(github: GitHub, issued: int, lives: int, says: str) -> None:
    answer = as_app(github, issued=now() + issued, lives=lives).get("/app")
    assert answer.status == 401
    assert says in str(answer.body["message"])


def test_a_signature_by_another_key_is_refused(github: GitHub) -> None:
    claims: Json = {"iat": now(), "exp": now() + 60, "iss": github.app.client_id}
    forged = signed(claims, private_key("somebody else"))
    assert Client(github, forged).get("/app").status == 401


def test_a_signature_of_an_unknown_app_is_refused(github: GitHub) -> None:
    claims: Json = {"iat": now(), "exp": now() + 60, "iss": "4711"}
    unknown = signed(claims, github.app.private_key)
    assert Client(github, unknown).get("/app").body["message"] == "Integration not found"


def test_an_installation_is_found_by_number_by_repository_and_in_the_list(github: GitHub) -> None:
    app, wanted = as_app(github), github.installation.id
    assert app.get(f"/app/installations/{wanted}").body["id"] == wanted
    assert app.get(f"{REPO}/installation").body["id"] == wanted
    assert app.get("/orgs/acme/installation").body["id"] == wanted
    assert [one["id"] for one in app.get("/app/installations").rows] == [wanted]


def test_an_app_does_not_see_where_another_app_is_installed(github: GitHub) -> None:
    other = github.new_app("other")
    assert as_app(github, app=other).get(f"/app/installations/{github.installation.id}").status == 404
    assert as_app(github, app=other).get(f"{REPO}/installation").status == 404
    assert as_app(github, app=other).post(tokens(github)).status == 404


def test_a_token_has_what_it_names_and_no_more(github: GitHub) -> None:
    made = as_app(github).post(tokens(github), permissions={"contents": "read"})
    assert made.status == 201
    client = Client(github, str(made.body["token"]))
    main = github.repository("acme/models").head()
    assert client.get(f"{REPO}/git/commits/{main}").status == 200
    assert client.post(f"{REPO}/git/refs", ref="refs/heads/x", sha=main).status == 403
    assert client.get(f"{REPO}/pulls").body["message"] == "Resource not accessible by integration"


def test_a_token_that_names_nothing_may_do_next_to_nothing(github: GitHub) -> None:
    made = as_app(github).post(tokens(github), permissions={})
    client = Client(github, str(made.body["token"]))
    assert client.get(REPO).status == 200
    assert client.get(f"{REPO}/pulls").status == 403


def test_a_token_cannot_have_more_than_the_installation(github: GitHub) -> None:
    assert as_app(github).post(tokens(github), permissions={"administration": "write"}).status == 422
    del github.installation.permissions["checks"]
    assert as_app(github).post(tokens(github), permissions={"checks": "read"}).status == 422


def test_a_permission_that_is_taken_away_is_gone_from_tokens_already_made(github: GitHub) -> None:
    client = as_bot(github)
    github.installation.permissions["checks"] = "read"
    main = github.repository("acme/models").head()
    assert client.post(f"{REPO}/check-runs", name="x", head_sha=main).status == 403


def test_a_token_can_be_for_some_repositories_only(github: GitHub) -> None:
    github.repository("acme/other")
    client = Client(github, str(as_app(github).post(tokens(github), repositories=["models"]).body["token"]))
    assert (client.get(REPO).status, client.get("/repos/acme/other").status) == (200, 404)
    assert client.get("/installation/repositories").body["total_count"] == 1
    assert as_app(github).post(tokens(github), repositories=["absent"]).status == 422


def test_repositories_that_were_not_selected_are_not_there(github: GitHub) -> None:
    github.repository("acme/other")
    github.installation.selected = {"acme/other"}
    client = as_bot(github)
    assert client.get(REPO).status == 404
    listed = client.get("/installation/repositories")
    assert (listed.at("repositories.0.name"), listed.body["repository_selection"]) == ("other", "selected")


def test_a_token_ends_after_its_hour(tmp_path: Path) -> None:
    clock = [1_800_000_000]
    with github_standin(tmp_path, clock=lambda: clock[0]) as github:
        github.repository("acme/models")
        client = as_bot(github)
        clock[0] += 3599
        assert client.get(REPO).status == 200
        clock[0] += 1
        assert client.get(REPO).body == {
            "message": "Bad credentials",
            "documentation_url": "https://docs.github.com/rest",
            "status": "401",
        }


def test_a_token_can_be_given_back(github: GitHub) -> None:
    client = as_bot(github)
    assert client.delete("/installation/token").status == 204
    assert client.get(REPO).status == 401


def test_a_suspended_installation_gives_no_tokens(github: GitHub) -> None:
    client = as_bot(github)
    github.suspend(github.installation)
    assert as_app(github).post(tokens(github)).status == 403
    assert client.get(REPO).status == 403


def test_tokens_die_with_the_installation(github: GitHub) -> None:
    client = as_bot(github)
    github.uninstall(github.installation)
    assert client.get(REPO).status == 401
    assert [one.action for one in github.take("installation")] == ["deleted"]


def test_nobody_sees_a_private_repository(github: GitHub) -> None:
    assert as_nobody(github).get(REPO).status == 404
    assert as_nobody(github).get(f"{REPO}/pulls").status == 404
    assert as_app(github).get(REPO).status == 404


def test_everybody_sees_a_public_repository_and_writes_nothing(github: GitHub) -> None:
    place = github.repository("acme/models")
    place.repository.private = False
    assert as_nobody(github).get(REPO).status == 200
    assert as_nobody(github).post(f"{REPO}/git/blobs", content="x").status == 401


def test_a_person_is_known_by_their_own_token(github: GitHub) -> None:
    assert as_person(github, "alice").get("/user").body["login"] == "alice"
    assert as_bot(github).get("/user").status == 403
    assert as_nobody(github).get("/user").status == 401
    assert Client(github, "ghp_unknown").get("/user").status == 401


def test_a_person_sees_and_does_what_their_role_allows(github: GitHub) -> None:
    place = github.repository("acme/models")
    place.grant("rita", "read")
    place.grant("nora", "none")
    assert as_person(github, "nora").get(REPO).status == 404
    assert as_person(github, "rita").get(REPO).status == 200
    assert as_person(github, "rita").post(f"{REPO}/git/blobs", content="x").status == 403
    assert as_person(github, "walter").post(f"{REPO}/git/blobs", content="x").status == 201
    assert as_person(github, "walter").get(f"{REPO}/branches/main/protection").status == 403


def test_only_apps_write_check_runs(github: GitHub) -> None:
    main = github.repository("acme/models").head()
    answer = as_person(github, "alice").post(f"{REPO}/check-runs", name="x", head_sha=main)
    assert (answer.status, answer.body["message"]) == (403, "You must authenticate via a GitHub App.")


def test_team_members_are_told_to_who_may_know_them(github: GitHub) -> None:
    github.add_team("acme", "risk", ["bob", "alice"])
    path = "/orgs/acme/teams/risk/members"
    assert [one["login"] for one in as_bot(github).get(path).rows] == ["alice", "bob"]
    assert as_bot(github, contents="read").get(path).status == 403
    assert as_bot(github).get("/orgs/acme/teams/absent/members").status == 404
    assert as_bot(github).get("/orgs/umbrella/teams/risk/members").status == 404


def test_an_app_from_a_manifest_is_told_its_secrets_once(github: GitHub) -> None:
    app = github.offer_manifest("fresh", "a-code")
    first = as_nobody(github).post("/app-manifests/a-code/conversions")
    assert (first.status, first.body["pem"], first.body["slug"]) == (201, app.private_key, "fresh")
    assert as_nobody(github).post("/app-manifests/a-code/conversions").status == 404


def test_every_answer_says_what_is_left_of_the_quota(github: GitHub) -> None:
    client = as_bot(github)
    first, second = client.get(REPO), client.get(REPO)
    assert int(first.headers["x-ratelimit-remaining"]) == int(second.headers["x-ratelimit-remaining"]) + 1
    assert first.headers["x-github-request-id"] != second.headers["x-github-request-id"]
    assert client.get("/rate_limit").at("resources.core.used") == 2


def test_a_question_whether_something_changed_costs_nothing_while_it_did_not(github: GitHub) -> None:
    client, place = as_bot(github), github.repository("acme/models")
    first = client.get(f"{REPO}/git/ref/heads/main")
    tag = first.headers["etag"]
    again = client.get(f"{REPO}/git/ref/heads/main", **{"If-None-Match": tag})
    assert (again.status, again.content) == (304, None)
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    place.push("alice", "main", {"a": "b"})
    assert client.get(f"{REPO}/git/ref/heads/main", **{"If-None-Match": tag}).status == 200
    assert [one.conditional for one in github.requests] == [False, True, True]
    assert github.count() == 2


def test_a_path_that_github_does_not_have_is_not_found(github: GitHub) -> None:
    assert as_bot(github).get("/no/such/place").status == 404


def test_a_body_that_is_no_json_is_refused(github: GitHub) -> None:
    answer = as_bot(github).call("POST", f"{REPO}/pulls", b"{")
    assert (answer.status, answer.body["message"]) == (400, "Problems parsing JSON")
