"""Does a real browser show the scorecard, print it, and fetch nothing for it? Look at the pictures, too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.scorecard.page import render_scorecard
from tests.pages.browsers import launched, missing
from tests.reports.scorecard_evidence import FOUND, TOLD

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE, DESK = 390, 1_100
pytestmark = [pytest.mark.full, pytest.mark.skipif(bool(missing()), reason=missing())]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scorecard as a person downloads it."""
    path = tmp_path_factory.mktemp("scorecard") / "P4.html"
    path.write_text(render_scorecard(TOLD, FOUND, "1c9e40518b58"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's browser, headless."""
    with launched() as started:
        yield started


def opened(browser: Any, path: Path, *, width: int, scheme: str = "light") -> tuple[Any, list[str], list[str]]:  # noqa: ANN401 - playwright's
    """Open the page; return it, what it asked for, and what the console said."""
    view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    said: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: said.append(message.text))
    view.goto(path.as_uri())
    return view, asked, said


@pytest.mark.parametrize(
    ("name", "width", "scheme"), [("desk", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light")]
)
def test_the_page_fits_and_fetches_nothing(
    browser: Any,  # noqa: ANN401 - playwright's
    page_file: Path,
    name: str,
    width: int,
    scheme: str,
) -> None:
    view, asked, said = opened(browser, page_file, width=width, scheme=scheme)
    SCREENS.mkdir(parents=True, exist_ok=True)
    view.screenshot(path=SCREENS / f"scorecard-{name}.png", full_page=True)
    assert (asked, said) == ([page_file.as_uri()], [])
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    colour = "rgb(22, 22, 22)" if scheme == "dark" else "rgb(255, 255, 255)"
    assert view.evaluate("getComputedStyle(document.body).backgroundColor") == colour
    view.close()


def test_it_prints_in_black_on_white_and_cuts_no_row(browser: Any, page_file: Path) -> None:  # noqa: ANN401 - playwright's
    view, asked, _ = opened(browser, page_file, width=DESK, scheme="dark")
    SCREENS.mkdir(parents=True, exist_ok=True)
    printed = view.pdf(path=SCREENS / "scorecard.pdf", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert asked == [page_file.as_uri()]
    view.emulate_media(media="print")
    look = "(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])(document.body)"
    assert view.evaluate(look) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert view.evaluate("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    assert view.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    view.close()


def test_every_part_is_reached_by_keyboard_and_has_a_name(browser: Any, page_file: Path) -> None:  # noqa: ANN401 - playwright's
    view, _, _ = opened(browser, page_file, width=PHONE)
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.textContent") == "Skip to the summary"
    view.keyboard.press("Enter")
    assert view.url.endswith("#summary")
    tables = view.get_by_role("region").count()
    assert tables == view.evaluate("document.querySelectorAll('.wide').length")
    assert view.get_by_role("img").count() == view.evaluate("document.querySelectorAll('svg').length") > 0
    view.close()
