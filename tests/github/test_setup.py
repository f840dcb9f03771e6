"""Does the page that makes the App give it to whoever holds the terminal, and to nobody else?"""

import base64
import hashlib
import json
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github.app import PERMISSIONS
from bot.github.doctor.installation import SUBSCRIBED
from bot.github.setup.attempts import LIFETIME
from bot.github.setup.conversion import NewApp
from bot.github.setup.env_file import write_env
from bot.github.setup.page import fill
from gates.refusal import UserError
from tests.github.setup_desk import PUBLIC, Desk, setup_desk
from tests.seen import Seen


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with setup_desk(tmp_path) as made:
        yield made


class TestOffer:
    """The page with the form."""

    @pytest.mark.parametrize("query", [{}, {"key": ""}, {"key": "another"}, {"key": "the-key-of-this-serves"}])
    def test_without_the_key_there_is_no_such_page(self, desk: Desk, query: dict[str, str]) -> None:
        answer = desk.browser.get("/github/setup", params=query)
        assert (answer.status_code, answer.text) == (404, "Not Found")
        assert "set-cookie" not in answer.headers

    def test_its_form_posts_a_manifest_of_what_we_use_to_github(self, desk: Desk) -> None:
        page = desk.open(organisation="acme")
        form = page.all("form")[0]
        assert form["method"] == "post"
        assert re.fullmatch(
            r"https://github\.com/organizations/acme/settings/apps/new\?state=[\w-]{43}", form["action"]
        )
        assert json.loads(page.fields["manifest"]) == {
            "name": "Gatehouse acme",
            "url": PUBLIC,
            "hook_attributes": {"url": f"{PUBLIC}/github/webhook", "active": True},
            "redirect_url": f"{PUBLIC}/github/setup/done",
            "description": "Measures models, asks the right people, and moves what they approved.",
            "public": False,
            "default_permissions": PERMISSIONS,
            "default_events": sorted(SUBSCRIBED),
        }

    def test_without_an_organisation_the_app_is_ones_own(self, desk: Desk) -> None:
        page = desk.open()
        assert page.all("form")[0]["action"].startswith("https://github.com/settings/apps/new?state=")
        assert json.loads(page.fields["manifest"])["name"] == "Gatehouse gatehouse.example.org"

    def test_an_enterprise_server_is_another_place_to_post_to(self, desk: Desk) -> None:
        answer = desk.browser.get("/github/setup", params={"key": desk.setup.key, "github": "git.acme.example"})
        assert (
            Seen(answer.text).all("form")[0]["action"].startswith("https://git.acme.example/settings/apps/new?state=")
        )
        assert "form-action 'self' https://git.acme.example;" in answer.headers["content-security-policy"]

    @pytest.mark.parametrize(
        "query",
        [
            {"organisation": "acme/../evil"},
            {"organisation": '"><script>alert(1)</script>'},
            {"github": "javascript:alert(1)"},
            {"github": "github.com@evil.example/x"},
            {"github": "evil.example; script-src *"},
        ],
    )
    def test_what_is_no_name_is_refused_and_does_not_act(self, desk: Desk, query: dict[str, str]) -> None:
        answer = desk.browser.get("/github/setup", params={"key": desk.setup.key, **query})
        assert answer.status_code == 400
        assert "script" not in Seen(answer.text).tags
        assert "form-action 'none'" in answer.headers["content-security-policy"]

    def test_its_headers_let_it_do_nothing_else(self, desk: Desk) -> None:
        answer = desk.browser.get("/github/setup", params={"key": desk.setup.key})
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self' https://github.com; base-uri 'none'; frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert answer.headers["cache-control"] == "no-store"
        cookie = answer.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/github/setup"))

    def test_its_style_is_the_one_that_its_policy_names(self, desk: Desk) -> None:
        answer = desk.browser.get("/github/setup", params={"key": desk.setup.key})
        style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
        assert "prefers-color-scheme: dark" in style[1]

    def test_it_can_be_read_by_those_who_do_not_see_it(self, desk: Desk) -> None:
        html = desk.browser.get("/github/setup", params={"key": desk.setup.key}).text
        assert '<html lang="en">' in html
        assert "<title>Create the GitHub App - Gatehouse</title>" in html
        labelled = set(re.findall(r'<label for="(\w+)"', html))
        visible = set(re.findall(r'<input id="(\w+)"', html))
        assert labelled == visible == {"organisation", "github"}
        assert "<script" not in html


