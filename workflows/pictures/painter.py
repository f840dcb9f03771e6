"""How do a promotion's pictures become PNG files beside its evidence?"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from gates.evidence import Evidence
from reports.pictures.album import pictures_of
from reports.pictures.picture import Picture
from reports.pictures.svg import svg

PROCESS = Path(__file__).with_name("process.py")
NO_FONTS = Path(__file__).with_name("no_fonts.conf")
SECONDS = 120
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR")
"""What the process sees of our environment: no secrets."""


class Painter(Protocol):
    """Whoever turns SVG into PNG."""

    def paint(self, svgs: Sequence[str]) -> tuple[bytes, ...]:
        """Return a PNG for each SVG; the same bytes for the same text."""


class ProcessPainter:
    """Implements `Painter` with vl-convert, which has its fonts with it.

    A process of its own is the only way to keep it from the machine's fonts, by an environment variable that other
    libraries read too; and its memory is given back.
    """

    def paint(self, svgs: Sequence[str]) -> tuple[bytes, ...]:
        """Return a PNG for each SVG; raises `RuntimeError` where the converter fails, which is a bug of ours."""
        if not svgs:
            return ()
        environment = {name: value for name in KEPT if (value := os.environ.get(name)) is not None}
        ended = subprocess.run(
            [sys.executable, "-I", str(PROCESS)],
            input=json.dumps(list(svgs)),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
            env=environment | {"FONTCONFIG_FILE": str(NO_FONTS)},
        )
        if ended.returncode:
            raise RuntimeError(f"vl-convert could not draw: {ended.stderr.strip()[-2_000:]}")
        return tuple(base64.b64decode(picture) for picture in json.loads(ended.stdout))


def painted(painter: Painter, pictures: Sequence[Picture]) -> Mapping[str, bytes]:
    """Return each picture's PNG by its name."""
    pngs = painter.paint([svg(picture, alone=True) for picture in pictures])
    return {picture.name: png for picture, png in zip(pictures, pngs, strict=True)}


def painted_evidence(painter: Painter | None, evidence: Evidence) -> Mapping[str, bytes]:
    """Return the PNG of every picture of the evidence by its name; none without a painter."""
    return {} if painter is None else painted(painter, pictures_of(evidence))
