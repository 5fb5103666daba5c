"""A real browser on the real app: filter, follow a number to an article, share an address, see a new snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.snapshots import HERALD, HomeBuilder, Piece, usual_pieces

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")

from dashboard.screenshots import chromium, drawn, serving  # noqa: E402 - it needs Playwright
from dashboard.shell import POLL_SECONDS  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium: install one, or name it in CHROMIUM"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser")
    HomeBuilder(path, is_invented=True).build(usual_pieces())
    return path


@pytest.fixture(scope="module")
def base(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: playwright.Browser) -> Iterator[playwright.Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield context.new_page()
    context.close()


def test_filter_follow_a_number_and_share_the_address(page: playwright.Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drawn(page, base)

    page.get_by_text("Count wire copies").click()
    page.wait_for_url("**/?wire=false")
    page.get_by_text("13 articles", exact=True).click()
    page.wait_for_url("**/article?wire=false")
    page.get_by_role("link", name="Herald story 5").click()
    page.get_by_role("heading", name="Herald story 5").wait_for()

    shared = page.context.new_page()
    drawn(shared, page.url)
    assert shared.get_by_role("heading", name="Herald story 5").is_visible()
    assert "without wire copies" in shared.inner_text(".ct-dateline")
    outside = [url for url in asked if url.startswith("http") and urlsplit(url).hostname != "127.0.0.1"]
    assert outside == []


def test_filters_stay_from_page_to_page_and_charts_lead_to_articles(page: playwright.Page, base: str) -> None:
    drawn(page, f"{base}/?outlet=Hill+Herald")

    page.get_by_role("link", name="Outlets", exact=True).click()
    page.wait_for_url("**/outlets?outlet=Hill+Herald")
    page.locator("[data-testid=stVegaLiteChart] path[aria-roledescription=bar]").first.click()

    page.wait_for_url("**/article?outlet=Hill+Herald")
    told = page.get_by_text("6 articles in this view")
    told.wait_for()
    assert told.is_visible()


def test_phone_shows_words_and_numbers_without_scrolling_sideways(browser: playwright.Browser, base: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for view in ("", "outlets", "frames", "voices", "wire", "article", "health"):
        drawn(page, f"{base}/{view}")
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= 390, view
    context.close()


@pytest.mark.slow
def test_new_snapshot_appears_without_reload_and_filters_stay(page: playwright.Page, home: Path, base: str) -> None:
    drawn(page, f"{base}/?outlet=Hill+Herald")
    page.get_by_text("6 articles", exact=True).first.wait_for()

    extra = Piece(outlet=HERALD, title="One more", at=datetime(2025, 5, 18, 12, tzinfo=UTC))
    HomeBuilder(home, run="run-2", is_invented=True).build([extra])

    page.get_by_text("7 articles", exact=True).first.wait_for(timeout=(POLL_SECONDS + 15) * 1000)
    assert page.url.endswith("?outlet=Hill+Herald")
