"""Is the App who it says, with a token that is in time, named and no stronger than needed?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from bot.github.app import PERMISSIONS, GitHubApp
from bot.github.forge import GitHubForge
from gates.refusal import Unavailable, UserError
from tests.github.forge_stage import NAME, STAGING, Stage, forge_stage

HOUR = 3600


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


class TestKey:
    """The private key."""

    def test_line_ends_may_be_spelled_out_as_environments_have_them(self, stage: Stage) -> None:
        spelled = stage.github.app.private_key.replace("\n", "\\n")
        app = GitHubApp(stage.github.app.id, spelled, stage.github.url, manners=stage.app.manners)
        assert app.slug == "gatehouse"

    @pytest.mark.parametrize(
        "text", ["", "secret", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"]
    )
    def test_a_key_that_is_none_is_refused_without_being_shown(self, stage: Stage, text: str) -> None:
        with pytest.raises(UserError, match=r"put the whole of the \.pem file") as refused:
            GitHubApp(1, text, stage.github.url, manners=stage.app.manners)
        assert "AAAA" not in str(refused.value)

    def test_a_key_of_another_kind_is_refused(self, stage: Stage) -> None:
        key = ed25519.Ed25519PrivateKey.generate()
        form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, form, bare).decode()
        with pytest.raises(UserError, match="no RSA key"):
            GitHubApp(1, pem, stage.github.url, manners=stage.app.manners)

    def test_the_key_of_another_app_is_refused_with_a_hint(self, stage: Stage) -> None:
        other = stage.github.new_app("other")
        app = GitHubApp(stage.github.app.id, other.private_key, stage.github.url, manners=stage.app.manners)
        with pytest.raises(Unavailable, match="mlops doctor"):
            GitHubForge(app, NAME, folder=stage.folder / "other").main_head()


class TestToken:
    """Installation tokens."""

    def test_nothing_is_asked_before_it_is_needed(self, stage: Stage) -> None:
        assert stage.asked() == 0
        assert stage.app.login == "gatehouse[bot]"
        assert stage.app.login == "gatehouse[bot]"
        assert stage.asked() == 1

    def test_it_has_named_permissions_for_one_repository(self, stage: Stage) -> None:
        stage.github.repository("acme/secrets")
        stage.forge.main_head()
        (token,) = stage.github.hub.tokens.values()
        assert token.permissions == {**PERMISSIONS, "statuses": "read"}
        assert token.repositories == frozenset({stage.people.repository.id})

    def test_one_that_was_not_granted_is_not_asked_for(self, stage: Stage) -> None:
        stage.github.installation.permissions = {"contents": "write", "metadata": "read", "secrets": "write"}
        stage.forge.main_head()
        (token,) = stage.github.hub.tokens.values()
        assert token.permissions == {"contents": "write", "metadata": "read"}

    def test_it_is_used_until_shortly_before_it_expires(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.time.now += HOUR - 310
        stage.forge.main_head()
        assert len(stage.github.requests_to("access_tokens")) == 1
        stage.time.now += 20
        stage.forge.main_head()
        assert len(stage.github.requests_to("access_tokens")) == 2
        assert len(stage.github.requests_to("/installation$")) == 1

    def test_one_that_github_no_longer_takes_is_renewed_at_once(self, stage: Stage) -> None:
        head = stage.forge.main_head()
        stage.github.expire_tokens()
        assert stage.forge.main_head() == head

    def test_an_app_that_is_installed_nowhere_says_where_to_install_it(self, stage: Stage) -> None:
        stage.github.uninstall(stage.github.installation)
        with pytest.raises(Unavailable, match=f"no installation of this App on {NAME}: install it there"):
            stage.forge.main_head()

    def test_an_app_that_was_installed_again_is_found_again(self, stage: Stage) -> None:
        head = stage.forge.main_head()
        stage.github.uninstall(stage.github.installation)
        stage.github.expire_tokens()
        with pytest.raises(Unavailable):
            stage.forge.main_head()
        stage.github.install(stage.github.app, "acme")
        assert stage.forge.main_head() == head

    def test_a_suspended_installation_is_named(self, stage: Stage) -> None:
        stage.github.suspend(stage.github.installation)
        with pytest.raises(Unavailable, match="suspended"):
            stage.forge.main_head()

    def test_a_repository_that_the_installation_may_not_see_is_like_none(self, stage: Stage) -> None:
        stage.github.installation.selected = {"acme/another"}
        with pytest.raises(Unavailable, match="no installation"):
            stage.forge.main_head()

    def test_a_permission_that_is_missing_later_is_a_sentence_with_a_hint(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.installation.permissions["contents"] = "read"
        with pytest.raises(Unavailable, match=r"GitHub refuses POST /repos/.*\(403: .*mlops doctor"):
            stage.forge.commit("mlops/P1-a", {STAGING: b"x"}, message="m", at=0)


class TestName:
    """A repository that is renamed, replaced or gone."""

    def test_a_rename_is_followed_at_once_and_after_a_restart(self, stage: Stage) -> None:
        head = stage.forge.main_head()
        stage.people.rename("classifiers")
        assert stage.forge.main_head() == head
        number = stage.ask()
        assert stage.forge.pull_request(number).url.endswith("/acme/classifiers/pull/1")
        assert stage.another().main_head() == head

    def test_a_rename_before_the_first_look_is_followed_too(self, stage: Stage) -> None:
        stage.people.rename("classifiers")
        assert stage.forge.main_head() == stage.people.head()
        assert stage.forge.repository.name == "acme/classifiers"

    def test_the_query_is_kept_on_the_way_to_the_new_name(self, stage: Stage) -> None:
        stage.ask()
        stage.people.rename("classifiers")
        assert [pull.number for pull in stage.forge.open_pull_requests()] == [1]
        assert stage.github.requests_to("classifiers/pulls$")[-1].query["state"] == "open"

    def test_another_repository_under_the_old_name_is_not_ours(self, stage: Stage) -> None:
        head = stage.forge.main_head()
        stage.people.rename("classifiers")
        stage.people.repository.former_names.clear()
        impostor = stage.github.repository("acme/another")
        impostor.rename("models")
        impostor.push("mallory", "main", {"policies/people.yaml": "mallory: governor"})
        assert stage.another().main_head() == head

    def test_a_repository_that_is_gone_is_not_replaced_by_its_namesake(self, stage: Stage) -> None:
        stage.forge.main_head()
        del stage.github.hub.repositories[stage.people.repository.id]
        stage.github.repository("acme/another").rename("models")
        with pytest.raises(Unavailable, match=r"number \d+\) is gone|GitHub refuses POST"):
            stage.another().main_head()
