"""Homes with snapshots, and the app run on them without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.snapshots import HomeBuilder, usual_pieces

APP = str(files("dashboard") / "app.py")
VIEWS = (
    "overview", "outlets", "frames", "tone", "voices", "words", "compare", "wire", "changes", "article", "ask",
    "health", "setup", "coding",
)  # fmt: skip
TOPIC_FILE = 'topic = "test-ruling"\ntitle = "A test ruling on taxes"\nquery = "{query}"\n'
SECONDS = 60.0  # eight helpers may share two cores
_TAG = re.compile(r"<[^>]+>")

Show = Callable[..., AppTest]

# A server looks through the installed packages for components once, at its start; the test runner before each draw.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the usual pieces, said to be invented."""
    home = tmp_path_factory.mktemp("filled")
    HomeBuilder(home, is_invented=True).build(usual_pieces())
    return home


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose snapshot holds no article."""
    home = tmp_path_factory.mktemp("empty")
    HomeBuilder(home).build()
    return home


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    """Return a function that shows a view of a home, with parameters in the address."""

    def run(home: Path, view: str = "overview", **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("TRACKER_HOME", str(home))
        app = AppTest.from_file(APP, default_timeout=SECONDS)
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        if view != "overview":
            app.switch_page(f"views/{view}.py")
            for name, value in parameters.items():
                app.query_params[name] = value
            app.run()
        return app

    return run


def html_of(app: AppTest) -> str:
    """Return everything that was put in as HTML."""
    return "\n".join(element.proto.body for element in app.get("html"))


def words_of(app: AppTest) -> str:
    """Return what a reader reads of the HTML and the headings."""
    headings = "\n".join(element.value for element in [*app.title, *app.header, *app.subheader])
    return headings + "\n" + " ".join(_TAG.sub(" ", html_of(app)).split())
