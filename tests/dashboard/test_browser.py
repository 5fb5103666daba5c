"""A real browser on the real app: on every page filter, follow a number, share the address, download; new snapshots."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.dashboard.conftest import TOPIC_FILE
from tests.snapshots import HERALD, HomeBuilder, Piece, usual_pieces
from tracker.config import init_home

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")

from dashboard.screenshots import chromium, drawn, serving  # noqa: E402 - it needs Playwright
from dashboard.shell import POLL_SECONDS  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium: install one, or name it in CHROMIUM"),
]
AXE = Path(__file__).parents[2] / "build/node_modules/axe-core/axe.min.js"  # .ci/run puts it there, by npm
VIEWED = (
    "", "outlets", "outlets?of=hill-herald", "frames", "tone", "voices", "words", "compare", "wire", "changes",
    "article", "ask", "health", "setup", "coding",
)  # fmt: skip
# What Streamlit 1.67 draws itself and no page can change: on a phone its menu is a list whose items it wraps.
STREAMLITS_OWN = {"list": "[data-testid=stSidebarNavItems]", "listitem": "[data-testid=stSidebarNavItems]"}
SIZES = {"laptop": {"width": 1400, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "home"
    init_home(path, feeds=False)
    for file in (path / "topics").glob("*.toml"):
        file.unlink()
    (path / "topics" / "ruling.toml").write_text(TOPIC_FILE.format(query="judge"), encoding="utf-8")
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


@pytest.fixture(scope="module")
def context(browser: playwright.Browser) -> playwright.BrowserContext:
    """One for all, so that Streamlit's scripts are read once."""
    return browser.new_context(viewport=SIZES["laptop"])


@pytest.fixture
def page(context: playwright.BrowserContext) -> Iterator[playwright.Page]:
    yield context.new_page()
    for one in context.pages:
        one.close()


# ---------------------------------------------------------------- one journey a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """From a filtered page by a choice to the articles (or what else) that a number counts."""

    view: str
    choose: Callable[[playwright.Page], object] | None = None  # something on the page that the address keeps
    kept: str = ""  # what the address then holds
    follow: Callable[[playwright.Page], object]  # a number or a name
    leads_to: str  # part of the address
    shows: str  # words there


def pressed(name: str) -> Callable[[playwright.Page], object]:
    return lambda page: page.get_by_role("radio", name=name, exact=True).click()


def switched(label: str) -> Callable[[playwright.Page], object]:
    return lambda page: page.get_by_text(label, exact=True).click()


def linked(name: str, nth: int = 0) -> Callable[[playwright.Page], object]:
    return lambda page: page.locator("[data-testid=stMain]").get_by_role("link", name=name, exact=True).nth(nth).click()


def searched(page: playwright.Page) -> None:
    page.get_by_role("textbox").first.fill("herald")
    page.keyboard.press("Enter")
    page.get_by_text("articles found", exact=False).wait_for()


JOURNEYS = (
    Journey(view="", choose=pressed("Own work and wire"), kept="colours=", follow=linked("6 articles"),
            leads_to="/article?outlet=Hill", shows="6 articles in this view"),
    Journey(view="outlets", follow=linked("Hill Herald"), leads_to="of=hill-herald", shows="What does this outlet"),
    Journey(view="frames", choose=pressed("Policy frames"), follow=linked("100"), leads_to="frame=economic",
            shows="6 articles in which the frame “Economic” is present"),
    Journey(view="tone?wire=false", choose=pressed("Headlines"), kept="tone_of=Headlines",
            follow=linked("its articles"), leads_to="toned=headline", shows="with a figure of tone of the headline"),
    Journey(view="voices", choose=pressed("Voice"), kept="by=Voice", follow=linked("6"), leads_to="speaker=Judge",
            shows="6 articles with words of Judge Alder"),
    Journey(view="words", choose=pressed("Own words"), follow=linked("6 articles"), leads_to="term=illegal",
            shows="6 articles that use “illegal alien”"),
    Journey(view="compare", choose=pressed("And the two days after"), kept="span=", follow=linked("Herald story 1"),
            leads_to="article=", shows="Herald story 1"),
    Journey(view="changes?outlet=The+East+Post", follow=linked("1 article"), leads_to="changed=yes",
            shows="1 article whose headline changed"),
    Journey(view="wire?outlet=", follow=linked("2 outlets"), leads_to="cluster=c1", shows="2 articles that share one"),
    Journey(view="article", follow=linked("Herald story 5"), leads_to="article=", shows="Why it is here"),
    Journey(view="ask", choose=searched, kept="q=herald", follow=linked("Herald story 5"), leads_to="article=",
            shows="Why it is here"),
    Journey(view="health", follow=linked("show everything"), leads_to="/", shows="What is new"),
)  # fmt: skip


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.view or "overview")
def test_journey(page: playwright.Page, base: str, journey: Journey) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drawn(page, f"{base}/{journey.view}" + ("" if "?" in journey.view else "?outlet=Hill+Herald"))
    if journey.choose:
        journey.choose(page)
        page.wait_for_url(f"**{journey.kept}**")

    shared = page.context.new_page()  # somebody else, who was sent the address
    drawn(shared, page.url)
    assert shared.inner_text(".ct-dateline") == page.inner_text(".ct-dateline")
    assert shared.locator(".ct-lede").all_inner_texts() == page.locator(".ct-lede").all_inner_texts()

    journey.follow(page)
    page.wait_for_url(f"**{journey.leads_to}**")
    page.get_by_text(journey.shows, exact=False).first.wait_for()
    outside = [url for url in asked if url.startswith("http") and urlsplit(url).hostname != "127.0.0.1"]
    assert outside == []