class TestDone:
    """Coming back from GitHub."""

    def test_the_app_is_kept_and_its_secrets_are_shown_nowhere(self, desk: Desk) -> None:
        app = desk.github.offer_manifest("gatehouse-acme", "c0de")
        status, page = desk.come_back(desk.state(), "c0de")
        assert status == 200
        assert "Gatehouse-Acme is made" in page.text
        assert f"github: app_id: {app.id}" in page.text
        assert page.links == ["https://github.com/apps/gatehouse-acme/installations/new"]
        assert f"set -a; . {desk.env_file}; set +a mlops serve" in page.text
        assert app.secret not in page.text
        assert "PRIVATE KEY" not in page.text
        assert desk.told == [f"GitHub made the App {app.id}; its secrets are in {desk.env_file}."]

    def test_a_shell_reads_the_file_exactly(self, desk: Desk) -> None:
        app = desk.github.offer_manifest("gatehouse", "c0de")
        app.secret = 'it\'s $HOME `id` \\ "quoted" secret'
        desk.come_back(desk.state(), "c0de")
        assert stat.S_IMODE(desk.env_file.stat().st_mode) == 0o600
        script = 'set -a; . "$1"; set +a; printf "%s|%s" "$GITHUB_WEBHOOK_SECRET" "$GITHUB_APP_PRIVATE_KEY"'
        shell = subprocess.run(["sh", "-euc", script, "sh", desk.env_file], capture_output=True, text=True, check=True)
        secret, _, key = shell.stdout.partition("|")
        assert secret == app.secret
        assert key.replace("\\n", "\n") == app.private_key.strip()
        assert "\n" not in key

    def test_a_state_is_good_once(self, desk: Desk) -> None:
        desk.github.offer_manifest("gatehouse", "c0de")
        state = desk.state()
        assert desk.come_back(state, "wrong")[0] == 400
        assert desk.come_back(state, "c0de")[0] == 403
        assert not desk.env_file.exists()

    def test_a_state_expires(self, desk: Desk) -> None:
        desk.github.offer_manifest("gatehouse", "c0de")
        state = desk.state()
        desk.now[0] += LIFETIME
        status, page = desk.come_back(state, "c0de")
        assert (status, "This page is good for an hour" in page.text) == (403, True)

    @pytest.mark.parametrize("state", ["", "another", "a" * 43])
    def test_a_state_that_we_did_not_give_is_refused(self, desk: Desk, state: str) -> None:
        desk.github.offer_manifest("gatehouse", "c0de")
        desk.state()
        assert desk.come_back(state, "c0de")[0] == 403
        assert desk.github.requests == []

    def test_a_state_in_another_browser_is_refused(self, desk: Desk) -> None:
        desk.github.offer_manifest("gatehouse", "c0de")
        state = desk.state()
        desk.browser.cookies.clear()
        assert desk.come_back(state, "c0de")[0] == 403

    def test_two_open_pages_both_work_and_the_first_app_is_kept(self, desk: Desk) -> None:
        desk.github.offer_manifest("one", "c1")
        desk.github.offer_manifest("two", "c2")
        first, second = desk.state(), desk.state()
        assert desk.come_back(first, "c1")[0] == 200
        kept = desk.env_file.read_bytes()
        status, page = desk.come_back(second, "c2")
        assert status == 400
        assert "is never overwritten" in page.text
        assert desk.env_file.read_bytes() == kept
        assert "c2" in desk.github.hub.conversions

    @pytest.mark.parametrize("code", ["", "old", "../../user", "a/b", "x" * 300])
    def test_a_code_that_github_does_not_know_is_one_sentence(self, desk: Desk, code: str) -> None:
        status, page = desk.come_back(desk.state(), code)
        assert status == 400
        assert "GitHub does not know this code: it is good for an hour and for one use." in page.text
        assert all(seen.path.startswith("/app-manifests/") for seen in desk.github.requests)

    @pytest.mark.parametrize("trouble", [500, 0])
    def test_when_github_does_not_answer_the_page_can_be_loaded_again(self, desk: Desk, trouble: int) -> None:
        desk.github.offer_manifest("gatehouse", "c0de")
        desk.github.fail("/conversions", trouble)
        state = desk.state()
        status, page = desk.come_back(state, "c0de")
        assert status == 503
        assert "again" in page.text
        assert desk.come_back(state, "c0de")[0] == 200

    def test_an_answer_that_is_none_of_githubs_shows_nothing_of_it(self, desk: Desk) -> None:
        app = desk.github.offer_manifest("gatehouse", "c0de")
        app.slug = "../evil"
        status, page = desk.come_back(desk.state(), "c0de")
        assert status == 400
        assert "described it in an unknown way" in page.text
        assert "evil" not in page.text
        assert not desk.env_file.exists()

    def test_a_name_from_github_is_text(self, tmp_path: Path) -> None:
        described = {"id": 7, "slug": "a", "name": "<img src=x onerror=alert(1)>", "pem": "p", "webhook_secret": "s"}
        app = NewApp.model_validate(described)
        page = fill("made.html.j2", app=app, path=tmp_path, lines="l", restart="r", install="https://github.com/i")
        assert "img" not in Seen(page.html).tags


class TestWhen:
    """When it is offered at all."""

    def test_a_file_with_secrets_is_never_overwritten(self, desk: Desk) -> None:
        desk.env_file.write_text("KEY=precious\n", encoding="utf-8")
        answer = desk.browser.get("/github/setup", params={"key": desk.setup.key})
        assert answer.status_code == 400
        assert "holds an App&#39;s secrets already" in answer.text
        with pytest.raises(UserError, match="never overwritten"):
            write_env(desk.env_file, {"KEY": "other"})
        assert desk.env_file.read_text(encoding="utf-8") == "KEY=precious\n"
        assert [path.name for path in desk.env_file.parent.iterdir()] == ["github-app.env"]
