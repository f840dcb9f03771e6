"""How are pictures painted, without a converter? Kept honest by tests/workflows/test_painter.py."""

import struct
import zlib
from collections.abc import Sequence
from xml.etree import ElementTree as ET


class FakePainter:
    """Implements `workflows.pictures.painter.Painter`: a picture of one grey pixel, which tells SVG texts apart."""

    def paint(self, svgs: Sequence[str]) -> tuple[bytes, ...]:
        """Return a PNG for each SVG, the same for the same text; refuses what is no SVG."""
        return tuple(map(_painted, svgs))


def _painted(svg: str) -> bytes:
    try:
        ET.fromstring(svg)  # noqa: S314 - made by us
    except ET.ParseError as error:
        raise RuntimeError(f"no SVG: {error}") from error
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    text = b"SVG\0" + f"{zlib.crc32(svg.encode()):08x}".encode()
    chunks = ((b"IHDR", header), (b"tEXt", text), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