def test_filters_stay_from_page_to_page_and_charts_lead_to_articles(page: playwright.Page, base: str) -> None:
    drawn(page, f"{base}/")
    page.get_by_text("Count wire copies").click()
    page.wait_for_url("**/?wire=false")

    page.get_by_role("link", name="Outlets", exact=True).click()
    page.wait_for_url("**/outlets?wire=false")
    page.locator("[data-testid=stVegaLiteChart] path[aria-roledescription=bar]").first.click()

    page.wait_for_url("**/article?outlet=*")
    assert "wire=false" in page.url


@pytest.mark.parametrize("view", ["", "outlets", "frames", "tone", "voices", "words", "health"])
def test_a_figure_is_downloaded_with_its_manifest(page: playwright.Page, base: str, view: str) -> None:
    drawn(page, f"{base}/{view}?outlet=Hill+Herald")

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download data and manifest").first.click()

    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        lines = packed.read("data.csv").decode().splitlines()
    assert manifest["view"]["outlets"] == ["hill-herald"]
    assert lines[0].split(",") == manifest["columns"]
    assert len(lines) - 1 == manifest["n_rows"] > 0


def test_topic_is_edited_and_coding_says_what_is_missing(page: playwright.Page, base: str) -> None:
    drawn(page, f"{base}/setup")
    page.get_by_role("button", name="See what it would match").click()
    page.get_by_text("These rules match", exact=False).wait_for()

    page.get_by_text("Collection", exact=True).click()
    page.get_by_role("menuitem", name="Coding").click()
    page.get_by_text("No sample drawn yet").wait_for()
    assert page.url.split("?")[0].endswith("/coding")


# ---------------------------------------------------------------- everywhere


def test_phone_shows_words_and_numbers_without_scrolling_sideways(page: playwright.Page, base: str) -> None:
    page.set_viewport_size(SIZES["phone"])
    for view in VIEWED:
        drawn(page, f"{base}/{view}")
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= 390, view
        cut = page.evaluate(
            "[...document.querySelectorAll('.ct-scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert cut == 0, view


@pytest.mark.slow
@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: npm install --no-save --prefix build axe-core")
@pytest.mark.parametrize("size", SIZES)
def test_no_serious_barrier_but_streamlits_own(page: playwright.Page, base: str, size: str) -> None:
    page.set_viewport_size(SIZES[size])
    found = []
    for view in VIEWED:
        drawn(page, f"{base}/{view}")
        page.add_script_tag(path=AXE)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(
                "t => getComputedStyle(document.querySelector('.stApp')).colorScheme === t", arg=theme
            )
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            for rule in result["violations"]:
                if rule["impact"] not in {"serious", "critical"}:
                    continue
                theirs = STREAMLITS_OWN.get(rule["id"])
                found += [
                    f"{view or 'overview'}, {theme}: {rule['id']}: {node['html'][:160]}"
                    for node in rule["nodes"]
                    if not (
                        theirs
                        and page.evaluate(
                            "([s, t]) => document.querySelector(s)?.closest(t)", [node["target"][-1], theirs]
                        )
                    )
                ]
    assert found == []


@pytest.mark.slow
def test_new_snapshot_appears_on_every_page_without_reload(
    context: playwright.BrowserContext, home: Path, base: str
) -> None:
    tabs = {view: context.new_page() for view in VIEWED if view not in {"setup", "coding"}}
    for view, tab in tabs.items():
        drawn(tab, f"{base}/{view}{'&' if '?' in view else '?'}outlet=Hill+Herald")
        tab.get_by_text("As of 20 May 2025", exact=False).first.wait_for()

    extra = Piece(outlet=HERALD, title="One more", at=datetime(2025, 5, 18, 12, tzinfo=UTC))
    HomeBuilder(home, run="run-2", is_invented=True).build([extra], now=datetime(2025, 5, 21, 4, tzinfo=UTC))

    for view, tab in tabs.items():
        tab.get_by_text("As of 21 May 2025", exact=False).first.wait_for(timeout=(POLL_SECONDS + 30) * 1000)
        assert "outlet=Hill+Herald" in tab.url, view
    tabs[""].get_by_text("7 articles", exact=True).first.wait_for()
