"""Are pages on the port that is theirs, and on no other, over the wire?"""

import socket
from pathlib import Path

import httpx
import pytest

from bot.pages.admission import ELSEWHERE
from bot.ports import bound, url_of
from bot.settings import ServerSettings, Settings
from gates.refusal import UserError
from tests.pages.browsers import served
from tests.pages.conftest import reading
from tests.world import World


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def settings(port: int) -> Settings:
    server = ServerSettings(port=0, pages_port=port, public_url="https://gate.example.com")
    return Settings(workspace=Path("nowhere"), targets={}, projects=(), server=server)


def test_pages_have_a_port_of_their_own_on_loopback(world: World) -> None:
    port = free()
    with (
        bound(settings(port)) as (others, own),
        reading(world, pages_port=port, public_url="https://gate.example.com") as reader,
        served(reader.app, others, own),
    ):
        assert url_of(own) == f"http://127.0.0.1:{port}"
        assert httpx.get(f"{url_of(own)}/").status_code == 200
        refused = httpx.get(f"{url_of(others)}/")
        assert (refused.status_code, ELSEWHERE in refused.text) == (403, True)
        posed = httpx.get(f"{url_of(others)}/", headers={"Host": f"127.0.0.1:{port}"})
        assert posed.status_code == 403
        assert httpx.get(f"{url_of(others)}/healthz").status_code == 200


def test_a_port_that_is_taken_is_a_plain_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(
                UserError, match=rf"Port {port} on 127.0.0.1 cannot be used .* Set another server.pages_port"
            ),
            bound(settings(port)),
        ):
            pytest.fail("it was taken")
