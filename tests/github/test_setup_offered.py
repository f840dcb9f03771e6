"""When is the page offered, and which GitHub is meant by what a person types there?"""

from pathlib import Path

import pytest

from bot.github.setup.attempts import MOST, Attempts
from bot.github.setup.offer import app_setup
from bot.github.setup.site import GITHUB, site_of
from gates.refusal import UserError
from tests.github.setup_desk import PUBLIC, SETTINGS, desk_settings


class TestWhen:
    """When it is offered at all."""

    def test_only_a_server_without_an_app_that_github_can_reach_offers_it(self, tmp_path: Path) -> None:
        tokens = iter("abc")
        found = app_setup(desk_settings(tmp_path), clock=lambda: 0, tell=print, token=lambda: next(tokens))
        assert found is not None
        assert found.address == f"{PUBLIC}/github/setup?key=a"
        with_app = desk_settings(tmp_path, SETTINGS + "github: {app_id: 1}\n")
        nowhere = desk_settings(tmp_path, SETTINGS.replace("server:", "receipts: {}\n#"))
        assert app_setup(with_app, clock=lambda: 0, tell=print) is None
        assert app_setup(nowhere, clock=lambda: 0, tell=print) is None

    def test_every_server_has_a_key_of_its_own(self, tmp_path: Path) -> None:
        settings = desk_settings(tmp_path)
        keys = {setup.key for _ in range(5) if (setup := app_setup(settings, clock=lambda: 0, tell=print))}
        assert len(keys) == 5
        assert min(map(len, keys)) >= 43

    def test_the_oldest_form_gives_way_when_too_many_are_open(self) -> None:
        attempts = Attempts(clock=lambda: 0)
        first, *_, last = [attempts.begin(GITHUB, "browser") for _ in range(MOST + 1)]
        assert attempts.take(first.state, "browser") is None
        assert attempts.take(last.state, "browser") == last


class TestSite:
    """Which GitHub is meant."""

    @pytest.mark.parametrize(
        ("typed", "web", "api", "app"),
        [
            ("", "https://github.com", "https://api.github.com", "https://github.com/apps/a"),
            ("https://GitHub.com/", "https://github.com", "https://api.github.com", "https://github.com/apps/a"),
            ("acme.ghe.com", "https://acme.ghe.com", "https://api.acme.ghe.com", "https://acme.ghe.com/apps/a"),
            (
                "git.acme:8443",
                "https://git.acme:8443",
                "https://git.acme:8443/api/v3",
                "https://git.acme:8443/github-apps/a",
            ),
        ],
    )
    def test_each_kind_has_its_own_addresses(self, typed: str, web: str, api: str, app: str) -> None:
        site = site_of(typed)
        assert (site.web, site.api, site.app_page("a")) == (web, api, app)

    @pytest.mark.parametrize("typed", ["http://github.com", "a b", "-x", "x/y", "x?y", "a" * 300])
    def test_what_is_no_host_is_refused(self, typed: str) -> None:
        with pytest.raises(UserError, match="no host name"):
            site_of(typed)
