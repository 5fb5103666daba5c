"""Canonical addresses: applying the rules twice changes nothing, and nothing makes them raise."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.urls import canonical_url, find_outlet, host, is_http, outlet_from, registrable_domain

LABELS = st.sampled_from(["www", "m", "amp", "mobile", "news", "example", "co", "com", "uk", "xn--a", "é", ""])
HOSTS = st.lists(LABELS, min_size=1, max_size=5).map(".".join) | st.sampled_from(["[::1]", "127.0.0.1", "["])
SEGMENTS = st.sampled_from(["amp", "a.amp", "story", "s.amp.html", "..", ".", "", "%2F", "%", "é", "a b", "url"])
PAIRS = st.sampled_from(
    [
        "id=1",
        "utm_source=x",
        "amp=1",
        "amp",
        "=",
        "p=%ff",
        "ref=home",
        "ref=12",
        "url=https%3A%2F%2Fa.com%2Famp",
    ]
)
URLS = st.builds(
    lambda scheme, name, port, path, query, fragment: (
        f"{scheme}://{name}{port}/{'/'.join(path)}?{'&'.join(query)}{fragment}"
    ),
    st.sampled_from(["http", "https", "HTTPS", "ftp"]),
    HOSTS | st.sampled_from(["www.google.com", "bing.com", "a-com.cdn.ampproject.org"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":x", ":"]),
    st.lists(SEGMENTS, max_size=5),
    st.lists(PAIRS, max_size=4),
    st.sampled_from(["", "#top", "#!/page/2", "#!"]),
)


@settings(max_examples=300)
@given(URLS | st.text())
@example("https://www.google.com/url?q=https://www.google.com/url?q=https://m.example.com/amp/")
@example("http://\ud800.example/\ud800?\ud800=\ud800")
def test_canonical_is_idempotent_and_never_raises(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


@settings(max_examples=200)
@given(URLS | st.text(), st.none() | st.text())
def test_hosts_and_outlets_never_raise(url, name):
    outlet = outlet_from(url, name)
    assert outlet.outlet
    assert host(url).endswith(registrable_domain(url))
    if is_http(url) and outlet.scopes and "ampproject" not in url and "google" not in url and "bing" not in url:
        assert find_outlet(url, (outlet,)) == outlet


@given(st.integers(min_value=0), st.integers(min_value=0))
def test_numbers_in_a_query_keep_two_stories_apart(one, other):
    first, second = (canonical_url(f"https://example.com/story?id={n}&utm_source=x") for n in (one, other))
    assert (first == second) == (one == other)
