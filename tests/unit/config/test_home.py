from collections import Counter
from importlib.resources import as_file, files
from urllib.parse import urlsplit

import pytest

from tracker.config import add_feeds, init_home, load_outlets, load_settings, load_topic, load_topics
from tracker.errors import ConfigError
from tracker.model import FeedKind, Outlet, OutletKind
from tracker.urls import find_outlet, outlet_from


@pytest.fixture
def home(tmp_path):
    init_home(tmp_path / "home")
    return tmp_path / "home"


def outlets_of(tmp_path, text):
    path = tmp_path / "outlets.toml"
    path.write_text(text)
    return load_outlets(path)


def test_a_new_home_is_ready_to_run(home):
    outlets, feeds = load_outlets(home / "outlets.toml")
    assert load_settings(home).fetch.per_host_delay == 5
    assert [topic.topic for topic in load_topics(home)] == ["irs-dhs-ruling"]
    assert len(outlets) >= 35
    assert all(feed.url.startswith("https://") for feed in feeds)
    assert {outlet.kind for outlet in outlets} == set(OutletKind) - {OutletKind.UNKNOWN}
    wires = {outlet.outlet for outlet in outlets if outlet.kind is OutletKind.WIRE}
    assert {"ap", "reuters", "afp", "upi", "states-newsroom", "cnn-wire"} <= wires
    assert all(outlet.lean is None and outlet.country and outlet.language for outlet in outlets)


def test_every_bundled_feed_falls_in_its_outlets_scope(home):
    outlets, feeds = load_outlets(home / "outlets.toml")
    strays = [f.url for f in feeds if (o := find_outlet(f.url, outlets)) is None or o.outlet != f.outlet]
    assert strays == []
    assert max(Counter(urlsplit(feed.url).hostname for feed in feeds).values()) < 20


def test_without_feeds_the_outlets_stay(tmp_path, home):
    init_home(tmp_path / "bare", feeds=False)
    outlets, feeds = load_outlets(tmp_path / "bare" / "outlets.toml")
    assert feeds == ()
    assert outlets == load_outlets(home / "outlets.toml")[0]
    assert "# `tracker feeds add`, `import` and `discover`" in (tmp_path / "bare" / "outlets.toml").read_text()


def test_nothing_is_overwritten(home):
    (home / "tracker.toml").write_text("# mine\n")
    (home / "outlets.toml").unlink()
    with pytest.raises(ConfigError, match="not overwritten"):
        init_home(home)
    assert (home / "tracker.toml").read_text() == "# mine\n"
    assert not (home / "outlets.toml").exists()


def test_added_feeds_keep_the_file_and_are_added_once(home):
    path = home / "outlets.toml"
    before = path.read_text()
    bbc = find_outlet("https://www.bbc.com/", load_outlets(path)[0])
    paper = outlet_from("http://paper.example/feed", "Paper of Example")
    asked = [
        (bbc, "http://feeds.bbci.co.uk/news/rss.xml"),
        (paper, "http://paper.example/feed"),
        (paper, "http://paper.example/news-sitemap.xml"),
        (paper, "http://paper.example/feed"),
    ]
    added = add_feeds(home, asked)
    assert [(f.outlet, f.kind) for f in added] == [
        ("bbc", FeedKind.FEED),
        ("paper-of-example", FeedKind.FEED),
        ("paper-of-example", FeedKind.SITEMAP),
    ]
    outlets, feeds = load_outlets(path)
    assert set(added) <= set(feeds)
    assert outlets[-1] == Outlet(outlet="paper-of-example", name="Paper of Example", scopes=("paper.example",))
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in path.read_text().splitlines() if line.startswith("#")] == comments
    after = path.read_text()
    assert add_feeds(home, asked) == ()
    assert path.read_text() == after


def test_a_feed_that_would_break_the_file_changes_nothing(home):
    before = (home / "outlets.toml").read_text()
    with pytest.raises(ConfigError, match="not changed"):
        add_feeds(home, [(Outlet(outlet="x", name="X"), "ftp://x.example/feed")])
    assert (home / "outlets.toml").read_text() == before
    assert [p.name for p in home.iterdir() if p.name.startswith(".")] == []


