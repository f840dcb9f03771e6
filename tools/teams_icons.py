"""Draw the two icons that a Teams app needs: `python tools/teams_icons.py manifest/teams`.

A gatehouse: two towers with battlements, and the gate between them. The colour icon has 192 x 192 pixels; the outline
icon has 32 x 32, white on nothing.
https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons
"""

import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

Colour = tuple[int, int, int, int]
Shape = Callable[[float, float], bool]
BLUE, WHITE, NOTHING = (31, 78, 121, 255), (255, 255, 255, 255), (255, 255, 255, 0)
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
WALLS: tuple[Box, ...] = ((0.06, 0.08, 0.34, 0.94), (0.66, 0.08, 0.94, 0.94), (0.34, 0.30, 0.66, 0.94))
"""Two towers and what joins them."""
ARCH_X, ARCH_Y, ARCH_RADIUS = 0.5, 0.62, 0.115
GAPS: tuple[Box, ...] = ((0.15, 0.08, 0.25, 0.20), (0.75, 0.08, 0.85, 0.20), (0.385, 0.62, 0.615, 0.94))
"""Between the battlements, and the gate below its arch."""
FINE = 8
"""Samples along each side of a pixel."""


def gatehouse(x: float, y: float) -> bool:
    """Is this point, from 0 to 1 in both directions, part of the building?"""
    wide, high = x - ARCH_X, y - ARCH_Y
    in_arch = wide**2 + high**2 < ARCH_RADIUS**2
    return any(_inside(box, x, y) for box in WALLS) and not in_arch and not any(_inside(box, x, y) for box in GAPS)


def outline(x: float, y: float) -> bool:
    """Is this point on the building's edge, a sixteenth thick?"""
    step = 1 / 16
    near = [(x + dx * step, y + dy * step) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return gatehouse(x, y) and not all(gatehouse(*point) for point in near)


def _inside(box: Box, x: float, y: float) -> bool:
    left, top, right, bottom = box
    return left <= x <= right and top <= y <= bottom


def picture(size: int, shape: Shape, *, ink: Colour, paper: Colour, margin: float) -> bytes:
    """Return a PNG of a shape on a square, with soft edges."""
    rows = b"".join(
        b"\0"
        + b"".join(bytes(_mixed(ink, paper, _covered(shape, size, margin, column, row))) for column in range(size))
        for row in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _covered(shape: Shape, size: int, margin: float, column: int, row: int) -> float:
    scale = 1 - 2 * margin
    samples = [
        shape(
            ((column + (across + 0.5) / FINE) / size - margin) / scale,
            ((row + (down + 0.5) / FINE) / size - margin) / scale,
        )
        for across in range(FINE)
        for down in range(FINE)
    ]
    return sum(samples) / len(samples)


def _mixed(ink: Colour, paper: Colour, share: float) -> tuple[int, ...]:
    return tuple(round(paper[part] + (ink[part] - paper[part]) * share) for part in range(4))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def main(folder: Path) -> None:
    """Write both icons into a folder."""
    folder.joinpath("color.png").write_bytes(picture(192, gatehouse, ink=WHITE, paper=BLUE, margin=0.2))
    folder.joinpath("outline.png").write_bytes(picture(32, outline, ink=WHITE, paper=NOTHING, margin=0.03))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
