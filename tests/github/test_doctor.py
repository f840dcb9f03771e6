"""Does `mlops doctor` say what is wrong on GitHub's side, and nothing of what is right?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github.app import PERMISSIONS
from bot.github.doctor.installation import SUBSCRIBED, WITHOUT
from bot.github.events import EVENTS
from bot.terminal.main import main
from tests.github.patient import PUBLIC, STRONG, Patient, sound_patient

MINUTE = 60
INSTALLATION = "https://github.com/organizations/acme/settings/installations/5001"
APP_SETTINGS = "https://github.com/organizations/acme/settings/apps/gatehouse"


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    with sound_patient(tmp_path) as made:
        yield made


class TestSound:
    """An installation with which nothing is wrong."""

    def test_each_part_is_one_calm_line(self, patient: Patient) -> None:
        assert [str(one) for one in patient.examine()] == [
            "ok    the webhook's secret in GITHUB_WEBHOOK_SECRET is strong",
            "ok    GitHub takes us for its App 1001, gatehouse",
            "ok    the webhook delivers JSON to https://gatehouse.example.org/github/webhook",
            "ok    the last 2 deliveries arrived, by GitHub's log",
            "ok    loans: the App is installed for acme with the permissions it needs",
            "ok    loans: the App hears of all 12 events that it reads",
            "ok    loans: acme/models merges into main by a merge commit",
            "ok    loans: main asks for mlops/promotion, from this App alone",
            "ok    loans: those with a role in policies/people.yaml can decide on GitHub",
        ]

    def test_nothing_is_written_anywhere_but_the_token_that_reading_needs(self, patient: Patient) -> None:
        before = sorted(patient.folder.rglob("*"))
        patient.examine()
        writes = {(seen.method, seen.path) for seen in patient.github.requests if seen.method != "GET"}
        assert writes == {("POST", "/app/installations/5001/access_tokens")}
        assert sorted(patient.folder.rglob("*")) == before

    def test_no_secret_is_ever_shown(self, patient: Patient) -> None:
        patient.github.app.secret = "short"
        patient.environment["GITHUB_WEBHOOK_SECRET"] = "hunter2"
        said = "\n".join(map(str, patient.examine()))
        assert "hunter2" not in said
        assert "PRIVATE KEY" not in said

    def test_an_installation_without_github_is_told_nothing(self, patient: Patient) -> None:
        patient.settings_text = (
            "targets: {local: {kind: mlflow-server}}\nprojects: [{name: a, repository: r.git, environments: [staging], "
            'registry: {uri: "sqlite:///m.db"}, targets: {staging: local}}]'
        )
        assert patient.examine() == []


class TestKey:
    """Whether GitHub knows us."""

    def test_a_variable_that_is_not_set_is_named(self, patient: Patient) -> None:
        del patient.environment["GITHUB_APP_PRIVATE_KEY"]
        (line,) = patient.complaints()
        assert line.startswith("bad   github.private_key_variable names GITHUB_APP_PRIVATE_KEY, which is not set")
        assert patient.github.requests == []

    def test_a_key_that_is_none_is_not_sent_anywhere(self, patient: Patient) -> None:
        patient.environment["GITHUB_APP_PRIVATE_KEY"] = "a key"
        (line,) = patient.complaints()
        assert "cannot be read: put the whole of the .pem file" in line
        assert patient.github.requests == []

    def test_the_key_of_another_app_is_refused_in_one_line(self, patient: Patient) -> None:
        patient.environment["GITHUB_APP_PRIVATE_KEY"] = patient.github.new_app("other").private_key
        (line,) = patient.complaints()
        assert line == (
            "bad   GitHub does not take the private key for App 1001 (401: A JSON web token could not be decoded) - "
            "compare github.app_id and github.base_url with the App's page, or make a new key there"
        )

    @pytest.mark.parametrize(
        ("minutes", "words"), [(-20, "20 minutes behind"), (20, "20 minutes ahead of")], ids=["slow", "fast"]
    )
    def test_a_wrong_clock_is_named_when_it_costs_the_signature(
        self, patient: Patient, minutes: int, words: str
    ) -> None:
        patient.now += minutes * MINUTE
        (line,) = patient.complaints()
        assert line.startswith(f"bad   GitHub refuses our signature: this machine's clock is {words} its own - set")

    def test_a_clock_that_is_a_little_wrong_is_a_warning(self, patient: Patient) -> None:
        patient.now -= 50
        (line,) = patient.complaints()
        assert line.startswith("warn  this machine's clock is 5")
        assert "seconds behind GitHub's; signatures soon fail - set this machine's clock by the network" in line

    def test_network_trouble_is_one_line(self, patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.github.manners.FIRST_BACKOFF", 0.0)
        patient.github.fail("", status=0, times=20)
        (line,) = patient.complaints()
        assert line.startswith("bad   GitHub does not carry out GET /app now: the connection failed")

    def test_something_else_at_the_address_is_one_line(self, patient: Patient) -> None:
        patient.settings_text = patient.settings_text.replace(patient.github.url, f"{patient.github.url}/api/v3")
        (line,) = patient.complaints()
        assert "compare github.app_id and github.base_url with the App's page" in line


class TestInstallation:
    """Where the App is installed, and what it may do there."""

    def test_an_app_that_is_not_installed_says_where_to_install_it(self, patient: Patient) -> None:
        patient.github.installation.selected = {"acme/another"}
        assert patient.complaints() == [
            (
                "bad   loans: the App is not installed on acme/models - install it at "
                "https://github.com/apps/gatehouse/installations/new, or mend `repository`"
            )
        ]

    def test_a_suspended_installation_is_named(self, patient: Patient) -> None:
        patient.github.suspend(patient.github.installation)
        assert patient.complaints() == [
            f"bad   loans: the App's installation is suspended - unsuspend it at {INSTALLATION}"
        ]

    def test_each_missing_permission_says_what_is_lost_and_where_to_grant_it(self, patient: Patient) -> None:
        patient.github.installation.permissions["checks"] = "read"
        del patient.github.app.permissions["deployments"]
        del patient.github.installation.permissions["deployments"]
        assert patient.complaints()[:2] == [
            (
                f"bad   loans: the App lacks the permission checks: write (no check and no button) - accept it at "
                f"{INSTALLATION}"
            ),
            (
                "bad   loans: the App lacks the permission deployments: write (promotions stop before the model is "
                f"switched) - choose Deployments: Read and write at {APP_SETTINGS}/permissions, then accept it at "
                f"{INSTALLATION}"
            ),
        ]

    @pytest.mark.parametrize("name", sorted(PERMISSIONS))
    def test_every_permission_that_we_use_has_a_reason(self, patient: Patient, name: str) -> None:
        del patient.github.installation.permissions[name]
        (line,) = [line for line in patient.complaints() if f"permission {name}: " in line]
        optional = name in {"administration", "members"}
        assert line.startswith("warn" if optional else "bad")
        assert f"({WITHOUT[name]})" in line

    def test_what_is_not_subscribed_to_is_named_by_what_it_costs(self, patient: Patient) -> None:
        patient.github.app.events.discard("issue_comment")
        patient.github.installation.events -= {"issue_comment", "team"}
        assert patient.complaints() == [
            (
                "bad   loans: the App does not hear of issue_comment - tick them at "
                f"{APP_SETTINGS}/permissions, below Subscribe to events"
            ),
            (
                "warn  loans: the App hears of team only when it sweeps - accept the App's new permissions at "
                f"{INSTALLATION}"
            ),
        ]

    def test_every_event_that_is_read_is_subscribed_to_or_comes_by_itself(self) -> None:
        assert set(EVENTS) - SUBSCRIBED == {"installation", "installation_repositories"}


class TestWebhook:
    """Whether deliveries reach us."""

    def test_the_wrong_address_is_compared_with_ours(self, patient: Patient) -> None:
        patient.github.app.hook_url = "https://old.example.org/github/webhook"
        (line,) = patient.complaints()
        assert line.startswith("bad   the webhook delivers to https://old.example.org/github/webhook - set the")
        assert f"{PUBLIC}/github/webhook at {APP_SETTINGS}" in line

    def test_an_app_without_a_webhook_says_where_to_switch_it_on(self, patient: Patient) -> None:
        patient.github.app.hook_url = ""
        (line,) = patient.complaints()
        assert line == (
            f"bad   the App has no active webhook - tick Active at {APP_SETTINGS}, with the webhook URL "
            f"{PUBLIC}/github/webhook"
        )

    def test_an_unknown_public_address_is_asked_for(self, patient: Patient) -> None:
        patient.settings_text = patient.settings_text.replace(f"public_url: {PUBLIC}", "public_url: null")
        (line,) = patient.complaints()
        assert line.startswith("warn  server.public_url is not set - set it to what comes before /github/webhook")

    def test_an_empty_log_says_how_to_fill_it(self, patient: Patient) -> None:
        patient.github.deliveries.clear()
        (line,) = patient.complaints()
        assert line.startswith("warn  GitHub has delivered nothing yet - start `mlops serve`, then")

    @pytest.mark.parametrize(
        ("status", "meaning"),
        [
            (401, "401: the webhook's secret on GitHub and in this server's environment differ"),
            (404, "404: another address, or a server whose app.yaml has no section github"),
            (502, "502: the proxy runs and `mlops serve` does not"),
            (0, "failed to connect to host: nobody answers at that address"),
            (418, "418: look at the response there"),
        ],
    )
    def test_failed_deliveries_are_counted_and_explained(self, patient: Patient, status: int, meaning: str) -> None:
        patient.deliver(status, status)
        (line,) = patient.complaints()
        assert line.startswith(f"bad   2 of the last 4 deliveries failed (2 x {meaning}")
        assert line.endswith(f"mend it, then redeliver at {APP_SETTINGS}/advanced")

    def test_failures_that_are_over_are_only_a_warning(self, patient: Patient) -> None:
        patient.deliver(502, 502, 401, 202)
        (line,) = patient.complaints()
        assert line.startswith("warn  3 of the last 6 deliveries failed (2 x 502: the proxy runs")
        assert "; 1 x 401: " in line
        assert "; the newest arrived - redeliver at" in line

    def test_content_type_and_certificates_are_looked_at(self, patient: Patient) -> None:
        patient.github.app.content_type, patient.github.app.insecure_ssl = "form", "1"
        lines = patient.complaints()
        assert lines[0].startswith("bad   the webhook's content type is form - choose application/json at")
        assert lines[1].startswith("bad   GitHub does not verify our certificate - enable SSL verification at")


def test_the_command_shows_it_among_everything_else(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(patient.folder)
    for name, value in patient.environment.items():
        monkeypatch.setenv(name, value)
    (patient.folder / "app.yaml").write_text(patient.settings_text, encoding="utf-8")
    patient.github.uninstall(patient.github.installation)
    assert main(["doctor", "--json"]) == 1
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert "GitHub takes us for its App 1001, gatehouse" in [check["text"] for check in checks]
    assert "loans: the App is not installed on acme/models" in [c["text"] for c in checks if c["state"] == "bad"]
    assert not any("no Git repository" in check["text"] for check in checks)
    assert STRONG not in str(checks)
