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

import numpy as np
import numpy.typing as npt

SCALE = 1.5
"""Pixels of a picture's unit: a forge shows each as one of the page's, so letters are as large as those around them."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
BEST, COLOURS = 9, 256
INDEXED, SUB = 3, 1
WRITTEN = [8, 6, 0, 0, 0]
"""Eight bits of red, green, blue and opacity; all of our pictures stand on a ground, so they are opaque."""
Pixels = npt.NDArray[np.uint8]


def main() -> None:
    """Convert what standard input holds."""
    import vl_convert  # noqa: PLC0415 - importing a module does nothing, of this one too

    svgs = json.load(sys.stdin)
    with ThreadPoolExecutor() as threads:
        pictures = list(threads.map(lambda svg: squeezed(vl_convert.svg_to_png(svg, scale=SCALE)), svgs))
    json.dump([base64.b64encode(picture).decode("ascii") for picture in pictures], sys.stdout)


def squeezed(png: bytes) -> bytes:
    """Return the same picture by a table of its colours: a tenth of what the converter writes.

    Its many shades between two colours are rounded until the table holds them, which no eye can tell.
    """
    width, height, pixels = _decoded(png)
    for bits in (8, 6, 5, 4):
        colours, places = _table(_rounded(pixels, bits))
        if len(colours) <= COLOURS:
            break
    else:
        return png
    rows = np.zeros((height, 1 + width), dtype=np.uint8)  # a filter in front of each row: none
    rows[:, 1:] = places
    header = struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)
    kept = (
        (b"IHDR", header),
        (b"PLTE", colours.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), BEST)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in kept)


def _decoded(png: bytes) -> tuple[int, int, Pixels]:
    """Return the pixels of what the converter writes: four bytes each, each less the one before it in its row."""
    chunks = list(_chunks(png))
    width, height, *kind = struct.unpack(">IIBBBBB", next(content for kind, content in chunks if kind == b"IHDR"))
    raw = zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT"))
    rows = np.frombuffer(raw, dtype=np.uint8).reshape(height, 1 + 4 * width)
    if kind != WRITTEN or (rows[:, 0] != SUB).any():
        raise ValueError("vl-convert writes PNG in another way now.")
    differences = rows[:, 1:].reshape(height, width, 4)
    return width, height, np.cumsum(differences, axis=1, dtype=np.uint8)[:, :, :3]


def _table(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """Return the colours that there are, and each pixel's place among them."""
    red, green, blue = (pixels[:, :, channel].astype(np.uint32) for channel in range(3))
    packed = (red << 16) | (green << 8) | blue
    there = np.zeros(2**24, dtype=np.bool_)
    there[packed] = True
    found = np.flatnonzero(there)
    place = np.zeros(2**24, dtype=np.uint8)
    place[found[:COLOURS]] = np.arange(min(len(found), COLOURS), dtype=np.uint8)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.uint8)
    return colours, place[packed]


def _rounded(pixels: Pixels, bits: int) -> Pixels:
    most = 2**bits - 1
    shades = np.array([round(round(shade * most / 255) * 255 / most) for shade in range(256)], dtype=np.uint8)
    return shades[pixels]


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
