"""Does a slot keep its port, and does nobody get one that is taken?"""

import json
import os
import socket
from pathlib import Path

import pytest

from gates.refusal import Unavailable
from workflows.targets.ports import PortBook


def port_of(book: PortBook, slot: str) -> int:
    with book.listen(slot) as listening:
        port: int = listening.getsockname()[1]
        return port


def test_slots_get_the_first_free_ports_and_keep_them_across_restarts(tmp_path: Path, first_port: int) -> None:
    path = tmp_path / "target" / "ports.json"
    first = [port_of(PortBook(path, first_port=first_port), slot) for slot in ("a", "b", "c")]
    again = [port_of(PortBook(path, first_port=first_port), slot) for slot in ("c", "b", "a")]
    assert first[0] >= first_port
    assert first == sorted(set(first))
    assert again == list(reversed(first))
    assert json.loads(path.read_text()) == dict(zip("abc", first, strict=True))


def test_a_new_slot_passes_over_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        assert port_of(PortBook(tmp_path / "ports.json", first_port=taken), "a") > taken


def test_a_remembered_port_held_by_a_stranger_is_named_with_its_holder(tmp_path: Path, first_port: int) -> None:
    path = tmp_path / "ports.json"
    with PortBook(path, first_port=first_port).listen("bank/loan in staging") as stranger:
        port = stranger.getsockname()[1]
        with pytest.raises(Unavailable) as refused:
            PortBook(path, first_port=first_port).listen("bank/loan in staging")
    assert f"Port {port} on 127.0.0.1 belongs to bank/loan in staging, but " in str(refused.value)
    assert f"(process {os.getpid()}) holds it" in str(refused.value)
    assert str(path) in str(refused.value)


def test_when_no_port_is_free_the_range_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    path.write_text(json.dumps({"other": 65535}))
    with pytest.raises(Unavailable, match=r"No port from 65535 to 65535 on 127\.0\.0\.1 is free"):
        PortBook(path, first_port=65535).listen("a")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": "5601"}', '{"a": true}'])
def test_a_book_that_cannot_be_read_is_not_overwritten(tmp_path: Path, first_port: int, text: str) -> None:
    path = tmp_path / "ports.json"
    path.write_text(text)
    with pytest.raises(Unavailable, match="mend it, or delete it"):
        PortBook(path, first_port=first_port).listen("a")
    assert path.read_text() == text
