"""Are pictures painted alike, by whomever and on whichever machine?"""

import os
import struct
import zlib
from pathlib import Path

import pytest

from reports.pictures.album import pictures_of
from reports.pictures.svg import svg
from tests.fakes.painter import FakePainter
from tests.reports.loan_evidence import BARE, THOROUGH
from tests.reports.nasty import NASTY, nasty_evidence
from workflows.pictures.painter import Painter, ProcessPainter, painted, painted_evidence

LARGEST = 40_000
PAINTERS: tuple[Painter, ...] = (FakePainter(), ProcessPainter())
PICTURES = pictures_of(THOROUGH)


def size_of(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", png, 16)
    return width, height


@pytest.mark.parametrize("painter", PAINTERS, ids=["fake", "process"])
class TestPainter:
    """What every painter does."""

    def test_each_picture_is_a_png_and_the_same_again(self, painter: Painter) -> None:
        first, again = painted(painter, PICTURES), painted(painter, PICTURES)
        assert first == again
        assert list(first) == [picture.name for picture in PICTURES]
        assert len(set(first.values())) == len(first)
        for png in first.values():
            assert png.startswith(b"\x89PNG\r\n\x1a\n")
            assert png.endswith(b"IEND" + struct.pack(">I", zlib.crc32(b"IEND")))

    def test_nothing_to_paint_is_nothing(self, painter: Painter) -> None:
        assert painter.paint([]) == ()
        assert painted_evidence(painter, BARE) == {}

    def test_what_is_no_svg_is_a_bug_of_ours(self, painter: Painter) -> None:
        with pytest.raises(RuntimeError):
            painter.paint(["<svg"])


def test_without_a_painter_there_are_no_pictures() -> None:
    assert painted_evidence(None, THOROUGH) == {}


def test_pictures_are_sharp_and_small() -> None:
    for picture, png in zip(PICTURES, painted(ProcessPainter(), PICTURES).values(), strict=True):
        assert size_of(png)[0] == picture.width * 3 // 2
        assert len(png) <= LARGEST


def test_another_home_and_other_fonts_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = painted(ProcessPainter(), PICTURES)
    fonts = tmp_path / ".fonts"
    fonts.mkdir()
    for font in Path("/usr/share/fonts").rglob("DejaVuSerif.ttf"):
        (fonts / "LiberationSans-Regular.ttf").write_bytes(font.read_bytes())
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{fonts}</dir></fontconfig>")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert os.environ["FONTCONFIG_FILE"] == str(config)
    assert painted(ProcessPainter(), PICTURES) == before


def test_letters_that_only_the_machines_fonts_have_are_the_same_box_everywhere() -> None:
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">{}</svg>'
    text = "<text y='20' style='font-family:\\'Liberation Sans\\''>{}</text>".replace("\\'", '"')
    first, second = ProcessPainter().paint([frame.format(text.format(letter)) for letter in "漢字"])
    assert first == second


@pytest.mark.full
def test_whatever_is_in_the_facts_can_be_painted() -> None:
    pictures = [picture for text in NASTY[::5] for picture in pictures_of(nasty_evidence(text))]
    assert len(ProcessPainter().paint([svg(picture, alone=True) for picture in pictures])) == len(pictures)