def test_a_claimed_scope_stays_with_its_outlet(home):
    add_feeds(home, [(Outlet(outlet="x", name="X", scopes=("bbc.com",)), "https://x.example/feed")])
    assert load_outlets(home / "outlets.toml")[0][-1].scopes == ()


def test_feeds_go_into_a_file_without_outlets(tmp_path):
    (tmp_path / "outlets.toml").write_text("# empty\n")
    (feed,) = add_feeds(tmp_path, [(Outlet(outlet="x", name="X"), "https://x.example/f")])
    assert load_outlets(tmp_path / "outlets.toml")[1] == (feed,)


def test_outlets_mistakes_are_named(tmp_path):
    text = """
[[outlets]]
outlet = "a"
name = "A"
kind = "nationl"
scope = ["x"]

[[outlets]]
outlet = "Bad Slug"
name = "B"
feeds = [
    "https://ok.example/x",
    "ftp://no.example",
    { url = "https://ok.example/y", kindd = "feed" },
]
"""
    with pytest.raises(ConfigError) as caught:
        outlets_of(tmp_path, text)
    said = str(caught.value)
    assert ":5: outlets[0].kind: 'nationl' is not one of its values; did you mean 'national'?" in said
    assert ":6: outlets[0].scope: unknown key; did you mean 'scopes'?" in said
    assert ":9: outlets[1].outlet: " in said
    assert ":13: outlets[1].feeds[1].url: must be a whole address" in said
    assert "feeds[2].kindd: unknown key; did you mean 'kind'?" in said


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ('outlet = "a"\nname = "B"', "the slug 'a' is used twice"),
        ('outlet = "b"\nname = "B"\nscopes = ["a.example"]', "the scope 'a.example' is used twice"),
        ('outlet = "b"\nname = "B"\nfeeds = ["https://a.example/f"]', "the feed 'https://a.example/f' is used twice"),
        ('outlet = "b"\nname = "B"\nlean = "left"', "needs a lean_source"),
        ('outlet = "b"\nname = "B"\nscopes = ["https://b.example"]', "must be a host or host/path"),
    ],
)
def test_outlets_that_contradict_each_other(tmp_path, second, said):
    first = 'outlet = "a"\nname = "A"\nscopes = ["a.example"]\nfeeds = ["https://a.example/f"]'
    with pytest.raises(ConfigError, match=r"outlets.toml:\d+: ") as caught:
        outlets_of(tmp_path, f"[[outlets]]\n{first}\n\n[[outlets]]\n{second}\n")
    assert said in str(caught.value)


def test_topic_mistakes_are_named(tmp_path):
    path = tmp_path / "t.toml"
    path.write_text(
        'topic = "t"\ntitle = "T"\nquery = "a"\nstarts_on = 2025-02-01\nends_on = 2025-01-01\n'
        '[camps]\ncourt = "Courts"\n[[actors]]\nid = "x"\nname = "X"\ncamp = "cuort"\n'
        '[[actors]]\nid = "x"\nname = "Y"\ncamp = "court"\n'
    )
    with pytest.raises(ConfigError) as caught:
        load_topic(path)
    said = str(caught.value)
    assert "t.toml:5: ends_on: before starts_on" in said
    assert "t.toml:11: actors[0].camp: no camp 'cuort' in [camps]; did you mean 'court'?" in said
    assert "t.toml:13: actors[1].id: the actor id 'x' is used twice" in said


def test_two_topics_cannot_share_a_slug(home):
    with as_file(files("tracker") / "data" / "topics" / "irs-dhs-ruling.toml") as bundled:
        (home / "topics" / "copy.toml").write_bytes(bundled.read_bytes())
    with pytest.raises(ConfigError, match="already defined"):
        load_topics(home)


def test_a_home_without_topics_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="tracker init"):
        load_topics(tmp_path)
