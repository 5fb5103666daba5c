"""The same story at a new address, or under a new feed id, is one article; different stories stay apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.little_site import HOST, Answer, LittleSite, follow, page
from tests.integration.test_revisions_replayed import FINES, PARAGRAPHS, TITLE

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
DAY = timedelta(days=1)
LONG = (*PARAGRAPHS, FINES, "The council has met in the school before, in the flood of 1998, the clerk recalled.")
OTHER = (
    "The storm left the harbour alone, the harbour master said, and ferries ran as they do on any other Monday.",
    "Fishing boats went out at four in the morning, an hour late, and were back with mackerel before the school bell.",
    "Only the lighthouse keeper had stayed up all night, he said, playing patience and waiting for a wave to break.",
)


@pytest.fixture
def site():
    with LittleSite() as opened:
        yield opened


@pytest.fixture
def followed(site, tmp_path):
    return follow(tmp_path / "home", site)


def _articles(followed):
    return [row["url"].removeprefix(HOST) for row in followed.rows("SELECT url FROM articles ORDER BY url")]


def _stored(followed):
    rows = followed.rows(
        "SELECT count(*) AS n, count(DISTINCT article) AS articles FROM entries WHERE status = 'stored'"
    )
    return rows[0]["n"], rows[0]["articles"]


def test_two_addresses_that_declare_one_are_one_article(site, followed):
    for path in ("/storm", "/weather/storm", "/amp/storm-2"):
        site.list(path, TITLE)
        site.pages[path] = page(TITLE, *PARAGRAPHS, canonical=f"{HOST}/2026/storm")
    followed.night(START)
    assert len(_articles(followed)) == 1
    assert _stored(followed) == (3, 1)
    assert followed.rows("SELECT canonical_url FROM articles") == [
        {"canonical_url": "https://gazette.example/2026/storm"}
    ]


def test_an_address_that_leads_to_a_known_article_is_that_article(site, followed):
    site.list("/storm", TITLE)
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS)
    site.list("/short/1", "Roof torn off")
    site.pages["/short/1"] = Answer(status=302, location=f"{HOST}/storm")
    followed.night(START)
    assert len(_articles(followed)) == 1
    assert _stored(followed) == (2, 1)


def test_a_story_that_moved_and_was_rewritten_is_known_by_its_redirect(site, followed):
    site.list("/storm", TITLE)
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS)
    followed.night(START, publishes=False)
    rewritten = page("Storm damage: what is known", *OTHER, *PARAGRAPHS, canonical=f"{HOST}/storm-damage")
    site.pages |= {"/storm": Answer(status=301, location="/storm-damage"), "/storm-damage": rewritten}
    site.list("/storm-damage", "Storm damage: what is known")
    followed.night(START + DAY)
    assert len(_articles(followed)) == 1
    kinds = followed.rows("SELECT change_kind FROM revisions ORDER BY revision")
    assert [row["change_kind"] for row in kinds] == ["first", "update"]


def test_a_new_address_under_the_feeds_old_id_is_one_article(site, followed):
    site.list("/storm", TITLE, guid="gazette-1")
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS)
    followed.night(START, publishes=False)
    site.items[0] = (f"{HOST}/storm-tears-roof", "gazette-1", "Roof gone after storm")
    site.pages["/storm-tears-roof"] = page("Roof gone after storm", FINES, *PARAGRAPHS)
    followed.night(START + DAY)
    assert _articles(followed) == ["/storm"]


def test_a_feed_that_gives_all_its_items_one_id_keeps_its_stories(site, followed):
    for path, title, text in (("/storm", TITLE, PARAGRAPHS), ("/harbour", "Storm spares harbour", OTHER)):
        site.list(path, title, guid="gazette")
        site.pages[path] = page(title, *text)
    followed.night(START)
    assert _articles(followed) == ["/harbour", "/storm"]


def test_a_site_that_declares_one_address_for_all_its_pages_keeps_its_stories(site, followed):
    for path, title, text in (("/storm", TITLE, PARAGRAPHS), ("/harbour", "Storm spares harbour", OTHER)):
        site.list(path, title)
        site.pages[path] = page(title, *text, canonical=f"{HOST}/news")
    followed.night(START)
    assert _articles(followed) == ["/harbour", "/storm"]


def test_the_same_text_at_another_address_within_days_is_one_article(site, followed):
    site.list("/storm", TITLE)
    site.pages["/storm"] = page(TITLE, *LONG)
    followed.night(START, publishes=False)
    site.list("/storm-2", "Roof gone after storm")
    site.pages["/storm-2"] = page("Roof gone after storm", *LONG)
    followed.night(START + 3 * DAY)
    assert _articles(followed) == ["/storm"]
    site.list("/storm-anniversary", "A year ago: storm")
    site.pages["/storm-anniversary"] = page("A year ago: storm", *LONG)
    followed.night(START + 12 * DAY)
    assert len(_articles(followed)) == 2


def test_short_texts_under_different_headlines_stay_apart(site, followed):
    blurb = ("Watch our reporters tell of the storm, and of what it has left behind in the town. " * 4,)
    for number in range(2):
        site.list(f"/video/{number}", f"Storm video {number}")
        site.pages[f"/video/{number}"] = page(f"Storm video {number}", *blurb)
    followed.night(START)
    assert len(_articles(followed)) == 2


def test_a_story_that_is_gone_here_and_stands_there_is_asked_for_there(site, followed):
    site.list("/storm", TITLE, guid="gazette-1")
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS)
    followed.night(START, publishes=False)
    site.pages["/storm"] = Answer("Gone", status=404)
    followed.night(START + DAY, publishes=False)
    site.items[0] = (f"{HOST}/storm-2", "gazette-1", TITLE)
    site.pages["/storm-2"] = page(TITLE, *PARAGRAPHS)
    followed.night(START + 2 * DAY)
    assert followed.rows("SELECT url, gone_at FROM articles") == [{"url": f"{HOST}/storm-2", "gone_at": None}]
    site.pages["/storm-2"] = page(TITLE, *PARAGRAPHS, FINES)
    followed.night(START + 3 * DAY)
    assert len(followed.rows("SELECT * FROM revisions")) == 2
