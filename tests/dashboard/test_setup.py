"""Set up and decide: what the dashboard writes, and who may."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dashboard import login
from tests.dashboard.conftest import TOPIC_FILE, Show, words_of
from tests.snapshots import TOPIC, HomeBuilder, usual_pieces
from tracker.config import init_home, load_outlets
from tracker.report.decisions import read_decisions

FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Village News</title><item><title>Bridge closed</title>'
    "<link>{base}/bridge.html</link><guid>1</guid></item></channel></rss>"
)
PAGE = "<html><head><title>Bridge closed</title></head><body><h1>Bridge closed</h1>{text}</body></html>"
FRONT = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>News</body></html>'

PATIENCE = 300.0  # seconds: four commands, each a process, on a busy machine


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with files to edit, and a snapshot."""
    init_home(tmp_path, feeds=False)
    for file in (tmp_path / "topics").glob("*.toml"):
        file.unlink()
    (tmp_path / "topics" / "ruling.toml").write_text(TOPIC_FILE.format(query="judge"), encoding="utf-8")
    HomeBuilder(tmp_path).build(usual_pieces())
    return tmp_path


def test_a_persons_decision_is_kept_and_shown_as_pending(show: Show, home: Path) -> None:
    article = usual_pieces()[1].article
    app = show(home, "article", article=article)
    app.radio[0].set_value("Off the topic")
    app.text_input[0].set_value("Another case")
    next(button for button in app.button if button.label == "Decide").click().run()

    assert not app.exception
    assert "Pending till the next run: off the topic, says" in words_of(app)
    (made,) = read_decisions(home).matches
    assert (made.article, made.is_on_topic, made.note, made.topic) == (article, False, "Another case", TOPIC.topic)
    assert "Decided by people and pending till the next run: Herald story 0 (off the topic)" in " ".join(
        words_of(show(home, "article")).replace(" )", ")").split()
    )


def test_the_address_of_set_up_carries_the_site_that_is_asked_about(show: Show, home: Path) -> None:
    app = show(home, "setup", site="https://village.example")

    assert app.text_input(key="site").value == "https://village.example"
    assert not app.exception


def test_an_edited_topic_shows_what_it_would_match_before_it_is_saved(show: Show, home: Path) -> None:
    file = home / "topics" / "ruling.toml"
    app = show(home, "setup")
    app.text_area[0].set_value(TOPIC_FILE.format(query="agency AND NOT herald"))
    next(button for button in app.button if button.label == "See what it would match").click().run()

    assert "These rules match" in words_of(app)
    assert "lost: " in words_of(app)
    assert file.read_text(encoding="utf-8") == TOPIC_FILE.format(query="judge")
    next(button for button in app.button if button.label == "Save the file").click().run()
    assert file.read_text(encoding="utf-8") == TOPIC_FILE.format(query="agency AND NOT herald")
    app.text_area[0].set_value("topic = 3")
    next(button for button in app.button if button.label == "Save the file").click().run()
    assert "These rules cannot be read" in words_of(app)
    assert file.read_text(encoding="utf-8") == TOPIC_FILE.format(query="agency AND NOT herald")
    assert sorted(path.name for path in file.parent.iterdir()) == ["ruling.toml"]


def test_beyond_this_machine_nobody_is_let_in_without_a_login(
    show: Show, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(login.ASKS, "1")

    words = words_of(show(home))

    assert "No login is set up" in words
    assert "14 articles" not in words
    assert not login.may_write()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A village newspaper on this machine."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        (folder / "index.html").write_text(FRONT, encoding="utf-8")
        (folder / "feed.xml").write_text(FEED.format(base=base), encoding="utf-8")
        text = "<p>The bridge over the creek was closed on Monday after the flood, the mayor said.</p>" * 8
        (folder / "bridge.html").write_text(PAGE.format(text=text), encoding="utf-8")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield base
        server.shutdown()


@pytest.mark.slow
def test_an_outlet_is_added_from_its_address(
    show: Show, home: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_FETCH__ALLOW_PRIVATE_HOSTS", '["127.0.0.1"]')
    monkeypatch.setenv("TRACKER_FETCH__PER_HOST_DELAY", "0")
    app = show(home, "setup")
    app.text_input[0].set_value(site)
    next(button for button in app.button if button.label == "Look for its feeds").click().run(timeout=PATIENCE)
    assert "1 feed answered" in words_of(app)

    next(button for button in app.button if button.label == "Add it and ask for the first time").click().run(
        timeout=PATIENCE
    )

    assert not app.exception
    words = words_of(app)
    assert "village-news is followed: its feeds list 1 entry." in words
    assert "The bridge over the creek was closed on Monday" in words
    outlets, feeds = load_outlets(home / "outlets.toml")
    assert [one.name for one in outlets if one.outlet == "village-news"] == ["Village News"]
    assert [one.url for one in feeds] == [f"{site}/feed.xml"]
