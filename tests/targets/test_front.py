"""Does one address answer for whichever version serves, and refuse nobody meanwhile?"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.refusal import Unavailable
from tests.targets.origin import Origin
from workflows.targets.front import Door, Front
from workflows.targets.relay import HOP_BY_HOP, end_to_end
from workflows.targets.upstream import Upstream

MEBIBYTE = 1 << 20


Build = Callable[[str], Origin]


@pytest.fixture
def front() -> Iterator[Front]:
    front = Front(max_body_bytes=4 * MEBIBYTE, answer_seconds=10.0)
    yield front
    front.close()


@pytest.fixture
def door(front: Front) -> Door:
    return front.open(listening(), "bank/loan-approval in production")


def listening() -> socket.socket:
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    found.listen(512)
    return found


def upstream(origin: Origin) -> Upstream:
    return Upstream(port=origin.port, version=origin.version)


def invoke(door: Door, content: bytes = b"{}") -> httpx.Response:
    return httpx.post(f"{door.url}/invocations", content=content, timeout=20, trust_env=False)


def test_an_answer_passes_through_and_says_which_version_gave_it(door: Door, origin: Build) -> None:
    door.point(upstream(origin("7")))
    response = invoke(door, b'{"inputs": []}')
    assert response.status_code == 200
    assert response.json() == {"predictions": ["7"], "bytes": 14}
    assert response.headers["X-Gatehouse-Version"] == "7"


@pytest.mark.parametrize("path", ["/ping", "/health", "/version"])
def test_the_paths_of_a_scoring_server_pass_through(door: Door, origin: Build, path: str) -> None:
    behind = origin("7")
    door.point(upstream(behind))
    assert httpx.get(f"{door.url}{path}?verbose=1", trust_env=False).status_code == 200
    assert [seen[0] for seen in behind.seen] == [f"{path}?verbose=1"]


def test_other_paths_are_not_shown_to_the_world(door: Door, origin: Build) -> None:
    behind = origin("7")
    door.point(upstream(behind))
    response = httpx.get(f"{door.url}/docs", trust_env=False)
    assert (response.status_code, behind.seen) == (404, [])
    assert response.json() == {"error": "There is no /docs here; ask one of /ping, /health, /version, /invocations."}


def test_without_a_version_the_answer_is_503_and_says_so(door: Door) -> None:
    response = invoke(door)
    assert response.status_code == 503
    assert response.json() == {"error": "No version serves bank/loan-approval in production now."}


def test_a_version_that_died_is_answered_for_with_502_and_one_sentence(door: Door, origin: Build) -> None:
    behind = origin("7")
    door.point(upstream(behind))
    behind.close()
    response = invoke(door)
    assert response.status_code == 502
    assert response.json() == {
        "error": "Version 7 of bank/loan-approval in production does not answer; nothing was predicted."
    }


def test_a_version_that_takes_too_long_is_answered_for_with_504(origin: Build) -> None:
    front, behind = Front(answer_seconds=0.2), origin("7")
    door = front.open(listening(), "bank/loan-approval in production")
    door.point(upstream(behind))
    behind.held.clear()
    response = invoke(door)
    front.close()
    assert response.status_code == 504
    assert response.json() == {"error": "Version 7 of bank/loan-approval in production took too long to answer."}


def test_an_answer_that_breaks_off_breaks_off_for_the_caller_too(door: Door, origin: Build) -> None:
    door.point(upstream(origin("7")))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{door.url}/version?die", trust_env=False)
    assert invoke(door).status_code == 200


def test_connection_headers_stay_behind_and_the_version_cannot_be_faked(door: Door, origin: Build) -> None:
    behind = origin("7")
    door.point(upstream(behind))
    sent = {
        "Connection": "X-Secret-Hop",
        "X-Secret-Hop": "1",
        "TE": "trailers",
        "X-Gatehouse-Version": "9",
        "X-Mine": "1",
    }
    response = httpx.get(f"{door.url}/ping", headers=sent, trust_env=False)
    received = behind.seen[0][1]
    assert not {"x-secret-hop", "te", "x-gatehouse-version"} & received.keys()
    assert (received["x-mine"], received["host"]) == ("1", f"127.0.0.1:{behind.port}")
    assert (response.headers.get_list("X-Gatehouse-Version"), response.headers["X-Kept"]) == (["7"], "yes")
    assert "X-Dropped" not in response.headers


def test_a_version_name_from_a_registry_cannot_add_headers(door: Door, origin: Build) -> None:
    door.point(upstream(origin("7\r\nSet-Cookie: ä")))
    response = invoke(door)
    assert response.headers["X-Gatehouse-Version"] == "7%0D%0ASet-Cookie%3A%20%C3%A4"
    assert "Set-Cookie" not in response.headers


def test_a_large_body_passes_whole_with_and_without_its_length(door: Door, origin: Build) -> None:
    behind = origin("7")
    door.point(upstream(behind))
    body = bytes(range(256)) * (3 * MEBIBYTE // 256)
    pieces = (body[start : start + 70_000] for start in range(0, len(body), 70_000))
    assert invoke(door, body).json()["bytes"] == len(body)
    chunked = httpx.post(f"{door.url}/invocations", content=pieces, timeout=20, trust_env=False)
    assert chunked.json()["bytes"] == len(body)
    assert all(seen[2] == body for seen in behind.seen)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused_with_413_and_the_limit(door: Door, origin: Build, *, chunked: bool) -> None:
    door.point(upstream(origin("7")))
    piece = b"x" * MEBIBYTE
    content = iter([piece] * 5) if chunked else piece * 5
    response = httpx.post(f"{door.url}/invocations", content=content, timeout=20, trust_env=False)
    assert response.status_code == 413
    assert response.json() == {"error": f"The request is larger than the {4 * MEBIBYTE} bytes allowed here."}
    assert invoke(door).status_code == 200


def test_a_request_in_flight_finishes_on_the_version_it_began_with(door: Door, origin: Build) -> None:
    old, new = origin("1"), origin("2")
    first = upstream(old)
    door.point(first)
    old.held.clear()
    with ThreadPoolExecutor(2) as pool:
        begun = pool.submit(invoke, door)
        assert old.arrived.acquire(timeout=10)
        assert door.point(upstream(new)) is first
        assert invoke(door).json()["predictions"] == ["2"]
        assert door.drain(first, 0.05) == 1
        draining = pool.submit(door.drain, first, 10.0)
        old.held.set()
        assert draining.result() == 0
        assert begun.result().json()["predictions"] == ["1"]


def test_two_hundred_callers_at_once_are_all_answered(door: Door, origin: Build) -> None:
    behind = origin("1")
    serving = upstream(behind)
    door.point(serving)
    behind.held.clear()
    with ThreadPoolExecutor(200) as pool:
        asked = [pool.submit(raw_invoke, door.port) for _ in range(200)]
        for _ in asked:
            assert behind.arrived.acquire(timeout=20)
        assert serving.in_flight == 200
        behind.held.set()
        assert {answer.result() for answer in asked} == {b"HTTP/1.1 200 OK"}
    assert door.drain(serving, 5.0) == 0


def raw_invoke(port: int) -> bytes:
    """Ask without a client library: two hundred of its pools would be the slow part."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        return connection.makefile("rb").read().partition(b"\r\n")[0]


