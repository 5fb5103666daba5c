"""A sample drawn, ten articles coded by keyboard, a second coder's sheet: agreement and error are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from pipelines.cli import main
from tests.snapshots import HERALD, POST, HomeBuilder, Piece
from tracker.config import init_home, load_topics
from tracker.report.decisions import read_decisions

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")

from dashboard.screenshots import chromium, drawn, serving  # noqa: E402 - it needs Playwright

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium: install one, or name it in CHROMIUM"),
]
CODED = 10


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("coding") / "home"
    init_home(path, feeds=False)
    pieces = [
        Piece(
            outlet=(POST, HERALD)[n % 2],
            title=f"Story {n}, the Hill Herald reports",
            at=datetime(2025, 5, 12, n, tzinfo=UTC),
            frame=("legality", "economic")[n % 2],
        )
        for n in range(12)
    ]
    HomeBuilder(path, topic=load_topics(path)[0]).build(pieces)
    return path


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[playwright.Page]:
    with serving(home) as base, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, base_url=base)
        yield context.new_page()
        browser.close()


def tracker(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["tracker", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in {0, None}


def press(page: playwright.Page, key: str) -> None:
    """Press a key once the page is drawn: while it is drawn anew, the article before still has its buttons."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.keyboard.press(key)


def filled(sheet: Path, output: Path) -> None:
    """Write the sheet as a second coder gives it back: every text relevant, legality in all but the last two."""
    head, *rows = CalamineWorkbook.from_path(sheet).get_sheet_by_name("coding").to_python()
    said = {"relevance": "yes", "leading_frame": "legality", "tone": "0"}
    with xlsxwriter.Workbook(str(output)) as book:
        page = book.add_worksheet("coding")
        page.write_row(0, 0, head)
        for number, row in enumerate(rows, start=1):
            legality = "no" if number > len(rows) - 2 else "yes"
            codes = said | {"frame:legality": legality, "frame:economic": "no"}
            page.write_row(number, 0, [codes.get(name, cell) for name, cell in zip(head, row, strict=True)])


def test_code_by_keyboard_import_a_sheet_and_see_agreement_and_error(
    page: playwright.Page, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "sheet.xlsx"
    tracker(monkeypatch, "--home", home, "coding", "export", sheet, "--n", 12)
    assert "How to code" in (tmp_path / "sheet-codebook.md").read_text()

    drawn(page, "/coding?coder=ana")
    assert "Herald" not in page.inner_text("[data-testid=stMain]")  # blind to the outlet
    for number in range(CODED):
        page.get_by_text(f"{number} of 12 coded").wait_for()
        press(page, "y")
        page.get_by_role("button", name="✓ Yes").wait_for()
        press(page, "2")  # the second frame
        page.get_by_role("button", name="✓ Legality").wait_for()
        press(page, "2")
        page.get_by_role("button", name="★ Legality").wait_for()
        press(page, "Enter")
    page.get_by_text(f"{CODED} of 12 coded").wait_for()
    kept = read_decisions(home).codings
    assert len(kept) == CODED
    assert {dict(one.codes)["leading_frame"] for one in kept} == {"legality"}

    second = tmp_path / "second.xlsx"
    filled(sheet, second)
    tracker(monkeypatch, "--home", home, "coding", "import", second, "--coder", "bo")
    page.reload()
    page.get_by_text("See how far coders agree").click()
    page.get_by_role("heading", name="How far coders agree").wait_for()
    assert "Relevance" in page.inner_text("table")

    drawn(page, "/frames")
    page.get_by_role("heading", name="How often the machine is right").wait_for()
    told = page.get_by_text("Checked by people on", exact=False).first
    told.wait_for()
    assert "precision" in told.inner_text()
