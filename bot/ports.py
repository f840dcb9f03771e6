"""Which ports does the server take, and can it have them?"""

import contextlib
import socket
from collections.abc import Iterator

from bot.settings import Settings
from gates.refusal import UserError

HERE = "127.0.0.1"


@contextlib.contextmanager
def bound(settings: Settings) -> Iterator[list[socket.socket]]:
    """Take the ports before anything else, so that a taken one is a plain sentence: ours, and that of pages alone."""
    server = settings.server
    if not server.on_loopback and not server.unsafe_listen_everywhere:
        raise UserError(
            f"server.host is {server.host}: others could reach it. Use 127.0.0.1 behind a proxy, or set"
            " server.unsafe_listen_everywhere: true."
        )
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(_taken(server.host, server.port, "server.port"))]
        if server.pages_port is not None:
            taken.append(stack.enter_context(_taken(HERE, server.pages_port, "server.pages_port")))
        yield taken


def _taken(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UserError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Set another {setting} in app.yaml."
        ) from error


def url_of(taken: socket.socket) -> str:
    """Return where a port is called at."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