def test_switching_under_load_refuses_and_loses_nothing(door: Door, origin: Build) -> None:
    origins = [origin(str(number)) for number in range(6)]
    door.point(upstream(origins[0]))
    enough = threading.Event()

    def keep_asking() -> list[str]:
        with httpx.Client(base_url=door.url, timeout=20, trust_env=False) as caller:
            answers = []
            while not enough.is_set():
                response = caller.post("/invocations", content=b"{}")
                answers.append(response.json()["predictions"][0] if response.status_code == 200 else response.text)
                assert response.headers["X-Gatehouse-Version"] == answers[-1]
            return answers

    with ThreadPoolExecutor(8) as pool:
        callers = [pool.submit(keep_asking) for _ in range(8)]
        for following in origins[1:]:
            for _ in range(20):  # let each version answer a while
                assert origins[origins.index(following) - 1].arrived.acquire(timeout=10)
            former = door.point(upstream(following))
            assert former is not None
            assert door.drain(former, 10.0) == 0
            next(each for each in origins if each.port == former.port).close()
        assert origins[-1].arrived.acquire(timeout=10)
        enough.set()
        answered = [caller.result() for caller in callers]
    assert all(answers == sorted(answers) for answers in answered), "after a switch nobody sees the former version"
    assert {answer for answers in answered for answer in answers} == {str(number) for number in range(6)}


def test_a_caller_that_goes_away_is_not_waited_for_for_ever(door: Door, origin: Build) -> None:
    serving = upstream(origin("1"))
    door.point(serving)
    with socket.create_connection(("127.0.0.1", door.port)) as connection:
        connection.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    assert invoke(door).status_code == 200
    assert door.drain(serving, 5.0) == 0


def test_a_closed_front_listens_no_more_and_says_so(door: Door, front: Front) -> None:
    front.close()
    front.close()
    with pytest.raises(httpx.ConnectError):
        invoke(door)
    with pytest.raises(Unavailable, match="front is closed"):
        door.point(None)


def test_closing_the_front_ends_a_wait_for_requests_in_flight(door: Door, front: Front, origin: Build) -> None:
    behind = origin("1")
    serving = upstream(behind)
    door.point(serving)
    behind.held.clear()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(raw_invoke, door.port)
        assert behind.arrived.acquire(timeout=10)
        draining = pool.submit(door.drain, serving, 60.0)
        front.close()
        behind.held.set()
        assert draining.exception(timeout=5) is None or isinstance(draining.exception(), Unavailable)


@given(
    st.lists(st.tuples(st.sampled_from([*sorted(HOP_BY_HOP), b"Accept", b"X-One", b"x-two"]), st.binary(max_size=4)))
)
def test_no_header_of_a_single_connection_is_ever_passed_on(headers: list[tuple[bytes, bytes]]) -> None:
    passed = end_to_end([*headers, (b"Connection", b"X-One")], frozenset({b"x-two"}))
    assert not {name for name, _ in passed} & {*HOP_BY_HOP, b"x-one", b"x-two"}
    accepted = [value for name, value in headers if name == b"Accept"]
    named = {part.strip().lower() for name, value in headers if name == b"connection" for part in value.split(b",")}
    assert [value for name, value in passed if name == b"accept"] == ([] if b"accept" in named else accepted)


def test_a_refusal_is_json_for_machines_too(door: Door) -> None:
    response = invoke(door)
    assert response.headers["Content-Type"] == "application/json"
    assert list(json.loads(response.content)) == ["error"]
