"""Pictures of every page: ``python -m dashboard.screenshots --home demo --output screenshots``.

A tool for developers: it needs Playwright (extra ``dev``) and a Chromium (``CHROMIUM`` names one, else the
system's is taken). Each picture is ``page-width-theme.png`` and shows the whole page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.layers import LAYERS
from tracker.report.filters import Filters, Narrow
from tracker.report.open import snapshot_path
from tracker.report.snapshot_report import SnapshotReport

SIZES = ((1400, 900), (390, 844))  # pixels: a laptop and a phone
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 8000  # pixels of a picture
START_SECONDS = 30.0
SETTLE_MS = 800  # what moves when it appears has come to rest
DRAWN_MS = 90_000
LOOK_MS = 50  # between two looks at whether a page is drawn: Playwright's own, at every frame, keep it from that
# The script has ended, nothing is still to come or being worked on, each chart is in its place, the letters are there.
IS_DRAWN = """
    document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && !document.querySelector('[data-testid=stSkeleton], [data-testid=stStatusWidget]')
    && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(one => one.querySelector('svg, canvas'))
    && document.fonts.status === 'loaded'
"""
NAMED = (
    "outlets", "frames", "tone", "voices", "words", "compare", "wire", "changes", "ask", "health", "setup",
)  # fmt: skip
CODED_BY = "?coder=ana"  # a coder who has begun: without a drawn sample the page says that there is none
LIST = "articles"  # the article page with no article chosen


def chromium() -> str | None:
    """Return the path of a Chromium to drive, or None where none is found."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Run the app on a home's snapshot, on a free port of this machine; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    app = str(files("dashboard") / "app.py")
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    environment = os.environ | {"TRACKER_HOME": str(home.resolve())}
    with subprocess.Popen(  # noqa: S603 - our own command line
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(address, timeout=1):  # noqa: S310 - our own http address
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"{address}: the dashboard did not start within {START_SECONDS:.0f} s")


def pages(home: Path) -> dict[str, str]:
    """Return the pages to be shown, by name, with their addresses below the app's."""
    named = {name: name for name in NAMED}
    named = {"overview": "", **named, LIST: "article", "coding": f"coding{CODED_BY}"}
    with SnapshotReport(snapshot_path(home)) as report:
        topic = max(report.topics(), key=lambda one: one.n_on_topic).topic
        changed = report.articles(Filters(topic=topic), Narrow(has_changed_headline=True))
        found = changed if len(changed) else report.articles(Filters(topic=topic))
    found = found.sort_values("language", key=lambda languages: languages != "en", kind="stable")  # English is scored
    if len(found):
        named["outlet"] = "outlets?" + urlencode([("of", found.iloc[0]["outlet"])])
        layers = [("layers", name) for name in LAYERS.values()]
        named["article"] = "article?" + urlencode([("article", found.iloc[0]["article"]), *layers])
    return named


def drawn(page: Page, address: str) -> None:
    """Open an address and wait until the page has been drawn, its charts too."""
    page.goto(address)
    page.wait_for_selector(".ct-dateline, .ct-state", timeout=DRAWN_MS)
    page.wait_for_function(IS_DRAWN, polling=LOOK_MS, timeout=DRAWN_MS)


def shoot(browser: Browser, base: str, named: dict[str, str], output: Path) -> list[Path]:
    """Write a picture of each page at each size in each theme; return the files."""
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for theme in THEMES:
        for width, height in SIZES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            for name, address in named.items():
                page = context.new_page()
                drawn(page, f"{base}/{address}")
                page.wait_for_timeout(SETTLE_MS)
                tall = int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))
                page.set_viewport_size({"width": width, "height": max(height, min(tall, TALLEST))})
                page.wait_for_timeout(SETTLE_MS)
                written.append(output / f"{name}-{width}-{theme}.png")
                page.screenshot(path=written[-1])
                page.close()
            context.close()
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; return the exit code."""
    parser = argparse.ArgumentParser(description="Pictures of every page of the dashboard.")
    parser.add_argument("--home", type=Path, default=Path("demo"), help="the home whose snapshot is shown")
    parser.add_argument("--output", type=Path, default=Path("screenshots"), help="where the pictures go")
    options = parser.parse_args(arguments)
    named = pages(options.home)
    with serving(options.home) as base, sync_playwright() as driver:
        # Chromium's own sandbox needs rights that containers do not give; it opens nothing but our own pages.
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for path in shoot(browser, base, named, options.output):
            sys.stdout.write(f"{path}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
