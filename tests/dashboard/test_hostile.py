"""Titles, bodies, names and addresses of strangers are text, whatever they hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import VIEWS, Show, html_of
from tests.snapshots import HERALD, POST, WIRE, HomeBuilder, Piece
from tracker.model import Outlet, OutletKind

MARK = "HOSTILE"
TITLE = (
    f"{MARK} <script>alert(1)</script><img src=x onerror=alert(1)> :material/home: $x^2$ [go](javascript:alert(1)) "
    "**bold** `code` :red[red] &lt;b&gt; \"quoted\" 'single' {{x}} {0} %s "
    "\x1b[31mred\x1b[0m \u202egnp.exe\u2066 🔥 e\u0301"
)
BODY = f"He ruled. “{TITLE}” said somebody.\n\nillegal alien </div></article><style>*{{display:none}}</style>\x00"
NAME = f"{MARK} <b>Post</b> & ‘Sons’"
BAD_URLS = ("javascript:alert(1)//x.example/", "data:text/html,<script>alert(1)</script>", "http://[bad/")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hostile")
    outlet = Outlet(outlet="hostile", name=NAME, kind=OutletKind.UNKNOWN, scopes=("hostile.example",))
    pieces = [Piece(outlet=outlet, title=f"{TITLE} {n}", text=BODY, speaker=TITLE, camp=MARK) for n in range(6)]
    pieces += [Piece(outlet=HERALD, title="Copy", cluster="c", url="https://h.example/1")]
    pieces += [Piece(outlet=outlet, title=TITLE, text=BODY, cluster="c", is_original=False, agency=TITLE)]
    pieces += [Piece(outlet=POST, title=TITLE, url=url, retitled=TITLE + "!") for url in BAD_URLS]
    pieces += [Piece(outlet=WIRE, title="x" * 100_000, text="word " * 20_000, url="https://w.example/long")]
    HomeBuilder(home, outlets=(outlet, POST, HERALD, WIRE)).build(pieces)
    return home


def _markdown_of(app: AppTest) -> str:
    """Return whatever Streamlit would read as markdown."""
    kinds = ("markdown", "caption", "title", "header", "subheader", "info", "warning", "error", "expander")
    return "\n".join(str(getattr(element, "value", element)) for kind in kinds for element in app.get(kind))


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_lets_a_stranger_in(show: Show, hostile: Path, view: str) -> None:
    app = show(hostile, view)

    assert not app.exception
    _assert_safe(app)


@pytest.mark.parametrize(
    ("view", "parameters"),
    [
        ("outlets", {"of": "hostile"}),
        ("article", {"frame": "legality"}),
        ("article", {"camp": MARK}),
        ("voices", {"outlet": f"{MARK} <b>Post</b> & ‘Sons’"}),
        ("frames", {"at": f"{MARK} <b>Post</b> & ‘Sons’"}),
    ],
)
def test_no_figure_behind_a_page_lets_a_stranger_in(
    show: Show, hostile: Path, view: str, parameters: dict[str, str]
) -> None:
    app = show(hostile, view, **parameters)

    assert not app.exception
    _assert_safe(app)
    assert MARK in html_of(app)


@pytest.mark.parametrize("layers", [[], ["Voices", "Frames", "Loaded names", "Sentence tone"]])
def test_hostile_article_is_read_as_text(show: Show, hostile: Path, layers: list[str]) -> None:
    outlet = Outlet(outlet="hostile", name=NAME, scopes=("hostile.example",))
    piece = Piece(outlet=outlet, title=f"{TITLE} 0", text=BODY)

    app = show(hostile, "article", article=piece.article, layers=layers)

    _assert_safe(app)
    assert "&lt;style&gt;*{display:none}&lt;/style&gt;" in html_of(app)


@pytest.mark.parametrize("url", BAD_URLS)
def test_only_web_addresses_become_links(show: Show, hostile: Path, url: str) -> None:
    piece = Piece(outlet=POST, title=TITLE, url=url)

    html = html_of(show(hostile, "article", article=piece.article))

    assert "at the outlet" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_endless_headline_is_cut_in_lists(show: Show, hostile: Path) -> None:
    html = html_of(show(hostile, "article"))

    assert "x" * 239 + "…" in html
    assert "x" * 241 not in html


def _assert_safe(app: AppTest) -> None:
    html = html_of(app)
    for tag in ("<script", "<img", "<b>Post", "<style>*", "onerror=alert(1)>"):
        assert tag not in html
    for unseen in ("\x1b", "\x00", "\u202e", "\u2066"):
        assert unseen not in html
    assert MARK not in _markdown_of(app)
