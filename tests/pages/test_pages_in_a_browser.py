"""Can people use the pages: in a real browser, without scripts, on a phone, in the dark, and with a screen reader?

The pictures that this leaves in build/screens/ are for a person to look at.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.browsers import Chromium, Window, missing_for_axe, started
from tests.pages.conftest import reading
from tests.world import MODEL, World

pytestmark = [pytest.mark.full, pytest.mark.skipif(bool(missing_for_axe()), reason=missing_for_axe())]

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PAGES = {
    "inbox": "/",
    "inbox-of-carol": "/?person=carol",
    "promotions": "/promotions",
    "promotion-waiting": "/promotions/P4",
    "promotion-blocked": "/promotions/P5",
    "promotion-promoted": "/promotions/P2",
    "promotion-evidence": "/promotions/P4/evidence",
    "promotion-card": "/promotions/P4/card",
    "promotion-scorecard": "/promotions/P4/scorecard",
    "models": "/models",
    "model": f"/models/default/{MODEL}",
    "card": f"/models/default/{MODEL}/card",
    "rulebook": "/rulebook",
    "ledger": "/ledger",
    "ledger-filtered": "/ledger?kind=approved&person=bob",
    "entry": "/ledger/12",
    "verified": "/ledger/verify?run=now",
}
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[Chromium]:
    with reading(world) as reader, started(reader.app) as chromium:
        yield chromium


def expect_quiet(window: Window) -> None:
    """Nothing was asked for elsewhere, and the browser had nothing to complain about."""
    assert [url for url in window.noticed.requests if not url.startswith(f"{window.base}/")] == []
    assert window.noticed.complaints == []


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_axe_finds_no_violation(browser: Chromium, size: str, scheme: str) -> None:
    found = {}
    width, height = SIZES[size]
    with browser.window(width=width, height=height, scheme=scheme, scripts=True) as window:
        for name, path in PAGES.items():
            window.open(path)
            found[name] = window.violations()
        expect_quiet(window)
    assert {where: violations for where, violations in found.items() if violations} == {}


def test_nothing_has_to_be_moved_sideways_at_320_pixels(browser: Chromium) -> None:
    with browser.window(width=320, height=640, scripts=True) as window:
        wide = {}
        for name, path in PAGES.items():
            window.open(path)
            wide[name] = window.overflow()
        assert {name: by for name, by in wide.items() if by > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_drawn_without_scripts(browser: Chromium, size: str, scheme: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[size]
    with browser.window(width=width, height=height, scheme=scheme) as window:
        for name, path in PAGES.items():
            window.open(path)
            window.page.screenshot(path=str(SCREENS / f"{name}-{size}-{scheme}.png"), full_page=True)
        expect_quiet(window)


def test_a_person_goes_from_what_waits_to_the_proof_of_what_happened(browser: Chromium) -> None:
    with browser.window(width=390, height=844) as window:
        page = window.page
        window.open("/")
        page.get_by_label("Person").select_option("carol")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="P4").first.click()
        assert page.url == f"{window.base}/promotions/P4"
        assert "P4" in page.get_by_role("heading", level=1).inner_text()
        page.locator(f'main a[href="/models/default/{MODEL}"]').first.click()
        assert page.get_by_role("heading", level=1).inner_text() == MODEL
        page.get_by_role("link", name="Ledger").click()
        page.get_by_label("About").fill("P4")
        page.get_by_label("Person").fill("bob")
        page.get_by_role("button", name="Filter").click()
        assert "bob: reads well" in page.locator("main").inner_text()
        page.get_by_role("link", name="Verify the trail").click()
        page.get_by_role("button", name="Verify now").click()
        assert page.get_by_role("heading", name="The trail holds").is_visible()
        expect_quiet(window)


def test_a_keyboard_is_enough(browser: Chromium) -> None:
    with browser.window(scripts=True) as window:
        window.open("/ledger")
        window.page.keyboard.press("Tab")
        focused = "document.activeElement.textContent"
        assert window.page.evaluate(focused) == "Skip to what this page is about"
        assert window.page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
        window.page.keyboard.press("Enter")
        window.page.keyboard.press("Tab")
        assert window.page.evaluate(focused) == "Verify the trail"


def test_a_page_that_is_not_there_is_a_page(browser: Chromium) -> None:
    with browser.window(width=320, height=640, scripts=True) as window:
        window.open("/promotions/P99")
        assert window.violations() == []
        assert window.overflow() <= 0
        window.page.screenshot(path=str(SCREENS / "missing-phone-light.png"))
