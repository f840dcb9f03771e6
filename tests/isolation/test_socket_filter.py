"""Does the filter allow exactly the sockets that it should?"""

import errno
import struct

from hypothesis import given
from hypothesis import strategies as st

from workflows.isolation.seccomp import IO_URING_SETUP, SOCKET_CALL, X32_CALLS, Step, program

ARCHITECTURE, SOCKET = SOCKET_CALL["x86_64"]
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x80000000
WORD = st.integers(0, 2**32 - 1)
CALL = st.one_of(WORD, st.sampled_from([0, 1, SOCKET, IO_URING_SETUP, X32_CALLS, X32_CALLS + SOCKET]))
FAMILY = st.one_of(WORD, st.sampled_from([1, 2, 10, 16, 17]))
TYPE = st.one_of(WORD, st.sampled_from([1, 2, 3, 1 | 0o2000000, 2 | 0o4000]))
PROTOCOL = st.one_of(WORD, st.sampled_from([0, 6, 17, 132, 262]))


def verdict(steps: tuple[Step, ...], call: int, architecture: int, arguments: tuple[int, int, int]) -> int:
    """Run the program as the kernel would (linux/Documentation/networking/filter)."""
    words = struct.pack("=IIQQQQQQQ", call, architecture, 0, *arguments, 0, 0, 0)
    place, held = 0, 0
    while True:
        code, if_true, if_false, value = steps[place]
        place += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = struct.unpack_from("=I", words, value)[0]
        elif code == 0x54:
            held &= value
        else:
            holds = {0x15: held == value, 0x35: held >= value}[code]
            place += if_true if holds else if_false


@given(call=CALL, family=FAMILY, kind=TYPE, protocol=PROTOCOL)
def test_without_a_port_every_other_call_passes_and_no_socket_is_made(
    call: int, family: int, kind: int, protocol: int
) -> None:
    refused = call in {SOCKET, IO_URING_SETUP} or call >= X32_CALLS
    answer = verdict(program(ARCHITECTURE, SOCKET, listens=False), call, ARCHITECTURE, (family, kind, protocol))
    assert answer == (REFUSE if refused else ALLOW)


@given(family=FAMILY, kind=TYPE, protocol=PROTOCOL)
def test_a_server_makes_tcp_sockets_only(family: int, kind: int, protocol: int) -> None:
    is_tcp = family in {2, 10} and kind & 0xF == 1 and protocol in {0, 6}
    answer = verdict(program(ARCHITECTURE, SOCKET, listens=True), SOCKET, ARCHITECTURE, (family, kind, protocol))
    assert answer == (ALLOW if is_tcp else REFUSE)


@given(call=CALL, architecture=WORD.filter(lambda word: word != ARCHITECTURE))
def test_calls_in_the_manner_of_another_architecture_end_the_process(call: int, architecture: int) -> None:
    for listens in (True, False):
        assert verdict(program(ARCHITECTURE, SOCKET, listens=listens), call, architecture, (2, 1, 0)) == KILL
