"""Does `mlops serve` offer to make the App, say so in the terminal, and keep the offer off everybody else's way?"""

import io
import re
import threading
from pathlib import Path

import httpx

from bot.serve import serve
from bot.settings import Settings, settings_of
from bot.terminal.out import Out
from tests.bot.small_house import SmallHouse

SETTINGS = """\
server: {{port: 0, public_url: "{public}"}}
targets: {{local: {{kind: mlflow-server}}}}
projects:
  - name: a
    repository: r.git
    environments: [staging]
    registry: {{uri: "sqlite:///m.db"}}
    targets: {{staging: local}}
"""


class Heard(io.StringIO):
    """A terminal's error stream that says when a line with some words came."""

    def __init__(self) -> None:
        super().__init__()
        self.listening = threading.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if "Listening on" in self.getvalue():
            self.listening.set()
        return written


def made(folder: Path) -> Settings:
    settings = settings_of(SETTINGS.format(public="https://gatehouse.example.org"), where="app.yaml", folder=folder)
    settings.workspace.mkdir()
    return settings


def test_the_terminal_names_the_page_and_the_page_is_there(tmp_path: Path) -> None:
    house, heard, over = SmallHouse(), Heard(), threading.Event()
    out = Out(stdout=io.StringIO(), stderr=heard)
    thread = threading.Thread(target=serve, args=(made(tmp_path), out, house.open), kwargs={"over": over})
    thread.start()
    try:
        assert heard.listening.wait(20)
        said = heard.getvalue()
        path = re.search(r"Create the GitHub App at https://gatehouse.example.org(/github/setup\?key=[\w-]{43})", said)
        url = re.search(r"Listening on (\S+);", said)
        assert path is not None
        assert url is not None
        page = httpx.get(f"{url[1]}{path[1]}", headers={"Host": "gatehouse.example.org"})
        assert page.status_code == 200
        assert "Continue on github.com" in page.text
        assert httpx.get(f"{url[1]}/github/setup").status_code == 404
    finally:
        over.set()
        thread.join()
