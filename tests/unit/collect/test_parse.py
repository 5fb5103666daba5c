"""Feeds of every kind and state to items."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tracker.collect.parse import parse_feed
from tracker.errors import FeedError
from tracker.model import FeedKind, ParsedFeed

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
URL = "https://news.example.org/feeds/top.xml"


def parse(
    body: str | bytes, *, kind: FeedKind = FeedKind.FEED, content_type: str | None = None, **limits: int
) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parse_feed(raw, url=URL, content_type=content_type, kind=kind, now=NOW, **limits)


def item(title: str = "Judge rules", link: str = "/story", date: str = "Wed, 07 Jan 2026 10:00:00 +0000") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


def rss(*items: str, head: str = "", encoding: str = "UTF-8") -> str:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    return f'{declaration}<rss version="2.0"><channel><title>News</title>{head}{"".join(items)}</channel></rss>'


# ---------------------------------------------------------------- formats


def test_rss_item_with_everything():
    body = rss(
        "<item><title>AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt; case</title><link>https://news.example.org/a?x=1</link>"
        "<guid isPermaLink='false'>id-1</guid><author>ann@example.org (Ann Bell)</author>"
        "<pubDate>Wed, 07 Jan 2026 05:00:00 -0500</pubDate><description>&lt;p&gt;Short.&lt;/p&gt;</description>"
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[<p>One.</p><p>Two &mdash; "
        "three.</p>]]></content:encoded><source url='https://wire.example.com/rss'>The Wire</source></item>",
        head="<ttl>30</ttl>",
    )
    parsed = parse(body)
    (only,) = parsed.items
    assert parsed.title == "News"
    assert parsed.ttl_minutes == 30
    assert only.url == "https://news.example.org/a?x=1"
    assert only.guid == "id-1"
    assert only.title == "AT&T wins case"
    assert only.summary == "Short."
    assert only.content == "One.\n\nTwo — three."
    assert only.authors == ("Ann Bell",)
    assert only.published_at == datetime(2026, 1, 7, 10, tzinfo=UTC)
    assert (only.source_name, only.source_url) == ("The Wire", "https://wire.example.com/rss")
    assert parsed.dropped == {}


def test_atom_resolves_links_by_xml_base_and_skips_self():
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example.net/x/"><title>A</title><entry>'
        '<title type="html">Caf&amp;eacute;</title><link rel="self" href="https://api.example.org/1"/>'
        '<link href="story/1"/><id>urn:1</id><published>2026-01-07T10:00:00+02:00</published></entry></feed>'
    )
    (only,) = parse(body).items
    assert only.url == "https://other.example.net/x/story/1"
    assert only.title == "Café"
    assert only.published_at == datetime(2026, 1, 7, 8, tzinfo=UTC)


def test_relative_links_are_resolved_against_the_feed():
    assert parse(rss(item(link="../a/b"))).items[0].url == "https://news.example.org/a/b"


def test_rdf_and_guid_as_link():
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>R</title></channel><item><title>x</title><link>https://example.org/r</link></item></rdf:RDF>"
    )
    assert [one.url for one in parse(rdf).items] == ["https://example.org/r"]
    by_guid = rss("<item><title>g</title><guid isPermaLink='false'>https://example.org/g</guid></item>")
    assert [one.url for one in parse(by_guid).items] == ["https://example.org/g"]


def test_json_feed():
    body = (
        '{"version":"https://jsonfeed.org/version/1.1","title":"J","items":['
        '{"id":7,"url":"/j","title":"A &amp; B","content_html":"<p>x</p><script>y</script>","authors":[{"name":"Ann"}],'
        '"date_published":"2026-01-07T05:00:00-05:00"},{"id":"x"},"text"]}'
    )
    parsed = parse(body)
    only, linkless = parsed.items
    assert (only.url, only.guid, only.title, only.content) == ("https://news.example.org/j", "7", "A & B", "x")
    assert (linkless.url, linkless.guid) == ("", "x")
    assert only.published_at == datetime(2026, 1, 7, 10, tzinfo=UTC)
    assert only.authors == ("Ann",)
    assert parsed.dropped == {"no_link": 2}


@pytest.mark.parametrize("kind", [FeedKind.FEED, FeedKind.SITEMAP])
def test_news_sitemap_is_told_from_its_body(kind):
    body = (
        '<?xml version="1.0"?>\n<!-- made by hand -->\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://example.org/s </loc>'
        "<news:news>"
        "<news:publication><news:name>Daily</news:name></news:publication><news:publication_date>2026-01-07"
        "</news:publication_date><news:title>Storm &amp; flood</news:title></news:news></url>"
        "<url><loc>https://example.org/old</loc><lastmod>2025-12</lastmod></url></urlset>"
    )
    first, second = parse(body, kind=kind).items
    assert (first.url, first.title, first.source_name) == ("https://example.org/s", "Storm & flood", "Daily")
    assert first.published_at == datetime(2026, 1, 7, tzinfo=UTC)
    assert second.published_at == datetime(2025, 12, 1, tzinfo=UTC)


def test_sitemap_index_names_its_sitemaps():
    body = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>https://x.org/b.xml</loc></sitemap></sitemapindex>"
    parsed = parse(body)
    assert parsed.items == ()
    assert parsed.sitemaps == ("https://news.example.org/a.xml", "https://x.org/b.xml")


# ---------------------------------------------------------------- damaged input


def test_windows_1252_declared_as_utf8_reads_right():
    title = "Café owner’s “records” shared"
    assert parse(rss(item(title)).encode("cp1252")).items[0].title == title


def test_one_bad_byte_does_not_spoil_the_rest():
    body = (
        rss(item("naïve"))
        .encode()
        .replace(b"</channel>", b"<item><title>caf\xe9</title><link>/x</link></item></channel>")
    )
    assert [one.title for one in parse(body).items] == ["naïve", "café"]


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [("iso-8859-1", None), ("utf-16", None), ("shift_jis", None), ("koi8-r", "text/xml; charset=koi8-r")],
)
def test_declared_encodings(encoding, content_type):
    title = {"shift_jis": "判決", "koi8-r": "Суд"}.get(encoding, "Café")
    label = "" if content_type else encoding
    body = rss(item(title), encoding=label) if label else rss(item(title)).partition("?>")[2]
    assert parse(body.encode(encoding), content_type=content_type).items[0].title == title


def test_cut_off_feed_keeps_whole_items_only():
    body = rss(*(item(f"Story {n}", f"/{n}") for n in range(5)))
    cut = body[: body.index("/4</link>") + 1]
    parsed = parse(cut)
    assert [one.title for one in parsed.items] == [f"Story {n}" for n in range(4)]
    assert parsed.dropped == {"cut_off": 1}
    assert parsed.problem


def test_cut_off_sitemap_keeps_whole_urls_only():
    whole = "<url><loc>https://example.org/1</loc></url>"
    parsed = parse(f"<urlset>{whole * 3}<url><loc>https://example.org/2")
    assert len(parsed.items) == 3
    assert parsed.dropped == {"cut_off": 1}


def test_broken_markup_is_read_as_far_as_it_goes():
    parsed = parse(rss(item("R&D <b>up", "/1"), item("Next", "/2")))
    assert [one.url for one in parsed.items] == ["https://news.example.org/1", "https://news.example.org/2"]
    assert parsed.problem
    assert parsed.problem.startswith("malformed")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><body><item>x</item></body></html>", "html"),
        (b"<!-- c -->\n<HTML><head></head></HTML>", "html"),
        (bytes(range(256)) * 50, "not_feed"),
        (b"just text", "not_feed"),
        (b"<opml/>", "not_feed"),
        (b"{}", "not_feed"),
        (b'{"items": 3}', "not_feed"),
        (b"[" * 100_000, "not_feed"),
    ],
)
def test_no_feed_is_an_error_that_says_why(body, reason):
    with pytest.raises(FeedError, match=f"^{reason}: .*news.example.org"):
        parse(body)


# ---------------------------------------------------------------- hostile input


def test_entity_bombs_and_files_are_not_expanded():
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE r [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">{nested}]>'
    parsed = parse(
        f"{doctype}<rss><channel><title>&l9;</title><item><title>&x;</title><link>/s</link></item></channel></rss>"
    )
    assert len(parsed.title) < 100
    assert "root" not in parsed.items[0].title
    listed = parse(
        f"{doctype}<urlset><url><loc>https://x.org/&l9;</loc></url><url><loc>https://x.org/&x;</loc></url></urlset>"
    )
    assert all(len(one.url) < 100 and "root" not in one.url for one in listed.items)


def test_a_path_or_address_as_body_is_never_opened(tmp_path, monkeypatch):
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item()))
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *_: pytest.fail("opened an address"))
    for body in (str(secret).encode(), secret.as_uri().encode(), b"http://127.0.0.1:9/rss"):
        with pytest.raises(FeedError):
            parse(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><item><title>" + b"<a" * 2_000_000 + b"</title></item></rss>",
        b"<rss><channel><item>" + b"<a>" * 1_000_000 + b"</item></channel></rss>",
        b"<rss>" + b"<item>" * 300_000,
    ],
)
def test_floods_of_tags_end_soon(body):
    started = time.monotonic()
    try:
        parsed = parse(body)
    except FeedError as error:
        assert "tags" in str(error)  # noqa: PT017 - either way out is fine, so long as it is quick
    else:
        assert parsed.items == ()
    assert time.monotonic() - started < 5


def test_scripts_and_markup_never_reach_a_title():
    script = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;"
    title = f"{script} Judge &amp;lt;b&amp;gt;rules&amp;lt;/b&amp;gt;"
    assert parse(rss(item(title))).items[0].title == "Judge rules"
    assert parse(rss(item("5 &lt; 6 &amp; 7"))).items[0].title == "5 < 6 & 7"


# ---------------------------------------------------------------- what is believed


@pytest.mark.parametrize(
    ("date", "believed"),
    [
        ("Sun, 01 Jan 1679 00:00:00 +0000", False),
        ("Sun, 31 Dec 1989 23:59:59 +0000", False),
        ("Mon, 01 Jan 1990 00:00:00 +0000", True),
        ("Fri, 09 Jan 2026 12:00:00 +0000", True),
        ("Fri, 09 Jan 2026 12:00:01 +0000", False),
        ("Wed, 01 Jan 2031 00:00:00 +0000", False),
    ],
)
def test_impossible_dates_are_dropped_and_counted(date, believed):
    parsed = parse(rss(item(date=date)))
    assert (parsed.items[0].published_at is not None) is believed
    assert parsed.dropped == ({} if believed else {"impossible_date": 1})


def test_dates_in_other_languages_and_no_dates():
    parsed = parse(
        rss(item("a", "/a", "Seg, 24 Set 2018 19:42:40 -0300"), item("b", "/b", "gestern"), item("c", "/c", ""))
    )
    assert [one.published_at for one in parsed.items] == [datetime(2018, 9, 24, 22, 42, 40, tzinfo=UTC), None, None]
    assert parsed.dropped == {"unreadable_date": 1}


def test_items_without_usable_link_have_none_and_are_counted_by_reason():
    long = "https://example.org/" + "x" * 3_000
    parsed = parse(
        rss(
            "<item><title>none</title></item>",
            item(link="javascript:alert(1)"),
            item(link=long),
            item(link="mailto:a@b.c"),
            item(),
        )
    )
    assert [one.url for one in parsed.items] == ["", "", "", "", "https://news.example.org/story"]
    assert parsed.items[0].title == "none"
    assert parsed.dropped == {"no_link": 1, "bad_link": 2, "long_link": 1}


def test_an_episode_without_a_page_is_known_by_its_recording():
    sound = "https://cdn.example.org/7.mp3"
    parsed = parse(rss(f'<item><title>Seven</title><enclosure url="{sound}" type="audio/mpeg" length="1"/></item>'))
    as_json = parse(
        f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{"id":7,"attachments":[{{"url":"{sound}"}}]}}]}}'
    )
    assert [one.url for one in (*parsed.items, *as_json.items)] == [sound, sound]
    assert parsed.dropped == as_json.dropped == {}


@pytest.mark.parametrize("form", ["rss", "json", "sitemap"])
def test_too_many_items_are_counted(form):
    bodies = {
        "rss": rss(*(item(str(n), f"/{n}") for n in range(12))),
        "json": '{"items":[' + ",".join(f'{{"url":"https://x.org/{n}"}}' for n in range(12)) + "]}",
        "sitemap": "<urlset>" + "".join(f"<url><loc>https://x.org/{n}</loc></url>" for n in range(12)) + "</urlset>",
    }
    parsed = parse(bodies[form], max_items=10)
    assert len(parsed.items) == 10
    assert parsed.items[0].url.endswith("/0")
    assert parsed.dropped == {"too_many": 2}


@pytest.mark.parametrize("reference", ["&#x110000;", "&#xD800;", "&#0;", "&#" + "9" * 5_000 + ";"])
def test_references_to_no_character_do_not_cost_the_feed(reference):
    """The feed library raises on the first and second where the markup is broken as well."""
    parsed = parse(rss(item(f"a{reference}b", "/1"), "<item><title>R&D <b></title><link>/2</link></item>"))
    assert [one.url for one in parsed.items] == ["https://news.example.org/1", "https://news.example.org/2"]
    assert parsed.items[0].title == "a\ufffdb"
